package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Kernels;

/**
 * A bias row added to every row, and its gradient.
 *
 * <p><b>Layout.</b> Vectors run along the rows, so both operations read and write memory in order, and every column sum
 * is its own chain of additions from the first row to the last.
 *
 * <p><b>Tail.</b> Whole vectors, then single floats.
 *
 * <p><b>Error.</b> One rounding an addition.
 */
final class SimdBias implements Kernels.Bias {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;

    @Override
    public void add(int rows, int cols, float[] bias, int biasOffset, float[] y, int yOffset, int ldy) {
        for (int i = 0; i < rows; i++) {
            addRow(cols, bias, biasOffset, y, yOffset + i * ldy);
        }
    }

    @Override
    public void accumulateGradient(int rows, int cols, float[] g, int gOffset, int ldg, float[] sums, int sumsOffset) {
        for (int i = 0; i < rows; i++) {
            addRow(cols, g, gOffset + i * ldg, sums, sumsOffset);
        }
    }

    /** y = y + x. */
    private static void addRow(int n, float[] x, int xOffset, float[] y, int yOffset) {
        int bound = S.loopBound(n);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector.fromArray(S, y, yOffset + j)
                    .add(FloatVector.fromArray(S, x, xOffset + j))
                    .intoArray(y, yOffset + j);
        }
        for (int j = bound; j < n; j++) {
            y[yOffset + j] += x[xOffset + j];
        }
    }
}
