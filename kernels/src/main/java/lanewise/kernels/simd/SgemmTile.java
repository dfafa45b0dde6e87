package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of sgemm: a few rows of C by two vectors, in registers from the first k to the last.
 *
 * <p><b>Layout.</b> A comes packed by rows of constant pitch, so that every row is one base register and a constant; B as
 * rows of two vectors, {@code ldb} apart, packed or not; C where it stands.
 *
 * <p><b>Tile.</b> Twelve rows by two vectors take 24 accumulators, 2 vectors of B and 1 broadcast of A: 27 of 32
 * registers. Six rows take 15 of 16. Each step of k costs 2 loads of B and one broadcast a row for 2 FMAs a row, so from
 * four rows on the FMA units are the limit. Lower heights serve what is left over.
 *
 * <p><b>Tail.</b> None: the caller gives whole strips and calls the heights in turn.
 *
 * <p>The heights are written out since a vector may not stand in an array, nor cross a call. What a tile starts from is an
 * argument, C or a row of zeros, since JDK 17 boxes vectors that come from two branches.
 */
final class SgemmTile {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;
    private static final int PITCH = Blocks.PITCH;

    private SgemmTile() {}

    /** The tile of {@link Blocks#height} rows. */
    static void rows(
            int rows,
            int k,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            int ldb,
            float[] from,
            int fromAt,
            int ldFrom,
            float[] c,
            int cAt,
            int ldc) {
        switch (rows) {
            case 12 -> rows12(k, a, aAt, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            case 10 -> rows10(k, a, aAt, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            case 6 -> rows6(k, a, aAt, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            case 4 -> rows4(k, a, aAt, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            case 2 -> rows2(k, a, aAt, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            case 1 -> rows1(k, a, aAt, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            default -> throw new AssertionError(rows);
        }
    }

    static void rows12(
            int k,
            float[] a,
            int aAt,
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
        FloatVector c6 = FloatVector.fromArray(S, from, fromAt + 6 * ldFrom);
        FloatVector d6 = FloatVector.fromArray(S, from, fromAt + 6 * ldFrom + V);
        FloatVector c7 = FloatVector.fromArray(S, from, fromAt + 7 * ldFrom);
        FloatVector d7 = FloatVector.fromArray(S, from, fromAt + 7 * ldFrom + V);
        FloatVector c8 = FloatVector.fromArray(S, from, fromAt + 8 * ldFrom);
        FloatVector d8 = FloatVector.fromArray(S, from, fromAt + 8 * ldFrom + V);
        FloatVector c9 = FloatVector.fromArray(S, from, fromAt + 9 * ldFrom);
        FloatVector d9 = FloatVector.fromArray(S, from, fromAt + 9 * ldFrom + V);
        FloatVector c10 = FloatVector.fromArray(S, from, fromAt + 10 * ldFrom);
        FloatVector d10 = FloatVector.fromArray(S, from, fromAt + 10 * ldFrom + V);
        FloatVector c11 = FloatVector.fromArray(S, from, fromAt + 11 * ldFrom);
        FloatVector d11 = FloatVector.fromArray(S, from, fromAt + 11 * ldFrom + V);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = a0.fma(b0, c0);
            d0 = a0.fma(b1, d0);
            FloatVector a1 = FloatVector.broadcast(S, a[aAt + PITCH + p]);
            c1 = a1.fma(b0, c1);
            d1 = a1.fma(b1, d1);
            FloatVector a2 = FloatVector.broadcast(S, a[aAt + 2 * PITCH + p]);
            c2 = a2.fma(b0, c2);
            d2 = a2.fma(b1, d2);
            FloatVector a3 = FloatVector.broadcast(S, a[aAt + 3 * PITCH + p]);
            c3 = a3.fma(b0, c3);
            d3 = a3.fma(b1, d3);
            FloatVector a4 = FloatVector.broadcast(S, a[aAt + 4 * PITCH + p]);
            c4 = a4.fma(b0, c4);
            d4 = a4.fma(b1, d4);
            FloatVector a5 = FloatVector.broadcast(S, a[aAt + 5 * PITCH + p]);
            c5 = a5.fma(b0, c5);
            d5 = a5.fma(b1, d5);
            FloatVector a6 = FloatVector.broadcast(S, a[aAt + 6 * PITCH + p]);
            c6 = a6.fma(b0, c6);
            d6 = a6.fma(b1, d6);
            FloatVector a7 = FloatVector.broadcast(S, a[aAt + 7 * PITCH + p]);
            c7 = a7.fma(b0, c7);
            d7 = a7.fma(b1, d7);
            FloatVector a8 = FloatVector.broadcast(S, a[aAt + 8 * PITCH + p]);
            c8 = a8.fma(b0, c8);
            d8 = a8.fma(b1, d8);
            FloatVector a9 = FloatVector.broadcast(S, a[aAt + 9 * PITCH + p]);
            c9 = a9.fma(b0, c9);
            d9 = a9.fma(b1, d9);
            FloatVector a10 = FloatVector.broadcast(S, a[aAt + 10 * PITCH + p]);
            c10 = a10.fma(b0, c10);
            d10 = a10.fma(b1, d10);
            FloatVector a11 = FloatVector.broadcast(S, a[aAt + 11 * PITCH + p]);
            c11 = a11.fma(b0, c11);
            d11 = a11.fma(b1, d11);
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
        c6.intoArray(c, cAt + 6 * ldc);
        d6.intoArray(c, cAt + 6 * ldc + V);
        c7.intoArray(c, cAt + 7 * ldc);
        d7.intoArray(c, cAt + 7 * ldc + V);
        c8.intoArray(c, cAt + 8 * ldc);
        d8.intoArray(c, cAt + 8 * ldc + V);
        c9.intoArray(c, cAt + 9 * ldc);
        d9.intoArray(c, cAt + 9 * ldc + V);
        c10.intoArray(c, cAt + 10 * ldc);
        d10.intoArray(c, cAt + 10 * ldc + V);
        c11.intoArray(c, cAt + 11 * ldc);
        d11.intoArray(c, cAt + 11 * ldc + V);
    }

    static void rows10(
            int k,
            float[] a,
            int aAt,
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
        FloatVector c6 = FloatVector.fromArray(S, from, fromAt + 6 * ldFrom);
        FloatVector d6 = FloatVector.fromArray(S, from, fromAt + 6 * ldFrom + V);
        FloatVector c7 = FloatVector.fromArray(S, from, fromAt + 7 * ldFrom);
        FloatVector d7 = FloatVector.fromArray(S, from, fromAt + 7 * ldFrom + V);
        FloatVector c8 = FloatVector.fromArray(S, from, fromAt + 8 * ldFrom);
        FloatVector d8 = FloatVector.fromArray(S, from, fromAt + 8 * ldFrom + V);
        FloatVector c9 = FloatVector.fromArray(S, from, fromAt + 9 * ldFrom);
        FloatVector d9 = FloatVector.fromArray(S, from, fromAt + 9 * ldFrom + V);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = a0.fma(b0, c0);
            d0 = a0.fma(b1, d0);
            FloatVector a1 = FloatVector.broadcast(S, a[aAt + PITCH + p]);
            c1 = a1.fma(b0, c1);
            d1 = a1.fma(b1, d1);
            FloatVector a2 = FloatVector.broadcast(S, a[aAt + 2 * PITCH + p]);
            c2 = a2.fma(b0, c2);
            d2 = a2.fma(b1, d2);
            FloatVector a3 = FloatVector.broadcast(S, a[aAt + 3 * PITCH + p]);
            c3 = a3.fma(b0, c3);
            d3 = a3.fma(b1, d3);
            FloatVector a4 = FloatVector.broadcast(S, a[aAt + 4 * PITCH + p]);
            c4 = a4.fma(b0, c4);
            d4 = a4.fma(b1, d4);
            FloatVector a5 = FloatVector.broadcast(S, a[aAt + 5 * PITCH + p]);
            c5 = a5.fma(b0, c5);
            d5 = a5.fma(b1, d5);
            FloatVector a6 = FloatVector.broadcast(S, a[aAt + 6 * PITCH + p]);
            c6 = a6.fma(b0, c6);
            d6 = a6.fma(b1, d6);
            FloatVector a7 = FloatVector.broadcast(S, a[aAt + 7 * PITCH + p]);
            c7 = a7.fma(b0, c7);
            d7 = a7.fma(b1, d7);
            FloatVector a8 = FloatVector.broadcast(S, a[aAt + 8 * PITCH + p]);
            c8 = a8.fma(b0, c8);
            d8 = a8.fma(b1, d8);
            FloatVector a9 = FloatVector.broadcast(S, a[aAt + 9 * PITCH + p]);
            c9 = a9.fma(b0, c9);
            d9 = a9.fma(b1, d9);
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
        c6.intoArray(c, cAt + 6 * ldc);
        d6.intoArray(c, cAt + 6 * ldc + V);
        c7.intoArray(c, cAt + 7 * ldc);
        d7.intoArray(c, cAt + 7 * ldc + V);
        c8.intoArray(c, cAt + 8 * ldc);
        d8.intoArray(c, cAt + 8 * ldc + V);
        c9.intoArray(c, cAt + 9 * ldc);
        d9.intoArray(c, cAt + 9 * ldc + V);
    }

    static void rows6(
            int k,
            float[] a,
            int aAt,
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
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = a0.fma(b0, c0);
            d0 = a0.fma(b1, d0);
            FloatVector a1 = FloatVector.broadcast(S, a[aAt + PITCH + p]);
            c1 = a1.fma(b0, c1);
            d1 = a1.fma(b1, d1);
            FloatVector a2 = FloatVector.broadcast(S, a[aAt + 2 * PITCH + p]);
            c2 = a2.fma(b0, c2);
            d2 = a2.fma(b1, d2);
            FloatVector a3 = FloatVector.broadcast(S, a[aAt + 3 * PITCH + p]);
            c3 = a3.fma(b0, c3);
            d3 = a3.fma(b1, d3);
            FloatVector a4 = FloatVector.broadcast(S, a[aAt + 4 * PITCH + p]);
            c4 = a4.fma(b0, c4);
            d4 = a4.fma(b1, d4);
            FloatVector a5 = FloatVector.broadcast(S, a[aAt + 5 * PITCH + p]);
            c5 = a5.fma(b0, c5);
            d5 = a5.fma(b1, d5);
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

    static void rows4(
            int k,
            float[] a,
            int aAt,
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
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = a0.fma(b0, c0);
            d0 = a0.fma(b1, d0);
            FloatVector a1 = FloatVector.broadcast(S, a[aAt + PITCH + p]);
            c1 = a1.fma(b0, c1);
            d1 = a1.fma(b1, d1);
            FloatVector a2 = FloatVector.broadcast(S, a[aAt + 2 * PITCH + p]);
            c2 = a2.fma(b0, c2);
            d2 = a2.fma(b1, d2);
            FloatVector a3 = FloatVector.broadcast(S, a[aAt + 3 * PITCH + p]);
            c3 = a3.fma(b0, c3);
            d3 = a3.fma(b1, d3);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        c2.intoArray(c, cAt + 2 * ldc);
        d2.intoArray(c, cAt + 2 * ldc + V);
        c3.intoArray(c, cAt + 3 * ldc);
        d3.intoArray(c, cAt + 3 * ldc + V);
    }

    static void rows2(
            int k,
            float[] a,
            int aAt,
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
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = a0.fma(b0, c0);
            d0 = a0.fma(b1, d0);
            FloatVector a1 = FloatVector.broadcast(S, a[aAt + PITCH + p]);
            c1 = a1.fma(b0, c1);
            d1 = a1.fma(b1, d1);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
    }

    static void rows1(
            int k,
            float[] a,
            int aAt,
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
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldb + V);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + p]);
            c0 = a0.fma(b0, c0);
            d0 = a0.fma(b1, d0);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
    }
}
