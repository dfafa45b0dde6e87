package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_INPUT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.io.Heap;

/**
 * A folder laid out as MNIST is: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte},
 * {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or with {@code .gz} behind its name.
 *
 * @param train what to learn from
 * @param test what to measure by; of the shape and the classes of the train set
 */
public record IdxFolder(Dataset train, Dataset test) {
    private static final String IMAGES = "-images-idx3-ubyte";
    private static final String LABELS = "-labels-idx1-ubyte";

    /** The names of the four files, without {@code .gz}. */
    public static final List<String> FILES =
            List.of("train" + IMAGES, "train" + LABELS, "t10k" + IMAGES, "t10k" + LABELS);

    /**
     * Reads both sets. Their largest label must be the same: it says how many classes there are, and a damaged one would
     * say it wrong.
     *
     * @param folder where the four files lie
     * @return both sets
     * @throws LanewiseException if a file is missing, damaged or at odds with another one, or the heap is too small
     */
    public static IdxFolder load(Path folder) {
        IdxSet train = open(folder, "train");
        IdxSet test = open(folder, "t10k");
        requireSameSide(train, test);
        requireHeap(folder, train.images(), train.labels(), test.images(), test.labels());
        int[] trainLabels = train.readLabels();
        int[] testLabels = test.readLabels();
        int classes = 1 + Math.min(largest(trainLabels), largest(testLabels));
        train.checkLabels(trainLabels, classes);
        test.checkLabels(testLabels, classes);
        CompletableFuture<Dataset> testSet = CompletableFuture.supplyAsync(() -> test.readImages(testLabels, classes));
        Dataset trainSet = train.readImages(trainLabels, classes);
        try {
            return new IdxFolder(trainSet, testSet.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    /** Reads the train set alone. */
    static Dataset loadTrain(Path folder) {
        IdxSet train = open(folder, "train");
        requireHeap(folder, train.images(), train.labels());
        int[] labels = train.readLabels();
        return train.readImages(labels, 1 + largest(labels));
    }

    /** Reads the test set alone, whose labels are of the classes of other rows, if those are known. */
    static Dataset loadTest(Path folder, Reading others) {
        IdxSet test = openTest(folder, others);
        requireHeap(folder, test.images(), test.labels());
        return LabelFile.label(
                () -> IdxSet.readImages(test.images(), new int[0], 0),
                test.images().size(0),
                test.labels().path(),
                others);
    }

    /** Whether there are images to test with. */
    static boolean hasTest(Path folder) {
        return lookUp(folder, "t10k" + IMAGES) != null;
    }

    /** Opens the train set, to go through it once. */
    static RowStream streamTrain(Path folder, List<String> classNames) {
        return stream(open(folder, "train"), classNames);
    }

    /** Opens the test set, to go through it once. */
    static RowStream streamTest(Path folder, List<String> classNames) {
        return stream(open(folder, "t10k"), classNames);
    }

    /** Opens the test set, whose rows are like others, to go through it once. */
    static RowStream streamTest(Path folder, Reading others) {
        return stream(openTest(folder, others), others.classes());
    }

    private static RowStream stream(IdxSet set, List<String> classNames) {
        return new ImageStream(
                set.images(),
                LabelStream.open(
                        Source.of(set.labels().path()),
                        new LabelTable(classNames),
                        set.images().size(0)));
    }

    /** The classes of a folder, from the labels of the train set, or of both sets. */
    static List<String> classes(Path folder, boolean both) {
        IdxSet train = open(folder, "train");
        int largest = train.labels().largest();
        if (both) {
            IdxSet test = open(folder, "t10k");
            requireSameSide(train, test);
            largest = Math.min(largest, test.labels().largest());
        }
        return ClassNames.counted(1 + largest);
    }

    private static void requireSameSide(IdxSet train, IdxSet test) {
        if (!test.side().equals(train.side())) {
            throw new LanewiseException(BAD_DATA, "the test images are not of the size of the train images")
                    .in(test.images().path())
                    .expected(train.side(), test.side());
        }
    }

    /** Reads the images of an IDX file of three dimensions, without labels or classes. */
    static Dataset loadImages(Source source) {
        IdxFile images = IdxFile.open(source, 3);
        requireHeap(source.name(), images);
        return IdxSet.readImages(images, new int[0], 0);
    }

    /** An item takes a byte, and a label an int beside it. */
    private static void requireHeap(Path input, IdxFile... files) {
        long bytes = Arrays.stream(files)
                .mapToLong(file -> file.items() + Integer.BYTES * file.size(0))
                .sum();
        long most = Arrays.stream(files).mapToLong(IdxFile::items).max().orElseThrow();
        if (!Heap.fits(bytes, most)) {
            Arrays.stream(files).forEach(IdxFile::verify);
            throw Heap.shortage(bytes, most, input);
        }
    }

    private static int largest(int[] labels) {
        return Arrays.stream(labels).max().orElseThrow();
    }

    private static IdxSet openTest(Path folder, Reading others) {
        IdxSet test = open(folder, "t10k");
        others.requireWidth(
                test.images().size(1) * test.images().size(2), test.images().path());
        return test;
    }

    private static IdxSet open(Path folder, String name) {
        return IdxSet.open(find(folder, name + IMAGES), find(folder, name + LABELS));
    }

    private static Path find(Path folder, String name) {
        if (!Files.isDirectory(folder)) {
            throw new LanewiseException(NO_INPUT, Files.exists(folder) ? "not a folder" : "no such folder").in(folder);
        }
        Path file = lookUp(folder, name);
        if (file == null) {
            throw new LanewiseException(NO_INPUT, "no such file, plain or .gz").in(folder.resolve(name));
        }
        return file;
    }

    /** A file, plain or else packed, or null. */
    private static Path lookUp(Path folder, String name) {
        Path plain = folder.resolve(name);
        Path packed = folder.resolve(name + ".gz");
        return Files.exists(plain) ? plain : Files.exists(packed) ? packed : null;
    }
}
