package lanewise.kernels.simd;

import java.util.Arrays;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;
import lanewise.kernels.scalar.ScalarSoftmax;

/**
 * Softmax and its logarithms, by one of two forms that give the same bits: {@link ClassMajor} by blocks of rows, {@link
 * LongRow} row by row. The width of a row decides; one or two short rows are left to the scalar twin, which has the same bits.
 *
 * <p>A row whose maximum is infinite, rare and lost, is left to the scalar twin where its logarithm is asked for.
 *
 * <p><b>Error.</b> As the scalar twin, whose operations these are.
 */
final class SimdSoftmax implements Kernels.Softmax {
    private static final Kernels.Softmax SCALAR = new ScalarSoftmax();

    @Override
    public void softmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        if (cols < Bits.LONG_ROW) {
            if (rows <= ClassMajor.FEW_ROWS) {
                SCALAR.softmax(rows, cols, x, xOffset, ldx, y, yOffset, ldy);
                return;
            }
            float[] scratch = ClassMajor.scratch();
            int height = ClassMajor.height(cols);
            for (int from = 0, count; from < rows; from += count) {
                count = Math.min(height, rows - from);
                ClassMajor.expOfRows(count, cols, x, xOffset + from * ldx, ldx, scratch);
                ClassMajor.normalize(count, cols, scratch);
                ClassMajor.storeRows(count, cols, scratch, y, yOffset + from * ldy, ldy);
            }
            return;
        }
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int xAt = xOffset + i * ldx;
            int yAt = yOffset + i * ldy;
            float max = LongRow.max(cols, x, xAt);
            double sum = LongRow.expSum(cols, x, xAt, max, y, yAt, scratch);
            LongRow.scale(cols, y, yAt, (float) (1 / sum));
        }
    }

    @Override
    public void logSoftmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        if (cols < Bits.LONG_ROW) {
            if (rows <= ClassMajor.FEW_ROWS) {
                SCALAR.logSoftmax(rows, cols, x, xOffset, ldx, y, yOffset, ldy);
                return;
            }
            float[] scratch = ClassMajor.scratch();
            int height = ClassMajor.height(cols);
            for (int from = 0, count; from < rows; from += count) {
                count = Math.min(height, rows - from);
                ClassMajor.expOfRows(count, cols, x, xOffset + from * ldx, ldx, scratch);
                for (int i = 0; i < count; i++) {
                    float max = ClassMajor.max(scratch, i);
                    double sum = ClassMajor.sum(scratch, i);
                    logSoftmaxRow(cols, x, xOffset + (from + i) * ldx, max, sum, y, yOffset + (from + i) * ldy);
                }
            }
            return;
        }
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int xAt = xOffset + i * ldx;
            float max = LongRow.max(cols, x, xAt);
            double sum = LongRow.sumOfExp(cols, x, xAt, max, scratch);
            logSoftmaxRow(cols, x, xAt, max, sum, y, yOffset + i * ldy);
        }
    }

    private static void logSoftmaxRow(int cols, float[] x, int xAt, float max, double sum, float[] y, int yAt) {
        if (Float.isInfinite(max)) {
            ScalarSoftmax.logSoftmaxRow(cols, x, xAt, y, yAt);
        } else {
            LongRow.subtract(cols, x, xAt, max, (float) StrictMath.log(sum), y, yAt);
        }
    }

    @Override
    public void logSumExp(int rows, int cols, float[] x, int xOffset, int ldx, float[] out, int outOffset) {
        if (cols == 0) {
            Arrays.fill(out, outOffset, outOffset + rows, Float.NEGATIVE_INFINITY);
            return;
        }
        if (cols < Bits.LONG_ROW) {
            if (rows <= ClassMajor.FEW_ROWS) {
                SCALAR.logSumExp(rows, cols, x, xOffset, ldx, out, outOffset);
                return;
            }
            float[] scratch = ClassMajor.scratch();
            int height = ClassMajor.height(cols);
            for (int from = 0, count; from < rows; from += count) {
                count = Math.min(height, rows - from);
                ClassMajor.expOfRows(count, cols, x, xOffset + from * ldx, ldx, scratch);
                for (int i = 0; i < count; i++) {
                    float max = ClassMajor.max(scratch, i);
                    double sum = ClassMajor.sum(scratch, i);
                    out[outOffset + from + i] = logSumExpRow(cols, x, xOffset + (from + i) * ldx, max, sum);
                }
            }
            return;
        }
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int xAt = xOffset + i * ldx;
            float max = LongRow.max(cols, x, xAt);
            double sum = LongRow.sumOfExp(cols, x, xAt, max, scratch);
            out[outOffset + i] = logSumExpRow(cols, x, xAt, max, sum);
        }
    }

    /** The log-sum-exp of a row from its maximum and the sum of e^(x - max). */
    private static float logSumExpRow(int cols, float[] x, int xAt, float max, double sum) {
        return Float.isInfinite(max) ? ScalarSoftmax.logSumExpRow(cols, x, xAt) : (float) (max + StrictMath.log(sum));
    }
}
