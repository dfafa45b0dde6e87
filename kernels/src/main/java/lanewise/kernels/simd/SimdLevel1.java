package lanewise.kernels.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/**
 * Vector operations of BLAS level 1.
 *
 * <p><b>Layout.</b> Elements side by side, from any offset.
 *
 * <p><b>Blocking.</b> A dot product goes by blocks that stay in L1 while the lane groups of a narrow vector pass over
 * them one after the other. Its 16 sums wait in an array between blocks, so the loop that matters is a method that is
 * called often and compiled as a whole.
 *
 * <p><b>Tile.</b> One vector of sums: 16 lanes are 16 chains at 512 bits, and at 256 and 128 bits the passes over
 * lanes 0, 8 and 0, 4, 8, 12 make the same 16 chains.
 *
 * <p><b>Tail.</b> Whole vectors, then the same operation on single floats. A dot product ends its vectors at a multiple
 * of 16, at every width, and adds element i of the rest to the sum of lane i mod 16.
 *
 * <p><b>Error.</b> One rounding an element; the dot product as its facade says.
 */
final class SimdLevel1 implements Kernels.Level1 {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;

    /** Elements of a block: two inputs of 8 KiB each, well inside an L1 of 32 KiB; a multiple of 16. */
    private static final int BLOCK = 2048;

    @Override
    public void scal(int n, float alpha, float[] x, int xOffset) {
        int bound = S.loopBound(n);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector.fromArray(S, x, xOffset + i).mul(alpha).intoArray(x, xOffset + i);
        }
        for (int i = bound; i < n; i++) {
            x[xOffset + i] *= alpha;
        }
    }

    @Override
    public void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        int bound = S.loopBound(n);
        FloatVector factor = FloatVector.broadcast(S, alpha);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector.fromArray(S, x, xOffset + i)
                    .fma(factor, FloatVector.fromArray(S, y, yOffset + i))
                    .intoArray(y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        float[] sums = Scratch.floats(Scratch.SUMS, Bits.LANES);
        Arrays.fill(sums, 0, Bits.LANES, 0);
        int bound = n - n % Bits.LANES;
        for (int from = 0, count; from < bound; from += count) {
            count = Math.min(BLOCK, bound - from);
            addBlock(count, x, xOffset + from, y, yOffset + from, sums);
        }
        for (int i = bound; i < n; i++) {
            sums[i - bound] = Math.fma(x[xOffset + i], y[yOffset + i], sums[i - bound]);
        }
        return LaneSum.tree(sums, 0);
    }

    private static void addBlock(int n, float[] x, int xOffset, float[] y, int yOffset, float[] sums) {
        for (int lane = 0; lane < Bits.LANES; lane += LANES) {
            FloatVector sum = FloatVector.fromArray(S, sums, lane);
            for (int i = lane; i < n; i += Bits.LANES) {
                sum = FloatVector.fromArray(S, x, xOffset + i).fma(FloatVector.fromArray(S, y, yOffset + i), sum);
            }
            sum.intoArray(sums, lane);
        }
    }

    @Override
    public float sumOfSquares(int n, float[] x, int xOffset) {
        return dot(n, x, xOffset, x, xOffset);
    }
}
