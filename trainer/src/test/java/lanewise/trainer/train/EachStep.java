package lanewise.trainer.train;

import java.util.function.Consumer;

/** Looks at a training after each step. */
final class EachStep implements TrainingListener {
    private final Consumer<Training> look;
    private Training training;

    EachStep(Consumer<Training> look) {
        this.look = look;
    }

    @Override
    public void onStart(Training started) {
        training = started;
    }

    @Override
    public void onStep(int epoch, int rowsDone, int rows) {
        look.accept(training);
    }
}
