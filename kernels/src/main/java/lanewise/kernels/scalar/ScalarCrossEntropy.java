package lanewise.kernels.scalar;

import lanewise.kernels.backend.Kernels;

/** The loss of a classifier, its gradient and its errors, row by row. */
final class ScalarCrossEntropy implements Kernels.CrossEntropy {
    @Override
    public double loss(int rows, int cols, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        double loss = 0;
        for (int i = 0; i < rows; i++) {
            int zAt = zOffset + i * ldz;
            loss += ScalarSoftmax.logSumExpRow(cols, z, zAt) - z[zAt + labels[labelsOffset + i]];
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
        for (int i = 0; i < rows; i++) {
            int gAt = gOffset + i * ldg;
            ScalarSoftmax.softmaxRow(cols, z, zOffset + i * ldz, g, gAt);
            g[gAt + labels[labelsOffset + i]] -= 1;
            for (int j = 0; j < cols; j++) {
                g[gAt + j] *= scale;
            }
        }
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
        double loss = loss(rows, cols, z, zOffset, ldz, labels, labelsOffset);
        gradient(rows, cols, z, zOffset, ldz, labels, labelsOffset, scale, g, gOffset, ldg);
        return loss;
    }

    @Override
    public int errors(int rows, int cols, float[] z, int zOffset, int ldz, int[] labels, int labelsOffset) {
        int errors = 0;
        for (int i = 0; i < rows; i++) {
            int zAt = zOffset + i * ldz;
            int best = 0;
            boolean number = true;
            for (int j = 0; j < cols; j++) {
                if (z[zAt + j] > z[zAt + best]) {
                    best = j;
                }
                number &= !Float.isNaN(z[zAt + j]);
            }
            if (!number || best != labels[labelsOffset + i]) {
                errors++;
            }
        }
        return errors;
    }
}
