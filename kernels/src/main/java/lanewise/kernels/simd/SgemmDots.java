package lanewise.kernels.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * Narrow products, C with fewer than sixteen columns, as dot products along k.
 *
 * <p><b>Layout.</b> A by rows as it stands, op(B) by columns, each k long: both run along k, sixteen at a time.
 *
 * <p><b>Tile.</b> Four rows by five columns take 20 accumulators, 4 vectors of A and 1 of B: 25 of 32 registers, and 9
 * loads for 20 FMAs. Two rows by five take 13 of 16. Ten classes are two tiles, and so are nine, where the second takes a
 * column of the first along: columns one by one, whose FMAs wait for each other, take longer. Where C has fewer than five
 * columns they change places with the rows.
 *
 * <p><b>Blocking.</b> Eight rows of A go by five columns of op(B), which stay in L1 where ten would not, before the next.
 *
 * <p><b>Tail.</b> The last k mod 16 steps are whole vectors, too, filled up with 0 in A and -0 in B, since a product of -0
 * changes no lane; they are added to the lanes in a scratch tile. The lanes are added in the order of {@link
 * lanewise.kernels.Sgemm}: in registers where a vector has all sixteen and nothing is left of k, else in the tile. Vectors
 * of fewer than sixteen lanes go along k once for each group of lanes.
 */
final class SgemmDots {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;
    private static final int LANES = Bits.LANES;
    private static final int MR = Species.REGISTERS >= 32 ? 4 : 2;
    private static final int NR = 5;

    private static final int BLOCK = 8;

    private static final int SCRATCH = LaneSum.length(MR * NR);

    // The last k mod 16 steps of the rows of A and columns of B that a block works on, each with room before it.
    private static final int APART = 2 * LANES;
    private static final int A_TAILS = LANES;
    private static final int B_TAILS = A_TAILS + BLOCK * APART;
    private static final int TAILS = B_TAILS + NR * APART;

    private SgemmDots() {}

    /** How far apart the packed columns are: the last vector of each is written whole. */
    static int pitch(int k) {
        return k + LANES - 1 & -LANES;
    }

    /** op(B) by columns, times alpha. */
    static void packColumns(boolean transB, int n, int k, float alpha, float[] b, int bAt, int ldb, float[] columns) {
        int pitch = pitch(k);
        if (transB) {
            SgemmPack.rows(false, n, k, alpha, b, bAt, ldb, columns, 0, pitch);
            return;
        }
        float[] tile = Scratch.floats(Scratch.SGEMM_TILE, Transposition.TILE);
        Transposition.toClasses(k, n, b, bAt, ldb, columns, 0, pitch, tile, 0);
        if (alpha != 1) {
            SgemmPack.rows(false, 1, n * pitch, alpha, columns, 0, 0, columns, 0, 0);
        }
    }

    /** C = A * op(B) + beta * C for m rows. */
    static void rows(
            int m,
            int n,
            int k,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int ldb,
            float beta,
            float[] c,
            int cAt,
            int ldc) {
        if (n < NR) {
            tiles(n, m, k, b, bAt, ldb, a, aAt, lda, beta, c, cAt, 1, ldc);
        } else {
            tiles(m, n, k, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc, 1);
        }
    }

    /** The m vectors of A with the n of B: element (i, j) of C is c[cAt + i * down + j * along]. */
    private static void tiles(
            int m,
            int n,
            int k,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int ldb,
            float beta,
            float[] c,
            int cAt,
            int down,
            int along) {
        float[] lanes = Scratch.floats(Scratch.SUMS, SCRATCH);
        int whole = k - k % LANES;
        int left = k - whole;
        float[] tails = left > 0 ? Scratch.floats(Scratch.SGEMM_TILE, TAILS) : lanes;
        if (left > 0) {
            Arrays.fill(tails, 0, B_TAILS, 0f);
            Arrays.fill(tails, B_TAILS, TAILS, -0f);
        }
        // One by one only where rows and columns are both fewer than five.
        int w = n >= NR ? NR : 1;
        for (int from = 0; from < m; from += BLOCK) {
            int to = Math.min(m, from + BLOCK);
            if (left > 0) {
                copyTails(to - from, left, a, aAt + from * lda + k, lda, tails, A_TAILS);
            }
            for (int next = 0; next < n; next += w) {
                int j = Math.min(next, n - w);
                int bj = bAt + j * ldb;
                if (left > 0) {
                    copyTails(w, left, b, bj + k, ldb, tails, B_TAILS);
                }
                for (int i = from, h; i < to; i += h) {
                    h = to - i >= MR ? MR : 1;
                    int ai = aAt + i * lda;
                    boolean trees = Lanes.WHOLE && h == MR && w == NR && left == 0;
                    for (int lane = 0; lane < LANES; lane += V) {
                        if (h == 4 && w == NR) {
                            dots4x5(whole, a, ai + lane, lda, b, bj + lane, ldb, trees, lanes, lane);
                        } else if (h == 2 && w == NR) {
                            dots2x5(whole, 1, a, ai + lane, lda, b, bj + lane, ldb, lanes, lane);
                        } else if (w == NR) {
                            dots1x5(whole, a, ai + lane, b, bj + lane, ldb, lanes, lane);
                        } else {
                            for (int r = 0; r < h; r++) {
                                dots1x1(whole, a, ai + r * lda + lane, b, bj + lane, lanes, r * LANES + lane);
                            }
                        }
                    }
                    int at = cAt + i * down + j * along;
                    if (trees) {
                        storeTile(next - j, beta, c, at, down, along, lanes);
                    } else {
                        if (left > 0) {
                            addTails(h, w, tails, A_TAILS + (i - from) * APART, lanes);
                        }
                        LaneSum.trees(h * w, lanes);
                        store(h, w, next - j, beta, c, at, down, along, lanes);
                    }
                }
            }
        }
    }

    /** The last steps of some rows as vectors: of each its last 16 elements are copied, so that those that count begin one. */
    private static void copyTails(int rows, int left, float[] x, int end, int ld, float[] tails, int at) {
        for (int i = 0; i < rows; i++) {
            for (int lane = 0; lane < LANES; lane += V) {
                FloatVector.fromArray(S, x, end + i * ld - LANES + lane)
                        .intoArray(tails, at + i * APART + left - LANES + lane);
            }
        }
    }

    /** Adds the last steps to the lanes of a tile. */
    private static void addTails(int h, int w, float[] tails, int aAt, float[] lanes) {
        for (int lane = 0; lane < LANES; lane += V) {
            for (int i = 0; i < h; i++) {
                FloatVector a = FloatVector.fromArray(S, tails, aAt + i * APART + lane);
                for (int j = 0; j < w; j++) {
                    int at = (i * w + j) * LANES + lane;
                    a.fma(
                                    FloatVector.fromArray(S, tails, B_TAILS + j * APART + lane),
                                    FloatVector.fromArray(S, lanes, at))
                            .intoArray(lanes, at);
                }
            }
        }
    }

    /** Stores the sums that the trees of {@link LaneSum} leave, but for the columns that are done. */
    private static void store(
            int h, int w, int done, float beta, float[] c, int cAt, int down, int along, float[] lanes) {
        for (int i = 0; i < h; i++) {
            for (int j = done; j < w; j++) {
                int at = cAt + i * down + j * along;
                c[at] = end(beta, c[at], lanes[(i * w + j) * LANES]);
            }
        }
    }

    /** The same of four rows by five columns, which come as two vectors: of four columns, and of the fifth. */
    private static void storeTile(int done, float beta, float[] c, int cAt, int down, int along, float[] lanes) {
        for (int j = done; j < NR; j++) {
            int from = j < 4 ? j : LANES;
            int at = cAt + j * along;
            c[at] = end(beta, c[at], lanes[from]);
            c[at + down] = end(beta, c[at + down], lanes[from + 4]);
            c[at + 2 * down] = end(beta, c[at + 2 * down], lanes[from + 8]);
            c[at + 3 * down] = end(beta, c[at + 3 * down], lanes[from + 12]);
        }
    }

    private static float end(float beta, float c, float sum) {
        return beta == 0 ? sum : Math.fma(beta, c, sum);
    }

    private static void dots4x5(
            int k, float[] a, int aAt, int lda, float[] b, int bAt, int ldb, boolean trees, float[] lanes, int at) {
        FloatVector s00 = FloatVector.zero(S),
                s01 = FloatVector.zero(S),
                s02 = FloatVector.zero(S),
                s03 = FloatVector.zero(S),
                s04 = FloatVector.zero(S);
        FloatVector s10 = FloatVector.zero(S),
                s11 = FloatVector.zero(S),
                s12 = FloatVector.zero(S),
                s13 = FloatVector.zero(S),
                s14 = FloatVector.zero(S);
        FloatVector s20 = FloatVector.zero(S),
                s21 = FloatVector.zero(S),
                s22 = FloatVector.zero(S),
                s23 = FloatVector.zero(S),
                s24 = FloatVector.zero(S);
        FloatVector s30 = FloatVector.zero(S),
                s31 = FloatVector.zero(S),
                s32 = FloatVector.zero(S),
                s33 = FloatVector.zero(S),
                s34 = FloatVector.zero(S);
        for (int p = 0; p < k; p += LANES) {
            FloatVector a0 = FloatVector.fromArray(S, a, aAt + p);
            FloatVector a1 = FloatVector.fromArray(S, a, aAt + lda + p);
            FloatVector a2 = FloatVector.fromArray(S, a, aAt + 2 * lda + p);
            FloatVector a3 = FloatVector.fromArray(S, a, aAt + 3 * lda + p);
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p);
            s00 = a0.fma(b0, s00);
            s10 = a1.fma(b0, s10);
            s20 = a2.fma(b0, s20);
            s30 = a3.fma(b0, s30);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + ldb + p);
            s01 = a0.fma(b1, s01);
            s11 = a1.fma(b1, s11);
            s21 = a2.fma(b1, s21);
            s31 = a3.fma(b1, s31);
            FloatVector b2 = FloatVector.fromArray(S, b, bAt + 2 * ldb + p);
            s02 = a0.fma(b2, s02);
            s12 = a1.fma(b2, s12);
            s22 = a2.fma(b2, s22);
            s32 = a3.fma(b2, s32);
            FloatVector b3 = FloatVector.fromArray(S, b, bAt + 3 * ldb + p);
            s03 = a0.fma(b3, s03);
            s13 = a1.fma(b3, s13);
            s23 = a2.fma(b3, s23);
            s33 = a3.fma(b3, s33);
            FloatVector b4 = FloatVector.fromArray(S, b, bAt + 4 * ldb + p);
            s04 = a0.fma(b4, s04);
            s14 = a1.fma(b4, s14);
            s24 = a2.fma(b4, s24);
            s34 = a3.fma(b4, s34);
        }
        if (trees) {
            FloatVector m8_0 = s00.blend(s20, Lanes.UPPER8)
                    .add(s20.blend(s00, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_1 = s01.blend(s21, Lanes.UPPER8)
                    .add(s21.blend(s01, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_2 = s02.blend(s22, Lanes.UPPER8)
                    .add(s22.blend(s02, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_3 = s03.blend(s23, Lanes.UPPER8)
                    .add(s23.blend(s03, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_4 = s10.blend(s30, Lanes.UPPER8)
                    .add(s30.blend(s10, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_5 = s11.blend(s31, Lanes.UPPER8)
                    .add(s31.blend(s11, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_6 = s12.blend(s32, Lanes.UPPER8)
                    .add(s32.blend(s12, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_7 = s13.blend(s33, Lanes.UPPER8)
                    .add(s33.blend(s13, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m4_0 = m8_0.blend(m8_4, Lanes.UPPER4)
                    .add(m8_4.blend(m8_0, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector m4_1 = m8_1.blend(m8_5, Lanes.UPPER4)
                    .add(m8_5.blend(m8_1, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector m4_2 = m8_2.blend(m8_6, Lanes.UPPER4)
                    .add(m8_6.blend(m8_2, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector m4_3 = m8_3.blend(m8_7, Lanes.UPPER4)
                    .add(m8_7.blend(m8_3, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector m2_0 = m4_0.blend(m4_2, Lanes.UPPER2)
                    .add(m4_2.blend(m4_0, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            FloatVector m2_1 = m4_1.blend(m4_3, Lanes.UPPER2)
                    .add(m4_3.blend(m4_1, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            FloatVector m1_0 = m2_0.blend(m2_1, Lanes.UPPER1)
                    .add(m2_1.blend(m2_0, Lanes.UPPER1).rearrange(Lanes.SWAP1));
            FloatVector n8_0 = s04.blend(s24, Lanes.UPPER8)
                    .add(s24.blend(s04, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector n8_4 = s14.blend(s34, Lanes.UPPER8)
                    .add(s34.blend(s14, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector n4_0 = n8_0.blend(n8_4, Lanes.UPPER4)
                    .add(n8_4.blend(n8_0, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector n2_0 = n4_0.add(n4_0.rearrange(Lanes.SWAP2));
            FloatVector n1_0 = n2_0.add(n2_0.rearrange(Lanes.SWAP1));
            m1_0.intoArray(lanes, at);
            n1_0.intoArray(lanes, at + LANES);
            return;
        }
        s00.intoArray(lanes, at);
        s01.intoArray(lanes, at + LANES);
        s02.intoArray(lanes, at + 2 * LANES);
        s03.intoArray(lanes, at + 3 * LANES);
        s04.intoArray(lanes, at + 4 * LANES);
        s10.intoArray(lanes, at + 5 * LANES);
        s11.intoArray(lanes, at + 6 * LANES);
        s12.intoArray(lanes, at + 7 * LANES);
        s13.intoArray(lanes, at + 8 * LANES);
        s14.intoArray(lanes, at + 9 * LANES);
        s20.intoArray(lanes, at + 10 * LANES);
        s21.intoArray(lanes, at + 11 * LANES);
        s22.intoArray(lanes, at + 12 * LANES);
        s23.intoArray(lanes, at + 13 * LANES);
        s24.intoArray(lanes, at + 14 * LANES);
        s30.intoArray(lanes, at + 15 * LANES);
        s31.intoArray(lanes, at + 16 * LANES);
        s32.intoArray(lanes, at + 17 * LANES);
        s33.intoArray(lanes, at + 18 * LANES);
        s34.intoArray(lanes, at + 19 * LANES);
    }

    /**
     * The factor {@code one} is 1, which the JIT does not know: the check of an index that it makes necessary keeps the loads
     * of several steps from being done at once, for which there are not enough registers.
     */
    private static void dots2x5(
            int k, int one, float[] a, int aAt, int lda, float[] b, int bAt, int ldb, float[] lanes, int at) {
        FloatVector s00 = FloatVector.zero(S),
                s01 = FloatVector.zero(S),
                s02 = FloatVector.zero(S),
                s03 = FloatVector.zero(S),
                s04 = FloatVector.zero(S);
        FloatVector s10 = FloatVector.zero(S),
                s11 = FloatVector.zero(S),
                s12 = FloatVector.zero(S),
                s13 = FloatVector.zero(S),
                s14 = FloatVector.zero(S);
        for (int p = 0; p < k; p += LANES) {
            FloatVector a0 = FloatVector.fromArray(S, a, aAt + p);
            FloatVector a1 = FloatVector.fromArray(S, a, aAt + lda + p);
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * one);
            s00 = a0.fma(b0, s00);
            s10 = a1.fma(b0, s10);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + ldb + p);
            s01 = a0.fma(b1, s01);
            s11 = a1.fma(b1, s11);
            FloatVector b2 = FloatVector.fromArray(S, b, bAt + 2 * ldb + p);
            s02 = a0.fma(b2, s02);
            s12 = a1.fma(b2, s12);
            FloatVector b3 = FloatVector.fromArray(S, b, bAt + 3 * ldb + p);
            s03 = a0.fma(b3, s03);
            s13 = a1.fma(b3, s13);
            FloatVector b4 = FloatVector.fromArray(S, b, bAt + 4 * ldb + p);
            s04 = a0.fma(b4, s04);
            s14 = a1.fma(b4, s14);
        }
        s00.intoArray(lanes, at);
        s01.intoArray(lanes, at + LANES);
        s02.intoArray(lanes, at + 2 * LANES);
        s03.intoArray(lanes, at + 3 * LANES);
        s04.intoArray(lanes, at + 4 * LANES);
        s10.intoArray(lanes, at + 5 * LANES);
        s11.intoArray(lanes, at + 6 * LANES);
        s12.intoArray(lanes, at + 7 * LANES);
        s13.intoArray(lanes, at + 8 * LANES);
        s14.intoArray(lanes, at + 9 * LANES);
    }

    private static void dots1x5(int k, float[] a, int aAt, float[] b, int bAt, int ldb, float[] lanes, int at) {
        FloatVector s00 = FloatVector.zero(S),
                s01 = FloatVector.zero(S),
                s02 = FloatVector.zero(S),
                s03 = FloatVector.zero(S),
                s04 = FloatVector.zero(S);
        for (int p = 0; p < k; p += LANES) {
            FloatVector a0 = FloatVector.fromArray(S, a, aAt + p);
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p);
            s00 = a0.fma(b0, s00);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + ldb + p);
            s01 = a0.fma(b1, s01);
            FloatVector b2 = FloatVector.fromArray(S, b, bAt + 2 * ldb + p);
            s02 = a0.fma(b2, s02);
            FloatVector b3 = FloatVector.fromArray(S, b, bAt + 3 * ldb + p);
            s03 = a0.fma(b3, s03);
            FloatVector b4 = FloatVector.fromArray(S, b, bAt + 4 * ldb + p);
            s04 = a0.fma(b4, s04);
        }
        s00.intoArray(lanes, at);
        s01.intoArray(lanes, at + LANES);
        s02.intoArray(lanes, at + 2 * LANES);
        s03.intoArray(lanes, at + 3 * LANES);
        s04.intoArray(lanes, at + 4 * LANES);
    }

    private static void dots1x1(int k, float[] a, int aAt, float[] b, int bAt, float[] lanes, int at) {
        FloatVector s00 = FloatVector.zero(S);
        for (int p = 0; p < k; p += LANES) {
            FloatVector a0 = FloatVector.fromArray(S, a, aAt + p);
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p);
            s00 = a0.fma(b0, s00);
        }
        s00.intoArray(lanes, at);
    }
}
