package lanewise.trainer.train;

import java.util.Objects;

/**
 * Everything besides the data and the first weights that decides what a model learns. The number of threads is not among
 * it.
 *
 * @param epochs how often to go through the training set
 * @param learningRate the step size, where the schedule has it highest
 * @param schedule how the step size changes in the course of the run
 * @param batch how many rows a gradient is the mean over; the last batch of an epoch may be shorter and is the mean over its
 *     own rows
 * @param momentum the momentum
 * @param nesterov whether momentum looks ahead by Nesterov's rule
 * @param weightDecay the weight decay, which pulls on weights and biases alike, as in torch.optim.SGD
 * @param labelSmoothing how much of each row's target is spread over all classes, as in torch.nn.CrossEntropyLoss
 * @param classWeight how often the rows of each class count: as a whole, smoothing included, in a mean over the rows, while
 *     torch.nn.CrossEntropyLoss weights each class's share of the smoothing by that class, and divides by the sum of the
 *     rows' weights
 * @param clipNorm the largest Euclidean norm of a step's gradient, to which a larger one is scaled down before the update, as
 *     by torch.nn.utils.clip_grad_norm_; 0 for any
 * @param accumulate how many batches make one step: it is the step of one batch of {@code accumulate * batch} rows, bit for
 *     bit, in the memory of {@code batch}
 * @param shuffle whether each epoch has an order of its own
 * @param patience after how many epochs in a row without a new lowest test loss the run ends; 0 for never. With a patience
 *     the model that a run leaves is that of the lowest test loss, unless the run is stopped
 * @param seed names the random choices
 */
public record Hyperparameters(
        int epochs,
        float learningRate,
        Schedule schedule,
        int batch,
        float momentum,
        boolean nesterov,
        float weightDecay,
        float labelSmoothing,
        ClassWeight classWeight,
        float clipNorm,
        int accumulate,
        boolean shuffle,
        int patience,
        long seed) {
    /** More than anybody needs of anything. */
    public static final int MOST = 1_000_000;

    /**
     * Checks the ranges.
     *
     * @param epochs 1 to 1,000,000
     * @param learningRate more than 0, at most 1,000,000
     * @param schedule any
     * @param batch at least 1
     * @param momentum at least 0, less than 1
     * @param nesterov true needs a momentum above 0
     * @param weightDecay 0 to 1,000,000
     * @param labelSmoothing at least 0, less than 1
     * @param classWeight any
     * @param clipNorm 0 to 1,000,000
     * @param accumulate at least 1
     * @param shuffle either
     * @param patience 0 to 1,000,000
     * @param seed any number
     * @throws IllegalArgumentException if a value is outside its range
     * @throws NullPointerException if schedule or classWeight is null
     */
    public Hyperparameters {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(classWeight, "classWeight");
        require(epochs >= 1 && epochs <= MOST, "epochs", "1 to " + MOST, epochs);
        require(learningRate > 0 && learningRate <= MOST, "lr", "more than 0, at most " + MOST, learningRate);
        require(batch >= 1, "batch", "at least 1", batch);
        require(momentum >= 0 && momentum < 1, "momentum", "at least 0, less than 1", momentum);
        require(!nesterov || momentum > 0, "nesterov", "with a momentum above 0", "without");
        require(weightDecay >= 0 && weightDecay <= MOST, "weight-decay", "0 to " + MOST, weightDecay);
        require(
                labelSmoothing >= 0 && labelSmoothing < 1,
                "label-smoothing",
                "at least 0, less than 1",
                labelSmoothing);
        require(clipNorm >= 0 && clipNorm <= MOST, "clip-norm", "0 to " + MOST, clipNorm);
        require(accumulate >= 1, "accumulate", "at least 1", accumulate);
        require(patience >= 0 && patience <= MOST, "patience", "0 to " + MOST, patience);
        // A file has no negative zero.
        momentum += 0f;
        weightDecay += 0f;
        labelSmoothing += 0f;
        clipNorm += 0f;
    }

    /** How many rows make a step; the last one of an epoch may be shorter. */
    long stepRows() {
        return (long) batch * accumulate;
    }

    static void require(boolean holds, String name, String range, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range (expected " + range + ", found " + found + ")");
        }
    }
}
