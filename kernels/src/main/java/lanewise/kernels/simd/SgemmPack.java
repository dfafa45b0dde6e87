package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Copies blocks of A and B into the order in which the tiles of sgemm read them. */
final class SgemmPack {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;
    private static final int NR = Blocks.NR;

    /** Steps of k that a transposed strip takes at once: they stay in L1 until every column has been written. */
    private static final int STEPS = 64;

    private SgemmPack() {}

    /** Rows of A one after the other at a constant pitch, times alpha. */
    static void block(int rows, int cols, float alpha, float[] a, int aAt, int lda, float[] block, int pitch) {
        for (int i = 0; i < rows; i++) {
            if (alpha == 1) {
                System.arraycopy(a, aAt + i * lda, block, i * pitch, cols);
            } else {
                scaled(cols, alpha, a, aAt + i * lda, block, i * pitch);
            }
        }
    }

    private static void scaled(int n, float alpha, float[] a, int aAt, float[] out, int outAt) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = alpha * a[aAt + i];
        }
    }

    /** k rows of B, cols wide, as rows of NR with zeros behind. */
    static void strip(int k, int cols, float[] b, int bAt, int ldb, float[] strip, int at) {
        if (cols == NR) {
            for (int p = 0; p < k; p++) {
                FloatVector.fromArray(S, b, bAt + p * ldb).intoArray(strip, at + p * NR);
                FloatVector.fromArray(S, b, bAt + p * ldb + V).intoArray(strip, at + p * NR + V);
            }
            return;
        }
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < NR; j++) {
                strip[at + p * NR + j] = j < cols ? b[bAt + p * ldb + j] : 0;
            }
        }
    }

    /** The same where op(B) is the transpose: cols rows of B, k long. */
    static void transposedStrip(int k, int cols, float[] b, int bAt, int ldb, float[] strip, int at) {
        for (int from = 0; from < k; from += STEPS) {
            int to = Math.min(k, from + STEPS);
            for (int j = 0; j < NR; j++) {
                for (int p = from; p < to; p++) {
                    strip[at + p * NR + j] = j < cols ? b[bAt + j * ldb + p] : 0;
                }
            }
        }
    }
}
