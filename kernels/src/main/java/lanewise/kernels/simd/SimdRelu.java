package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Kernels;

/**
 * The rectifier and its gradient.
 *
 * <p><b>Layout.</b> Vectors run along the rows.
 *
 * <p><b>Tile.</b> Compare and blend, two instructions; a maximum takes four on x86, since the instruction of that name
 * loses NaN. The comparison is false for NaN in both forms, so NaN stays.
 *
 * <p><b>Tail.</b> Whole vectors, then single floats.
 *
 * <p><b>Error.</b> None.
 */
final class SimdRelu implements Kernels.Relu {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;

    @Override
    public void forward(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        for (int i = 0; i < rows; i++) {
            select(cols, x, xOffset + i * ldx, x, xOffset + i * ldx, y, yOffset + i * ldy);
        }
    }

    @Override
    public void backward(
            int rows,
            int cols,
            float[] y,
            int yOffset,
            int ldy,
            float[] dy,
            int dyOffset,
            int lddy,
            float[] dx,
            int dxOffset,
            int lddx) {
        for (int i = 0; i < rows; i++) {
            select(cols, y, yOffset + i * ldy, dy, dyOffset + i * lddy, dx, dxOffset + i * lddx);
        }
    }

    /** out = +0 where gate &le; 0, in elsewhere. */
    private static void select(
            int n, float[] gate, int gateOffset, float[] in, int inOffset, float[] out, int outOffset) {
        int bound = S.loopBound(n);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector.fromArray(S, in, inOffset + j)
                    .blend(0, FloatVector.fromArray(S, gate, gateOffset + j).compare(VectorOperators.LE, 0))
                    .intoArray(out, outOffset + j);
        }
        for (int j = bound; j < n; j++) {
            out[outOffset + j] = gate[gateOffset + j] <= 0 ? 0 : in[inOffset + j];
        }
    }
}
