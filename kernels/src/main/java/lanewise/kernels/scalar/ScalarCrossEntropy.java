package lanewise.kernels.scalar;

import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/**
 * The loss of a classifier, its gradient and its errors, row by row. A row's elements stand side by side in a row-major
 * matrix, and a leading dimension apart in a class-major one: nothing else tells the two apart.
 */
public final class ScalarCrossEntropy implements Kernels.CrossEntropy {
    @Override
    public double loss(
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int rowStep,
            int step,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights) {
        double loss = 0;
        for (int i = 0; i < rows; i++) {
            int at = labelsOffset + i;
            double ofRow = lossRow(cols, z, zOffset + i * rowStep, step, labels[at], smoothing);
            loss += weights == null ? ofRow : weights[at] * ofRow;
        }
        return loss;
    }

    @Override
    public double gradient(
            boolean wantLoss,
            int rows,
            int cols,
            float[] z,
            int zOffset,
            int zRowStep,
            int zStep,
            int[] labels,
            int labelsOffset,
            float smoothing,
            float[] weights,
            float scale,
            float[] g,
            int gOffset,
            int gRowStep,
            int gStep) {
        double loss =
                wantLoss ? loss(rows, cols, z, zOffset, zRowStep, zStep, labels, labelsOffset, smoothing, weights) : 0;
        for (int i = 0; i < rows; i++) {
            int at = labelsOffset + i;
            float factor = weights == null ? scale : scale * weights[at];
            int zAt = zOffset + i * zRowStep;
            int gAt = gOffset + i * gRowStep;
            gradientRow(cols, z, zAt, zStep, labels[at], smoothing, factor, g, gAt, gStep);
        }
        return loss;
    }

    /** The loss of one row whose elements stand {@code step} apart. */
    public static double lossRow(int cols, float[] z, int at, int step, int label, float smoothing) {
        float shift = ScalarSoftmax.finiteMax(cols, z, at, step);
        double sum = ScalarSoftmax.sumOfExp(cols, z, at, step, shift);
        double differences = smoothing == 0 ? 0 : ScalarSoftmax.sumOfDifferences(cols, z, at, step, shift);
        return loss(cols, shift, sum, z[at + label * step], smoothing, differences);
    }

    /**
     * log sum + (1 - smoothing) (shift - logit) - smoothing / cols * differences: the loss of one row from its maximum,
     * the sum of e^(z - shift), the logit at the label, and the sum of z - shift, which no one looks at without smoothing.
     */
    public static double loss(int cols, float shift, double sum, float logit, float smoothing, double differences) {
        double loss = StrictMath.log(sum) + (1.0 - smoothing) * ((double) shift - logit);
        return smoothing == 0 ? loss : loss - (double) smoothing / cols * differences;
    }

    private static void gradientRow(
            int cols,
            float[] z,
            int zAt,
            int zStep,
            int label,
            float smoothing,
            float factor,
            float[] g,
            int gAt,
            int gStep) {
        ScalarSoftmax.softmaxRow(cols, z, zAt, zStep, g, gAt, gStep);
        float off = Bits.targetOfOthers(cols, smoothing);
        float on = Bits.targetOfLabel(cols, smoothing);
        for (int j = 0; j < cols; j++) {
            float target = j == label ? on : off;
            g[gAt + j * gStep] = (g[gAt + j * gStep] - target) * factor;
        }
    }

    @Override
    public int errors(
            int rows, int cols, float[] z, int zOffset, int rowStep, int step, int[] labels, int labelsOffset) {
        int errors = 0;
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * rowStep;
            int best = 0;
            boolean number = true;
            for (int j = 0; j < cols; j++) {
                if (z[at + j * step] > z[at + best * step]) {
                    best = j;
                }
                number &= !Float.isNaN(z[at + j * step]);
            }
            if (!number || best != labels[labelsOffset + i]) {
                errors++;
            }
        }
        return errors;
    }
}
