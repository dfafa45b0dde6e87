package lanewise.trainer.train;

/**
 * Is told how training goes, on the thread that trains. It can end the training by {@link Training#stop}; what it throws ends
 * it too.
 */
public interface TrainingListener {
    /** Is told nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * The training is about to begin.
     *
     * @param training what is being told about from here on
     */
    default void onStart(Training training) {}

    /**
     * A step is done. {@link Training#model()} has its weights; a model that was kept from an earlier call may be behind until
     * the epoch ends. Rows on the disk may be gone through here, even those in training: they are read again from where the
     * training is. Another thread must not go through them while a step is under way.
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

    /**
     * The training has ended or, as {@link Training#isStopped} tells for good, been stopped. The weights are still those of
     * the last step, also where those of the best epoch are about to take their place; they stay if this throws. Not told of
     * a training that ends by an exception.
     *
     * @param training what has ended
     */
    default void onEnd(Training training) {}

    /**
     * Two listeners as one.
     *
     * @param next is told of everything after this one
     * @return both
     */
    default TrainingListener and(TrainingListener next) {
        TrainingListener first = this;
        return new TrainingListener() {
            @Override
            public void onStart(Training training) {
                first.onStart(training);
                next.onStart(training);
            }

            @Override
            public void onStep(int epoch, int rowsDone, int rows) {
                first.onStep(epoch, rowsDone, rows);
                next.onStep(epoch, rowsDone, rows);
            }

            @Override
            public void onEpoch(EpochReport report) {
                first.onEpoch(report);
                next.onEpoch(report);
            }

            @Override
            public void onEnd(Training training) {
                first.onEnd(training);
                next.onEnd(training);
            }
        };
    }
}
