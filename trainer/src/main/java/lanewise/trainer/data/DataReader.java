package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.NO_INPUT;
import static lanewise.trainer.ExitCode.NO_MEMORY;
import static lanewise.trainer.ExitCode.USAGE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.io.Dash;
import lanewise.trainer.io.Heap;

/**
 * Reads data sets of every format, plain or gzipped, told by their content: images in IDX form, tables of text with
 * commas, tabs, semicolons or bars (CSV), sparse rows of text (LIBSVM), and arrays of NumPy, alone (NPY) or several (NPZ).
 *
 * <pre>{@code
 * Dataset iris = DataReader.builder().label("species").build().read(Path.of("iris.csv"));
 * }</pre>
 *
 * <p>A path is that of a file, or {@code -} for standard input, or that of a folder as {@link IdxFolder} reads it. The
 * features come as they are, but those of IDX files times 1/255, unless the rows are to be {@link #like} others.
 */
public final class DataReader {
    private final Reading reading;

    private DataReader(Reading reading) {
        this.reading = reading;
    }

    /**
     * Starts from a reader that takes what it finds.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the training rows: all of a file, or what a folder or an archive does not keep to test with.
     *
     * @param path what to read
     * @return the rows
     * @throws LanewiseException if there is nothing of that name (66), it is damaged or at odds with what is known (65), its
     *     labels are not where they are said to be, or it takes {@link Builder#label} to find them (2), it does not fit the
     *     heap (71), or the operating system fails (74)
     */
    public Dataset read(Path path) {
        return isFolder(path) ? scaled(IdxFolder.loadTrain(path), path) : read(Source.of(path), false);
    }

    /**
     * Whether the rows are sparse, as the start of the file tells.
     *
     * @param path what is to be read
     * @return false for a folder
     * @throws LanewiseException as {@link #read}
     */
    public boolean isSparse(Path path) {
        return !isFolder(path) && format(Source.of(path)) == Format.LIBSVM;
    }

    /**
     * Whether the label is the name of a file, as the start of the data tells: images and arrays have labels of their own
     * only where one column of an array is that.
     *
     * @param path what is to be read
     * @return false for a folder
     * @throws LanewiseException as {@link #read}
     */
    public boolean namesLabelFile(Path path) {
        if (isFolder(path) || reading.label() == null || reading.withoutLabel()) {
            return false;
        }
        Format format = format(Source.of(path));
        return format == Format.IDX || format == Format.NPY && !reading.hasLabelColumn();
    }

    /**
     * Reads the test rows: those of a folder or an archive that are kept for that, or else all.
     *
     * @param path what to read
     * @return the rows
     * @throws LanewiseException as {@link #read}
     */
    public Dataset readTest(Path path) {
        return isFolder(path) ? scaled(IdxFolder.loadTest(path, reading), path) : read(Source.of(path), true);
    }

    /**
     * Whether a folder or an archive keeps test rows, which {@link #read} leaves out.
     *
     * @param path what to read
     * @return whether there are such rows
     * @throws LanewiseException as {@link #read}
     */
    public boolean keepsTest(Path path) {
        return isFolder(path) ? IdxFolder.hasTest(path) : keepsTest(Source.of(path));
    }

    private boolean keepsTest(Source source) {
        return format(source) == Format.NPZ && NpzFile.hasTest(source, reading);
    }

    /**
     * Reads the training rows and the test rows.
     *
     * @param path what to read
     * @return both; the second is empty if nothing is kept to test with
     * @throws LanewiseException as {@link #read}
     */
    public TrainAndTest readBoth(Path path) {
        if (isFolder(path)) {
            IdxFolder folder = IdxFolder.load(path);
            return new TrainAndTest(
                    Format.IDX.name(), scaled(folder.train(), path), Optional.of(scaled(folder.test(), path)));
        }
        Source source = Source.of(path);
        Dataset train = read(source, false);
        DataReader like = like(train);
        return new TrainAndTest(
                format(source).name(),
                train,
                like.keepsTest(source) ? Optional.of(like.read(source, true)) : Optional.empty());
    }

    /**
     * A reader of rows that are to be like others: labels are of their classes if they have any, there are as many features,
     * or any number if they are sparse and this reader does not know it, and the features are scaled as theirs. Sparse rows
     * cannot be read like rows of a fitted scaling, and an {@link IllegalArgumentException} says so.
     *
     * @param data the other rows
     * @return a reader that is otherwise the same
     */
    public DataReader like(Dataset data) {
        return new DataReader(reading.like(data));
    }

    /**
     * What there is to learn, and what to test with.
     *
     * @param format how it is written: IDX, CSV, LIBSVM, NPY or NPZ
     * @param train the training rows
     * @param test the test rows, if there are any
     */
    public record TrainAndTest(String format, Dataset train, Optional<Dataset> test) {}

    /**
     * Copies the training rows and the test rows to files without a name, for data that do not fit the heap.
     *
     * @param path what to read, of which {@link #readBoth} said that it does not fit
     * @param folder where the files are to be
     * @return the training rows, and the test rows if some are kept for that; where a sparse row does not fit the heap
     *     the rows are counted alone, and what {@link RawPart#packingBytes} says does not fit either
     * @throws LanewiseException as {@link #read}, or if a copy cannot be made (73) or written (74)
     */
    public RawTrainAndTest copyBoth(Path path, Path folder) {
        if (isFolder(path)) {
            List<String> classes = IdxFolder.classes(path, true);
            noteCopy(path, folder);
            RawRows train = copy(IdxFolder.streamTrain(path, classes), path, folder);
            return with(train, () -> Optional.of(copy(IdxFolder.streamTest(path, classes), path, folder)));
        }
        boolean both = keepsTest(Source.of(path));
        RawRows train = copy(path, folder);
        return with(train, () -> both ? Optional.of(like(train).copyTest(path, folder)) : Optional.empty());
    }

    /** Both copies; if there cannot be the second, the first goes too. */
    private static RawTrainAndTest with(RawRows train, Supplier<Optional<RawRows>> test) {
        return orClose(train::close, () -> new RawTrainAndTest(train, test.get()));
    }

    /** What is made of something open, which is closed if that fails. Whatever it calls that is not ours may throw. */
    private static <T> T orClose(Runnable close, Supplier<T> made) {
        try {
            return made.get();
        } catch (Throwable t) {
            close.run();
            throw t;
        }
    }

    /**
     * Copies the training rows, as {@link #copyBoth} does.
     *
     * @param path what to read, as {@link #read}
     * @param folder where the file is to be
     * @return the rows
     * @throws LanewiseException as {@link #copyBoth}
     */
    public RawRows copy(Path path, Path folder) {
        RowStream rows = isFolder(path)
                ? IdxFolder.streamTrain(path, IdxFolder.classes(path, false))
                : stream(Source.of(path), false);
        return orClose(rows::close, () -> {
            noteCopy(path, folder);
            return copy(rows, path, folder);
        });
    }

    /**
     * Copies the test rows, as {@link #copyBoth} does.
     *
     * @param path what to read, as {@link #readTest}
     * @param folder where the file is to be
     * @return the rows
     * @throws LanewiseException as {@link #copyBoth}
     */
    public RawRows copyTest(Path path, Path folder) {
        RowStream rows = isFolder(path) ? IdxFolder.streamTest(path, reading) : stream(Source.of(path), true);
        return copy(rows, path, folder);
    }

    /** Copies rows, or counts them where a sparse one alone, which is from a file, does not fit the heap. */
    private RawRows copy(RowStream rows, Path path, Path folder) {
        try {
            return RawRows.copy(rows, reading, folder);
        } catch (LanewiseException e) {
            if (e.exitCode() != NO_MEMORY || !rows.form().sparse()) {
                throw e;
            }
            return LibsvmFile.count(Source.of(path), reading, folder);
        }
    }

    /**
     * A reader of rows that are to be like others, as {@link #like(Dataset)}, scaled as {@link RawRows#usualScaling} says.
     *
     * @param data the other rows
     * @return a reader that is otherwise the same
     */
    public DataReader like(RawRows data) {
        return new DataReader(reading.like(data));
    }

    /**
     * What there is to learn, and what to test with, in files.
     *
     * @param train the training rows
     * @param test the test rows, if there are any
     */
    public record RawTrainAndTest(RawRows train, Optional<RawRows> test) {}

    private void noteCopy(Path path, Path folder) {
        reading.notes()
                .accept(Source.nameOf(path) + " does not fit the heap and is streamed, from a packed file in "
                        + folder);
    }

    private static LanewiseException withoutLabels(Source source) {
        return new LanewiseException(USAGE, "the rows must have labels").in(source.name());
    }

    private RowStream stream(Source source, boolean test) {
        requireLabels(source);
        return format(source).stream(source, reading, test);
    }

    private void requireLabels(Source source) {
        if (!reading.labelled()) {
            throw withoutLabels(source).expected("a reader of labels", "labelled(false)");
        }
        if (reading.withoutLabel()) {
            throw withoutLabels(source).expected("--label with the labels", Reading.NO_LABEL);
        }
    }

    /** How it is written. Labels in front of the rows cannot be named, as those in a folder. */
    private Format format(Source source) {
        Format format = Format.of(source);
        if (format == Format.LIBSVM && reading.label() != null && !reading.withoutLabel()) {
            throw new LanewiseException(USAGE, "the labels of sparse rows are in front of them")
                    .in(source.name())
                    .expected("no --label", reading.label());
        }
        return format;
    }

    /**
     * Opens the test rows, to go through them once: those of a folder or an archive that are kept for that, or else
     * all. They come from the file a block at a time, sparse ones when they have been looked through, as {@link #rows} does.
     *
     * @param path what to read
     * @param scaling what to do to the features, from what is usual for inputs of this kind
     * @return the rows, to be closed
     * @throws IllegalStateException if this reader was not told of the classes
     * @throws LanewiseException as {@link #read}, but whether a few rows fit the heap is not looked at yet
     */
    public LabelledRows labelledRows(Path path, UnaryOperator<Scaling> scaling) {
        if (reading.classes() == null) {
            throw new IllegalStateException("the classes are not known before all labels have been read");
        }
        RowStream rows = streamTest(path);
        return orClose(rows::close, () -> new LabelledRows(rows, Source.nameOf(path), reading, scaling));
    }

    private RowStream streamTest(Path path) {
        if (isFolder(path)) {
            return IdxFolder.streamTest(path, reading);
        }
        Source source = Source.of(path);
        requireLabels(source);
        return format(source) == Format.LIBSVM
                ? LibsvmFile.streamCounted(source, reading, Rows.UNIT)
                : stream(source, true);
    }

    /**
     * Opens rows to go through them once, of which labels are not wanted: they may be anything, or missing, but a table has a
     * column of them unless {@link Builder#labelled} or {@link Builder#label} says otherwise. The rows come from the file a
     * block at a time. Sparse ones are looked through first, and arrays in Fortran's order that are packed are copied to a
     * temporary file.
     *
     * @param path a file, or {@code -} for standard input
     * @return a reader, to be closed
     * @throws LanewiseException as {@link #read}
     */
    public RowReader rows(Path path) {
        Source source = Source.of(path);
        return format(source).rows(source, reading);
    }

    private boolean isFolder(Path path) {
        if (!Dash.is(path) && !Files.exists(path)) {
            throw new LanewiseException(NO_INPUT, "no such file or folder").in(path);
        }
        if (!Files.isDirectory(path)) {
            return false;
        }
        if (reading.label() != null) {
            throw new LanewiseException(USAGE, "the labels of a folder are in its files")
                    .in(path)
                    .expected("no --label", reading.label());
        }
        return true;
    }

    private Dataset read(Source source, boolean test) {
        return scaled(format(source).read(source, reading, test), source.name());
    }

    /** Rows that have just been read, scaled as those that they are to be like. */
    private Dataset scaled(Dataset rows, Path path) {
        Scaling scaling = reading.scalingOr(rows.scaling());
        long floats = scaling.isFitted() && rows.holdsPixels() ? (long) rows.rows() * rows.features() : 0;
        long bytes = (1 + Float.BYTES) * floats;
        if (!Heap.fits(bytes, floats)) {
            throw Heap.shortage(bytes, floats, path);
        }
        return rows.scaledInPlace(scaling);
    }

    /** Collects what is known of the data. */
    public static final class Builder {
        private String label;
        private boolean labelled = true;
        private int features;
        private List<String> featureNames = List.of();
        private List<String> classes;
        private int firstIndex = -1;
        private int maxFeatures = 1_000_000;
        private boolean keepMissing;
        private Consumer<String> notes = note -> {};

        private Builder() {}

        /**
         * Says where the labels are. Otherwise they are in the last column of a table, or in the one that is called label,
         * labels, class or target; in front of sparse rows; and in the member y, Y, labels, label, target or targets of an
         * archive, which may have the parts y_train and y_test, or train_labels and test_labels.
         *
         * @param value a column by its name or its number from 1 on, the member of an archive, the file of the labels of an
         *     array or of images, or {@code none}, but nothing for a folder, and {@code none} alone for sparse rows
         * @return this
         */
        public Builder label(String value) {
            label = value;
            return this;
        }

        /**
         * Whether the rows must have labels.
         *
         * @param value false to take rows without labels too
         * @return this
         */
        public Builder labelled(boolean value) {
            labelled = value;
            return this;
        }

        /**
         * Says what the rows are like: a model knows.
         *
         * @param width how many features they have, at least 1
         * @param names the classes that their labels are of, or null if these are to be found
         * @return this
         * @throws IllegalArgumentException if the width is out of range
         * @throws NullPointerException if one of the names is null
         */
        public Builder like(int width, List<String> names) {
            features = inRange("width", width, 1, Heap.LONGEST_ARRAY);
            classes = names == null ? null : ClassNames.copyOf(names);
            return this;
        }

        /**
         * Says what the features are called: a model knows. A table whose header has other names, or the same in another
         * order, is refused; of one that has a column too many, the one that is not among them is the label.
         *
         * @param names a name for each feature, or nothing at all
         * @return this
         */
        public Builder featureNames(List<String> names) {
            featureNames = List.copyOf(names);
            return this;
        }

        /**
         * Says by which number sparse rows count their first column: the rows that a model has learned tell. Otherwise it is
         * 1, unless a 0 among the numbers of a file shows that it is 0.
         *
         * @param value 0 or 1, or -1 if it is not known
         * @return this
         * @throws IllegalArgumentException if it is another number
         */
        public Builder firstIndex(int value) {
            firstIndex = inRange("firstIndex", value, -1, 1);
            return this;
        }

        /**
         * How many features a table or sparse rows may have, so that a single number in a file cannot fill the heap.
         *
         * @param value at least 1, and at most 2,147,483,639, as many as an array can have
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder maxFeatures(int value) {
            maxFeatures = inRange("maxFeatures", value, 1, Heap.LONGEST_ARRAY);
            return this;
        }

        /**
         * Whether a value that is missing becomes NaN, instead of an error.
         *
         * @param value true for data that are to be looked at and not to be learned
         * @return this
         */
        public Builder keepMissing(boolean value) {
            keepMissing = value;
            return this;
        }

        /**
         * Who is told in a line what was found.
         *
         * @param value takes lines without a full stop
         * @return this
         * @throws NullPointerException if it is null
         */
        public Builder notes(Consumer<String> value) {
            notes = Objects.requireNonNull(value, "notes");
            return this;
        }

        private static int inRange(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        name + " is out of range (expected " + least + " to " + most + ", found " + value + ")");
            }
            return value;
        }

        /**
         * Makes the reader.
         *
         * @return a reader, to be used for any number of files
         * @throws IllegalArgumentException if there are more or fewer names than features
         */
        public DataReader build() {
            if (!featureNames.isEmpty() && featureNames.size() != features) {
                throw new IllegalArgumentException(featureNames.size() + " names for " + features + " features");
            }
            return new DataReader(new Reading(
                    label,
                    labelled,
                    features,
                    featureNames,
                    classes,
                    null,
                    firstIndex,
                    Math.max(maxFeatures, features),
                    keepMissing,
                    notes));
        }
    }
}
