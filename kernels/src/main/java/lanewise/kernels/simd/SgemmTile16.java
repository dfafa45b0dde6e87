package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of sgemm for 16 registers: six rows of C by two vectors.
 *
 * <p><b>Layout.</b> Strips of B are packed: step p of k has its row at bAt + p * NR. Its elements of A stand at p of rows
 * that are {@code lda} apart; or side by side in a packed panel, those of the next step MR behind them.
 *
 * <p><b>Tile.</b> 12 accumulators, 2 vectors of B and 1 broadcast of A: 15 of 16 registers. A step has 12 FMAs, which take
 * six cycles, and whatever else it has must fit beside them. So every distance between two steps is a constant, which takes
 * the checks of the indices out of the loop: 33 instructions a step instead of 40, and 5 to 8 % of the time.
 *
 * <p><b>Tail.</b> That of {@link SgemmTile}, whose tiles take what is not packed.
 */
final class SgemmTile16 {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;
    private static final int MR = Blocks.MR;
    private static final int NR = 2 * V;

    private SgemmTile16() {}

    /** A by rows. */
    static void rows(
            int k,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            float[] from,
            int fromAt,
            int ldFrom,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector d1 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom);
        FloatVector d2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + V);
        FloatVector c3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom);
        FloatVector d3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + V);
        FloatVector c4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom);
        FloatVector d4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + V);
        FloatVector c5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom);
        FloatVector d5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + V);
        int a1 = aAt + lda;
        int a2 = aAt + 2 * lda;
        int a3 = aAt + 3 * lda;
        int a4 = aAt + 4 * lda;
        int a5 = aAt + 5 * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * NR);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * NR + V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c1 = x1.fma(b0, c1);
            d1 = x1.fma(b1, d1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c2 = x2.fma(b0, c2);
            d2 = x2.fma(b1, d2);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p]);
            c3 = x3.fma(b0, c3);
            d3 = x3.fma(b1, d3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p]);
            c4 = x4.fma(b0, c4);
            d4 = x4.fma(b1, d4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + p]);
            c5 = x5.fma(b0, c5);
            d5 = x5.fma(b1, d5);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        c2.intoArray(c, cAt + 2 * ldc);
        d2.intoArray(c, cAt + 2 * ldc + V);
        c3.intoArray(c, cAt + 3 * ldc);
        d3.intoArray(c, cAt + 3 * ldc + V);
        c4.intoArray(c, cAt + 4 * ldc);
        d4.intoArray(c, cAt + 4 * ldc + V);
        c5.intoArray(c, cAt + 5 * ldc);
        d5.intoArray(c, cAt + 5 * ldc + V);
    }

    /**
     * A as a packed panel, whose rows are {@code apart} apart, always 1. As a constant the JIT would see that one address
     * leads to all six elements, load them ahead, and run out of registers: less than half of the speed.
     */
    static void panel(
            int k,
            float[] a,
            int aAt,
            int apart,
            float[] b,
            int bAt,
            float[] from,
            int fromAt,
            int ldFrom,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector d1 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom);
        FloatVector d2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + V);
        FloatVector c3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom);
        FloatVector d3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + V);
        FloatVector c4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom);
        FloatVector d4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + V);
        FloatVector c5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom);
        FloatVector d5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + V);
        int a1 = aAt + apart;
        int a2 = aAt + 2 * apart;
        int a3 = aAt + 3 * apart;
        int a4 = aAt + 4 * apart;
        int a5 = aAt + 5 * apart;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * NR);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * NR + V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p * MR]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p * MR]);
            c1 = x1.fma(b0, c1);
            d1 = x1.fma(b1, d1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p * MR]);
            c2 = x2.fma(b0, c2);
            d2 = x2.fma(b1, d2);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p * MR]);
            c3 = x3.fma(b0, c3);
            d3 = x3.fma(b1, d3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p * MR]);
            c4 = x4.fma(b0, c4);
            d4 = x4.fma(b1, d4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + p * MR]);
            c5 = x5.fma(b0, c5);
            d5 = x5.fma(b1, d5);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        c2.intoArray(c, cAt + 2 * ldc);
        d2.intoArray(c, cAt + 2 * ldc + V);
        c3.intoArray(c, cAt + 3 * ldc);
        d3.intoArray(c, cAt + 3 * ldc + V);
        c4.intoArray(c, cAt + 4 * ldc);
        d4.intoArray(c, cAt + 4 * ldc + V);
        c5.intoArray(c, cAt + 5 * ldc);
        d5.intoArray(c, cAt + 5 * ldc + V);
    }

    /**
     * A as a packed panel of those steps alone that stand in a list; the rows of B of these, {@code ldb} apart, where they
     * are.
     */
    static void steps(
            int count,
            int[] steps,
            int stepsAt,
            float[] a,
            int aAt,
            int apart,
            float[] b,
            int bAt,
            int ldb,
            float[] from,
            int fromAt,
            int ldFrom,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector d1 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom);
        FloatVector d2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + V);
        FloatVector c3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom);
        FloatVector d3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + V);
        FloatVector c4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom);
        FloatVector d4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + V);
        FloatVector c5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom);
        FloatVector d5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + V);
        int a1 = aAt + apart;
        int a2 = aAt + 2 * apart;
        int a3 = aAt + 3 * apart;
        int a4 = aAt + 4 * apart;
        int a5 = aAt + 5 * apart;
        for (int p = 0; p < count; p++) {
            int r = bAt + steps[stepsAt + p] * ldb;
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p * MR]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p * MR]);
            c1 = x1.fma(b0, c1);
            d1 = x1.fma(b1, d1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p * MR]);
            c2 = x2.fma(b0, c2);
            d2 = x2.fma(b1, d2);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p * MR]);
            c3 = x3.fma(b0, c3);
            d3 = x3.fma(b1, d3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p * MR]);
            c4 = x4.fma(b0, c4);
            d4 = x4.fma(b1, d4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + p * MR]);
            c5 = x5.fma(b0, c5);
            d5 = x5.fma(b1, d5);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        c2.intoArray(c, cAt + 2 * ldc);
        d2.intoArray(c, cAt + 2 * ldc + V);
        c3.intoArray(c, cAt + 3 * ldc);
        d3.intoArray(c, cAt + 3 * ldc + V);
        c4.intoArray(c, cAt + 4 * ldc);
        d4.intoArray(c, cAt + 4 * ldc + V);
        c5.intoArray(c, cAt + 5 * ldc);
        d5.intoArray(c, cAt + 5 * ldc + V);
    }
}
