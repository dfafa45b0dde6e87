package lanewise.trainer.train;

/** Stops a training after so many steps. */
public final class StopAfter implements TrainingListener {
    private final int last;
    private int steps;
    private Training training;

    /** Stops after this many. */
    public StopAfter(int last) {
        this.last = last;
    }

    /** How many there were. */
    public int steps() {
        return steps;
    }

    @Override
    public void onStart(Training started) {
        training = started;
    }

    @Override
    public void onStep(int epoch, int rowsDone, int rows) {
        if (++steps == last) {
            training.stop();
        }
    }
}
