package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of sgemm: six rows of C by a few vectors, in registers from the first k to the last.
 *
 * <p><b>Layout.</b> Rows of A stand {@code lda} apart, rows of B {@code ldb}, packed or not; C where it is.
 *
 * <p><b>Tile.</b> Six rows by four vectors take 24 accumulators, 4 vectors of B and 1 broadcast of A: 29 of 32 registers,
 * and a step of k costs 10 loads for 24 FMAs, where twelve rows by two would cost 14. Six rows by two take 15 of 16. Narrower
 * strips are for the columns left over.
 *
 * <p><b>Tail.</b> The rows left over are {@link SgemmLowTile}'s. Here nothing depends on how many there are: rows that
 * stand in for missing ones, as there, cost a tenth of the speed of every tile.
 *
 * <p>The sizes are written out since a vector may not stand in an array, nor cross a call. What a tile starts from is an
 * argument, C or a row of zeros, since JDK 17 boxes vectors that come from two branches.
 */
final class SgemmTile {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;

    private SgemmTile() {}

    /** The tile of so many vectors: 1, 2 or 4. */
    static void tile(
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
        switch (wide) {
            case 4 -> tile6x4(k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            case 2 -> tile6x2(k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            default -> tile6x1(k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
        }
    }

    private static void tile6x4(
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
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector e0 = FloatVector.fromArray(S, from, fromAt + 2 * V);
        FloatVector f0 = FloatVector.fromArray(S, from, fromAt + 3 * V);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector d1 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector e1 = FloatVector.fromArray(S, from, fromAt + ldFrom + 2 * V);
        FloatVector f1 = FloatVector.fromArray(S, from, fromAt + ldFrom + 3 * V);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom);
        FloatVector d2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + V);
        FloatVector e2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + 2 * V);
        FloatVector f2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + 3 * V);
        FloatVector c3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom);
        FloatVector d3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + V);
        FloatVector e3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + 2 * V);
        FloatVector f3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + 3 * V);
        FloatVector c4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom);
        FloatVector d4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + V);
        FloatVector e4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + 2 * V);
        FloatVector f4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + 3 * V);
        FloatVector c5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom);
        FloatVector d5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + V);
        FloatVector e5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + 2 * V);
        FloatVector f5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + 3 * V);
        int a1 = aAt + lda;
        int a2 = aAt + 2 * lda;
        int a3 = aAt + 3 * lda;
        int a4 = aAt + 4 * lda;
        int a5 = aAt + 5 * lda;
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
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p]);
            c3 = x3.fma(b0, c3);
            d3 = x3.fma(b1, d3);
            e3 = x3.fma(b2, e3);
            f3 = x3.fma(b3, f3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p]);
            c4 = x4.fma(b0, c4);
            d4 = x4.fma(b1, d4);
            e4 = x4.fma(b2, e4);
            f4 = x4.fma(b3, f4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + p]);
            c5 = x5.fma(b0, c5);
            d5 = x5.fma(b1, d5);
            e5 = x5.fma(b2, e5);
            f5 = x5.fma(b3, f5);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        e0.intoArray(c, cAt + 2 * V);
        f0.intoArray(c, cAt + 3 * V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        e1.intoArray(c, cAt + ldc + 2 * V);
        f1.intoArray(c, cAt + ldc + 3 * V);
        c2.intoArray(c, cAt + 2 * ldc);
        d2.intoArray(c, cAt + 2 * ldc + V);
        e2.intoArray(c, cAt + 2 * ldc + 2 * V);
        f2.intoArray(c, cAt + 2 * ldc + 3 * V);
        c3.intoArray(c, cAt + 3 * ldc);
        d3.intoArray(c, cAt + 3 * ldc + V);
        e3.intoArray(c, cAt + 3 * ldc + 2 * V);
        f3.intoArray(c, cAt + 3 * ldc + 3 * V);
        c4.intoArray(c, cAt + 4 * ldc);
        d4.intoArray(c, cAt + 4 * ldc + V);
        e4.intoArray(c, cAt + 4 * ldc + 2 * V);
        f4.intoArray(c, cAt + 4 * ldc + 3 * V);
        c5.intoArray(c, cAt + 5 * ldc);
        d5.intoArray(c, cAt + 5 * ldc + V);
        e5.intoArray(c, cAt + 5 * ldc + 2 * V);
        f5.intoArray(c, cAt + 5 * ldc + 3 * V);
    }

    private static void tile6x2(
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

    private static void tile6x1(
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
        int a1 = aAt + lda;
        int a2 = aAt + 2 * lda;
        int a3 = aAt + 3 * lda;
        int a4 = aAt + 4 * lda;
        int a5 = aAt + 5 * lda;
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
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + ldc);
        c2.intoArray(c, cAt + 2 * ldc);
        c3.intoArray(c, cAt + 3 * ldc);
        c4.intoArray(c, cAt + 4 * ldc);
        c5.intoArray(c, cAt + 5 * ldc);
    }

    /** The tile of four vectors, which also packs the strip of B that it reads. */
    static void packing6x4(
            int k,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int ldb,
            float[] strip,
            int stripAt,
            float[] from,
            int fromAt,
            int ldFrom,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector e0 = FloatVector.fromArray(S, from, fromAt + 2 * V);
        FloatVector f0 = FloatVector.fromArray(S, from, fromAt + 3 * V);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector d1 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector e1 = FloatVector.fromArray(S, from, fromAt + ldFrom + 2 * V);
        FloatVector f1 = FloatVector.fromArray(S, from, fromAt + ldFrom + 3 * V);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom);
        FloatVector d2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + V);
        FloatVector e2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + 2 * V);
        FloatVector f2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + 3 * V);
        FloatVector c3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom);
        FloatVector d3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + V);
        FloatVector e3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + 2 * V);
        FloatVector f3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + 3 * V);
        FloatVector c4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom);
        FloatVector d4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + V);
        FloatVector e4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + 2 * V);
        FloatVector f4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + 3 * V);
        FloatVector c5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom);
        FloatVector d5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + V);
        FloatVector e5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + 2 * V);
        FloatVector f5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + 3 * V);
        int a1 = aAt + lda;
        int a2 = aAt + 2 * lda;
        int a3 = aAt + 3 * lda;
        int a4 = aAt + 4 * lda;
        int a5 = aAt + 5 * lda;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector b2 = FloatVector.fromArray(S, b, bAt + p * ldb + 2 * V);
            FloatVector b3 = FloatVector.fromArray(S, b, bAt + p * ldb + 3 * V);
            b0.intoArray(strip, stripAt + p * 4 * V);
            b1.intoArray(strip, stripAt + p * 4 * V + V);
            b2.intoArray(strip, stripAt + p * 4 * V + 2 * V);
            b3.intoArray(strip, stripAt + p * 4 * V + 3 * V);
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
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p]);
            c3 = x3.fma(b0, c3);
            d3 = x3.fma(b1, d3);
            e3 = x3.fma(b2, e3);
            f3 = x3.fma(b3, f3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p]);
            c4 = x4.fma(b0, c4);
            d4 = x4.fma(b1, d4);
            e4 = x4.fma(b2, e4);
            f4 = x4.fma(b3, f4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + p]);
            c5 = x5.fma(b0, c5);
            d5 = x5.fma(b1, d5);
            e5 = x5.fma(b2, e5);
            f5 = x5.fma(b3, f5);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        e0.intoArray(c, cAt + 2 * V);
        f0.intoArray(c, cAt + 3 * V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        e1.intoArray(c, cAt + ldc + 2 * V);
        f1.intoArray(c, cAt + ldc + 3 * V);
        c2.intoArray(c, cAt + 2 * ldc);
        d2.intoArray(c, cAt + 2 * ldc + V);
        e2.intoArray(c, cAt + 2 * ldc + 2 * V);
        f2.intoArray(c, cAt + 2 * ldc + 3 * V);
        c3.intoArray(c, cAt + 3 * ldc);
        d3.intoArray(c, cAt + 3 * ldc + V);
        e3.intoArray(c, cAt + 3 * ldc + 2 * V);
        f3.intoArray(c, cAt + 3 * ldc + 3 * V);
        c4.intoArray(c, cAt + 4 * ldc);
        d4.intoArray(c, cAt + 4 * ldc + V);
        e4.intoArray(c, cAt + 4 * ldc + 2 * V);
        f4.intoArray(c, cAt + 4 * ldc + 3 * V);
        c5.intoArray(c, cAt + 5 * ldc);
        d5.intoArray(c, cAt + 5 * ldc + V);
        e5.intoArray(c, cAt + 5 * ldc + 2 * V);
        f5.intoArray(c, cAt + 5 * ldc + 3 * V);
    }
}
