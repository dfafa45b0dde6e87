package lanewise.kernels.simd;

import lanewise.kernels.backend.Kernels;

/**
 * Softmax and its logarithms.
 */
final class SimdSoftmax implements Kernels.Softmax {
    @Override
    public void softmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        if (cols >= ShortRows.LIMIT) {
            for (int i = 0; i < rows; i++) {
                softmaxRow(cols, x, xOffset + i * ldx, 1, y, yOffset + i * ldy);
            }
            return;
        }
        if (cols == 0) {
            return;
        }
        float[] block = ShortRows.block();
        float[] sums = ShortRows.sums();
        int height = ShortRows.height(cols);
        for (int from = 0; from < rows; from += height) {
            int count = Math.min(height, rows - from);
            ShortRows.exp(count, cols, x, xOffset + from * ldx, ldx, false, block, sums);
            ShortRows.store(count, cols, block, sums, 1, y, yOffset + from * ldy, ldy);
        }
    }

    @Override
    public void logSoftmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        if (cols >= ShortRows.LIMIT) {
            for (int i = 0; i < rows; i++) {
                int xAt = xOffset + i * ldx;
                float shift = finiteMax(cols, x, xAt);
                float log = (float) StrictMath.log(LongRow.sumOfExp(cols, x, xAt, shift));
                LongRow.subtract(cols, x, xAt, shift, log, y, yOffset + i * ldy);
            }
            return;
        }
        if (cols == 0) {
            return;
        }
        float[] block = ShortRows.block();
        float[] sums = ShortRows.sums();
        int height = ShortRows.height(cols);
        for (int from = 0; from < rows; from += height) {
            int count = Math.min(height, rows - from);
            ShortRows.exp(count, cols, x, xOffset + from * ldx, ldx, true, block, sums);
            for (int i = 0; i < count; i++) {
                float shift = ShortRows.max(sums, i);
                float log = (float) StrictMath.log(sums[i]);
                int xAt = xOffset + (from + i) * ldx;
                int yAt = yOffset + (from + i) * ldy;
                for (int j = 0; j < cols; j++) {
                    y[yAt + j] = x[xAt + j] - shift - log;
                }
            }
        }
    }

    @Override
    public void logSumExp(int rows, int cols, float[] x, int xOffset, int ldx, float[] out, int outOffset) {
        if (cols >= ShortRows.LIMIT) {
            for (int i = 0; i < rows; i++) {
                out[outOffset + i] = (float) logSumExpRow(cols, x, xOffset + i * ldx);
            }
            return;
        }
        if (cols == 0) {
            java.util.Arrays.fill(out, outOffset, outOffset + rows, Float.NEGATIVE_INFINITY);
            return;
        }
        float[] block = ShortRows.block();
        float[] sums = ShortRows.sums();
        int height = ShortRows.height(cols);
        for (int from = 0; from < rows; from += height) {
            int count = Math.min(height, rows - from);
            ShortRows.exp(count, cols, x, xOffset + from * ldx, ldx, true, block, sums);
            for (int i = 0; i < count; i++) {
                out[outOffset + from + i] = (float) (ShortRows.max(sums, i) + StrictMath.log(sums[i]));
            }
        }
    }

    static void softmaxRow(int cols, float[] x, int xAt, float scale, float[] y, int yAt) {
        float max = LongRow.max(cols, x, xAt);
        double sum = LongRow.expSum(cols, x, xAt, max, y, yAt);
        LongRow.scale(cols, y, yAt, (float) (1 / sum), scale);
    }

    static double logSumExpRow(int cols, float[] x, int xAt) {
        float shift = finiteMax(cols, x, xAt);
        return shift + StrictMath.log(LongRow.sumOfExp(cols, x, xAt, shift));
    }

    private static float finiteMax(int cols, float[] x, int xAt) {
        float max = LongRow.max(cols, x, xAt);
        return Float.isInfinite(max) ? 0 : max;
    }
}
