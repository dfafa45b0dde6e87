package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;
import lanewise.kernels.scalar.ScalarSparseRows;

/**
 * Compressed sparse rows times the rows of W that they name, and the gradient of that.
 *
 * <p><b>Layout.</b> Vectors run along the classes, which stand side by side for each feature: an entry is one FMA a vector,
 * and no lane meets another.
 *
 * <p><b>Tile.</b> One row and one vector of classes. The logits go in four chains, since one alone would wait four cycles
 * for each entry; chain 0 starts from memory, and so do the others: JDK 17 boxes a sum that does not. The gradient loads,
 * adds and stores, once for each entry: rows of W come from L2 or beyond, and that is the limit.
 *
 * <p><b>Tail.</b> Whole vectors, then the same chains on single floats: classes in pairs, which share what they read of the
 * row, and one alone. Of a few classes that is the whole work. The gradient of a pair is one vector of two lanes: in single
 * floats the JIT has no registers left for the arrays, and takes half as long again.
 *
 * <p><b>Error.</b> As the facade says.
 */
final class SimdSparseRows implements Kernels.SparseRows {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final VectorSpecies<Float> PAIR = FloatVector.SPECIES_64;
    private static final int LANES = Species.LANES;
    private static final int CHAINS = Bits.CHAINS;
    private static final float[] ZEROS = new float[LANES];

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
        int bound = S.loopBound(classes);
        for (int i = 0; i < rows; i++) {
            int start = starts[startsOffset + i];
            int end = ends[endsOffset + i];
            int at = zOffset + i * ldz;
            int c = 0;
            for (; c < bound; c += LANES) {
                vector(start, end, columns, values, w, wOffset + c, ldw, bias, biasOffset + c, z, at + c);
            }
            for (; c < classes - 1; c += 2) {
                pair(start, end, columns, values, w, wOffset + c, ldw, bias, biasOffset + c, z, at + c);
            }
            if (c < classes) {
                z[at + c] =
                        ScalarSparseRows.logit(start, end, columns, values, w, wOffset + c, ldw, bias[biasOffset + c]);
            }
        }
    }

    private static void vector(
            int start,
            int end,
            int[] columns,
            float[] values,
            float[] w,
            int wOffset,
            int ldw,
            float[] bias,
            int biasOffset,
            float[] z,
            int zOffset) {
        FloatVector s0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector s1 = FloatVector.fromArray(S, ZEROS, 0);
        FloatVector s2 = FloatVector.fromArray(S, ZEROS, 0);
        FloatVector s3 = FloatVector.fromArray(S, ZEROS, 0);
        int e = start;
        for (; e <= end - CHAINS; e += CHAINS) {
            s0 = FloatVector.fromArray(S, w, wOffset + columns[e] * ldw).fma(FloatVector.broadcast(S, values[e]), s0);
            s1 = FloatVector.fromArray(S, w, wOffset + columns[e + 1] * ldw)
                    .fma(FloatVector.broadcast(S, values[e + 1]), s1);
            s2 = FloatVector.fromArray(S, w, wOffset + columns[e + 2] * ldw)
                    .fma(FloatVector.broadcast(S, values[e + 2]), s2);
            s3 = FloatVector.fromArray(S, w, wOffset + columns[e + 3] * ldw)
                    .fma(FloatVector.broadcast(S, values[e + 3]), s3);
        }
        for (; e < end; e++) {
            s0 = FloatVector.fromArray(S, w, wOffset + columns[e] * ldw).fma(FloatVector.broadcast(S, values[e]), s0);
        }
        s0.add(s2).add(s1.add(s3)).intoArray(z, zOffset);
    }

    private static void pair(
            int start,
            int end,
            int[] columns,
            float[] values,
            float[] w,
            int wOffset,
            int ldw,
            float[] bias,
            int biasOffset,
            float[] z,
            int zOffset) {
        float s0 = bias[biasOffset];
        float t0 = bias[biasOffset + 1];
        float s1 = 0;
        float t1 = 0;
        float s2 = 0;
        float t2 = 0;
        float s3 = 0;
        float t3 = 0;
        int e = start;
        for (; e <= end - CHAINS; e += CHAINS) {
            int at = wOffset + columns[e] * ldw;
            s0 = Math.fma(values[e], w[at], s0);
            t0 = Math.fma(values[e], w[at + 1], t0);
            at = wOffset + columns[e + 1] * ldw;
            s1 = Math.fma(values[e + 1], w[at], s1);
            t1 = Math.fma(values[e + 1], w[at + 1], t1);
            at = wOffset + columns[e + 2] * ldw;
            s2 = Math.fma(values[e + 2], w[at], s2);
            t2 = Math.fma(values[e + 2], w[at + 1], t2);
            at = wOffset + columns[e + 3] * ldw;
            s3 = Math.fma(values[e + 3], w[at], s3);
            t3 = Math.fma(values[e + 3], w[at + 1], t3);
        }
        for (; e < end; e++) {
            int at = wOffset + columns[e] * ldw;
            s0 = Math.fma(values[e], w[at], s0);
            t0 = Math.fma(values[e], w[at + 1], t0);
        }
        z[zOffset] = (s0 + s2) + (s1 + s3);
        z[zOffset + 1] = (t0 + t2) + (t1 + t3);
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
        int bound = S.loopBound(classes);
        for (int i = 0; i < rows; i++) {
            int start = starts[startsOffset + i];
            int end = ends[endsOffset + i];
            int at = gOffset + i * ldg;
            int c = 0;
            for (; c < bound; c += LANES) {
                addVector(start, end, columns, values, g, at + c, dw, dwOffset + c, lddw);
            }
            for (; c < classes - 1; c += 2) {
                addPair(start, end, columns, values, g, at + c, dw, dwOffset + c, lddw);
            }
            for (int e = start; c < classes && e < end; e++) {
                int to = dwOffset + c + columns[e] * lddw;
                dw[to] = Math.fma(values[e], g[at + c], dw[to]);
            }
        }
    }

    private static void addVector(
            int start,
            int end,
            int[] columns,
            float[] values,
            float[] g,
            int gOffset,
            float[] dw,
            int dwOffset,
            int lddw) {
        FloatVector factor = FloatVector.fromArray(S, g, gOffset);
        for (int e = start; e < end; e++) {
            int to = dwOffset + columns[e] * lddw;
            factor.fma(FloatVector.broadcast(S, values[e]), FloatVector.fromArray(S, dw, to))
                    .intoArray(dw, to);
        }
    }

    /** Two classes in half of the smallest vector. JDK 17 boxes vectors of one width beside those of another. */
    private static void addPair(
            int start,
            int end,
            int[] columns,
            float[] values,
            float[] g,
            int gOffset,
            float[] dw,
            int dwOffset,
            int lddw) {
        if (Species.JDK_17) {
            float g0 = g[gOffset];
            float g1 = g[gOffset + 1];
            for (int e = start; e < end; e++) {
                int to = dwOffset + columns[e] * lddw;
                dw[to] = Math.fma(values[e], g0, dw[to]);
                dw[to + 1] = Math.fma(values[e], g1, dw[to + 1]);
            }
            return;
        }
        FloatVector factor = FloatVector.fromArray(PAIR, g, gOffset);
        for (int e = start; e < end; e++) {
            int to = dwOffset + columns[e] * lddw;
            factor.fma(FloatVector.broadcast(PAIR, values[e]), FloatVector.fromArray(PAIR, dw, to))
                    .intoArray(dw, to);
        }
    }
}
