package lanewise.kernels.simd;

import lanewise.kernels.backend.Kernels;
import lanewise.kernels.scalar.ScalarSoftmax;

/** t */
final class SimdCrossEntropy implements Kernels.CrossEntropy {
    @Override
    public double loss(int rows, int cols, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        double loss = 0;
        if (cols >= ShortRows.LIMIT) {
            for (int i = 0; i < rows; i++) {
                int zAt = zOffset + i * ldz;
                loss += SimdSoftmax.logSumExpRow(cols, z, zAt) - z[zAt + labels[labelsOffset + i]];
            }
            return loss;
        }
        if (rows == 0) {
            return 0;
        }
        float[] block = ShortRows.block();
        float[] sums = ShortRows.sums();
        int height = ShortRows.height(cols);
        for (int from = 0; from < rows; from += height) {
            int count = Math.min(height, rows - from);
            ShortRows.exp(count, cols, z, zOffset + from * ldz, ldz, true, block, sums);
            for (int i = 0; i < count; i++) {
                float logit = z[zOffset + (from + i) * ldz + labels[labelsOffset + from + i]];
                loss += ShortRows.max(sums, i) + StrictMath.log(sums[i]) - logit;
            }
        }
        return loss;
    }

    @Override
    public void gradient(
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
        gradient(false, rows, cols, z, zOffset, ldz, labels, labelsOffset, scale, g, gOffset, ldg);
    }

    @Override
    public double lossAndGradient(
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
        return gradient(true, rows, cols, z, zOffset, ldz, labels, labelsOffset, scale, g, gOffset, ldg);
    }

    /** The gradient, and the loss if it is wanted, else 0. */
    private static double gradient(
            boolean wantLoss,
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
        double loss = 0;
        if (cols >= ShortRows.LIMIT) {
            for (int i = 0; i < rows; i++) {
                int zAt = zOffset + i * ldz;
                int gAt = gOffset + i * ldg;
                int label = labels[labelsOffset + i];
                float logit = z[zAt + label];
                float max = LongRow.max(cols, z, zAt);
                if (wantLoss && Float.isInfinite(max)) {
                    loss += ScalarSoftmax.logSumExpRow(cols, z, zAt) - logit;
                }
                double sum = LongRow.expSum(cols, z, zAt, max, g, gAt);
                if (wantLoss && Float.isFinite(max)) {
                    loss += max + StrictMath.log(sum) - logit;
                }
                float reciprocal = (float) (1 / sum);
                float atLabel = (g[gAt + label] * reciprocal - 1) * scale;
                LongRow.scale(cols, g, gAt, reciprocal, scale);
                g[gAt + label] = atLabel;
            }
            return loss;
        }
        if (rows == 0) {
            return 0;
        }
        float[] block = ShortRows.block();
        float[] sums = ShortRows.sums();
        int height = ShortRows.height(cols);
        for (int from = 0; from < rows; from += height) {
            int count = Math.min(height, rows - from);
            int zAt = zOffset + from * ldz;
            int gAt = gOffset + from * ldg;
            ShortRows.exp(count, cols, z, zAt, ldz, false, block, sums);
            if (wantLoss) {
                for (int i = 0; i < count; i++) {
                    float max = ShortRows.max(sums, i);
                    double lse = Float.isInfinite(max)
                            ? ScalarSoftmax.logSumExpRow(cols, z, zAt + i * ldz)
                            : max + StrictMath.log(sums[i]);
                    loss += lse - z[zAt + i * ldz + labels[labelsOffset + from + i]];
                }
            }
            ShortRows.store(count, cols, block, sums, scale, g, gAt, ldg);
            int pitch = ShortRows.pitch(count);
            for (int i = 0; i < count; i++) {
                int label = labels[labelsOffset + from + i];
                g[gAt + i * ldg + label] = (block[label * pitch + i] * ShortRows.reciprocal(sums, i) - 1) * scale;
            }
        }
        return loss;
    }

    @Override
    public int errors(int rows, int cols, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        int errors = 0;
        for (int i = 0; i < rows; i++) {
            if (!isLargest(labels[labelsOffset + i], cols, z, zOffset + i * ldz)) {
                errors++;
            }
        }
        return errors;
    }

    /** Whether an element is above all before it and not below any after it, and none of them is NaN. */
    private static boolean isLargest(int label, int cols, float[] z, int at) {
        float logit = z[at + label];
        for (int j = 0; j < label; j++) {
            if (!(logit > z[at + j])) {
                return false;
            }
        }
        for (int j = label; j < cols; j++) {
            if (!(logit >= z[at + j])) {
                return false;
            }
        }
        return true;
    }
}
