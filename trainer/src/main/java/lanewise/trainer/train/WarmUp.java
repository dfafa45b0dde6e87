package lanewise.trainer.train;

import java.util.Arrays;
import java.util.List;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.eval.Evaluator;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;

/**
 * Trains a tiny model on nothing while the data are still being read, so that the JIT has compiled the kernels when the
 * real one starts: code of the Vector API is some hundred times slower until then.
 *
 * <p>Its model, data and thread are its own, so no bit of a result depends on how far it came.
 */
public final class WarmUp {
    /** Enough rows and classes for every tile height that a batch of 100 meets, and no more: cold steps are slow. */
    private static final int ROWS = 16;

    private static final int CLASSES = 10;
    private static final ImageShape IMAGE = new ImageShape(8, 8);

    /** By then every kernel has been compiled. */
    private static final int MOST_STEPS = 20_000;

    private volatile boolean stopped;

    private WarmUp() {}

    /**
     * Starts a thread that warms up until it is told to stop, or there is nothing left to gain.
     *
     * @param hidden the hidden layers of the model to be trained, whose number counts here
     * @param bias whether it has biases
     * @param trainer the trainer to be used
     * @return to be stopped when the real training starts
     */
    public static WarmUp start(List<Integer> hidden, boolean bias, Trainer trainer) {
        WarmUp warmUp = new WarmUp();
        int[] small = new int[hidden.size()];
        Arrays.fill(small, 32);
        List<Integer> sizes = Arrays.stream(small).boxed().toList();
        Thread thread = new Thread(() -> warmUp.run(sizes, bias, trainer.hyperparameters()), "lanewise-warm-up");
        thread.setDaemon(true);
        thread.start();
        return warmUp;
    }

    /** Ends it after the step under way, without waiting for that. */
    public void stop() {
        stopped = true;
    }

    private void run(List<Integer> hidden, boolean bias, Hyperparameters recipe) {
        Model model = Model.zeros(new Architecture(IMAGE.height() * IMAGE.width(), hidden, CLASSES, bias));
        int[] labels = new int[ROWS];
        byte[] pixels = new byte[ROWS * IMAGE.height() * IMAGE.width()];
        Dataset data = Dataset.ofPixels(pixels, ROWS, IMAGE, labels, CLASSES);
        SgdStep step = new SgdStep(model, data, recipe, ROWS, Workers.serial());
        Evaluator evaluator = new Evaluator(model, Workers.serial());
        for (int i = 0; i < MOST_STEPS && !stopped; i++) {
            step.run(null, 0, ROWS, 0, true, true);
            if (i % 4 == 0) {
                evaluator.evaluate(data);
            }
        }
    }
}
