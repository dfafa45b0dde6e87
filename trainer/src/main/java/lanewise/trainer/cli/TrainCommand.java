package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.Dash;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.PixelLayer;
import lanewise.trainer.run.RunFolder;
import lanewise.trainer.train.History;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.TrainingListener;
import lanewise.trainer.train.WarmUp;

/** Learns a model and prints a row for each epoch. */
final class TrainCommand implements Command {
    private static final List<Option<?>> DECIDING = deciding();
    private static final Option<Path> OUT = Option.path("--out", "FILE", "where to write the model (default nowhere)");
    private static final Option<Path> JSON =
            Option.path("--json", "FILE", "writes a line of JSON for each epoch; - for stdout, in place of the table");
    private static final Option<Boolean> QUIET = Option.flag("--quiet", "no notices, no progress bar");

    private Optional<WarmUp> warmUp = Optional.empty();

    /** The options that decide the result. */
    private static List<Option<?>> deciding() {
        List<Option<?>> options = new ArrayList<>(DataOptions.LEARNING);
        options.addAll(ModelOptions.OPTIONS);
        options.addAll(RecipeOptions.OPTIONS);
        return options;
    }

    @Override
    public String summary() {
        return "Learns a model, by default softmax regression on MNIST.";
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> options = new ArrayList<>(DECIDING);
        options.addAll(RunOptions.OPTIONS);
        options.addAll(List.of(RecipeOptions.THREADS, RecipeOptions.LAYOUT, OUT, JSON, QUIET));
        return options;
    }

    @Override
    public void foresee(List<String> words) {
        if (!words.contains(Main.HELP.name())) {
            warmUp = Optional.of(WarmUpGuess.of(words).start());
        }
    }

    @Override
    public ExitCode run(Arguments typed, Console console) {
        if (typed.get(QUIET)) {
            console.beQuiet();
        }
        RunOptions options = RunOptions.of(typed, DECIDING);
        Arguments arguments = options.arguments();
        Trainer trainer = RecipeOptions.trainer(arguments);
        ModelOptions.hidden(arguments);
        requireOwnFiles(arguments);
        console.checkBackend();

        try (RunFolder folder = options.open()) {
            // The folder, in which they may be, is there now.
            checkWritable(arguments);
            PackedFiles files = PackedFiles.of(folder, arguments.get(OUT));
            Attempt attempt = new Attempt(options, trainer, folder, files, warmUp, console);
            files.clear();
            try (TrainingData<?> data = attempt.load()) {
                return attempt.train(data);
            } catch (Throwable t) {
                files.clear();
                throw t;
            }
        }
    }

    /**
     * A run, from its data to its model.
     *
     * @param folder where it is kept, or null
     * @param files where its rows are if they do not fit the heap
     */
    private record Attempt(
            RunOptions options,
            Trainer trainer,
            RunFolder folder,
            PackedFiles files,
            Optional<WarmUp> warmUp,
            Console console) {

        TrainingData<?> load() {
            ToLongFunction<TrainingData<?>> bytes =
                    data -> TrainingMemory.bytes(arguments(), trainer, data, 0, folder != null);
            TrainingDataReader reader = new TrainingDataReader(arguments(), console);
            if (options.resumes()) {
                Optional<TrainingData<DiskRows>> packed = files.open(console);
                if (packed.isPresent()) {
                    return packed.get().checked(bytes);
                }
            }
            return reader.read(files, bytes);
        }

        ExitCode train(TrainingData<?> data) {
            Model model = ModelOptions.first(arguments(), data.train(), console);
            console.noteBackend(trainer.threads());
            warmUp.ifPresent(WarmUp::await);
            noteLayout(model, data);
            console.note("seed " + trainer.hyperparameters().seed());
            Path out = arguments().get(OUT);
            Path saved = folder == null ? out : folder.file(RunFolder.LAST);
            // To look through the data for their SHA-256 takes a while, and not every run tells it.
            Provenance provenance = saved == null && !arguments().given(RunOptions.CONFIG)
                    ? null
                    : Provenance.of(trainer, data.train());
            if (saved != null) {
                model.checkMetadata(
                        saved, provenance.toMetadata(trainer.hyperparameters().epochs()));
            }
            TrainingListener keeper = options.keeper(folder, provenance, data, console);
            try (EpochLog log = new EpochLog(arguments().get(JSON), console);
                    TrainProgress progress = new TrainProgress(trainer, log, console);
                    Signals signals = folder == null ? Signals.ofTheJvm() : Signals.handled()) {
                History history = trainer.fit(
                        model, data.train(), data.test(), keeper.and(signals).and(progress));
                if (signals.received().isPresent()) {
                    console.note("interrupted; --resume goes on where it was");
                    return signals.received().get();
                }
                if (out != null) {
                    int epoch = trainer.hyperparameters().patience() > 0
                            ? history.best().epoch()
                            : history.last().epoch();
                    model.save(out, provenance.toMetadata(epoch));
                }
            }
            return ExitCode.OK;
        }

        private void noteLayout(Model model, TrainingData<?> data) {
            if (PixelLayer.suits(model.architecture(), data.train())) {
                try (Workers workers = Workers.of(trainer.threads())) {
                    PixelLayout layout = arguments().get(RecipeOptions.LAYOUT);
                    console.note("layout "
                            + (layout == PixelLayout.AUTO
                                    ? data.train().pixelRows(layout, workers).layout()
                                    : Option.plain(layout)));
                }
            }
        }

        private Arguments arguments() {
            return options.arguments();
        }
    }

    /** No output is an input or another output: each would be lost. */
    private static void requireOwnFiles(Arguments arguments) {
        Path init = arguments.get(ModelOptions.INIT);
        Path out = arguments.get(OUT);
        Path json = arguments.get(JSON);
        TakenFiles files = DataFiles.taken(arguments).add(RunOptions.CONFIG, arguments.get(RunOptions.CONFIG));
        List<Option<Path>> runs = Stream.of(RunOptions.RUN, RunOptions.RESUME)
                .filter(arguments::given)
                .toList();
        for (Option<Path> run : runs) {
            files.add(ModelOptions.INIT, init);
            for (String name : RunFolder.FILES) {
                files.addOutput(run, arguments.get(run).resolve(name));
            }
        }
        // A model may take the place of what it began as, but for a run, which needs that again to go on.
        files.addOutput(OUT, out).add(ModelOptions.INIT, init).addOutput(JSON, Dash.fileOrNull(json));
    }

    private static void checkWritable(Arguments arguments) {
        Path out = arguments.get(OUT);
        if (out != null) {
            AtomicFile.checkWritable(out);
        }
        EpochLog.check(arguments.get(JSON));
    }
}
