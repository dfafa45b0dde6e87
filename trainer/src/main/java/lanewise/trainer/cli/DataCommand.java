package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.DataWriter;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.Split;

/** Looks at data sets, splits and converts them. */
final class DataCommand implements Command {
    static final Option<Path> INPUT = Option.path(
            "INPUT", "FILE", "IDX, CSV, TSV, LIBSVM, NPY or NPZ, plain or gzipped, the folder of MNIST's files, or -");

    private static final String LABELLED_ENDINGS = "its ending is .csv, .tsv, .libsvm or .npz";
    private static final String ENDINGS = "its ending is .csv, .tsv, .libsvm, .npy, .npz or .idx";

    @Override
    public String summary() {
        return "Looks at data sets, splits and converts them.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of();
    }

    @Override
    public Map<String, Command> verbs() {
        Map<String, Command> verbs = new LinkedHashMap<>();
        verbs.put("describe", new DescribeCommand());
        verbs.put("split", new SplitCommand());
        verbs.put("convert", new ConvertCommand());
        return verbs;
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        throw new UnsupportedOperationException("a verb runs instead");
    }

    /** Writes two parts of a data set. */
    private static final class SplitCommand implements Command {
        private static final Option<Path> TRAIN = Option.path("TRAIN", "FILE", "takes most rows; " + LABELLED_ENDINGS);
        private static final Option<Path> TEST = Option.path("TEST", "FILE", "takes the others; " + LABELLED_ENDINGS);
        private static final Option<Float> FRACTION = Option.number(
                "--fraction", 0.2f, new Option.Range(0, false, 1, false), "which part of the rows goes to TEST");
        private static final Option<Long> SEED = Option.seed("--seed", 0, "names the draw");

        @Override
        public String summary() {
            return "Draws rows of each class, and writes them and the others to files of their own.";
        }

        @Override
        public List<Option<?>> options() {
            return List.of(INPUT, TRAIN, TEST, FRACTION, SEED, DataOptions.LABEL, DataOptions.MAX_FEATURES);
        }

        @Override
        public ExitCode run(Arguments arguments, Console console) {
            Path input = arguments.get(INPUT);
            DataFiles.taken(INPUT, input, arguments)
                    .addOutput(TRAIN, arguments.get(TRAIN))
                    .addOutput(TEST, arguments.get(TEST));
            DataWriter train = DataWriter.to(arguments.get(TRAIN), null);
            DataWriter test = DataWriter.to(arguments.get(TEST), null);
            Dataset data = read(DataOptions.reader(arguments, console), input, console);
            requireLabels(TRAIN, train, data);
            requireLabels(TEST, test, data);
            Split split = TrainingDataReader.split(data, arguments.get(FRACTION), arguments.get(SEED), input);
            noteNames(train, split.train(), console);
            noteNames(test, split.validation(), console);
            train.writeWith(split.train(), test, split.validation());
            console.line(split.train().rows() + " rows in " + printable(arguments.get(TRAIN)));
            console.line(split.validation().rows() + " rows in " + printable(arguments.get(TEST)));
            return ExitCode.OK;
        }
    }

    /** Which rows were drawn is known to nobody: labels that are left out could not be found again. */
    private static void requireLabels(Option<Path> option, DataWriter writer, Dataset data) {
        if (writer.leavesOutLabels(data)) {
            throw Arguments.usage("an array has no place for labels")
                    .at(option.name())
                    .expected("CSV, TSV, LIBSVM or NPZ", "NPY or IDX");
        }
    }

    /** Writes a data set in another format. */
    private static final class ConvertCommand implements Command {
        private static final Option<Path> OUTPUT = Option.path("OUTPUT", "FILE", "takes the rows; " + ENDINGS);
        private static final Option<Path> LABELS =
                Option.path("--labels-out", "FILE", "takes the labels when OUTPUT is NPY or IDX (default nowhere)");

        @Override
        public String summary() {
            return "Writes a data set in another format.";
        }

        @Override
        public List<Option<?>> options() {
            return List.of(INPUT, OUTPUT, LABELS, DataOptions.LABEL_OR_NONE, DataOptions.MAX_FEATURES);
        }

        @Override
        public ExitCode run(Arguments arguments, Console console) {
            Path input = arguments.get(INPUT);
            Path output = arguments.get(OUTPUT);
            Path labels = arguments.get(LABELS);
            DataFiles.taken(INPUT, input, arguments).addOutput(OUTPUT, output).addOutput(LABELS, labels);
            DataWriter writer = DataWriter.to(output, labels);
            Dataset data = read(DataOptions.reader(arguments, console).labelled(false), input, console);
            if (writer.leavesOutLabels(data)) {
                console.note("the labels are left out; " + LABELS.name() + " keeps them");
            }
            noteNames(writer, data, console);
            writer.write(data);
            console.line(data.rows() + " rows in " + printable(output));
            return ExitCode.OK;
        }
    }

    private static Dataset read(DataReader.Builder options, Path input, Console console) {
        DataReader reader = options.build();
        Dataset data = reader.read(input);
        if (reader.keepsTest(input)) {
            console.note(input + ": the test rows are left out");
        }
        return data;
    }

    private static void noteNames(DataWriter writer, Dataset data, Console console) {
        if (writer.replacesNames(data)) {
            console.note("the classes are written as 0, 1 and so on, for " + Text.listed(data.classNames()));
        }
    }

    private static String printable(Path file) {
        return LanewiseException.printable(file.toString());
    }
}
