package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of sgemm for an A that is mostly zeros, otherwise as {@link SgemmTile}.
 *
 * <p><b>Layout.</b> Step p of k has its elements of A at aAt + p * next, {@code down} apart, and its row of B at bAt + p *
 * ldb; the steps that are taken stand in a list. They are not packed: that takes longer than what it saves, but for the
 * tile of {@link SgemmTile16}.
 */
final class SgemmSparseTile {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;

    private SgemmSparseTile() {}

    /** The tile of so many vectors: 1, 2 or 4. */
    static void tile(
            int wide,
            int count,
            int[] steps,
            int stepsAt,
            float[] a,
            int aAt,
            int down,
            int next,
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
            case 4 ->
                tile6x4(count, steps, stepsAt, a, aAt, down, next, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            case 2 ->
                tile6x2(count, steps, stepsAt, a, aAt, down, next, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
            default ->
                tile6x1(count, steps, stepsAt, a, aAt, down, next, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
        }
    }

    private static void tile6x4(
            int count,
            int[] steps,
            int stepsAt,
            float[] a,
            int aAt,
            int down,
            int next,
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
        int a1 = aAt + down;
        int a2 = aAt + 2 * down;
        int a3 = aAt + 3 * down;
        int a4 = aAt + 4 * down;
        int a5 = aAt + 5 * down;
        for (int i = 0; i < count; i++) {
            int p = steps[stepsAt + i];
            int q = p * next;
            int r = bAt + p * ldb;
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + V);
            FloatVector b2 = FloatVector.fromArray(S, b, r + 2 * V);
            FloatVector b3 = FloatVector.fromArray(S, b, r + 3 * V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + q]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
            e0 = x0.fma(b2, e0);
            f0 = x0.fma(b3, f0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + q]);
            c1 = x1.fma(b0, c1);
            d1 = x1.fma(b1, d1);
            e1 = x1.fma(b2, e1);
            f1 = x1.fma(b3, f1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + q]);
            c2 = x2.fma(b0, c2);
            d2 = x2.fma(b1, d2);
            e2 = x2.fma(b2, e2);
            f2 = x2.fma(b3, f2);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + q]);
            c3 = x3.fma(b0, c3);
            d3 = x3.fma(b1, d3);
            e3 = x3.fma(b2, e3);
            f3 = x3.fma(b3, f3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + q]);
            c4 = x4.fma(b0, c4);
            d4 = x4.fma(b1, d4);
            e4 = x4.fma(b2, e4);
            f4 = x4.fma(b3, f4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + q]);
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
            int count,
            int[] steps,
            int stepsAt,
            float[] a,
            int aAt,
            int down,
            int next,
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
        int a1 = aAt + down;
        int a2 = aAt + 2 * down;
        int a3 = aAt + 3 * down;
        int a4 = aAt + 4 * down;
        int a5 = aAt + 5 * down;
        for (int i = 0; i < count; i++) {
            int p = steps[stepsAt + i];
            int q = p * next;
            int r = bAt + p * ldb;
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector b1 = FloatVector.fromArray(S, b, r + V);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + q]);
            c0 = x0.fma(b0, c0);
            d0 = x0.fma(b1, d0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + q]);
            c1 = x1.fma(b0, c1);
            d1 = x1.fma(b1, d1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + q]);
            c2 = x2.fma(b0, c2);
            d2 = x2.fma(b1, d2);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + q]);
            c3 = x3.fma(b0, c3);
            d3 = x3.fma(b1, d3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + q]);
            c4 = x4.fma(b0, c4);
            d4 = x4.fma(b1, d4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + q]);
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
            int count,
            int[] steps,
            int stepsAt,
            float[] a,
            int aAt,
            int down,
            int next,
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
        int a1 = aAt + down;
        int a2 = aAt + 2 * down;
        int a3 = aAt + 3 * down;
        int a4 = aAt + 4 * down;
        int a5 = aAt + 5 * down;
        for (int i = 0; i < count; i++) {
            int p = steps[stepsAt + i];
            int q = p * next;
            int r = bAt + p * ldb;
            FloatVector b0 = FloatVector.fromArray(S, b, r);
            FloatVector x0 = FloatVector.broadcast(S, a[aAt + q]);
            c0 = x0.fma(b0, c0);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + q]);
            c1 = x1.fma(b0, c1);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + q]);
            c2 = x2.fma(b0, c2);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + q]);
            c3 = x3.fma(b0, c3);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + q]);
            c4 = x4.fma(b0, c4);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + q]);
            c5 = x5.fma(b0, c5);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + ldc);
        c2.intoArray(c, cAt + 2 * ldc);
        c3.intoArray(c, cAt + 3 * ldc);
        c4.intoArray(c, cAt + 4 * ldc);
        c5.intoArray(c, cAt + 5 * ldc);
    }
}
