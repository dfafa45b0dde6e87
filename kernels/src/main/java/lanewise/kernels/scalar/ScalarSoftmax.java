package lanewise.kernels.scalar;

import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/** Softmax and its logarithms, row by row. The elements of a row stand {@code step} apart. */
public final class ScalarSoftmax implements Kernels.Softmax {
    @Override
    public void softmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        for (int i = 0; i < rows; i++) {
            softmaxRow(cols, x, xOffset + i * ldx, 1, y, yOffset + i * ldy, 1);
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
            out[outOffset + i] = logSumExpRow(cols, x, xOffset + i * ldx);
        }
    }

    static void softmaxRow(int cols, float[] x, int xAt, int xStep, float[] y, int yAt, int yStep) {
        float max = max(cols, x, xAt, xStep);
        float scale = (float) (1 / sumOfExp(cols, x, xAt, xStep, max));
        for (int j = 0; j < cols; j++) {
            y[yAt + j * yStep] = ScalarExp.expOrZero(x[xAt + j * xStep] - max) * scale;
        }
    }

    /** Log-softmax of one row. */
    public static void logSoftmaxRow(int cols, float[] x, int xAt, float[] y, int yAt) {
        float shift = finiteMax(cols, x, xAt, 1);
        float log = (float) StrictMath.log(sumOfExp(cols, x, xAt, 1, shift));
        for (int j = 0; j < cols; j++) {
            y[yAt + j] = (x[xAt + j] - shift) - log;
        }
    }

    /** The log-sum-exp of one row. */
    public static float logSumExpRow(int cols, float[] x, int xAt) {
        float shift = finiteMax(cols, x, xAt, 1);
        return (float) (shift + StrictMath.log(sumOfExp(cols, x, xAt, 1, shift)));
    }

    /** The largest element that is a number, with zero unsigned; minus infinity where there is none. */
    private static float max(int cols, float[] x, int at, int step) {
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < cols; j++) {
            if (x[at + j * step] > max) {
                max = x[at + j * step];
            }
        }
        return max + 0f;
    }

    /** The maximum, or 0 where subtracting it would make a NaN of an infinity. */
    static float finiteMax(int cols, float[] x, int at, int step) {
        float max = max(cols, x, at, step);
        return Float.isInfinite(max) ? 0 : max;
    }

    /** sum of e^(x - shift). A NaN in x, which the maximum passes over, is in this sum. */
    static double sumOfExp(int cols, float[] x, int at, int step, float shift) {
        return sum(true, cols, x, at, step, shift);
    }

    /** sum of x - shift. */
    static double sumOfDifferences(int cols, float[] x, int at, int step, float shift) {
        return sum(false, cols, x, at, step, shift);
    }

    private static double sum(boolean ofExp, int cols, float[] x, int at, int step, float shift) {
        if (cols < Bits.LONG_ROW) {
            float sum = 0;
            for (int j = 0; j < cols; j++) {
                sum += term(ofExp, x[at + j * step] - shift);
            }
            return sum;
        }
        double sum = 0;
        for (int from = 0, n; from < cols; from += n) {
            n = Math.min(Bits.STRETCH, cols - from);
            sum += lanes(ofExp, 0, 1, n, x, at + from * step, step, shift);
        }
        return sum;
    }

    /** The lanes first, first + stride, first + 2 stride, ..., summed by halving. */
    private static float lanes(boolean ofExp, int first, int stride, int n, float[] x, int at, int step, float shift) {
        if (stride < Bits.LANES) {
            return lanes(ofExp, first, 2 * stride, n, x, at, step, shift)
                    + lanes(ofExp, first + stride, 2 * stride, n, x, at, step, shift);
        }
        float lane = 0;
        for (int j = first; j < n; j += Bits.LANES) {
            lane += term(ofExp, x[at + j * step] - shift);
        }
        return lane;
    }

    private static float term(boolean ofExp, float difference) {
        return ofExp ? ScalarExp.expOrZero(difference) : difference;
    }
}
