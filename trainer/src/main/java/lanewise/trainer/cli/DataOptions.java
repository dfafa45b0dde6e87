package lanewise.trainer.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
import lanewise.trainer.data.IdxFolder;
import lanewise.trainer.data.RawPart;
import lanewise.trainer.data.RawRows;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.data.Split;
import lanewise.trainer.io.Dash;
import lanewise.trainer.io.Heap;
import lanewise.trainer.io.SameFile;

/** The options of everything that reads data: which, and how. */
final class DataOptions {
    private static final float USUAL_FRACTION = 0.2f;

    static final Option<String> LABEL = Option.text(
            "--label",
            "COLUMN",
            "a column, a member of an archive, the file of the labels, or none",
            "the labels: a column by name or number, a member of an NPZ, a file for NPY and IDX, or none");
    static final Option<Integer> MAX_FEATURES = Option.whole(
            "--max-features", 1_000_000, 1, Heap.LONGEST_ARRAY, "how many features a row of text may have");
    static final Option<Scaling.Kind> SCALE = Option.choice(
            "--scale", Scaling.Kind.class, "how features are scaled (default pixel for IDX, none for others)");
    static final Option<Validation> VALIDATION = new Option<>(
            "--validation",
            "FRACTION|FILE",
            "the rows to measure by: a part of the others, drawn by class, or a file (default 0.2 unless DATA has some)",
            null,
            "a fraction above 0 and below 1, or a file",
            Validation::parse);

    /** All that decide which rows there are, and how they are scaled. */
    static final List<Option<?>> WITHOUT_VALIDATION = List.of(DataFolder.OPTION, LABEL, SCALE, MAX_FEATURES);

    /** All that decide what is learned. */
    static final List<Option<?>> LEARNING = List.of(DataFolder.OPTION, LABEL, SCALE, VALIDATION, MAX_FEATURES);

    private DataOptions() {}

    /**
     * What the table's Test is.
     *
     * @param fraction a part of the rows, or null
     * @param file other rows, or null
     */
    record Validation(Float fraction, Path file) {
        static Validation parse(String text) {
            if (!text.matches("[-+]?\\.?[0-9][-+.0-9eE]*")) {
                if (text.isEmpty() || text.startsWith("--")) {
                    throw new IllegalArgumentException();
                }
                return new Validation(null, Path.of(text));
            }
            float fraction = Float.parseFloat(text);
            if (!(fraction > 0 && fraction < 1)) {
                throw new IllegalArgumentException();
            }
            return new Validation(fraction, null);
        }

        /** The file of a validation that is one. */
        static Optional<Path> fileOf(Validation validation) {
            return Optional.ofNullable(validation).map(Validation::file);
        }

        @Override
        public String toString() {
            return fraction == null ? file.toString() : fraction.toString();
        }
    }

    /** The value of an option, or null, any file in it named so that it is found from every folder. */
    static Object absolute(Arguments arguments, Option<?> option) {
        Object value = arguments.get(option);
        if (value instanceof Path path) {
            return absolute(path);
        }
        if (value instanceof Validation validation && validation.file != null) {
            return new Validation(null, absolute(validation.file));
        }
        return option == LABEL && namesFile(arguments.get(LABEL), DataFolder.of(arguments))
                ? absolute(Path.of(arguments.get(LABEL))).toString()
                : value;
    }

    /** Whether a value that {@link #absolute} gave is that of a file. */
    static boolean isFile(Object value) {
        return value instanceof Path
                || value instanceof Validation validation && validation.file != null
                || value instanceof String label && new File(label).isAbsolute();
    }

    private static boolean namesFile(String label, Path data) {
        return DataReader.builder().label(label).build().namesLabelFile(data);
    }

    private static Path absolute(Path file) {
        if (Dash.is(file)) {
            return file;
        }
        Path whole = file.toAbsolutePath();
        Path plain = whole.normalize();
        // What .. leads out of may be a link.
        return SameFile.are(whole, plain) ? plain : whole;
    }

    /** A reader that does as the options say, and tells what it finds. */
    static DataReader.Builder reader(Arguments arguments, Console console) {
        return DataReader.builder()
                .label(arguments.get(LABEL))
                .maxFeatures(arguments.get(MAX_FEATURES))
                .notes(note -> console.note(LanewiseException.printable(note)));
    }

    /** A reader of what a run learns and is measured by, unless that is sparse and a scaling would fill it. */
    private static DataReader learning(Arguments arguments, Console console) {
        DataReader.Builder builder = reader(arguments, console);
        Path init = arguments.get(ModelOptions.INIT);
        if (init != null && builder.build().isSparse(DataFolder.of(arguments))) {
            builder.firstIndex(SavedModel.load(init).firstIndex());
        }
        DataReader reader = builder.build();
        Optional<Path> validation = Validation.fileOf(arguments.get(VALIDATION));
        if (validation.isPresent()
                && (reader.namesLabelFile(DataFolder.of(arguments)) || reader.namesLabelFile(validation.get()))) {
            throw Arguments.usage("a file of labels is for one array, and not for --data and --validation")
                    .at(LABEL.name())
                    .expected("data with labels of their own, such as NPZ", arguments.get(LABEL));
        }
        if (isFitted(arguments)) {
            Stream.concat(Stream.of(DataFolder.of(arguments)), validation.stream())
                    .filter(reader::isSparse)
                    .findFirst()
                    .ifPresent(file -> {
                        throw Arguments.usage("sparse data would not stay sparse")
                                .in(file)
                                .at(SCALE.name())
                                .expected("none or pixel", Option.plain(arguments.get(SCALE)))
                                .hint("lanewise data convert makes a table of them.");
                    });
        }
        return reader;
    }

    /**
     * Every file that is learned from or measured by, so that nothing is written over it.
     *
     * @throws LanewiseException if standard input would be read twice (2)
     */
    static TakenFiles files(Arguments arguments) {
        Path data = DataFolder.of(arguments);
        Path validation = Validation.fileOf(arguments.get(VALIDATION)).orElse(null);
        requireOnce(VALIDATION, data, validation);
        return files(DataFolder.OPTION, data, arguments).add(VALIDATION, Dash.fileOrNull(validation));
    }

    /**
     * Every file that is read for an option.
     *
     * @throws LanewiseException if standard input would be read twice (2)
     */
    static TakenFiles files(Option<Path> option, Path data, Arguments arguments) {
        Path label = labelFile(data, arguments);
        requireOnce(LABEL, data, label);
        TakenFiles files = new TakenFiles().add(option, Dash.fileOrNull(data));
        if (!Files.isRegularFile(data)) {
            for (String name : IdxFolder.FILES) {
                files.add(option, data.resolve(name));
                files.add(option, data.resolve(name + ".gz"));
            }
        }
        return files.add(LABEL, Dash.fileOrNull(label));
    }

    private static void requireOnce(Option<?> option, Path data, Path other) {
        if (Dash.is(data) && other != null && Dash.is(other)) {
            throw Arguments.usage("standard input can be read once")
                    .at(option.name())
                    .expected("a file", "-");
        }
    }

    /** What the label names, if that may be a file; in some environments the name of a column cannot be that of one. */
    private static Path labelFile(Path data, Arguments arguments) {
        String label = arguments.get(LABEL);
        try {
            boolean isColumn = label == null || Files.isRegularFile(data) && !namesFile(label, data);
            return isColumn ? null : Path.of(label);
        } catch (LanewiseException e) {
            // What is wrong with the data is told when they are read.
            return Path.of(label);
        } catch (InvalidPathException e) {
            return null;
        }
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

    /**
     * Reads what a run learns and what it is measured by, as {@link #load}, or as {@link #stream} where the run would not fit
     * the heap with that.
     *
     * @param into names the packed files
     * @param bytes what the run takes with the data
     */
    static TrainingData<?> loadOrStream(
            Arguments arguments, PackedFiles into, ToLongFunction<TrainingData<?>> bytes, Console console) {
        long seed = arguments.get(RecipeOptions.SEED);
        return firstThatFits(
                () -> load(arguments, seed, console).checked(bytes),
                () -> stream(arguments, seed, into, bytes, console));
    }

    /**
     * Reads what a run learns and what it is measured by: the rows that {@code --validation} says, or those that the data
     * keep to test with, or a fifth of them. The scaling is fitted on the rows to learn alone.
     */
    private static TrainingData<Dataset> load(Arguments arguments, long seed, Console console) {
        DataReader reader = learning(arguments, console);
        Path path = DataFolder.of(arguments);
        Validation validation = arguments.get(VALIDATION);
        TrainingData<Dataset> data;
        if (validation == null) {
            DataReader.TrainAndTest both = reader.readBoth(path);
            data = both.test()
                    .map(test -> new TrainingData<>(both.train(), test))
                    .orElseGet(() -> split(both.train(), USUAL_FRACTION, seed, path, console));
        } else if (validation.file() != null) {
            Dataset train = reader.read(path);
            data = new TrainingData<>(train, reader.like(train).readTest(validation.file()));
        } else {
            data = split(reader.read(path), validation.fraction(), seed, path, console);
        }
        requireClasses(data.train(), path);
        return scaled(alike(data), arguments, 0);
    }

    /**
     * Reads as {@link #load}, for data that do not fit the heap: to packed files, from which the rows come block by block.
     *
     * @param into names the packed files
     */
    private static TrainingData<DiskRows> stream(
            Arguments arguments, long seed, PackedFiles into, ToLongFunction<TrainingData<?>> bytes, Console console) {
        DataReader reader = learning(arguments, console);
        Path path = DataFolder.of(arguments);
        Validation validation = arguments.get(VALIDATION);
        DataReader.RawTrainAndTest copied = validation == null
                ? reader.copyBoth(path, into.folder())
                : new DataReader.RawTrainAndTest(reader.copy(path, into.folder()), Optional.empty());
        try (RawRows train = copied.train()) {
            Optional<RawRows> test = validation == null || validation.file() == null
                    ? copied.test()
                    : Optional.of(reader.like(train).copyTest(validation.file(), into.folder()));
            requireClasses(train.classNames(), path);
            if (test.isPresent()) {
                try (RawRows other = test.get()) {
                    return into.pack(train.all(), other.all(), train, arguments, bytes);
                }
            }
            PackedFiles.requireRoom(train, arguments, bytes, 0);
            float fraction = validation == null ? USUAL_FRACTION : validation.fraction();
            List<RawPart> parts = split(train, fraction, seed, path, console);
            return into.pack(parts.get(0), parts.get(1), train, arguments, bytes);
        }
    }

    private static List<RawPart> split(RawRows rows, float fraction, long seed, Path path, Console console) {
        try {
            List<RawPart> parts = rows.split(fraction, seed);
            noteKept(parts.get(1).rows(), rows.rows(), console);
            return parts;
        } catch (LanewiseException e) {
            throw e.in(path);
        }
    }

    private static void noteKept(int kept, int rows, Console console) {
        console.note(kept + " of " + rows + " rows are kept for validation");
    }

    /** Whether the scaling comes from the rows. */
    static boolean isFitted(Arguments arguments) {
        Scaling.Kind kind = arguments.get(SCALE);
        return kind != null && kind.isFitted();
    }

    /** Reads all rows that may be learned, as they are, if there is room to split them. */
    static Dataset loadTrain(Arguments arguments, Console console) {
        Path path = DataFolder.of(arguments);
        Dataset train = learning(arguments, console).read(path);
        requireClasses(train, path);
        requireRoomToCut(train, path);
        return train;
    }

    /** Reads as {@link #loadTrain}, for data that do not fit the heap. */
    static RawRows copyTrain(Arguments arguments, PackedFiles into, Console console) {
        Path path = DataFolder.of(arguments);
        RawRows train = learning(arguments, console).copy(path, into.folder());
        try {
            requireClasses(train.classNames(), path);
            return train;
        } catch (LanewiseException e) {
            train.close();
            throw e;
        }
    }

    /** The rows are there twice then, and the numbers of those of each part, which are collected before they are copied. */
    static void requireRoomToCut(Dataset data, Path path) {
        requireRoom(2 * (TrainingMemory.bytes(data) + (long) Integer.BYTES * data.rows()), path);
    }

    private static void requireRoom(long bytes, Path path) {
        if (!Heap.fits(bytes, 0)) {
            throw Heap.shortage(bytes, "").in(path);
        }
    }

    private static TrainingData<Dataset> split(Dataset data, float fraction, long seed, Path path, Console console) {
        requireRoomToCut(data, path);
        try {
            Split split = Split.stratified(data, fraction, seed);
            noteKept(split.validation().rows(), data.rows(), console);
            return new TrainingData<>(split.train(), split.validation());
        } catch (LanewiseException e) {
            throw e.in(path);
        }
    }

    private static void requireClasses(Dataset train, Path path) {
        if (train.labels().length == 0) {
            throw new LanewiseException(ExitCode.USAGE, "there is nothing to learn without labels").in(path);
        }
        requireClasses(train.classNames(), path);
    }

    private static void requireClasses(List<String> names, Path path) {
        if (names.size() < 2) {
            throw new LanewiseException(ExitCode.BAD_DATA, "there is only one class to learn")
                    .in(path)
                    .expected("at least 2", names.get(0))
                    .hint("--label names the column of the classes.");
        }
    }

    /** Sparse rows have as many features as the largest index in any of them says. */
    private static TrainingData<Dataset> alike(TrainingData<Dataset> data) {
        int width = Math.max(data.train().features(), data.test().features());
        return new TrainingData<>(widened(data.train(), width), widened(data.test(), width));
    }

    private static Dataset widened(Dataset data, int width) {
        return data.holdsSparse() ? data.widened(width) : data;
    }

    /** What a scaling takes that cannot go without a copy of the features. */
    private static long scaledBytes(Dataset data, Scaling.Kind kind) {
        if (data.holdsPixels()) {
            return kind.isFitted() ? (long) Float.BYTES * data.rows() * data.features() : 0;
        }
        return kind == Scaling.Kind.NONE ? 0 : TrainingMemory.bytes(data);
    }

    /**
     * Scales both as the first asks for.
     *
     * @param besides the bytes of what else is on the heap
     */
    static TrainingData<Dataset> scaled(TrainingData<Dataset> data, Arguments arguments, long besides) {
        Scaling.Kind kind = arguments.get(SCALE);
        if (kind == null) {
            return data;
        }
        long bytes = TrainingMemory.bytes(data) + scaledBytes(data.train(), kind) + scaledBytes(data.test(), kind);
        requireRoom(besides + bytes, DataFolder.of(arguments));
        Scaling scaling = Scaling.fit(kind, data.train());
        return new TrainingData<>(data.train().scaled(scaling), data.test().scaled(scaling));
    }
}
