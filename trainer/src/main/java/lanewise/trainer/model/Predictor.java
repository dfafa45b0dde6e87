package lanewise.trainer.model;

import lanewise.kernels.Softmax;
import lanewise.trainer.io.NonFinite;

/**
 * Predicts into arrays of the caller, in memory that it sets aside once: {@link #predict} allocates nothing, but for what
 * the kernels set aside in the first calls of each thread, and for vectors until the JIT has compiled the kernels, which
 * takes some thousand calls in a new JVM. A predictor is for one thread at a time; any number of threads may have one each of
 * the same model.
 *
 * <p>The bits are those of an evaluation of the same rows as floats. Softmax regression over bytes or sparse rows is evaluated
 * by kernels of its own, which may differ in the last bits.
 */
public final class Predictor {
    /** How many rows go through the layers at a time, and how many outputs of a layer, so that these stay in the cache. */
    private static final int MOST_ROWS = 500;

    private static final int MOST_FLOATS = 1 << 18;

    private final int features;
    private final int classCount;
    private final int maxRows;
    private final int chunk;
    private final ForwardPass forward;

    Predictor(Model model, int maxRows) {
        if (maxRows < 0) {
            throw new IllegalArgumentException("maxRows is less than 0: " + maxRows);
        }
        this.features = model.architecture().features();
        this.classCount = model.architecture().classes();
        this.maxRows = maxRows;
        this.chunk = Math.max(
                1, Math.min(MOST_ROWS, MOST_FLOATS / model.architecture().widest()));
        this.forward = new ForwardPass(model, Math.min(chunk, maxRows));
    }

    /**
     * Predicts rows. A row gets the same bits alone and among others.
     *
     * @param x the features from its start on, [rows][features], without gaps, scaled as in training
     * @param rows how many rows
     * @param probabilities receives the softmax of the logits, [rows][number of classes]
     * @param classes receives the class of each row, as {@link Prediction} has it
     * @throws IllegalArgumentException if there are more rows than the memory is for, an array is too short,
     *     probabilities and x are one array, or a feature is NaN or infinite; some rows may have been written then
     */
    public void predict(float[] x, int rows, float[] probabilities, int[] classes) {
        if (rows < 0 || rows > maxRows) {
            throw new IllegalArgumentException("rows is outside 0.." + maxRows + ": " + rows);
        }
        require("x", x.length, (long) rows * features);
        require("probabilities", probabilities.length, (long) rows * classCount);
        require("classes", classes.length, rows);
        if (x == probabilities) {
            throw new IllegalArgumentException("probabilities and x are one array");
        }
        for (int first = 0, count; first < rows; first += count) {
            count = Math.min(chunk, rows - first);
            int from = first * features;
            int bad = NonFinite.first(x, from, from + count * features);
            if (bad >= 0) {
                throw new IllegalArgumentException(
                        "feature " + bad % features + " of row " + bad / features + " is not finite: " + x[bad]);
            }
            forward.run(0, count, x, from);
            float[] logits = forward.logits();
            for (int i = 0; i < count; i++) {
                classes[first + i] = Prediction.argMax(logits, i * classCount, classCount);
            }
            Softmax.softmax(count, classCount, logits, 0, classCount, probabilities, first * classCount, classCount);
        }
    }

    /** An array has so many elements. */
    static void require(String name, int length, long needed) {
        if (needed > length) {
            throw new IllegalArgumentException(name + " has " + length + " elements, too few for " + needed);
        }
    }
}
