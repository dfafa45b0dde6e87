package lanewise.trainer.model;

import lanewise.kernels.Softmax;
import lanewise.trainer.data.Csr;
import lanewise.trainer.io.Heap;

/**
 * Predicts sparse rows by a softmax regression, in time that grows with what the rows hold and not with how wide they are.
 * For one thread at a time; predictors of one layer share its weights.
 *
 * <p>The bits are those of an evaluation of the same rows. {@link Predictor} adds zeros in between, and so may differ in the
 * last bits.
 */
public final class SparsePredictor {
    private final SparseLayer layer;
    private final int maxRows;
    private final float[] logits;

    /**
     * Sets the memory aside.
     *
     * @param layer the weights
     * @param maxRows the largest number of rows of one call
     * @throws IllegalArgumentException if maxRows is less than 0, or their logits would not fit an array
     */
    public SparsePredictor(SparseLayer layer, int maxRows) {
        if (maxRows < 0 || (long) maxRows * layer.ld() > Heap.LONGEST_ARRAY) {
            throw new IllegalArgumentException(
                    "maxRows is outside 0.." + Heap.LONGEST_ARRAY / layer.ld() + ": " + maxRows);
        }
        this.layer = layer;
        this.maxRows = maxRows;
        this.logits = new float[maxRows * layer.ld()];
    }

    /**
     * Predicts rows. A row gets the same bits alone and among others.
     *
     * @param rows the rows, scaled as in training, and finite
     * @param probabilities receives the softmax of the logits, [rows][number of classes]
     * @param classes receives the class of each row, as {@link Prediction} has it
     * @throws IllegalArgumentException if there are more rows than the memory is for, an array is too short, or a row has a
     *     column that the model does not take
     */
    public void predict(Csr rows, float[] probabilities, int[] classes) {
        int count = rows.rows();
        int classCount = layer.classes();
        if (count > maxRows) {
            throw new IllegalArgumentException("rows is outside 0.." + maxRows + ": " + count);
        }
        if (rows.width() > layer.features()) {
            throw new IllegalArgumentException(
                    "rows have column " + (rows.width() - 1) + ", of " + layer.features() + " features");
        }
        Predictor.require("probabilities", probabilities.length, (long) count * classCount);
        Predictor.require("classes", classes.length, count);
        layer.logits(0, count, rows, logits);
        for (int i = 0; i < count; i++) {
            classes[i] = Prediction.argMax(logits, i * layer.ld(), classCount);
        }
        Softmax.softmax(count, classCount, logits, 0, layer.ld(), probabilities, 0, classCount);
    }
}
