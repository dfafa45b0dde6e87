package lanewise.trainer.train;

/** Is told how training goes, on the thread that trains. What it throws ends the training. */
public interface TrainingListener {
    /** Is told nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * A step is done.
     *
     * @param epoch which epoch, from 1
     * @param rowsDone how many rows of the training set it has seen
     * @param rows how many rows the training set has
     */
    default void onStep(int epoch, int rowsDone, int rows) {}

    /**
     * An epoch is done, and evaluated.
     *
     * @param report how it went
     */
    default void onEpoch(EpochReport report) {}
}
