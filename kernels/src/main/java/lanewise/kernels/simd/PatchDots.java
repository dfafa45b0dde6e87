package lanewise.kernels.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * Logits of rows of bytes, in pairs of which only the groups that are not all zeros in both are there.
 *
 * <p><b>Layout.</b> The groups of a pair one after the other, each with its number, sixteen pixels of the first row and then
 * those of the second; the weights as in {@link PixelDots}.
 *
 * <p><b>Tile.</b> A pair by ten classes: 20 accumulators, 2 vectors of pixels and 1 of weights, 12 loads for 20 FMAs; with 16
 * registers by five. Single rows have a third fewer groups each, but 11 loads for 10 FMAs and twice the loops to begin and
 * end, and take as long; {@link PatchGradient} is the one that gains.
 *
 * <p><b>Tail.</b> Left-over classes by fives. The lanes are added as in {@link PixelDots}.
 */
final class PatchDots {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final VectorSpecies<Byte> BYTE = SimdPixels.BYTE;
    private static final VectorOperators.Conversion<Byte, Integer> TO_INT = SimdPixels.TO_INT;
    private static final boolean ZERO_EXTEND = SimdPixels.ZERO_EXTEND;
    private static final int V = Species.LANES;
    private static final int GROUP = Bits.LANES;
    private static final int ENTRY = 2 * GROUP;

    /** Classes of the widest tile. */
    private static final int WIDTH = SimdPixels.TALL ? SimdPixels.WIDEST_TILE : Bits.CLASSES;

    private static final int PAIRS = 8;

    private PatchDots() {}

    static void rows(
            int first,
            int rows,
            int[] starts,
            char[] group,
            byte[] x,
            int classes,
            float[] w,
            int wAt,
            float scale,
            float[] z,
            int zAt,
            int ldz) {
        float[] sums = Scratch.floats(Scratch.SUMS, LaneSum.length(PAIRS * 2 * WIDTH));
        int ldw = Bits.paddedClasses(classes) * GROUP;
        int end = first + rows;
        // The last row may have the largest number there is: twice a pair behind it would overflow.
        int endPair = end / 2 + end % 2;
        for (int pair = first / 2; pair < endPair; pair += PAIRS) {
            int pairs = Math.min(PAIRS, endPair - pair);
            int from = Math.max(first, 2 * pair);
            int to = pair + pairs == endPair ? end : 2 * (pair + pairs);
            for (int c = 0, width; c < classes; c += width) {
                width = width(classes - c);
                block(width, pair, pairs, starts, group, x, w, wAt + c * GROUP, ldw, sums);
                int at = zAt + c * ldz + from - first;
                store(width, from - 2 * pair, to - from, Math.min(width, classes - c), scale, sums, z, at, ldz);
            }
        }
    }

    /** The tile for so many classes. */
    static int width(int classes) {
        return classes > Bits.CLASSES ? WIDTH : Bits.CLASSES;
    }

    private static void block(
            int width,
            int first,
            int pairs,
            int[] starts,
            char[] group,
            byte[] x,
            float[] w,
            int wAt,
            int ldw,
            float[] sums) {
        for (int i = 0; i < pairs; i++) {
            int from = starts[first + i];
            int to = starts[first + i + 1];
            for (int lane = 0; lane < GROUP; lane += V) {
                int at = i * 2 * (Lanes.WHOLE ? GROUP : width * GROUP) + lane;
                if (width == SimdPixels.WIDEST_TILE) {
                    dots2x10(from, to, group, x, lane, w, wAt + lane, ldw, sums, at);
                } else {
                    dots2x5(from, to, group, x, lane, w, wAt + lane, ldw, sums, at);
                }
            }
        }
        if (!Lanes.WHOLE) {
            LaneSum.trees(pairs * 2 * width, sums);
        }
    }

    /** Gives the sums of some rows of a block out, class by class: those of a row stand side by side, or sixteen apart. */
    private static void store(
            int width, int first, int rows, int classes, float scale, float[] sums, float[] z, int at, int ldz) {
        int ofClass = Lanes.WHOLE ? 1 : GROUP;
        int ofRow = Lanes.WHOLE ? GROUP : width * GROUP;
        for (int c = 0; c < classes; c++) {
            for (int r = 0; r < rows; r++) {
                z[at + c * ldz + r] = scale * sums[(first + r) * ofRow + c * ofClass];
            }
        }
    }

    private static void dots2x10(
            int from, int to, char[] group, byte[] x, int lane, float[] w, int wAt, int ldw, float[] sums, int at) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector t0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector t1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector t2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        FloatVector t3 = FloatVector.zero(S);
        FloatVector s4 = FloatVector.zero(S);
        FloatVector t4 = FloatVector.zero(S);
        FloatVector s5 = FloatVector.zero(S);
        FloatVector t5 = FloatVector.zero(S);
        FloatVector s6 = FloatVector.zero(S);
        FloatVector t6 = FloatVector.zero(S);
        FloatVector s7 = FloatVector.zero(S);
        FloatVector t7 = FloatVector.zero(S);
        FloatVector s8 = FloatVector.zero(S);
        FloatVector t8 = FloatVector.zero(S);
        FloatVector s9 = FloatVector.zero(S);
        FloatVector t9 = FloatVector.zero(S);
        for (int e = from; e < to; e++) {
            int p = e * ENTRY + lane;
            IntVector uInt = (IntVector) ByteVector.fromArray(BYTE, x, p).convertShape(TO_INT, INT, 0);
            FloatVector u = (FloatVector) uInt.convertShape(VectorOperators.I2F, S, 0);
            IntVector vInt =
                    (IntVector) ByteVector.fromArray(BYTE, x, p + GROUP).convertShape(TO_INT, INT, 0);
            FloatVector v = (FloatVector) vInt.convertShape(VectorOperators.I2F, S, 0);
            int q = wAt + group[e] * ldw;
            FloatVector w0 = FloatVector.fromArray(S, w, q);
            s0 = u.fma(w0, s0);
            t0 = v.fma(w0, t0);
            FloatVector w1 = FloatVector.fromArray(S, w, q + GROUP);
            s1 = u.fma(w1, s1);
            t1 = v.fma(w1, t1);
            FloatVector w2 = FloatVector.fromArray(S, w, q + 2 * GROUP);
            s2 = u.fma(w2, s2);
            t2 = v.fma(w2, t2);
            FloatVector w3 = FloatVector.fromArray(S, w, q + 3 * GROUP);
            s3 = u.fma(w3, s3);
            t3 = v.fma(w3, t3);
            FloatVector w4 = FloatVector.fromArray(S, w, q + 4 * GROUP);
            s4 = u.fma(w4, s4);
            t4 = v.fma(w4, t4);
            FloatVector w5 = FloatVector.fromArray(S, w, q + 5 * GROUP);
            s5 = u.fma(w5, s5);
            t5 = v.fma(w5, t5);
            FloatVector w6 = FloatVector.fromArray(S, w, q + 6 * GROUP);
            s6 = u.fma(w6, s6);
            t6 = v.fma(w6, t6);
            FloatVector w7 = FloatVector.fromArray(S, w, q + 7 * GROUP);
            s7 = u.fma(w7, s7);
            t7 = v.fma(w7, t7);
            FloatVector w8 = FloatVector.fromArray(S, w, q + 8 * GROUP);
            s8 = u.fma(w8, s8);
            t8 = v.fma(w8, t8);
            FloatVector w9 = FloatVector.fromArray(S, w, q + 9 * GROUP);
            s9 = u.fma(w9, s9);
            t9 = v.fma(w9, t9);
        }
        if (Lanes.WHOLE) {
            FloatVector m8_0 =
                    s0.blend(s8, Lanes.UPPER8).add(s8.blend(s0, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_1 =
                    s1.blend(s9, Lanes.UPPER8).add(s9.blend(s1, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_2 = s2.add(s2.rearrange(Lanes.SWAP8));
            FloatVector m8_3 = s3.add(s3.rearrange(Lanes.SWAP8));
            FloatVector m8_4 = s4.add(s4.rearrange(Lanes.SWAP8));
            FloatVector m8_5 = s5.add(s5.rearrange(Lanes.SWAP8));
            FloatVector m8_6 = s6.add(s6.rearrange(Lanes.SWAP8));
            FloatVector m8_7 = s7.add(s7.rearrange(Lanes.SWAP8));
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
            FloatVector n8_0 =
                    t0.blend(t8, Lanes.UPPER8).add(t8.blend(t0, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector n8_1 =
                    t1.blend(t9, Lanes.UPPER8).add(t9.blend(t1, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector n8_2 = t2.add(t2.rearrange(Lanes.SWAP8));
            FloatVector n8_3 = t3.add(t3.rearrange(Lanes.SWAP8));
            FloatVector n8_4 = t4.add(t4.rearrange(Lanes.SWAP8));
            FloatVector n8_5 = t5.add(t5.rearrange(Lanes.SWAP8));
            FloatVector n8_6 = t6.add(t6.rearrange(Lanes.SWAP8));
            FloatVector n8_7 = t7.add(t7.rearrange(Lanes.SWAP8));
            FloatVector n4_0 = n8_0.blend(n8_4, Lanes.UPPER4)
                    .add(n8_4.blend(n8_0, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector n4_1 = n8_1.blend(n8_5, Lanes.UPPER4)
                    .add(n8_5.blend(n8_1, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector n4_2 = n8_2.blend(n8_6, Lanes.UPPER4)
                    .add(n8_6.blend(n8_2, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector n4_3 = n8_3.blend(n8_7, Lanes.UPPER4)
                    .add(n8_7.blend(n8_3, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector n2_0 = n4_0.blend(n4_2, Lanes.UPPER2)
                    .add(n4_2.blend(n4_0, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            FloatVector n2_1 = n4_1.blend(n4_3, Lanes.UPPER2)
                    .add(n4_3.blend(n4_1, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            FloatVector n1_0 = n2_0.blend(n2_1, Lanes.UPPER1)
                    .add(n2_1.blend(n2_0, Lanes.UPPER1).rearrange(Lanes.SWAP1));
            m1_0.intoArray(sums, at);
            n1_0.intoArray(sums, at + GROUP);
            return;
        }
        s0.intoArray(sums, at);
        t0.intoArray(sums, at + 10 * GROUP);
        s1.intoArray(sums, at + GROUP);
        t1.intoArray(sums, at + 11 * GROUP);
        s2.intoArray(sums, at + 2 * GROUP);
        t2.intoArray(sums, at + 12 * GROUP);
        s3.intoArray(sums, at + 3 * GROUP);
        t3.intoArray(sums, at + 13 * GROUP);
        s4.intoArray(sums, at + 4 * GROUP);
        t4.intoArray(sums, at + 14 * GROUP);
        s5.intoArray(sums, at + 5 * GROUP);
        t5.intoArray(sums, at + 15 * GROUP);
        s6.intoArray(sums, at + 6 * GROUP);
        t6.intoArray(sums, at + 16 * GROUP);
        s7.intoArray(sums, at + 7 * GROUP);
        t7.intoArray(sums, at + 17 * GROUP);
        s8.intoArray(sums, at + 8 * GROUP);
        t8.intoArray(sums, at + 18 * GROUP);
        s9.intoArray(sums, at + 9 * GROUP);
        t9.intoArray(sums, at + 19 * GROUP);
    }

    private static void dots2x5(
            int from, int to, char[] group, byte[] x, int lane, float[] w, int wAt, int ldw, float[] sums, int at) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector t0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        FloatVector t1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S);
        FloatVector t2 = FloatVector.zero(S);
        FloatVector s3 = FloatVector.zero(S);
        FloatVector t3 = FloatVector.zero(S);
        FloatVector s4 = FloatVector.zero(S);
        FloatVector t4 = FloatVector.zero(S);
        for (int e = from; e < to; e++) {
            int p = e * ENTRY + lane;
            IntVector uInt = (IntVector) ByteVector.fromArray(BYTE, x, p).convertShape(TO_INT, INT, 0);
            if (!ZERO_EXTEND) {
                uInt = uInt.and(0xff);
            }
            FloatVector u = (FloatVector) uInt.convertShape(VectorOperators.I2F, S, 0);
            IntVector vInt =
                    (IntVector) ByteVector.fromArray(BYTE, x, p + GROUP).convertShape(TO_INT, INT, 0);
            if (!ZERO_EXTEND) {
                vInt = vInt.and(0xff);
            }
            FloatVector v = (FloatVector) vInt.convertShape(VectorOperators.I2F, S, 0);
            int q = wAt + group[e] * ldw;
            FloatVector w0 = FloatVector.fromArray(S, w, q);
            s0 = u.fma(w0, s0);
            t0 = v.fma(w0, t0);
            FloatVector w1 = FloatVector.fromArray(S, w, q + GROUP);
            s1 = u.fma(w1, s1);
            t1 = v.fma(w1, t1);
            FloatVector w2 = FloatVector.fromArray(S, w, q + 2 * GROUP);
            s2 = u.fma(w2, s2);
            t2 = v.fma(w2, t2);
            FloatVector w3 = FloatVector.fromArray(S, w, q + 3 * GROUP);
            s3 = u.fma(w3, s3);
            t3 = v.fma(w3, t3);
            FloatVector w4 = FloatVector.fromArray(S, w, q + 4 * GROUP);
            s4 = u.fma(w4, s4);
            t4 = v.fma(w4, t4);
        }
        if (Lanes.WHOLE) {
            FloatVector m8_0 = s0.add(s0.rearrange(Lanes.SWAP8));
            FloatVector m8_1 = s1.add(s1.rearrange(Lanes.SWAP8));
            FloatVector m8_2 = s2.add(s2.rearrange(Lanes.SWAP8));
            FloatVector m8_3 = s3.add(s3.rearrange(Lanes.SWAP8));
            FloatVector m8_4 = s4.add(s4.rearrange(Lanes.SWAP8));
            FloatVector m4_0 = m8_0.blend(m8_4, Lanes.UPPER4)
                    .add(m8_4.blend(m8_0, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector m4_1 = m8_1.add(m8_1.rearrange(Lanes.SWAP4));
            FloatVector m4_2 = m8_2.add(m8_2.rearrange(Lanes.SWAP4));
            FloatVector m4_3 = m8_3.add(m8_3.rearrange(Lanes.SWAP4));
            FloatVector m2_0 = m4_0.blend(m4_2, Lanes.UPPER2)
                    .add(m4_2.blend(m4_0, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            FloatVector m2_1 = m4_1.blend(m4_3, Lanes.UPPER2)
                    .add(m4_3.blend(m4_1, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            FloatVector m1_0 = m2_0.blend(m2_1, Lanes.UPPER1)
                    .add(m2_1.blend(m2_0, Lanes.UPPER1).rearrange(Lanes.SWAP1));
            FloatVector n8_0 = t0.add(t0.rearrange(Lanes.SWAP8));
            FloatVector n8_1 = t1.add(t1.rearrange(Lanes.SWAP8));
            FloatVector n8_2 = t2.add(t2.rearrange(Lanes.SWAP8));
            FloatVector n8_3 = t3.add(t3.rearrange(Lanes.SWAP8));
            FloatVector n8_4 = t4.add(t4.rearrange(Lanes.SWAP8));
            FloatVector n4_0 = n8_0.blend(n8_4, Lanes.UPPER4)
                    .add(n8_4.blend(n8_0, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector n4_1 = n8_1.add(n8_1.rearrange(Lanes.SWAP4));
            FloatVector n4_2 = n8_2.add(n8_2.rearrange(Lanes.SWAP4));
            FloatVector n4_3 = n8_3.add(n8_3.rearrange(Lanes.SWAP4));
            FloatVector n2_0 = n4_0.blend(n4_2, Lanes.UPPER2)
                    .add(n4_2.blend(n4_0, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            FloatVector n2_1 = n4_1.blend(n4_3, Lanes.UPPER2)
                    .add(n4_3.blend(n4_1, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            FloatVector n1_0 = n2_0.blend(n2_1, Lanes.UPPER1)
                    .add(n2_1.blend(n2_0, Lanes.UPPER1).rearrange(Lanes.SWAP1));
            m1_0.intoArray(sums, at);
            n1_0.intoArray(sums, at + GROUP);
            return;
        }
        s0.intoArray(sums, at);
        t0.intoArray(sums, at + 5 * GROUP);
        s1.intoArray(sums, at + GROUP);
        t1.intoArray(sums, at + 6 * GROUP);
        s2.intoArray(sums, at + 2 * GROUP);
        t2.intoArray(sums, at + 7 * GROUP);
        s3.intoArray(sums, at + 3 * GROUP);
        t3.intoArray(sums, at + 8 * GROUP);
        s4.intoArray(sums, at + 4 * GROUP);
        t4.intoArray(sums, at + 9 * GROUP);
    }
}
