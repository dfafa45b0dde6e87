package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.IdxFolder;
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
        List<Option<?>> options = new ArrayList<>();
        options.add(DataFolder.OPTION);
        options.addAll(ModelOptions.OPTIONS);
        options.addAll(RecipeOptions.OPTIONS);
        options.addAll(List.of(RecipeOptions.THREADS, OUT, JSON, QUIET));
        return options;
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        if (arguments.get(QUIET)) {
            console.beQuiet();
        }
        Trainer trainer = RecipeOptions.trainer(arguments);
        List<Integer> hidden = ModelOptions.hidden(arguments);
        checkOutputs(arguments);
        Console.checkBackend();

        WarmUp warmUp = WarmUp.start(hidden, arguments.get(ModelOptions.BIAS), trainer);
        IdxFolder data = IdxFolder.load(DataFolder.of(arguments));
        warmUp.await();
        Architecture architecture = ModelOptions.architecture(arguments, data.train());
        TrainingMemory.require(architecture, trainer, data);
        Model model = ModelOptions.first(arguments, architecture);
        console.noteBackend(trainer.threads());
        console.note("seed " + trainer.hyperparameters().seed());
        try (EpochLog log = EpochLog.open(arguments.get(JSON), console)) {
            fit(trainer, model, data, log, console);
            if (arguments.given(OUT)) {
                model.save(
                        arguments.get(OUT), Provenance.of(trainer, data.train()).toMetadata());
            }
        }
        return ExitCode.OK;
    }

    /** No output is an input or the other output: each would be lost. */
    private static void checkOutputs(Arguments arguments) {
        Path log = arguments.get(JSON);
        Path json = log == null || JsonOutput.isStdout(log) ? null : log;
        Path out = arguments.get(OUT);
        Path init = arguments.get(ModelOptions.INIT);
        Path data = DataFolder.of(arguments);
        requireOther(JSON, json, OUT, out);
        requireOther(JSON, json, ModelOptions.INIT, init);
        for (String name : IdxFolder.FILES) {
            for (String ending : List.of("", ".gz")) {
                requireOther(JSON, json, DataFolder.OPTION, data.resolve(name + ending));
                requireOther(OUT, out, DataFolder.OPTION, data.resolve(name + ending));
            }
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

    /** Trains, and prints a row for each epoch unless the log takes its place. */
    private static void fit(Trainer trainer, Model model, IdxFolder data, EpochLog log, Console console) {
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
