package lanewise.kernels.scalar;

import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/** Compressed sparse rows, one entry and one class after the other. */
public final class ScalarSparseRows implements Kernels.SparseRows {
    private static final int CHAINS = Bits.CHAINS;

    @Override
    public void logits(
            int rows,
            int[] starts,
            int startsOffset,
            int[] ends,
            int endsOffset,
            int[] columns,
            float[] values,
            int classes,
            float[] w,
            int wOffset,
            int ldw,
            float[] bias,
            int biasOffset,
            float[] z,
            int zOffset,
            int ldz) {
        for (int i = 0; i < rows; i++) {
            int start = starts[startsOffset + i];
            int end = ends[endsOffset + i];
            for (int c = 0; c < classes; c++) {
                z[zOffset + i * ldz + c] =
                        logit(start, end, columns, values, w, wOffset + c, ldw, bias[biasOffset + c]);
            }
        }
    }

    /** One logit, in four chains: see {@link lanewise.kernels.SparseRows#logits}. */
    public static float logit(
            int start, int end, int[] columns, float[] values, float[] w, int wOffset, int ldw, float bias) {
        float s0 = bias;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int e = start;
        for (; e <= end - CHAINS; e += CHAINS) {
            s0 = Math.fma(values[e], w[wOffset + columns[e] * ldw], s0);
            s1 = Math.fma(values[e + 1], w[wOffset + columns[e + 1] * ldw], s1);
            s2 = Math.fma(values[e + 2], w[wOffset + columns[e + 2] * ldw], s2);
            s3 = Math.fma(values[e + 3], w[wOffset + columns[e + 3] * ldw], s3);
        }
        for (; e < end; e++) {
            s0 = Math.fma(values[e], w[wOffset + columns[e] * ldw], s0);
        }
        return (s0 + s2) + (s1 + s3);
    }

    @Override
    public void accumulateGradient(
            int rows,
            int[] starts,
            int startsOffset,
            int[] ends,
            int endsOffset,
            int[] columns,
            float[] values,
            int classes,
            float[] g,
            int gOffset,
            int ldg,
            float[] dw,
            int dwOffset,
            int lddw) {
        for (int i = 0; i < rows; i++) {
            for (int e = starts[startsOffset + i]; e < ends[endsOffset + i]; e++) {
                int at = dwOffset + columns[e] * lddw;
                for (int c = 0; c < classes; c++) {
                    dw[at + c] = Math.fma(values[e], g[gOffset + i * ldg + c], dw[at + c]);
                }
            }
        }
    }
}
