package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.SameFile;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.TrainingListener;
import lanewise.trainer.train.WarmUp;

/** Learns a model and prints a row for each epoch. */
final class TrainCommand implements Command {
    /** The models that can be learned. */
    enum Kind {
        /** Softmax regression. */
        SOFTMAX,
        /** A network with ReLU hidden layers. */
        MLP
    }

    private static final int MOST = 1_000_000;
    private static final int MOST_THREADS = 1_024;
    private static final int CORES = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    private static final List<Integer> HIDDEN_OF_MLP = List.of(400);
    private static final Option.Range ABOVE_ZERO = new Option.Range(0, false, MOST, true);
    private static final Option.Range FROM_ZERO = new Option.Range(0, true, MOST, true);
    private static final Option.Range BELOW_ONE = new Option.Range(0, true, 1, false);

    private static final Option<Kind> MODEL =
            Option.choice("--model", Kind.SOFTMAX, "softmax regression, or a network with ReLU hidden layers");
    private static final Option<List<Integer>> HIDDEN = Option.wholes(
            "--hidden", 1, MOST, "the units of each hidden layer of a network (default 400); implies --model mlp");
    private static final Option<Integer> EPOCHS =
            Option.whole("--epochs", 10, 1, MOST, "how often to go through the train set");
    private static final Option<Float> LR = Option.number("--lr", 0.2f, ABOVE_ZERO, "the learning rate");
    private static final Option<Integer> BATCH =
            Option.whole("--batch", 100, 1, MOST, "how many rows a gradient is the mean of");
    private static final Option<Float> MOMENTUM = Option.number("--momentum", 0f, BELOW_ONE, "the momentum");
    private static final Option<Boolean> NESTEROV = Option.flag("--nesterov", "momentum that looks ahead");
    private static final Option<Float> WEIGHT_DECAY =
            Option.number("--weight-decay", 0f, FROM_ZERO, "pulls the weights to 0");
    private static final Option<Integer> ACCUMULATE = Option.whole(
            "--accumulate", 1, 1, MOST, "how many batches make one step, as one batch of all their rows would");
    private static final Option<Boolean> BIAS = Option.flag("--[no-]bias", "adds a bias to each output (default no)");
    private static final Option<Boolean> SHUFFLE =
            Option.flag("--[no-]shuffle", "takes the rows in a new order each epoch (default no)");
    private static final Option<Long> SEED = Option.seed("--seed", 0, "names the random choices");
    private static final Option<Integer> THREADS = Option.whole(
            "--threads", CORES, 1, MOST_THREADS, "how many threads compute; the result does not depend on it");
    private static final Option<Path> INIT = Option.path("--init", "FILE", "the model to start from");
    private static final Option<Path> OUT = Option.path("--out", "FILE", "where to write the model (default nowhere)");
    private static final Option<Path> JSON =
            Option.path("--json", "FILE", "writes a line of JSON for each epoch; - for stdout, in place of the table");
    private static final Option<Boolean> QUIET = Option.flag("--quiet", "no notices, no progress bar");

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String summary() {
        return "Learns a model, by default softmax regression on MNIST.";
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> options = new ArrayList<>(DataOptions.LEARNING);
        options.addAll(List.of(
                MODEL,
                HIDDEN,
                EPOCHS,
                LR,
                BATCH,
                MOMENTUM,
                NESTEROV,
                WEIGHT_DECAY,
                ACCUMULATE,
                BIAS,
                SHUFFLE,
                SEED,
                THREADS,
                INIT,
                OUT,
                JSON,
                QUIET));
        return options;
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        if (arguments.get(QUIET)) {
            console.beQuiet();
        }
        Trainer trainer = trainer(arguments);
        List<Integer> hidden = hidden(arguments);
        checkOutputs(arguments);
        Console.checkBackend();

        WarmUp warmUp = WarmUp.start(hidden, arguments.get(BIAS), trainer);
        TrainingData data = DataOptions.load(arguments, arguments.get(SEED), console);
        warmUp.await();
        Model model = model(arguments, trainer, hidden, data);
        console.noteBackend(trainer.threads());
        console.note("seed " + arguments.get(SEED));
        try (EpochLog log = EpochLog.open(arguments.get(JSON), console)) {
            fit(trainer, model, data, log, console);
            if (arguments.given(OUT)) {
                model.save(
                        arguments.get(OUT), Provenance.of(trainer, data.train()).toMetadata());
            }
        }
        return ExitCode.OK;
    }

    private static Trainer trainer(Arguments arguments) {
        if (arguments.get(NESTEROV) && arguments.get(MOMENTUM) == 0) {
            throw Arguments.usage("needs a momentum").at(NESTEROV.name()).expected("--momentum above 0", "0");
        }
        return Trainer.builder()
                .epochs(arguments.get(EPOCHS))
                .learningRate(arguments.get(LR))
                .batch(arguments.get(BATCH))
                .momentum(arguments.get(MOMENTUM))
                .nesterov(arguments.get(NESTEROV))
                .weightDecay(arguments.get(WEIGHT_DECAY))
                .accumulate(arguments.get(ACCUMULATE))
                .shuffle(arguments.get(SHUFFLE))
                .seed(arguments.get(SEED))
                .threads(arguments.get(THREADS))
                .build();
    }

    /** The hidden layers, none for softmax regression. */
    private static List<Integer> hidden(Arguments arguments) {
        boolean softmax = arguments.given(MODEL) && arguments.get(MODEL) == Kind.SOFTMAX;
        if (softmax && arguments.given(HIDDEN)) {
            throw Arguments.usage("softmax regression has no hidden layer")
                    .at(HIDDEN.name())
                    .expected("--model mlp", "--model softmax");
        }
        if (arguments.given(HIDDEN)) {
            return arguments.get(HIDDEN);
        }
        return arguments.get(MODEL) == Kind.MLP ? HIDDEN_OF_MLP : List.of();
    }

    /** No output is an input or the other output: each would be lost. */
    private static void checkOutputs(Arguments arguments) {
        Path log = arguments.get(JSON);
        Path json = log == null || JsonOutput.isStdout(log) ? null : log;
        Path out = arguments.get(OUT);
        Path init = arguments.get(INIT);
        requireOther(JSON, json, OUT, out);
        requireOther(JSON, json, INIT, init);
        for (Path data : DataOptions.files(arguments)) {
            requireOther(JSON, json, DataFolder.OPTION, data);
            requireOther(OUT, out, DataFolder.OPTION, data);
        }
        if (out != null) {
            AtomicFile.checkWritable(out);
        }
        EpochLog.check(log);
    }

    private static void requireOther(Option<Path> option, Path file, Option<Path> other, Path taken) {
        if (file != null && taken != null && SameFile.are(file, taken)) {
            throw Arguments.usage("the same file as " + other.name()).at(option.name());
        }
    }

    private static Model model(Arguments arguments, Trainer trainer, List<Integer> hidden, TrainingData data) {
        Dataset train = data.train();
        boolean bias = arguments.get(BIAS);
        Architecture architecture;
        try {
            architecture = new Architecture(train.features(), hidden, train.classes(), bias);
        } catch (IllegalArgumentException e) {
            throw Arguments.usage(e.getMessage()).at(HIDDEN.name());
        }
        TrainingMemory.require(architecture, trainer, data);
        if (arguments.given(INIT)) {
            return Model.load(arguments.get(INIT), architecture);
        }
        return hidden.isEmpty()
                ? Model.zeros(architecture)
                : Model.mlp(train.features(), hidden, train.classes(), bias, arguments.get(SEED));
    }

    /** Trains, and prints a row for each epoch unless the log takes its place. */
    private static void fit(Trainer trainer, Model model, TrainingData data, EpochLog log, Console console) {
        ProgressBar bar = console.progressBar(trainer.hyperparameters().epochs());
        if (log.leavesText()) {
            console.line(EpochTable.HEADER);
        }
        try {
            trainer.fit(model, data.train(), data.test(), new TrainingListener() {
                @Override
                public void onStep(int epoch, int rowsDone, int rows) {
                    bar.update(epoch, rowsDone, rows);
                }

                @Override
                public void onEpoch(EpochReport report) {
                    bar.clear();
                    if (log.leavesText()) {
                        console.line(EpochTable.row(report));
                    }
                    log.append(report);
                }
            });
        } finally {
            bar.clear();
        }
    }
}
