package lanewise.kernels.simd;

import lanewise.kernels.backend.Kernels;
import lanewise.kernels.scalar.ScalarSoftmax;

/**
 * The loss of a classifier, its gradient and its errors, on the two forms of {@link SimdSoftmax}.
 *
 * <p><b>Blocking.</b> Loss and gradient come from the same exponentials, while they are in L1.
 */
final class SimdCrossEntropy implements Kernels.CrossEntropy {
    @Override
    public double loss(int rows, int cols, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        double loss = 0;
        if (cols < ShortRows.LIMIT) {
            float[] scratch = ShortRows.scratch();
            int height = ShortRows.height(cols);
            for (int from = 0; from < rows; from += height) {
                int count = Math.min(height, rows - from);
                ShortRows.exp(count, cols, z, zOffset + from * ldz, ldz, scratch);
                loss = addLosses(loss, count, cols, z, zOffset + from * ldz, ldz, labels, labelsOffset + from, scratch);
            }
            return loss;
        }
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int zAt = zOffset + i * ldz;
            float max = LongRow.max(cols, z, zAt);
            double sum = LongRow.sumOfExp(cols, z, zAt, max, scratch);
            loss += SimdSoftmax.logSumExpRow(cols, z, zAt, max, sum) - z[zAt + labels[labelsOffset + i]];
        }
        return loss;
    }

    /** Adds the losses of a block of short rows, one after the other. */
    private static double addLosses(
            double loss, int rows, int cols, float[] z, int zAt, int ldz, int[] labels, int labelsAt, float[] scratch) {
        for (int i = 0; i < rows; i++) {
            int rowAt = zAt + i * ldz;
            float max = ShortRows.max(scratch, i);
            double sum = ShortRows.sum(scratch, i);
            loss += SimdSoftmax.logSumExpRow(cols, z, rowAt, max, sum) - z[rowAt + labels[labelsAt + i]];
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

    /** The gradient, and the loss where it is wanted, since a logarithm takes as long as a row of ten. */
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
        if (cols < ShortRows.LIMIT) {
            float[] scratch = ShortRows.scratch();
            int height = ShortRows.height(cols);
            for (int from = 0; from < rows; from += height) {
                int count = Math.min(height, rows - from);
                int zAt = zOffset + from * ldz;
                int labelsAt = labelsOffset + from;
                ShortRows.exp(count, cols, z, zAt, ldz, scratch);
                if (wantLoss) {
                    loss = addLosses(loss, count, cols, z, zAt, ldz, labels, labelsAt, scratch);
                }
                ShortRows.normalize(count, cols, scratch);
                for (int i = 0; i < count; i++) {
                    scratch[ShortRows.at(count, i, labels[labelsAt + i])] -= 1;
                }
                ShortRows.store(count, cols, scratch, scale, g, gOffset + from * ldg, ldg);
            }
            return loss;
        }
        float[] scratch = LongRow.scratch();
        for (int i = 0; i < rows; i++) {
            int zAt = zOffset + i * ldz;
            int gAt = gOffset + i * ldg;
            int label = labels[labelsOffset + i];
            float logit = z[zAt + label];
            float max = LongRow.max(cols, z, zAt);
            boolean lost = Float.isInfinite(max);
            if (wantLoss && lost) {
                // While the logits are there: the exponentials may take their place.
                loss += ScalarSoftmax.logSumExpRow(cols, z, zAt) - logit;
            }
            double sum = LongRow.expSum(cols, z, zAt, max, g, gAt, scratch);
            if (wantLoss && !lost) {
                loss += max + StrictMath.log(sum) - logit;
            }
            float reciprocal = (float) (1 / sum);
            float atLabel = (g[gAt + label] * reciprocal - 1) * scale;
            LongRow.scale(cols, g, gAt, reciprocal, scale);
            g[gAt + label] = atLabel;
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

    /** Whether an element is above all before it and not below any after it, and there is no NaN. */
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
