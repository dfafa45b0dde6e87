package lanewise.trainer.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Heap;

/** The options of everything that reads data: which, and how. */
final class DataOptions {
    static final Option<Path> DATA = Option.path(
            "--data",
            "FILE|DIR",
            "the data set: IDX, CSV, TSV, LIBSVM, NPY or NPZ, the folder of MNIST's files, or - (default data/mnist)");
    /** Of those that do without labels. */
    static final Option<String> LABEL_OR_NONE = Option.text(
            "--label",
            "COLUMN",
            "a column, a member of an archive, the file of the labels, or none",
            "the labels: a column by name or number, a member of an NPZ, a file for NPY and IDX, or none");

    /** Of those that learn or measure. */
    static final Option<String> LABEL = new Option<>(
            "--label",
            "COLUMN",
            "the labels: a column by name or number, a member of an NPZ, or a file for NPY and IDX",
            null,
            "where the labels are: a column, a member of an archive, or a file",
            text -> {
                Option.require(!text.equals("none"));
                return LABEL_OR_NONE.converter().apply(text);
            });

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

    /** All that decide what is learned. */
    static final List<Option<?>> LEARNING = List.of(DATA, LABEL, SCALE, VALIDATION, MAX_FEATURES);

    /** All that decide which rows there are, and how they are scaled. */
    static final List<Option<?>> WITHOUT_VALIDATION =
            LEARNING.stream().filter(option -> option != VALIDATION).toList();

    private static final Path MNIST = Path.of("data", "mnist");

    private DataOptions() {}

    /** What {@link #DATA} names, or the MNIST that comes with Lanewise. */
    static Path data(Arguments arguments) {
        Path data = arguments.get(DATA);
        return data == null ? shipped() : data;
    }

    /** Where the script says that Lanewise is, or three levels above the jar, or else below the working directory. */
    private static Path shipped() {
        String home = System.getProperty("lanewise.home");
        if (home != null) {
            return Path.of(home).resolve(MNIST);
        }
        try {
            Path code = Path.of(DataOptions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path beside = code.resolve("../../..").normalize().resolve(MNIST);
            return Files.isDirectory(beside) ? beside : MNIST;
        } catch (URISyntaxException e) {
            return MNIST;
        }
    }

    /** Where the labels are, or null. */
    static String label(Arguments arguments) {
        String label = arguments.get(LABEL);
        return label == null ? arguments.get(LABEL_OR_NONE) : label;
    }

    /** A reader that does as the options say, and tells what it finds. */
    static DataReader.Builder reader(Arguments arguments, Console console) {
        return DataReader.builder()
                .label(label(arguments))
                .maxFeatures(arguments.get(MAX_FEATURES))
                .notes(console::note);
    }

    /** Whether the scaling comes from the rows. */
    static boolean isFitted(Arguments arguments) {
        Scaling.Kind kind = arguments.get(SCALE);
        return kind != null && kind.isFitted();
    }
}
