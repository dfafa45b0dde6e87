package lanewise.trainer.train;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import lanewise.kernels.Diagnostics;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.eval.Evaluator;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;

/**
 * Trains a tiny model on nothing while words are still parsed and data read, so that the JIT has compiled the kernels when
 * the real training starts: code of the Vector API is some hundred times slower until then, and takes the core that the JIT
 * needs.
 *
 * <p>Its model, data and thread are its own, so no bit of a result depends on how far it came. The scalar kernels have
 * none: no step of theirs is slow, and none so fast that it would be over.
 */
public final class WarmUp {
    /** Rows for a tile of each form that a batch of 100 meets, and no more: cold steps are slow. */
    private static final int ROWS = 16;

    private static final int CLASSES = 10;
    private static final int UNITS = 80;
    private static final float RATE = 0.1f;
    private static final ImageShape IMAGE = new ImageShape(4, 8);

    /** The JIT compiles what is called often; after these steps it is its turn, and steps go on at intervals. */
    private static final int STEPS_AT_ONCE = 30;

    private static final long INTERVAL_NANOS = 1_000_000;

    /** A step takes milliseconds before the kernels are compiled and tens of microseconds after. */
    private static final long COMPILED_NANOS = 300_000;

    private static final int COMPILED_STEPS = 10;
    private static final long PATIENCE_NANOS = 1_500_000_000;

    private final Thread thread;

    private WarmUp(Runnable work) {
        thread = new Thread(work, "lanewise-warm-up");
        thread.setDaemon(true);
        // What fails here, such as for want of memory, fails again where it is told.
        thread.setUncaughtExceptionHandler((warmUp, failure) -> {});
        thread.start();
    }

    /**
     * Starts a thread that warms up until the kernels are compiled, for a second and a half at most; not at all if they are
     * scalar, or none.
     *
     * @param network whether a hidden layer is to be trained
     * @param bias whether there are biases
     * @return the warm-up under way
     */
    public static WarmUp start(boolean network, boolean bias) {
        return new WarmUp(() -> {
            if (Diagnostics.backend().equals("simd")) {
                run(network ? List.of(UNITS) : List.of(), bias);
            }
        });
    }

    /** Waits until it is over. Training before that would take longer than the wait. */
    public void await() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A bar from column r on in image r, so that any number of patches is blank. */
    private static Dataset images() {
        byte[] pixels = new byte[ROWS * IMAGE.height() * IMAGE.width()];
        int[] labels = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = row % CLASSES;
            for (int y = 0; y < IMAGE.height(); y++) {
                for (int x = row; x < IMAGE.width(); x++) {
                    pixels[(row * IMAGE.height() + y) * IMAGE.width() + x] = (byte) (255 - x);
                }
            }
        }
        return Dataset.ofPixels(pixels, ROWS, IMAGE, labels, CLASSES);
    }

    /** Warms up, and says by how many steps. */
    static int run(List<Integer> hidden, boolean bias) {
        Model model = Model.zeros(new Architecture(IMAGE.height() * IMAGE.width(), hidden, CLASSES, bias));
        Dataset data = images();
        Hyperparameters recipe = Trainer.builder().build().hyperparameters();
        Step step = Step.of(model, data, recipe, PixelLayout.AUTO, Workers.serial());
        step.use(data);
        Batch batch = Batch.whole(ROWS, RATE);
        Evaluator evaluator = new Evaluator(model, Workers.serial());
        long start = System.nanoTime();
        int compiled = 0;
        int steps = 0;
        while (compiled < COMPILED_STEPS) {
            long began = System.nanoTime();
            if (began - start > PATIENCE_NANOS) {
                break;
            }
            step.run(Workers.serial(), batch);
            evaluator.score(data);
            // Rows are laid out once, and so cold, but for this.
            images().pixelRows(PixelLayout.AUTO, Workers.serial());
            compiled = System.nanoTime() - began < COMPILED_NANOS ? compiled + 1 : 0;
            if (++steps > STEPS_AT_ONCE) {
                LockSupport.parkNanos(INTERVAL_NANOS);
            }
        }
        return steps;
    }
}
