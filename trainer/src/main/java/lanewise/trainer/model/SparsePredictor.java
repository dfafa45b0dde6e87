package lanewise.trainer.model;

import lanewise.kernels.Softmax;
import lanewise.trainer.data.Csr;

/**
 * Predicts sparse rows by a softmax regression, in time that grows with what the rows hold and not with how wide they are.
 * For one thread at a time; predictors of one layer share its weights.
 *
 * <p>The bits are those of an evaluation of the same rows. {@link Predictor} adds zeros in between, and so may differ in the
 * last bits.
 */
public final class SparsePredictor {
    private final SparseLayer layer;
    private final int classCount;
    private final float[] logits;

    /**
     * Sets the memory aside.
     *
     * @param layer the weights
     * @param classCount the number of classes
     * @param maxRows the largest number of rows of one call
     */
    public SparsePredictor(SparseLayer layer, int classCount, int maxRows) {
        this.layer = layer;
        this.classCount = classCount;
        this.logits = new float[Math.multiplyExact(maxRows, layer.ld())];
    }

    /**
     * Predicts rows. A row gets the same bits alone and among others.
     *
     * @param rows the rows, scaled as in training, and finite
     * @param probabilities receives the softmax of the logits, [rows][number of classes]
     * @param classes receives the class of each row, as {@link Prediction} has it
     * @throws IllegalArgumentException if there are more rows than the memory is for, or an array is too short
     */
    public void predict(Csr rows, float[] probabilities, int[] classes) {
        int count = rows.rows();
        layer.logits(0, count, rows, logits);
        for (int i = 0; i < count; i++) {
            classes[i] = Prediction.argMax(logits, i * layer.ld(), classCount);
        }
        Softmax.softmax(count, classCount, logits, 0, layer.ld(), probabilities, 0, classCount);
    }
}
