package lanewise.kernels.scalar;

import lanewise.kernels.backend.Kernels;

/** A bias row added to every row, and its gradient. */
final class ScalarBias implements Kernels.Bias {
    @Override
    public void add(int rows, int cols, float[] bias, int biasOffset, float[] y, int yOffset, int ldy) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                y[yOffset + i * ldy + j] += bias[biasOffset + j];
            }
        }
    }

    @Override
    public void accumulateGradient(int rows, int cols, float[] g, int gOffset, int ldg, float[] sums, int sumsOffset) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                sums[sumsOffset + j] += g[gOffset + i * ldg + j];
            }
        }
    }
}
