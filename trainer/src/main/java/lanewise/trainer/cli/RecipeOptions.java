package lanewise.trainer.cli;

import java.util.List;
import java.util.stream.Stream;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.train.ClassWeight;
import lanewise.trainer.train.Hyperparameters;
import lanewise.trainer.train.Schedule;
import lanewise.trainer.train.Trainer;

/** The options of everything that learns: how it learns, but not what. */
final class RecipeOptions {
    private static final int MOST = Hyperparameters.MOST;
    private static final Option.Range ABOVE_ZERO = new Option.Range(0, false, MOST, true);
    private static final Option.Range FROM_ZERO = new Option.Range(0, true, MOST, true);
    private static final Option.Range BELOW_ONE = new Option.Range(0, true, 1, false);
    private static final Option.Range UP_TO_ONE = new Option.Range(0, false, 1, true);
    private static final Option.Range UP_TO_TEN = new Option.Range(0, false, 10, true);

    static final Option<Integer> EPOCHS =
            Option.whole("--epochs", 10, 1, MOST, "how often to go through the train set");
    static final Option<Float> LR = Option.number("--lr", 0.2f, ABOVE_ZERO, "the learning rate");
    static final Option<Schedule.Kind> SCHEDULE =
            Option.choice("--schedule", Schedule.Kind.CONSTANT, "how the learning rate changes");
    static final Option<Integer> WARMUP_EPOCHS =
            Option.whole("--warmup-epochs", 0, 0, MOST, "how many epochs it rises to --lr, before the schedule begins");
    static final Option<Integer> STEP_SIZE = Option.whole(
            "--step-size",
            Schedule.STEP_SIZE,
            1,
            MOST,
            "epochs between drops (step), or without a lower test loss before one (plateau)");
    static final Option<Float> GAMMA =
            Option.number("--gamma", Schedule.GAMMA, UP_TO_ONE, "the factor of a drop (step, plateau)");
    static final Option<Float> POWER_T =
            Option.number("--power-t", Schedule.POWER, UP_TO_TEN, "divides by steps to this power (invscaling)");
    static final Option<Integer> BATCH =
            Option.whole("--batch", 100, 1, MOST, "how many rows a gradient is the mean of");
    static final Option<Float> MOMENTUM = Option.number("--momentum", 0f, BELOW_ONE, "the momentum");
    static final Option<Boolean> NESTEROV = Option.flag("--[no-]nesterov", "momentum that looks ahead (default no)");
    static final Option<Float> WEIGHT_DECAY = Option.number("--weight-decay", 0f, FROM_ZERO, "pulls the weights to 0");
    static final Option<Float> LABEL_SMOOTHING =
            Option.number("--label-smoothing", 0f, BELOW_ONE, "how much of a row's target all classes share");
    static final Option<ClassWeight> CLASS_WEIGHT = Option.choice(
            "--class-weight", ClassWeight.NONE, "how often a row counts: once, or so that all classes count alike");
    static final Option<Float> CLIP_NORM = Option.number(
            "--clip-norm", 0f, FROM_ZERO, "scales a gradient whose norm is larger down to it; 0 for never");
    static final Option<Integer> ACCUMULATE = Option.whole(
            "--accumulate", 1, 1, MOST, "how many batches make one step, as one batch of all their rows would");
    static final Option<Boolean> SHUFFLE =
            Option.flag("--[no-]shuffle", "takes the rows in a new order each epoch (default no)");
    static final Option<Integer> PATIENCE = Option.whole(
            "--patience",
            0,
            0,
            MOST,
            "ends after N epochs without a lower test loss, with the best model; 0 for never");
    static final Option<Long> SEED = Option.seed("--seed", 0, "names the random choices");
    static final Option<Integer> THREADS = Option.whole(
            "--threads",
            Trainer.builder().build().threads(),
            1,
            Trainer.MOST_THREADS,
            "how many threads compute at most; the result does not depend on it");

    static final Option<PixelLayout> LAYOUT = Option.choice(
            "--layout",
            PixelLayout.AUTO,
            "how pixels stand in memory for softmax regression; the result does not depend on it");

    /** All that decide what a step does. */
    static final List<Option<?>> OF_A_STEP = List.of(
            BATCH,
            MOMENTUM,
            NESTEROV,
            WEIGHT_DECAY,
            LABEL_SMOOTHING,
            CLASS_WEIGHT,
            CLIP_NORM,
            ACCUMULATE,
            SHUFFLE,
            SEED);

    /** All that decide the result. */
    static final List<Option<?>> OPTIONS = Stream.concat(
                    Stream.of(EPOCHS, LR, SCHEDULE, WARMUP_EPOCHS, STEP_SIZE, GAMMA, POWER_T, PATIENCE),
                    OF_A_STEP.stream())
            .toList();

    private RecipeOptions() {}

    /**
     * The trainer that the options describe.
     *
     * @throws lanewise.trainer.LanewiseException if they do not go together (2)
     */
    static Trainer trainer(Arguments arguments) {
        if (arguments.get(NESTEROV) && arguments.get(MOMENTUM) == 0) {
            throw Arguments.usage("needs a momentum").at("--nesterov").expected("--momentum above 0", "0");
        }
        return Trainer.builder()
                .epochs(arguments.get(EPOCHS))
                .learningRate(arguments.get(LR))
                .schedule(schedule(arguments))
                .batch(arguments.get(BATCH))
                .momentum(arguments.get(MOMENTUM))
                .nesterov(arguments.get(NESTEROV))
                .weightDecay(arguments.get(WEIGHT_DECAY))
                .labelSmoothing(arguments.get(LABEL_SMOOTHING))
                .classWeight(arguments.get(CLASS_WEIGHT))
                .clipNorm(arguments.get(CLIP_NORM))
                .accumulate(arguments.get(ACCUMULATE))
                .shuffle(arguments.get(SHUFFLE))
                .patience(arguments.get(PATIENCE))
                .seed(arguments.get(SEED))
                .threads(arguments.get(THREADS))
                .layout(arguments.get(LAYOUT))
                .build();
    }

    private static Schedule schedule(Arguments arguments) {
        Schedule.Kind kind = arguments.get(SCHEDULE);
        requireMeaning(arguments, STEP_SIZE, kind, Schedule.Kind.STEP, Schedule.Kind.PLATEAU);
        requireMeaning(arguments, GAMMA, kind, Schedule.Kind.STEP, Schedule.Kind.PLATEAU);
        requireMeaning(arguments, POWER_T, kind, Schedule.Kind.INVSCALING);
        boolean typed = arguments.given(WARMUP_EPOCHS) || arguments.given(EPOCHS);
        if (typed && arguments.get(WARMUP_EPOCHS) > arguments.get(EPOCHS)) {
            throw Arguments.usage("the run ends before the learning rate is --lr")
                    .at(WARMUP_EPOCHS.name())
                    .expected("at most --epochs " + arguments.get(EPOCHS), arguments.get(WARMUP_EPOCHS));
        }
        return new Schedule(
                kind,
                arguments.get(STEP_SIZE),
                arguments.get(GAMMA),
                arguments.get(POWER_T),
                arguments.get(WARMUP_EPOCHS));
    }

    private static void requireMeaning(
            Arguments arguments, Option<?> option, Schedule.Kind kind, Schedule.Kind... meant) {
        List<Schedule.Kind> kinds = List.of(meant);
        if (arguments.given(option) && !kinds.contains(kind)) {
            String expected = String.join(
                    " or ",
                    kinds.stream().map(k -> "--schedule " + Option.plain(k)).toList());
            throw Arguments.usage("has no meaning for this schedule")
                    .at(option.name())
                    .expected(expected, Option.plain(kind));
        }
    }
}
