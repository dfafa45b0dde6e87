package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Copies blocks of A and B into the order in which the tiles of sgemm read them. */
final class SgemmPack {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;
    private static final int MR = Blocks.MR;

    /** Steps of k that a transposed strip takes at once: they stay in L1 until every column has been written. */
    private static final int STEPS = 64;

    /** Columns of A that are copied side by side: whole lines of each row that is read, and few pages that are written. */
    private static final int COLUMNS = 16 * MR;

    private SgemmPack() {}

    /** Rows of op(A), times alpha; out may be A itself where it is not transposed. */
    static void rows(
            boolean transA, int rows, int k, float alpha, float[] a, int aAt, int lda, float[] out, int at, int ldOut) {
        // The JIT makes no vectors of this loop itself: it does not know that the rows do not overlap.
        int bound = transA ? 0 : S.loopBound(k);
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < bound; p += V) {
                FloatVector.fromArray(S, a, aAt + i * lda + p).mul(alpha).intoArray(out, at + i * ldOut + p);
            }
            for (int p = bound; p < k; p++) {
                out[at + i * ldOut + p] = alpha * a[transA ? aAt + p * lda + i : aAt + i * lda + p];
            }
        }
    }

    /**
     * Columns of A, times alpha, as panels of MR, in each of which those of a row stand side by side. They are copied by
     * whole vectors: what a copy writes too much, the next one overwrites, or the gap behind the panel takes.
     */
    static void panels(int columns, int k, float alpha, float[] a, int aAt, int lda, float[] out, int panelPitch) {
        for (int from = 0; from < columns; from += COLUMNS) {
            int to = Math.min(columns, from + COLUMNS);
            for (int p = 0; p < k; p++) {
                int at = aAt + p * lda + from;
                int outAt = from / MR * panelPitch + p * MR;
                for (int i = from; i < to; i += MR) {
                    if (at <= a.length - MR - V) {
                        for (int r = 0; r < MR; r += V) {
                            FloatVector.fromArray(S, a, at + r).mul(alpha).intoArray(out, outAt + r);
                        }
                    } else {
                        for (int r = 0; r < MR; r++) {
                            out[outAt + r] = alpha * a[at + r];
                        }
                    }
                    at += MR;
                    outAt += panelPitch;
                }
            }
        }
    }

    /** The MR elements of A of each step of a list as a panel. */
    static void steps(
            int count, int[] steps, int stepsAt, float[] a, int aAt, int down, int next, float[] out, int at) {
        for (int i = 0; i < count; i++) {
            int from = aAt + steps[stepsAt + i] * next;
            for (int r = 0; r < MR; r++) {
                out[at + i * MR + r] = a[from + r * down];
            }
        }
    }

    /**
     * Whole strips of two vectors, row by row of B: strip by strip each row would be another line, which no prefetcher
     * foresees, and take half as long again.
     */
    static void strips(int strips, int k, float[] b, int bAt, int ldb, float[] out, int at) {
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < strips; j++) {
                int from = bAt + p * ldb + j * 2 * V;
                int to = at + (j * k + p) * 2 * V;
                FloatVector.fromArray(S, b, from).intoArray(out, to);
                FloatVector.fromArray(S, b, from + V).intoArray(out, to + V);
            }
        }
    }

    /** k rows of op(B), cols wide, as rows of a whole strip; what stands behind them is computed with and left there. */
    static void strip(boolean transB, int k, int cols, int width, float[] b, int bAt, int ldb, float[] strip, int at) {
        if (transB && Transposition.IN_REGISTERS) {
            float[] tile = Scratch.floats(Scratch.SGEMM_TILE, Transposition.TILE);
            Transposition.toClasses(cols, k, b, bAt, ldb, strip, at, width, tile, 0);
        } else if (transB) {
            for (int from = 0; from < k; from += STEPS) {
                int to = Math.min(k, from + STEPS);
                int j = 0;
                for (; j + 4 <= cols; j += 4) {
                    int at0 = bAt + j * ldb;
                    int at1 = at0 + ldb;
                    int at2 = at1 + ldb;
                    int at3 = at2 + ldb;
                    for (int p = from; p < to; p++) {
                        int s = at + p * width + j;
                        strip[s] = b[at0 + p];
                        strip[s + 1] = b[at1 + p];
                        strip[s + 2] = b[at2 + p];
                        strip[s + 3] = b[at3 + p];
                    }
                }
                for (; j < cols; j++) {
                    for (int p = from; p < to; p++) {
                        strip[at + p * width + j] = b[bAt + j * ldb + p];
                    }
                }
            }
        } else {
            int p = 0;
            // As whole vectors, as long as B goes on: stored one by one, floats are slow to come back as a vector.
            for (; p < k && bAt + p * ldb <= b.length - width; p++) {
                for (int j = 0; j < width; j += V) {
                    FloatVector.fromArray(S, b, bAt + p * ldb + j).intoArray(strip, at + p * width + j);
                }
            }
            for (; p < k; p++) {
                System.arraycopy(b, bAt + p * ldb, strip, at + p * width, cols);
            }
        }
    }
}
