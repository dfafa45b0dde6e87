package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.NO_INPUT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Sha256;
import lanewise.trainer.run.RunFolder;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Training;
import lanewise.trainer.train.TrainingListener;

/** The options that keep, resume and repeat a run. */
final class RunOptions {
    static final Option<Path> RUN = Option.path(
            "--run", "DIR", "keeps the run in a folder without one: options, metrics, best and last model, checkpoint");
    static final Option<Path> RESUME = Option.path("--resume", "DIR", "goes on with the run in a folder");
    static final Option<Path> CONFIG =
            Option.path("--config", "FILE", "the config.json of a run to repeat, but for the options that are given");

    static final List<Option<?>> OPTIONS = List.of(Preset.OPTION, CONFIG, RUN, RESUME);

    /** What names a file that may have moved, as the data may. */
    private static final List<Option<?>> MOVING = List.of(DataOptions.LABEL, DataOptions.VALIDATION, ModelOptions.INIT);

    private final Arguments arguments;
    private final List<Option<?>> deciding;
    private final Path configFile;
    private final RunConfig config;

    private RunOptions(Arguments arguments, List<Option<?>> deciding, Path configFile, RunConfig config) {
        this.arguments = arguments;
        this.deciding = deciding;
        this.configFile = configFile;
        this.config = config;
    }

    /**
     * Reads the options of the run to go on with, or to repeat.
     *
     * @param typed what was typed
     * @param deciding the options that decide the result
     * @throws LanewiseException if they do not go together (2), or the config is missing (66) or damaged (65)
     */
    static RunOptions of(Arguments typed, List<Option<?>> deciding) {
        if (typed.given(CONFIG) && typed.given(Preset.OPTION)) {
            throw Arguments.usage("not with " + CONFIG.name() + ", which has the options of a run")
                    .at(Preset.OPTION.name());
        }
        if (typed.given(RESUME)) {
            return resumed(typed, deciding);
        }
        return typed.given(CONFIG)
                ? over(typed.get(CONFIG), typed, deciding)
                : new RunOptions(Preset.under(typed), deciding, null, null);
    }

    private static RunOptions resumed(Arguments typed, List<Option<?>> deciding) {
        requireOnly(typed, OPTIONS, option -> option == RESUME);
        requireOnly(typed, deciding, RunOptions::mayAccompanyResume);
        Path folder = typed.get(RESUME);
        Path config = folder.resolve(RunFolder.CONFIG);
        // As where a run was stopped before its training began.
        if (Files.isDirectory(folder) && Files.notExists(config)) {
            throw new LanewiseException(NO_INPUT, "there is no run in the folder")
                    .in(folder)
                    .hint("--run begins one.");
        }
        RunOptions run = over(config, typed, deciding);
        requireOnly(typed, MOVING, run::mayHaveMoved);
        return run;
    }

    private static RunOptions over(Path file, Arguments typed, List<Option<?>> deciding) {
        RunConfig config = RunConfig.read(file, deciding);
        return new RunOptions(typed.over(config.options()), deciding, file, config);
    }

    /** A run that goes on has its options; its inputs may have moved, and their SHA-256 tells whether they are the same. */
    private static boolean mayAccompanyResume(Option<?> option) {
        return option == DataOptions.DATA || MOVING.contains(option);
    }

    /** A file can only have moved to where there is a file too: not from a column or a fraction, nor to one. */
    private boolean mayHaveMoved(Option<?> option) {
        return DataFiles.isFile(config.options().get(option))
                && DataFiles.isFile(DataFiles.absolute(arguments, option));
    }

    private static void requireOnly(Arguments typed, List<Option<?>> options, Predicate<Option<?>> allowed) {
        for (Option<?> option : options) {
            if (typed.given(option) && !allowed.test(option)) {
                throw Arguments.usage("not with " + RESUME.name() + ", which goes on with the options of the run")
                        .at("--" + option.key());
            }
        }
    }

    /** What was typed, over what the config says. */
    Arguments arguments() {
        return arguments;
    }

    /** Whether a run goes on. */
    boolean resumes() {
        return arguments.given(RESUME);
    }

    /**
     * Opens the folder of the run.
     *
     * @return the folder, to be closed; null if the run is not kept
     * @throws LanewiseException if it cannot be created or holds another run (73), or is locked (75)
     */
    RunFolder open() {
        if (resumes()) {
            return RunFolder.open(arguments.get(RESUME));
        }
        if (!arguments.given(RUN)) {
            return null;
        }
        Path path = arguments.get(RUN);
        RunFolder folder = RunFolder.open(path);
        if (folder.holdsRun()) {
            folder.close();
            throw new LanewiseException(CANNOT_CREATE, "there is a run in the folder")
                    .in(path)
                    .hint("--resume goes on with it.");
        }
        return folder;
    }

    /**
     * What keeps a run. It begins with the training: a run that is refused before leaves nothing to go on with.
     *
     * @param folder what {@link #open} gave
     * @param provenance that of the model
     * @return a listener that does nothing if the run is not kept, and throws {@link LanewiseException} if an input is another
     *     one than that of the run which goes on or is repeated, unless it was typed (65)
     */
    TrainingListener keeper(RunFolder folder, Provenance provenance, TrainingData<?> data, Console console) {
        if (folder == null && config == null) {
            return TrainingListener.NONE;
        }
        TrainingListener begun = new TrainingListener() {
            @Override
            public void onStart(Training training) {
                begin(folder, provenance, data, console);
            }
        };
        return folder == null ? begun : begun.and(folder.listener(provenance));
    }

    /** Makes sure that the inputs are those of the run, and writes the config of a new one. */
    private void begin(RunFolder folder, Provenance provenance, TrainingData<?> data, Console console) {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("train", provenance.dataSha256());
        inputs.put("test", data.test().fingerprint());
        if (arguments.get(ModelOptions.INIT) != null) {
            inputs.put("init", Sha256.of(arguments.get(ModelOptions.INIT)));
        }
        if (config != null) {
            requireSame(inputs);
            if (!config.version().equals(Main.version())) {
                console.note("the run is of version " + config.version() + "; this is " + Main.version()
                        + ", which may learn other bits");
            }
        }
        if (folder != null && !resumes()) {
            new RunConfig(Main.version(), values(), inputs).write(folder.file(RunFolder.CONFIG));
        }
    }

    /** The seed is among what decides which rows there are, since it draws those to be measured by. */
    private void requireSame(Map<String, String> inputs) {
        List<Option<?>> ofData = new ArrayList<>(DataOptions.LEARNING);
        ofData.add(RecipeOptions.SEED);
        config.sha256().forEach((name, expected) -> {
            List<Option<?>> options = name.equals("init") ? List.of(ModelOptions.INIT) : ofData;
            String found = inputs.getOrDefault(name, "none");
            if (!expected.equals(found) && (resumes() || options.stream().noneMatch(arguments::given))) {
                throw new LanewiseException(BAD_DATA, "the input is not the one of the run")
                        .in(configFile)
                        .at("sha256." + name)
                        .expected(expected, found);
            }
        });
    }

    /** The options by which the run can be repeated from any folder. */
    private Map<Option<?>, Object> values() {
        Map<Option<?>, Object> values = new LinkedHashMap<>();
        for (Option<?> option : deciding) {
            Object value = DataFiles.absolute(arguments, option);
            if (value != null) {
                values.put(option, value);
            }
        }
        List<Integer> hidden = ModelOptions.hidden(arguments);
        values.put(ModelOptions.MODEL, hidden.isEmpty() ? ModelOptions.Kind.SOFTMAX : ModelOptions.Kind.MLP);
        if (hidden.isEmpty()) {
            values.remove(ModelOptions.HIDDEN);
        } else {
            values.put(ModelOptions.HIDDEN, hidden);
        }
        return values;
    }
}
