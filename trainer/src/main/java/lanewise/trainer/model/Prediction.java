package lanewise.trainer.model;

/**
 * What a model says about some rows. Two are equal only if they have the same arrays, not for equal content: compare the
 * arrays.
 *
 * @param classes for each row the class of its largest logit, the lowest one of equals; {@link #NONE} if a logit is NaN
 * @param probabilities the softmax of the logits, [rows][number of classes]
 */
public record Prediction(int[] classes, float[] probabilities) {
    /** Stands for the class of a row that has none, since a logit is NaN. */
    public static final int NONE = -1;

    /**
     * The class of one row of logits.
     *
     * @param z the logits
     * @param offset index of the first one
     * @param classes how many there are
     * @return the index of the largest, the lowest one of equals, or {@link #NONE} if one is NaN
     */
    public static int argMax(float[] z, int offset, int classes) {
        return argMax(z, offset, 1, classes);
    }

    /**
     * The class of one row of logits that stand apart, as they do class by class.
     *
     * @param z the logits
     * @param offset index of the first one
     * @param stride floats from one to the next
     * @param classes how many there are
     * @return as {@link #argMax(float[], int, int)}
     */
    public static int argMax(float[] z, int offset, int stride, int classes) {
        int best = 0;
        for (int j = 0; j < classes; j++) {
            float value = z[offset + j * stride];
            if (Float.isNaN(value)) {
                return NONE;
            }
            if (value > z[offset + best * stride]) {
                best = j;
            }
        }
        return best;
    }
}
