package lanewise.kernels.scalar;

import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/** Softmax and its logarithms, row by row. */
public final class ScalarSoftmax implements Kernels.Softmax {
    @Override
    public void softmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        for (int i = 0; i < rows; i++) {
            softmaxRow(cols, x, xOffset + i * ldx, y, yOffset + i * ldy);
        }
    }

    @Override
    public void logSoftmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        for (int i = 0; i < rows; i++) {
            logSoftmaxRow(cols, x, xOffset + i * ldx, y, yOffset + i * ldy);
        }
    }

    @Override
    public void logSumExp(int rows, int cols, float[] x, int xOffset, int ldx, float[] out, int outOffset) {
        for (int i = 0; i < rows; i++) {
            out[outOffset + i] = (float) logSumExpRow(cols, x, xOffset + i * ldx);
        }
    }

    static void softmaxRow(int cols, float[] x, int xAt, float[] y, int yAt) {
        float max = max(cols, x, xAt);
        float scale = (float) (1 / sumOfExp(cols, x, xAt, max));
        for (int j = 0; j < cols; j++) {
            y[yAt + j] = ScalarExp.exp(x[xAt + j] - max) * scale;
        }
    }

    /** Log-softmax of one row. */
    public static void logSoftmaxRow(int cols, float[] x, int xAt, float[] y, int yAt) {
        float shift = finiteMax(cols, x, xAt);
        float log = (float) StrictMath.log(sumOfExp(cols, x, xAt, shift));
        for (int j = 0; j < cols; j++) {
            y[yAt + j] = (x[xAt + j] - shift) - log;
        }
    }

    /** The log-sum-exp of one row, not yet rounded to float. */
    public static double logSumExpRow(int cols, float[] x, int xAt) {
        float shift = finiteMax(cols, x, xAt);
        return shift + StrictMath.log(sumOfExp(cols, x, xAt, shift));
    }

    /** The largest element that is a number, with zero unsigned; minus infinity where there is none. */
    private static float max(int cols, float[] x, int xAt) {
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < cols; j++) {
            if (x[xAt + j] > max) {
                max = x[xAt + j];
            }
        }
        return max + 0f;
    }

    /** The maximum, or 0 where subtracting it would make a NaN of an infinity. */
    private static float finiteMax(int cols, float[] x, int xAt) {
        float max = max(cols, x, xAt);
        return Float.isInfinite(max) ? 0 : max;
    }

    /** sum of e^(x - shift). A NaN in x, which the maximum passes over, is in this sum. */
    private static double sumOfExp(int cols, float[] x, int xAt, float shift) {
        double sum = 0;
        for (int from = 0; from < cols; from += Bits.STRETCH) {
            sum += sumOfExp(0, 1, Math.min(Bits.STRETCH, cols - from), x, xAt + from, shift);
        }
        return sum;
    }

    /** The lanes first, first + stride, first + 2 stride, ..., summed by halving. */
    private static float sumOfExp(int first, int stride, int n, float[] x, int xAt, float shift) {
        if (stride < Bits.LANES) {
            return sumOfExp(first, 2 * stride, n, x, xAt, shift)
                    + sumOfExp(first + stride, 2 * stride, n, x, xAt, shift);
        }
        float lane = 0;
        for (int j = first; j < n; j += Bits.LANES) {
            lane += ScalarExp.exp(x[xAt + j] - shift);
        }
        return lane;
    }
}
