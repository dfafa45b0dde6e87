package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * The cross-entropy loss of a softmax classifier, its gradient with respect to the logits, and its errors.
 *
 * <p><b>Targets.</b> A row of K classes should get the probabilities t: 1 - smoothing + smoothing / K at its label and
 * smoothing / K elsewhere, which is 1 and 0 without smoothing. Its loss is - sum t log softmax(z). Each row counts as
 * often as its weight says: once if there are none. For weights by class, that is the weight of its label.
 *
 * <p><b>By class.</b> A method whose name ends so takes the logits class by class: that of class j in row i stands at
 * {@code zOffset + j * ldz + i}. Vectors then run along the rows, which suits few classes; from 48 on each row is gathered
 * first, and errors are counted by plain loops. It has the bits of the method without. What stands between the classes is
 * not written, and no result depends on it.
 *
 * <p><b>Source.</b> Smoothing as in Szegedy et al., Rethinking the Inception Architecture for Computer Vision (2016), and
 * in torch.nn.CrossEntropyLoss.
 */
public final class CrossEntropy {
    private static final Kernels.CrossEntropy KERNEL = Backend.active().crossEntropy();

    private CrossEntropy() {}

    /**
     * Does {@link #loss(int, int, float[], int, int, int[], int, float, float[])} without smoothing and weights.
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
        return loss(rows, cols, z, zOffset, ldz, labels, labelsOffset, 0, null);
    }

    /**
     * Sums the losses over the rows, in double and in row order. With S = sum e<sup>z - max</sup> as {@link Softmax} has it,
     * the loss of a row is
     *
     * <p>log S + (1 - smoothing) (max - z<sub>label</sub>) + smoothing mean(max - z)
     *
     * <p>times its weight.
     *
     * <p><b>Special values.</b> For finite weights above 0: a row that holds a NaN, +infinity at its label, or nothing but
     * -infinity makes the sum NaN; without such a row, -infinity at a label or +infinity elsewhere makes it +infinity. With
     * smoothing, a row with +infinity makes the sum NaN, and one with -infinity and no +infinity makes it +infinity, or NaN
     * if that is at its label and smoothing is 1. An infinite loss of weight 0 is NaN.
     *
     * <p><b>Error.</b> At most s of {@link Softmax} for each row, and with smoothing, barring overflow, 2<sup>-24</sup> (a + 1)
     * smoothing mean(max - z) more, for the a of {@link Softmax}; times its weight. What is done in double adds at most
     * (rows + 6) 2<sup>-53</sup> sum |weight| loss, which is more where the logits are large: a row takes five roundings and
     * one for its weight, and all its terms are positive.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param z the logits, rows x cols
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to cols - 1
     * @param labelsOffset index of the label of the first row
     * @param smoothing how much of the target is spread over all classes, 0 to 1
     * @param weights how often each row counts, from labelsOffset on; null for once
     * @return the sum, not the mean, of the losses
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static double loss(
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights) {
        Check.matrix("z", z.length, zOffset, rows, cols, ldz);
        Check.targets(rows, cols, labels, labelsOffset, smoothing, weights);
        return KERNEL.loss(rows, cols, z, zOffset, ldz, 1, labels, labelsOffset, smoothing, weights);
    }

    /**
     * Does {@link #gradient(int, int, float[], int, int, int[], int, float, float[], float, float[], int, int)} without
     * smoothing and weights.
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
        gradient(rows, cols, z, zOffset, ldz, labels, labelsOffset, 0, null, scale, g, gOffset, ldg);
    }

    /**
     * Computes g = (softmax(z) - t) * (scale * weight) for each row; z and g may be the same elements.
     *
     * <p><b>Bits.</b> Those of {@link Softmax#softmax}, then t taken off, then each row multiplied as by {@link Level1#scal}.
     *
     * <p><b>Special values.</b> As {@link Softmax#softmax}.
     *
     * <p><b>Error.</b> Barring overflow, that of {@link Softmax#softmax} and 2<sup>-24</sup> t, times |scale * weight|, and
     * 2<sup>-22</sup> |g|, and one smallest subnormal.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param z the logits, rows x cols
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to cols - 1
     * @param labelsOffset index of the label of the first row
     * @param smoothing how much of the target is spread over all classes, 0 to 1
     * @param weights how often each row counts, from labelsOffset on; null for once
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
            float smoothing,
            float[] weights,
            float scale,
            float[] g,
            int gOffset,
            int ldg) {
        gradient(false, rows, cols, z, zOffset, ldz, labels, labelsOffset, smoothing, weights, scale, g, gOffset, ldg);
    }

    /**
     * Does {@link #lossAndGradient(int, int, float[], int, int, int[], int, float, float[], float, float[], int, int)}
     * without smoothing and weights.
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
        return lossAndGradient(rows, cols, z, zOffset, ldz, labels, labelsOffset, 0, null, scale, g, gOffset, ldg);
    }

    /**
     * Computes in one pass over the rows {@link #loss(int, int, float[], int, int, int[], int, float, float[])} and {@link
     * #gradient(int, int, float[], int, int, int[], int, float, float[], float, float[], int, int)}, with their bits; z and g
     * may be the same elements.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param z the logits, rows x cols
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to cols - 1
     * @param labelsOffset index of the label of the first row
     * @param smoothing how much of the target is spread over all classes, 0 to 1
     * @param weights how often each row counts, from labelsOffset on; null for once
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
            float smoothing,
            float[] weights,
            float scale,
            float[] g,
            int gOffset,
            int ldg) {
        return gradient(
                true, rows, cols, z, zOffset, ldz, labels, labelsOffset, smoothing, weights, scale, g, gOffset, ldg);
    }

    private static double gradient(
            boolean wantLoss,
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights,
            float scale,
            float[] g,
            int gOffset,
            int ldg) {
        Check.matrix("z", z.length, zOffset, rows, cols, ldz);
        Check.targets(rows, cols, labels, labelsOffset, smoothing, weights);
        Check.matrix("g", g.length, gOffset, rows, cols, ldg);
        Check.sameOrDisjoint("g", g, gOffset, ldg, "z", z, zOffset, ldz, rows, cols);
        Check.disjoint("g", g, gOffset, rows, cols, ldg, "weights", weights, labelsOffset, 1, rows, rows);
        return KERNEL.gradient(
                wantLoss,
                rows,
                cols,
                z,
                zOffset,
                ldz,
                1,
                labels,
                labelsOffset,
                smoothing,
                weights,
                scale,
                g,
                gOffset,
                ldg,
                1);
    }

    /**
     * Counts the rows whose largest logit does not stand at their label, exactly. Of equal logits, infinite ones too, the
     * lowest class counts as the largest; a row with a NaN is an error.
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
        return KERNEL.errors(rows, cols, z, zOffset, ldz, 1, labels, labelsOffset);
    }

    /**
     * Sums the losses as {@link #loss(int, int, float[], int, int, int[], int, float, float[])}, of logits that stand class by
     * class.
     *
     * @param rows how many rows
     * @param classes how many classes
     * @param z the logits, classes x rows
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to classes - 1
     * @param labelsOffset index of the label of the first row
     * @param smoothing how much of the target is spread over all classes, 0 to 1
     * @param weights how often each row counts, from labelsOffset on; null for once
     * @return the sum, not the mean, of the losses
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static double lossByClass(
            int rows,
            int classes,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights) {
        Check.matrix("z", z.length, zOffset, classes, rows, ldz);
        Check.targets(rows, classes, labels, labelsOffset, smoothing, weights);
        return KERNEL.loss(rows, classes, z, zOffset, 1, ldz, labels, labelsOffset, smoothing, weights);
    }

    /**
     * Puts the gradient in the place of the logits, as {@link #gradient(int, int, float[], int, int, int[], int, float, float[],
     * float, float[], int, int)}, class by class.
     *
     * @param rows how many rows
     * @param classes how many classes
     * @param z the logits, classes x rows; the gradient takes their place
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to classes - 1
     * @param labelsOffset index of the label of the first row
     * @param smoothing how much of the target is spread over all classes, 0 to 1
     * @param weights how often each row counts, from labelsOffset on; null for once
     * @param scale what the gradient is multiplied by, usually 1 / rows
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void gradientByClass(
            int rows,
            int classes,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights,
            float scale) {
        gradientByClass(false, rows, classes, z, zOffset, ldz, labels, labelsOffset, smoothing, weights, scale);
    }

    /**
     * Computes in one pass {@link #lossByClass} and {@link #gradientByClass}, with their bits.
     *
     * @param rows how many rows
     * @param classes how many classes
     * @param z the logits, classes x rows; the gradient takes their place
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to classes - 1
     * @param labelsOffset index of the label of the first row
     * @param smoothing how much of the target is spread over all classes, 0 to 1
     * @param weights how often each row counts, from labelsOffset on; null for once
     * @param scale what the gradient is multiplied by, usually 1 / rows
     * @return the sum, not the mean, of the losses
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static double lossAndGradientByClass(
            int rows,
            int classes,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights,
            float scale) {
        return gradientByClass(true, rows, classes, z, zOffset, ldz, labels, labelsOffset, smoothing, weights, scale);
    }

    private static double gradientByClass(
            boolean wantLoss,
            int rows,
            int classes,
            float[] z,
            int zOffset,
            int ldz,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights,
            float scale) {
        Check.matrix("z", z.length, zOffset, classes, rows, ldz);
        Check.targets(rows, classes, labels, labelsOffset, smoothing, weights);
        Check.disjoint("z", z, zOffset, classes, rows, ldz, "weights", weights, labelsOffset, 1, rows, rows);
        return KERNEL.gradient(
                wantLoss,
                rows,
                classes,
                z,
                zOffset,
                1,
                ldz,
                labels,
                labelsOffset,
                smoothing,
                weights,
                scale,
                z,
                zOffset,
                1,
                ldz);
    }

    /**
     * Counts the errors as {@link #errors}, of logits that stand class by class.
     *
     * @param rows how many rows
     * @param classes how many classes
     * @param z the logits, classes x rows
     * @param zOffset index of its first element
     * @param ldz its leading dimension
     * @param labels the class of each row, 0 to classes - 1
     * @param labelsOffset index of the label of the first row
     * @return how many rows are wrong
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static int errorsByClass(
            int rows, int classes, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        Check.matrix("z", z.length, zOffset, classes, rows, ldz);
        Check.labels(labels, labelsOffset, rows, classes);
        return KERNEL.errors(rows, classes, z, zOffset, 1, ldz, labels, labelsOffset);
    }
}
