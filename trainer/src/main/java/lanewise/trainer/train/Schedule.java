package lanewise.trainer.train;

import java.util.Objects;

/**
 * How the learning rate changes in the course of a run. While it warms up it rises in a line, step by step, to the
 * learning rate of the recipe, lr; from then on, with t steps and e epochs done since the warm-up, of T steps that there
 * are behind it, the next step's is
 *
 * <pre>
 * constant     lr
 * step         lr gamma^floor(e / stepSize)
 * cosine       lr (1 + cos(pi t / T)) / 2
 * invscaling   lr / (t + 1)^power
 * plateau      lr gamma^drops, where a drop follows stepSize epochs in a row without a new lowest test loss
 * </pre>
 *
 * computed in double and rounded to float once. It depends on nothing but the place in the run and the losses so far.
 *
 * <p><b>Source.</b> The formulas are those of torch.optim.lr_scheduler (StepLR, CosineAnnealingLR, ReduceLROnPlateau) and of
 * scikit-learn's MLPClassifier (invscaling), but that stepSize here is the patience there and one more, with a threshold of
 * 0, and that invscaling counts steps and not rows, and changes the rate with every step and not once an epoch. Cosine:
 * Loshchilov and Hutter, SGDR (2017).
 *
 * @param kind which formula
 * @param stepSize epochs between two drops of step, or without a new lowest loss before a drop of plateau
 * @param gamma the factor of a drop of step and plateau
 * @param power the exponent of invscaling
 * @param warmupEpochs how many epochs the warm-up takes
 */
public record Schedule(Kind kind, int stepSize, float gamma, float power, int warmupEpochs) {
    /** The formulas. */
    public enum Kind {
        /** The same learning rate throughout. */
        CONSTANT,
        /** A drop every few epochs. */
        STEP,
        /** Down to 0 along half a wave of the cosine. */
        COSINE,
        /** By a power of the number of steps. */
        INVSCALING,
        /** A drop when the test loss no longer falls. */
        PLATEAU
    }

    /** What {@link #stepSize} is unless it is chosen. */
    public static final int STEP_SIZE = 10;

    /** What {@link #gamma} is unless it is chosen. */
    public static final float GAMMA = 0.1f;

    /** What {@link #power} is unless it is chosen. */
    public static final float POWER = 0.5f;

    /** The same learning rate throughout, without a warm-up. */
    public static final Schedule CONSTANT = new Schedule(Kind.CONSTANT, STEP_SIZE, GAMMA, POWER, 0);

    /** Down to 0 along half a wave of the cosine, without a warm-up. */
    public static final Schedule COSINE = new Schedule(Kind.COSINE, STEP_SIZE, GAMMA, POWER, 0);

    /**
     * Checks the ranges.
     *
     * @param kind which formula
     * @param stepSize 1 to 1,000,000
     * @param gamma more than 0, at most 1
     * @param power more than 0, at most 10
     * @param warmupEpochs 0 to 1,000,000
     * @throws IllegalArgumentException if a value is outside its range
     * @throws NullPointerException if kind is null
     */
    public Schedule {
        Objects.requireNonNull(kind, "kind");
        Hyperparameters.require(
                stepSize >= 1 && stepSize <= Hyperparameters.MOST,
                "step-size",
                "1 to " + Hyperparameters.MOST,
                stepSize);
        Hyperparameters.require(gamma > 0 && gamma <= 1, "gamma", "more than 0, at most 1", gamma);
        Hyperparameters.require(power > 0 && power <= 10, "power-t", "more than 0, at most 10", power);
        Hyperparameters.require(
                warmupEpochs >= 0 && warmupEpochs <= Hyperparameters.MOST,
                "warmup-epochs",
                "0 to " + Hyperparameters.MOST,
                warmupEpochs);
    }

    /**
     * A drop every few epochs.
     *
     * @param stepSize how many epochs
     * @param gamma the factor of a drop
     * @return the schedule, without a warm-up
     * @throws IllegalArgumentException if a value is outside its range
     */
    public static Schedule step(int stepSize, float gamma) {
        return new Schedule(Kind.STEP, stepSize, gamma, POWER, 0);
    }

    /**
     * By a power of the number of steps.
     *
     * @param power the exponent
     * @return the schedule, without a warm-up
     * @throws IllegalArgumentException if a value is outside its range
     */
    public static Schedule inverseScaling(float power) {
        return new Schedule(Kind.INVSCALING, STEP_SIZE, GAMMA, power, 0);
    }

    /**
     * A drop when the test loss no longer falls.
     *
     * @param stepSize how many epochs in a row bring no new lowest loss before a drop
     * @param gamma the factor of a drop
     * @return the schedule, without a warm-up
     * @throws IllegalArgumentException if a value is outside its range
     */
    public static Schedule plateau(int stepSize, float gamma) {
        return new Schedule(Kind.PLATEAU, stepSize, gamma, POWER, 0);
    }

    /**
     * The same behind a warm-up.
     *
     * @param epochs how many epochs the warm-up takes
     * @return the schedule
     * @throws IllegalArgumentException if the number is outside its range
     */
    public Schedule withWarmup(int epochs) {
        return new Schedule(kind, stepSize, gamma, power, epochs);
    }

    /** Counts how often the learning rate has dropped, from the first report on. */
    Drops newDrops() {
        return new Drops();
    }

    /** How often the learning rate of plateau has dropped; that of every other kind has not. */
    final class Drops {
        private double lowest = Double.POSITIVE_INFINITY;
        private int without;
        private int count;

        /** The next epoch that is reported, counted from 1, has this test loss. */
        void add(int epoch, double loss) {
            if (kind != Kind.PLATEAU || epoch <= warmupEpochs) {
                return;
            }
            without++;
            if (loss < lowest) {
                lowest = loss;
                without = 0;
            } else if (without == stepSize) {
                count++;
                without = 0;
            }
        }

        int count() {
            return count;
        }
    }

    /**
     * The learning rate of a step.
     *
     * @param lr that of the recipe
     * @param step how many steps are done
     * @param stepsPerEpoch how many an epoch has
     * @param epochs how many epochs the run has
     * @param drops {@link Drops#count} of the epochs so far
     */
    float at(float lr, long step, int stepsPerEpoch, int epochs, int drops) {
        long warmup = (long) warmupEpochs * stepsPerEpoch;
        if (step < warmup) {
            return (float) ((double) lr * (step + 1) / warmup);
        }
        long t = step - warmup;
        long steps = Math.max(1, (long) epochs * stepsPerEpoch - warmup);
        double factor = switch (kind) {
            case CONSTANT -> 1;
            case STEP -> StrictMath.pow(gamma, t / stepsPerEpoch / stepSize);
            case COSINE -> (1 + StrictMath.cos(StrictMath.PI * Math.min(t, steps) / steps)) / 2;
            case INVSCALING -> StrictMath.pow(t + 1, -(double) power);
            case PLATEAU -> StrictMath.pow(gamma, drops);
        };
        return (float) (lr * factor);
    }
}
