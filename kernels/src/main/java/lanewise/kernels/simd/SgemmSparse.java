package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A fused product whose A is mostly zeros, as pixels are: a tile goes through those steps of k alone in which one of its six
 * elements of A is not zero. For finite B no bit changes but the sign of a zero, which the next operation does not look at:
 * FMA(0, b, c) is c for any other c.
 *
 * <p><b>Layout.</b> B is read where it stands, and so is A where there are 32 registers; with 16 a step has fewer FMAs to
 * hide what it takes to find six elements, and those of the listed steps are packed. For each tile there is a list of its
 * steps, ascending.
 *
 * <p><b>Blocking.</b> Strip by strip of B, tile by tile; and as many rows of C at once as have lists of A_FLOATS / 6 steps.
 * A tile takes all its steps at once. All tiles are computed aside and handed over while they are in L1.
 *
 * <p><b>Tail.</b> The last strip and the last tile end where C does, and what they compute a second time is not handed over.
 *
 * <p><b>Choice.</b> A few tiles, spread over C, tell whether it pays; data without zeros are done with after
 * three elements for each step of k.
 */
final class SgemmSparse {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;
    private static final int MR = Blocks.MR;
    private static final int NR = Blocks.NR;

    /** A bit for each row of a tile, and whole vectors for them. */
    private static final long TILE = (1 << MR) - 1;

    private static final int SPAN = (MR + V - 1) / V * V;

    /** Not on JDK 17, which makes an array of what a mask holds before it says which lanes are set. */
    private static final boolean MASKS = !Species.JDK_17;

    private static final int SAMPLES = 4;

    private SgemmSparse() {}

    /** Whether a few tiles need no more than two thirds of their steps. */
    static boolean suits(boolean transA, int m, int n, int k, float[] a, int aAt, int lda) {
        if (n < V || m < SAMPLES * MR) {
            return false;
        }
        int down = transA ? 1 : lda;
        int next = transA ? lda : 1;
        int most = SAMPLES * k * 2 / 3;
        int found = 0;
        for (int sample = 0; sample < SAMPLES; sample++) {
            int row = (int) ((2L * sample + 1) * (m - MR) / (2 * SAMPLES));
            int first = aAt + row * down;
            for (int p = 0; p < k; p++) {
                found += zeros(a, first + p * next, down) ? 0 : 1;
                if (found > most) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the elements of a step are zeros. */
    private static boolean zeros(float[] a, int at, int down) {
        int r = 0;
        while (r < MR && a[at + r * down] == 0) {
            r++;
        }
        return r == MR;
    }

    /** As {@link SgemmBlocks#product}, with an epilogue. */
    static void product(
            boolean transA,
            int m,
            int n,
            int k,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int ldb,
            boolean continued,
            float[] c,
            int cAt,
            int ldc,
            SgemmEpilogue epilogue) {
        int down = transA ? 1 : lda;
        int next = transA ? lda : 1;
        int most = Math.max(1, Blocks.A_FLOATS / (MR * k));
        int[] steps = Scratch.ints(most * (k + 1));
        int counts = most * k;
        float[] left = Scratch.floats(Scratch.SGEMM_A, Blocks.FEW_REGISTERS ? most * k * MR : 0);
        float[] aside = Scratch.floats(Scratch.SGEMM_TILE, MR * NR);
        for (int row = 0; row < m; row += most * MR) {
            int tiles = Math.min(most, (m - row + MR - 1) / MR);
            if (transA) {
                listByColumns(tiles, row, m, k, a, aAt, lda, steps, counts);
            } else {
                listByRows(tiles, row, m, k, a, aAt, lda, steps, counts);
            }
            if (Blocks.FEW_REGISTERS) {
                for (int t = 0; t < tiles; t++) {
                    int at = aAt + first(row, t, m) * down;
                    SgemmPack.steps(steps[counts + t], steps, t * k, a, at, down, next, left, t * k * MR);
                }
            }
            for (int j = 0, wide; j < n; j += wide * V) {
                wide = SgemmBlocks.width(n, j);
                int width = wide * V;
                int col = Math.min(j, n - width);
                for (int t = 0; t < tiles; t++) {
                    int i = first(row, t, m);
                    int at = cAt + i * ldc + col;
                    float[] from = continued ? c : SgemmBlocks.ZEROS;
                    int fromAt = continued ? at : 0;
                    int ldFrom = continued ? ldc : 0;
                    if (Blocks.FEW_REGISTERS && wide == 2) {
                        SgemmTile16.steps(
                                steps[counts + t],
                                steps,
                                t * k,
                                left,
                                t * k * MR,
                                1,
                                b,
                                bAt + col,
                                ldb,
                                from,
                                fromAt,
                                ldFrom,
                                aside,
                                0,
                                width);
                    } else {
                        SgemmSparseTile.tile(
                                wide,
                                steps[counts + t],
                                steps,
                                t * k,
                                a,
                                aAt + i * down,
                                down,
                                next,
                                b,
                                bAt + col,
                                ldb,
                                from,
                                fromAt,
                                ldFrom,
                                aside,
                                0,
                                width);
                    }
                    int above = row + t * MR - i;
                    epilogue.finish(i + above, j, MR - above, col + width - j, aside, above * width + j - col, width);
                }
            }
        }
    }

    /** The first row of a tile. */
    private static int first(int row, int tile, int m) {
        return Math.min(row + tile * MR, m - MR);
    }

    /** Lists the steps of each tile of rows of A: whole vectors of steps are looked at together where masks are free. */
    private static void listByRows(
            int tiles, int row, int m, int k, float[] a, int aAt, int lda, int[] steps, int counts) {
        int bound = MASKS ? S.loopBound(k) : 0;
        for (int t = 0; t < tiles; t++) {
            int at = aAt + first(row, t, m) * lda;
            int end = t * k;
            for (int p = 0; p < bound; p += V) {
                long found = 0;
                for (int r = 0; r < MR; r++) {
                    found |= FloatVector.fromArray(S, a, at + r * lda + p)
                            .compare(VectorOperators.NE, 0f)
                            .toLong();
                }
                for (; found != 0; found &= found - 1) {
                    steps[end++] = p + Long.numberOfTrailingZeros(found);
                }
            }
            for (int p = bound; p < k; p++) {
                if (!zeros(a, at + p, lda)) {
                    steps[end++] = p;
                }
            }
            steps[counts + t] = end - t * k;
        }
    }

    /** Lists the steps of each tile of columns of A, row by row. */
    private static void listByColumns(
            int tiles, int row, int m, int k, float[] a, int aAt, int lda, int[] steps, int counts) {
        for (int t = 0; t < tiles; t++) {
            steps[counts + t] = 0;
        }
        for (int p = 0; p < k; p++) {
            for (int t = 0; t < tiles; t++) {
                int at = aAt + p * lda + first(row, t, m);
                boolean taken = false;
                if (!MASKS || at > a.length - SPAN) {
                    taken = !zeros(a, at, 1);
                } else {
                    for (int r = 0; r < MR; r += V) {
                        long found = FloatVector.fromArray(S, a, at + r)
                                .compare(VectorOperators.NE, 0f)
                                .toLong();
                        taken |= (found & TILE >> r) != 0;
                    }
                }
                if (taken) {
                    steps[t * k + steps[counts + t]++] = p;
                }
            }
        }
    }
}
