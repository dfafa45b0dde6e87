package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * The cross-entropy loss of a softmax classifier, its gradient with respect to the logits, and its errors.
 */
public final class CrossEntropy {
    private static final Kernels.CrossEntropy KERNEL = Backend.active().crossEntropy();

    private CrossEntropy() {}

    /**
     * Sums the loss log sum e<sup>z</sup> - z<sub>label</sub> over the rows, each as {@link Softmax} computes
     * its log-sum-exp, in double and in row order.
     *
     * <p><b>Special values.</b> A row that holds a NaN, +infinity at its label, or nothing but -infinity makes the sum
     * NaN; without such a row, -infinity at a label or +infinity elsewhere makes it +infinity.
     *
     * <p><b>Error.</b> At most s of {@link Softmax} for each row, however large the logits.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param z the logits, rows x cols
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to cols - 1
     * @param labelsOffset index of the label of the first row
     * @return the sum, not the mean, of the losses
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static double loss(int rows, int cols, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        Check.matrix("z", z.length, zOffset, rows, cols, ldz);
        Check.labels(labels, labelsOffset, rows, cols);
        return KERNEL.loss(rows, cols, z, zOffset, ldz, labels, labelsOffset);
    }

    /**
     * Computes g = (softmax(z) - onehot(label)) * scale for each row; z and g may be the same elements.
     *
     * <p><b>Bits.</b> Those of {@link Softmax#softmax}, then 1 taken off at the label, then {@link
     * Level1#scal}.
     *
     * <p><b>Special values.</b> As {@link Softmax#softmax}.
     *
     * <p><b>Error.</b> That of {@link Softmax#softmax}, times |scale|, and 2<sup>-23</sup> |g|.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param z the logits, rows x cols
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to cols - 1
     * @param labelsOffset index of the label of the first row
     * @param scale what the gradient is multiplied by, usually 1 / rows
     * @param g the gradient
     * @param gOffset index of its first element
     * @param ldg its leading dimension
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void gradient(
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float scale,
            float[] g,
            int gOffset,
            int ldg) {
        Check.matrix("z", z.length, zOffset, rows, cols, ldz);
        Check.labels(labels, labelsOffset, rows, cols);
        Check.matrix("g", g.length, gOffset, rows, cols, ldg);
        KERNEL.gradient(rows, cols, z, zOffset, ldz, labels, labelsOffset, scale, g, gOffset, ldg);
    }

    /**
     * Does {@link #loss} and {@link #gradient} in one pass over the rows; z and g may be the same elements.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param z the logits, rows x cols
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to cols - 1
     * @param labelsOffset index of the label of the first row
     * @param scale what the gradient is multiplied by, usually 1 / rows
     * @param g the gradient
     * @param gOffset index of its first element
     * @param ldg its leading dimension
     * @return the sum, not the mean, of the losses
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static double lossAndGradient(
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float scale,
            float[] g,
            int gOffset,
            int ldg) {
        Check.matrix("z", z.length, zOffset, rows, cols, ldz);
        Check.labels(labels, labelsOffset, rows, cols);
        Check.matrix("g", g.length, gOffset, rows, cols, ldg);
        return KERNEL.lossAndGradient(rows, cols, z, zOffset, ldz, labels, labelsOffset, scale, g, gOffset, ldg);
    }

    /**
     * Counts the rows whose largest logit does not stand at their label. Of equal logits the lowest class
     * counts as the largest; a row with a NaN is an error.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param z the logits, rows x cols
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to cols - 1
     * @param labelsOffset index of the label of the first row
     * @return how many rows are wrong
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static int errors(int rows, int cols, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        Check.matrix("z", z.length, zOffset, rows, cols, ldz);
        Check.labels(labels, labelsOffset, rows, cols);
        return KERNEL.errors(rows, cols, z, zOffset, ldz, labels, labelsOffset);
    }
}
