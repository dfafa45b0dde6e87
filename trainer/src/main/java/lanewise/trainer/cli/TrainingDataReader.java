package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.RawPart;
import lanewise.trainer.data.RawRows;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.data.Split;
import lanewise.trainer.io.Heap;

/**
 * Reads what a run learns and what it is measured by: the rows that {@code --validation} says, or those that the data keep to
 * test with, or a fifth of them. The scaling is fitted on the training rows alone.
 */
final class TrainingDataReader {
    private static final float USUAL_FRACTION = 0.2f;

    private final Arguments arguments;
    private final Console console;
    private final Path data;

    /** What the model to start from says of sparse rows: their number of features, and that of their first column. */
    private int initFeatures;

    private int initFirst;

    /**
     * Reads the model to start from, if there is one, since the data may take long.
     *
     * @throws LanewiseException if it cannot be read
     */
    TrainingDataReader(Arguments arguments, Console console) {
        this.arguments = arguments;
        this.console = console;
        this.data = DataOptions.data(arguments);
        Path init = arguments.get(ModelOptions.INIT);
        if (init != null) {
            SavedModel saved = SavedModel.load(init);
            initFeatures = saved.model().architecture().features();
            initFirst = saved.firstIndex();
        }
    }

    /**
     * Reads both to the heap or, where the run would not fit that with them, to packed files, from which the rows come block
     * by block.
     *
     * @param into names the packed files
     * @param bytes what the run takes with the data
     */
    TrainingData<?> read(PackedFiles into, ToLongFunction<TrainingData<?>> bytes) {
        return firstThatFits(() -> load().checked(bytes), () -> stream(into, bytes));
    }

    /**
     * What the first makes or, where that does not fit the heap, the second.
     *
     * @throws LanewiseException if neither can
     */
    static <T> T firstThatFits(Supplier<? extends T> load, Supplier<? extends T> stream) {
        try {
            return load.get();
        } catch (LanewiseException shortage) {
            if (shortage.exitCode() != ExitCode.NO_MEMORY) {
                throw shortage;
            }
            return stream.get();
        }
    }

    private TrainingData<Dataset> load() {
        DataReader reader = reader();
        Validation validation = arguments.get(DataOptions.VALIDATION);
        TrainingData<Dataset> read;
        if (validation == null) {
            DataReader.TrainAndTest both = reader.readBoth(data);
            read = both.test()
                    .map(test -> new TrainingData<>(both.train(), test))
                    .orElseGet(() -> split(both.train(), USUAL_FRACTION));
        } else if (validation.file() != null) {
            Dataset train = asTheyCome(reader.read(data));
            read = new TrainingData<>(train, reader.like(train).readTest(validation.file()));
        } else {
            read = split(reader.read(data), validation.fraction());
        }
        requireClasses(read.train().classNames());
        requireAllFeatures(
                read.train().features(), read.test().holdsSparse(), read.test().features());
        return scaled(alike(read), 0);
    }

    /** Where both are to be scaled anew, the other rows are not to come with the usual scaling of these. */
    private Dataset asTheyCome(Dataset train) {
        return arguments.get(DataOptions.SCALE) == null ? train : train.scaled(Scaling.NONE);
    }

    private TrainingData<DiskRows> stream(PackedFiles into, ToLongFunction<TrainingData<?>> bytes) {
        DataReader reader = reader();
        Validation validation = arguments.get(DataOptions.VALIDATION);
        DataReader.RawTrainAndTest copied = validation == null
                ? reader.copyBoth(data, into.folder())
                : new DataReader.RawTrainAndTest(reader.copy(data, into.folder()), Optional.empty());
        try (RawRows train = copied.train()) {
            Optional<RawRows> test = validation == null || validation.file() == null
                    ? copied.test()
                    : Optional.of(reader.like(train).copyTest(validation.file(), into.folder()));
            requireClasses(train.classNames());
            Packing packing = new Packing(train, arguments, bytes);
            if (test.isPresent()) {
                try (RawRows other = test.get()) {
                    requireAllFeatures(train.features(), other.all().holdsSparse(), other.features());
                    return packing.write(train.all(), other.all(), into);
                }
            }
            packing.requireRoom(0);
            List<RawPart> parts = split(train, validation == null ? USUAL_FRACTION : validation.fraction());
            return packing.write(parts.get(0), parts.get(1), into);
        }
    }

    /** Reads all rows that may be learned to the heap, as they are, if there is room to split them. */
    Dataset loadTrain() {
        Dataset train = reader().read(data);
        requireClasses(train.classNames());
        requireRoomToSplit(train, data);
        return train;
    }

    /** Reads as {@link #loadTrain}, for data that do not fit the heap. */
    RawRows copyTrain(PackedFiles into) {
        RawRows train = reader().copy(data, into.folder());
        try {
            requireClasses(train.classNames());
            return train;
        } catch (LanewiseException e) {
            train.close();
            throw e;
        }
    }

    /** A reader of both, unless one is sparse and a scaling would fill it. */
    private DataReader reader() {
        DataReader.Builder builder = DataOptions.reader(arguments, console);
        if (initFeatures > 0 && builder.build().isSparse(data)) {
            builder.like(initFeatures, null).firstIndex(initFirst);
        }
        DataReader reader = builder.build();
        Optional<Path> validation = Validation.fileOf(arguments.get(DataOptions.VALIDATION));
        if (validation.isPresent() && (reader.namesLabelFile(data) || reader.namesLabelFile(validation.get()))) {
            throw Arguments.usage("a file of labels is for one array, and not for --data and --validation")
                    .at(DataOptions.LABEL.name())
                    .expected("data with labels of their own, such as NPZ", arguments.get(DataOptions.LABEL));
        }
        if (DataOptions.isFitted(arguments)) {
            Stream.concat(Stream.of(data), validation.stream())
                    .filter(reader::isSparse)
                    .findFirst()
                    .ifPresent(file -> {
                        throw Arguments.usage("sparse data would not stay sparse")
                                .in(file)
                                .at(DataOptions.SCALE.name())
                                .expected("none or pixel", Option.plain(arguments.get(DataOptions.SCALE)))
                                .hint("lanewise data convert makes a table of them.");
                    });
        }
        return reader;
    }

    private TrainingData<Dataset> split(Dataset rows, float fraction) {
        Split split = split(rows, fraction, arguments.get(RecipeOptions.SEED), data);
        noteKept(split.validation().rows(), rows.rows());
        return new TrainingData<>(split.train(), split.validation());
    }

    /**
     * Splits rows that have been read.
     *
     * @param path what they are from, for messages
     * @throws LanewiseException if there is no room for the parts (71), or they cannot be split (65)
     */
    static Split split(Dataset rows, float fraction, long seed, Path path) {
        requireRoomToSplit(rows, path);
        try {
            return Split.stratified(rows, fraction, seed);
        } catch (LanewiseException e) {
            throw e.in(path);
        }
    }

    private List<RawPart> split(RawRows rows, float fraction) {
        try {
            List<RawPart> parts = rows.split(fraction, arguments.get(RecipeOptions.SEED));
            noteKept(parts.get(1).rows(), rows.rows());
            return parts;
        } catch (LanewiseException e) {
            throw e.in(data);
        }
    }

    private void noteKept(int kept, int rows) {
        console.note(kept + " of " + rows + " rows are kept for validation");
    }

    /** The rows are there twice then, and the numbers of those of each part, which are collected before they are copied. */
    private static void requireRoomToSplit(Dataset rows, Path path) {
        requireRoom(2 * (TrainingMemory.bytes(rows) + (long) Integer.BYTES * rows.rows()), path);
    }

    private static void requireRoom(long bytes, Path path) {
        if (!Heap.fits(bytes, 0)) {
            throw Heap.shortage(bytes, "").in(path);
        }
    }

    private void requireClasses(List<String> names) {
        if (names.size() < 2) {
            throw new LanewiseException(ExitCode.BAD_DATA, "there is only one class to learn")
                    .in(data)
                    .expected("at least 2", names.get(0))
                    .hint("--label names the column of the classes.");
        }
    }

    /** Rows to measure by that are not sparse end with their last feature, while those to learn may be sparse and have more. */
    private void requireAllFeatures(int learned, boolean sparse, int measured) {
        if (!sparse && measured < learned) {
            throw new LanewiseException(ExitCode.BAD_DATA, "rows of another width than the training rows")
                    .in(Validation.fileOf(arguments.get(DataOptions.VALIDATION)).orElse(data))
                    .expected("at least " + learned + " features", measured);
        }
    }

    /** Sparse rows have as many features as the largest index in any of them says. */
    private static TrainingData<Dataset> alike(TrainingData<Dataset> read) {
        int width = Math.max(read.train().features(), read.test().features());
        return new TrainingData<>(widened(read.train(), width), widened(read.test(), width));
    }

    private static Dataset widened(Dataset rows, int width) {
        return rows.holdsSparse() ? rows.widened(width) : rows;
    }

    /**
     * Scales both as the first asks for.
     *
     * @param besides the bytes of what else is on the heap
     */
    TrainingData<Dataset> scaled(TrainingData<Dataset> read, long besides) {
        Scaling.Kind kind = arguments.get(DataOptions.SCALE);
        if (kind == null) {
            return read;
        }
        long bytes = TrainingMemory.bytes(read) + scaledBytes(read.train(), kind) + scaledBytes(read.test(), kind);
        requireRoom(besides + bytes, data);
        Scaling scaling = Scaling.fit(kind, read.train());
        return new TrainingData<>(read.train().scaled(scaling), read.test().scaled(scaling));
    }

    /** What a scaling takes that cannot go without a copy of the features. */
    private static long scaledBytes(Dataset rows, Scaling.Kind kind) {
        if (rows.holdsPixels()) {
            return kind.isFitted() ? (long) Float.BYTES * rows.rows() * rows.features() : 0;
        }
        return kind == Scaling.Kind.NONE ? 0 : TrainingMemory.bytes(rows);
    }
}
