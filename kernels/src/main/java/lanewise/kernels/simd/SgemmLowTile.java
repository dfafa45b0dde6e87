package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of sgemm of up to three rows, otherwise as {@link SgemmTile}.
 *
 * <p><b>Tail.</b> A third row that is not there is the second once more: computed again, stored again, the same bits.
 */
final class SgemmLowTile {
    /** The most rows of a tile. */
    static final int ROWS = 3;

    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;

    private SgemmLowTile() {}

    /** The tile of h rows, 1 to 3, and so many vectors: 1, 2 or 4. */
    static void tile(
            int h,
            int wide,
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
        if (h == 1) {
            switch (wide) {
                case 4 -> tile1x4(k, a, aAt, b, bAt, ldb, from, fromAt, c, cAt);
                case 2 -> tile1x2(k, a, aAt, b, bAt, ldb, from, fromAt, c, cAt);
                default -> tile1x1(k, a, aAt, b, bAt, ldb, from, fromAt, c, cAt);
            }
        } else {
            switch (wide) {
                case 4 -> tile3x4(h, k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
                case 2 -> tile3x2(h, k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
                default -> tile3x1(h, k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            }
        }
    }

    private static void tile3x4(
            int h,
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
        int last = h - 1;
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector e0 = FloatVector.fromArray(S, from, fromAt + 2 * V);
        FloatVector f0 = FloatVector.fromArray(S, from, fromAt + 3 * V);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector d1 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector e1 = FloatVector.fromArray(S, from, fromAt + ldFrom + 2 * V);
        FloatVector f1 = FloatVector.fromArray(S, from, fromAt + ldFrom + 3 * V);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + last * ldFrom);
        FloatVector d2 = FloatVector.fromArray(S, from, fromAt + last * ldFrom + V);
        FloatVector e2 = FloatVector.fromArray(S, from, fromAt + last * ldFrom + 2 * V);
        FloatVector f2 = FloatVector.fromArray(S, from, fromAt + last * ldFrom + 3 * V);
        int a1 = aAt + lda;
        int a2 = aAt + last * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector b2 = FloatVector.fromArray(S, b, bAt + p * ldb + 2 * V);
            FloatVector b3 = FloatVector.fromArray(S, b, bAt + p * ldb + 3 * V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
            e0 = x0.fma(b2, e0);
            f0 = x0.fma(b3, f0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c1 = x1.fma(b0, c1);
            d1 = x1.fma(b1, d1);
            e1 = x1.fma(b2, e1);
            f1 = x1.fma(b3, f1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c2 = x2.fma(b0, c2);
            d2 = x2.fma(b1, d2);
            e2 = x2.fma(b2, e2);
            f2 = x2.fma(b3, f2);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        e0.intoArray(c, cAt + 2 * V);
        f0.intoArray(c, cAt + 3 * V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        e1.intoArray(c, cAt + ldc + 2 * V);
        f1.intoArray(c, cAt + ldc + 3 * V);
        c2.intoArray(c, cAt + last * ldc);
        d2.intoArray(c, cAt + last * ldc + V);
        e2.intoArray(c, cAt + last * ldc + 2 * V);
        f2.intoArray(c, cAt + last * ldc + 3 * V);
    }

    private static void tile3x2(
            int h,
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
        int last = h - 1;
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector d1 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + last * ldFrom);
        FloatVector d2 = FloatVector.fromArray(S, from, fromAt + last * ldFrom + V);
        int a1 = aAt + lda;
        int a2 = aAt + last * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c1 = x1.fma(b0, c1);
            d1 = x1.fma(b1, d1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c2 = x2.fma(b0, c2);
            d2 = x2.fma(b1, d2);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        c2.intoArray(c, cAt + last * ldc);
        d2.intoArray(c, cAt + last * ldc + V);
    }

    private static void tile3x1(
            int h,
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
        int last = h - 1;
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + last * ldFrom);
        int a1 = aAt + lda;
        int a2 = aAt + last * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = x0.fma(b0, c0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c1 = x1.fma(b0, c1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c2 = x2.fma(b0, c2);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + ldc);
        c2.intoArray(c, cAt + last * ldc);
    }

    private static void tile1x4(
            int k, float[] a, int aAt, float[] b, int bAt, int ldb, float[] from, int fromAt, float[] c, int cAt) {
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector e0 = FloatVector.fromArray(S, from, fromAt + 2 * V);
        FloatVector f0 = FloatVector.fromArray(S, from, fromAt + 3 * V);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector b2 = FloatVector.fromArray(S, b, bAt + p * ldb + 2 * V);
            FloatVector b3 = FloatVector.fromArray(S, b, bAt + p * ldb + 3 * V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
            e0 = x0.fma(b2, e0);
            f0 = x0.fma(b3, f0);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        e0.intoArray(c, cAt + 2 * V);
        f0.intoArray(c, cAt + 3 * V);
    }

    private static void tile1x2(
            int k, float[] a, int aAt, float[] b, int bAt, int ldb, float[] from, int fromAt, float[] c, int cAt) {
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
    }

    private static void tile1x1(
            int k, float[] a, int aAt, float[] b, int bAt, int ldb, float[] from, int fromAt, float[] c, int cAt) {
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = x0.fma(b0, c0);
        }
        c0.intoArray(c, cAt);
    }
}
