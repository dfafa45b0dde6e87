package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tile of sgemm of one vector and eight rows, otherwise as {@link SgemmTile}: eight chains are what two FMA units of
 * four cycles can take, and sixes and eights leave nothing over of an even number of rows, ten apart.
 */
final class SgemmTallTile {
    /** The rows of the tile. */
    static final int ROWS = 8;

    private static final VectorSpecies<Float> S = Species.FLOAT;

    private SgemmTallTile() {}

    static void tile(
            int k,
            float[] a,
            int aAt,
            int lda,
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
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom);
        FloatVector c3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom);
        FloatVector c4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom);
        FloatVector c5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom);
        FloatVector c6 = FloatVector.fromArray(S, from, fromAt + 6 * ldFrom);
        FloatVector c7 = FloatVector.fromArray(S, from, fromAt + 7 * ldFrom);
        int a1 = aAt + lda;
        int a2 = aAt + 2 * lda;
        int a3 = aAt + 3 * lda;
        int a4 = aAt + 4 * lda;
        int a5 = aAt + 5 * lda;
        int a6 = aAt + 6 * lda;
        int a7 = aAt + 7 * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = x0.fma(b0, c0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c1 = x1.fma(b0, c1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c2 = x2.fma(b0, c2);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p]);
            c3 = x3.fma(b0, c3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p]);
            c4 = x4.fma(b0, c4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + p]);
            c5 = x5.fma(b0, c5);
            FloatVector x6 = FloatVector.broadcast(S, a[a6 + p]);
            c6 = x6.fma(b0, c6);
            FloatVector x7 = FloatVector.broadcast(S, a[a7 + p]);
            c7 = x7.fma(b0, c7);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + ldc);
        c2.intoArray(c, cAt + 2 * ldc);
        c3.intoArray(c, cAt + 3 * ldc);
        c4.intoArray(c, cAt + 4 * ldc);
        c5.intoArray(c, cAt + 5 * ldc);
        c6.intoArray(c, cAt + 6 * ldc);
        c7.intoArray(c, cAt + 7 * ldc);
    }
}
