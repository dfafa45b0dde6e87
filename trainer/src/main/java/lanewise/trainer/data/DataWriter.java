package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.USAGE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.Json;
import lanewise.trainer.io.SameFile;

/**
 * Writes data sets for {@link DataReader}, in the format that the ending of a file's name says: {@code .csv}, {@code .tsv},
 * {@code .libsvm}, {@code .svm} or {@code .svmlight}, {@code .npy}, {@code .npz}, and {@code .idx} or {@code ubyte} for IDX;
 * with {@code .gz} behind it, the file is packed. A file is there as a whole or not at all.
 *
 * <p>What is read again is the same features, and classes that part the rows alike; but bytes are written as they came,
 * whatever their scaling, and where labels can only be numbers, classes whose names are not whole numbers are written as
 * their index, 0 for the first. The reader finds the classes that have rows, in its own order, and names them in its own
 * way: without blanks around a name, and where all are numbers, 007 is 7. Rows without labels are for one that is told of
 * none. LIBSVM and IDX keep no negative zero. What is infinite is refused when it is read, and so is NaN unless the
 * reader is to keep what is missing.
 */
public final class DataWriter {
    private final Path file;
    private final Path labels;
    private final Target target;

    private DataWriter(Path file, Path labels) {
        this.file = file;
        this.labels = labels;
        this.target = Target.of(file);
        if (labels != null && !target.isSingleArray()) {
            throw new LanewiseException(USAGE, "the labels are in the same file")
                    .in(file)
                    .expected("no file for them", labels);
        }
        if (labels != null && !Target.of(labels).isSingleArray()) {
            throw new LanewiseException(USAGE, "labels alone are not written in this format")
                    .in(labels)
                    .expected("NPY or IDX", "another ending");
        }
        if (labels != null) {
            requireOther(labels, file);
        }
    }

    private static void requireOther(Path file, Path taken) {
        if (SameFile.are(file, taken)) {
            throw new LanewiseException(USAGE, "the same file twice").in(file).expected("a file for each", taken);
        }
    }

    /**
     * Makes sure that the files can be written later.
     *
     * @param file the file to be
     * @param labels where the labels go if the format holds a single array, NPY or IDX; null to leave them out
     * @return a writer
     * @throws LanewiseException if the ending says no format, labels go where they cannot, or both files are the same (2), or a
     *     file cannot be created (73)
     */
    public static DataWriter to(Path file, Path labels) {
        DataWriter writer = new DataWriter(file, labels);
        AtomicFile.checkWritable(file);
        if (labels != null) {
            AtomicFile.checkWritable(labels);
        }
        return writer;
    }

    /**
     * Whether some of a data set is not written: labels without a file of their own.
     *
     * @param data the data set
     * @return whether there are such labels
     */
    public boolean leavesOutLabels(Dataset data) {
        return target.isSingleArray() && labels == null && data.labels().length > 0;
    }

    /**
     * Whether classes are written as their index.
     *
     * @param data the data set
     * @return whether there is a name that is not a whole number, and the format has no text
     */
    public boolean replacesNames(Dataset data) {
        return data.labels().length > 0
                && target != Target.CSV
                && target != Target.TSV
                && !leavesOutLabels(data)
                && !data.classNames().stream().allMatch(ClassNames::isWhole);
    }

    /**
     * Writes: each file is there as a whole or not at all, and all are on the disk before the first takes its name, so that a
     * full disk leaves all the old ones.
     *
     * @param data the rows
     * @throws LanewiseException if the format cannot hold them, or the reader would refuse the name of a class or take it for
     *     that of another one (65), or a file cannot be created (73) or written (74)
     */
    public void write(Dataset data) {
        AtomicFile.writeAll(contents(data, present(data, data)));
    }

    /**
     * Writes two data sets that belong together, all their files as {@link #write} does. Where both have the same classes, and
     * one has rows of all that the other has rows of, the reader is to tell these apart: it knows the classes of the one when
     * it reads the other.
     *
     * @param data the rows of this writer
     * @param other takes the others, in other files
     * @param others its rows
     * @throws LanewiseException if both write the same file (2), or as {@link #write}
     */
    public void writeWith(Dataset data, DataWriter other, Dataset others) {
        files().forEach(mine -> other.files().forEach(theirs -> requireOther(theirs, mine)));
        Map<Path, AtomicFile.Content> contents = contents(data, present(data, others));
        contents.putAll(other.contents(others, present(others, data)));
        AtomicFile.writeAll(contents);
    }

    /** The classes that have rows in a data set, or in both where one of them has all of these. */
    private static int[] present(Dataset data, Dataset other) {
        int[] own = withRows(data.classCounts());
        int[] others = withRows(other.classCounts());
        int[] both = IntStream.concat(Arrays.stream(own), Arrays.stream(others))
                .distinct()
                .sorted()
                .toArray();
        boolean oneHasAll = both.length == Math.max(own.length, others.length);
        return oneHasAll && other.classNames().equals(data.classNames()) ? both : own;
    }

    private static int[] withRows(int[] counts) {
        return IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
    }

    private Stream<Path> files() {
        return Stream.of(file, labels).filter(Objects::nonNull);
    }

    /** What is written of rows, whose reader is to know some of their classes. */
    private Map<Path, AtomicFile.Content> contents(Dataset data, int[] classes) {
        Dataset raw = data.bytes().isPresent() ? data.scaled(Scaling.NONE) : data;
        Map<Path, AtomicFile.Content> contents = new LinkedHashMap<>();
        contents.put(file, content(file, out -> target.write(raw, out)));
        if (labels != null) {
            if (raw.labels().length == 0) {
                throw new LanewiseException(BAD_DATA, "there are no labels to write").in(labels);
            }
            contents.put(labels, content(labels, out -> Target.of(labels).writeLabels(raw, out)));
        }
        if (raw.labels().length > 0 && !leavesOutLabels(raw)) {
            try {
                requireClasses(raw.classNames(), classes);
            } catch (LanewiseException e) {
                // What the reader advises is for who reads.
                throw e.in(labels == null ? file : labels).hint(null);
            }
        }
        return contents;
    }

    /** Makes sure that the reader tells classes apart, which it finds by what is written of them. */
    private void requireClasses(List<String> classNames, int[] classes) {
        boolean text = target == Target.CSV || target == Target.TSV;
        List<String> names = text
                ? classNames
                : Arrays.stream(ClassNames.numbers(classNames))
                        .mapToObj(Long::toString)
                        .toList();
        LabelTable table = new LabelTable(null);
        int[] read = Arrays.stream(classes)
                .map(c -> standIn(names.get(c), table, () -> "class " + c))
                .toArray();
        table.settle(read);
        Map<Integer, String> taken = new HashMap<>();
        for (int i = 0; i < classes.length; i++) {
            String name = names.get(classes[i]);
            String other = taken.putIfAbsent(read[i], name);
            if (other != null) {
                throw new LanewiseException(BAD_DATA, "two classes would be read as one")
                        .at("class " + classes[i])
                        .expected("another name than " + other, name);
            }
        }
    }

    /** What the reader takes a name for. */
    private static int standIn(String name, LabelTable table, LabelTable.Place place) {
        if (!Json.isText(name)) {
            throw new LanewiseException(BAD_DATA, "the name of the class is not text")
                    .at(place.get())
                    .expected("both halves of a surrogate pair", name);
        }
        char[] text = name.toCharArray();
        int from = CsvRows.skipBlanks(text, 0, text.length);
        return table.standInOf(text, from, CsvRows.dropBlanks(text, from, text.length), place);
    }

    private static AtomicFile.Content content(Path file, AtomicFile.Content plain) {
        return out -> {
            try {
                if (Target.isPacked(file)) {
                    GZIPOutputStream packed = new GZIPOutputStream(out, 1 << 16);
                    plain.writeTo(packed);
                    packed.finish();
                } else {
                    plain.writeTo(out);
                }
            } catch (LanewiseException e) {
                throw e.in(file);
            }
        };
    }

    /** The formats. */
    private enum Target {
        CSV(".csv"),
        TSV(".tsv"),
        LIBSVM(".libsvm", ".svm", ".svmlight"),
        NPY(".npy"),
        NPZ(".npz"),
        IDX(".idx", "ubyte");

        private static final String PACKED = ".gz";

        private final String[] endings;

        Target(String... endings) {
            this.endings = endings;
        }

        static boolean isPacked(Path file) {
            return file.toString().toLowerCase(Locale.ROOT).endsWith(PACKED);
        }

        static Target of(Path file) {
            String name = file.toString().toLowerCase(Locale.ROOT);
            String plain = isPacked(file) ? name.substring(0, name.length() - PACKED.length()) : name;
            for (Target target : values()) {
                for (String ending : target.endings) {
                    if (plain.endsWith(ending)) {
                        return target;
                    }
                }
            }
            throw new LanewiseException(USAGE, "the ending of the name says no format")
                    .in(file)
                    .expected(
                            ".csv, .tsv, .libsvm, .npy, .npz or .idx, and .gz behind it",
                            file.getFileName() == null ? file : file.getFileName());
        }

        boolean isSingleArray() {
            return this == NPY || this == IDX;
        }

        void write(Dataset data, OutputStream out) throws IOException {
            switch (this) {
                case CSV -> TextWriter.writeTable(data, ',', out);
                case TSV -> TextWriter.writeTable(data, '\t', out);
                case LIBSVM -> TextWriter.writeSparse(data, out);
                case NPY -> ArrayWriter.writeNpy(data, out);
                case NPZ -> ArrayWriter.writeNpz(data, out);
                case IDX -> ArrayWriter.writeIdx(data, out);
            }
        }

        void writeLabels(Dataset data, OutputStream out) throws IOException {
            if (this == NPY) {
                ArrayWriter.writeNpyLabels(data, out);
            } else {
                ArrayWriter.writeIdxLabels(data, out);
            }
        }
    }
}
