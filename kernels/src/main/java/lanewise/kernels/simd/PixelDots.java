package lanewise.kernels.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * Logits of rows of bytes, for a few classes: dot products along the pixels, widened in registers.
 *
 * <p><b>Layout.</b> A group is sixteen pixels. The weights stand as [group][class][16], so that one index reaches those of
 * every class; the classes are padded to fives.
 *
 * <p><b>Tile.</b> Four rows by five classes take 20 accumulators, 4 vectors of pixels and 1 of weights: 25 of 32
 * registers, and 9 loads for 20 FMAs. Two rows by five take 13 of 16.
 *
 * <p><b>Tail.</b> Left-over rows go one by one. The lanes are added in the order of {@link lanewise.kernels.Sgemm}: in
 * registers, see {@link Lanes}, where a vector has all sixteen; else, part by part of a group, the accumulators go to a
 * scratch tile and are added there.
 */
final class PixelDots {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final VectorSpecies<Byte> BYTE = SimdPixels.BYTE;
    private static final VectorOperators.Conversion<Byte, Integer> TO_INT = SimdPixels.TO_INT;
    private static final boolean ZERO_EXTEND = SimdPixels.ZERO_EXTEND;
    private static final int V = Species.LANES;
    private static final int GROUP = Bits.LANES;
    private static final int HEIGHT = SimdPixels.TALL ? 4 : 2;

    /** Classes of a tile. */
    private static final int WIDTH = Bits.CLASSES;

    /** Rows whose lanes are added together: a load of lanes stored just before would have to wait for them. */
    static final int BLOCK = 16;

    private PixelDots() {}

    static void rows(
            int rows,
            int groups,
            byte[] x,
            int xAt,
            int ldx,
            int classes,
            float[] w,
            int wAt,
            float scale,
            float[] z,
            int zAt,
            int ldz) {
        float[] sums = Scratch.floats(Scratch.SUMS, LaneSum.length(BLOCK * WIDTH));
        int ldw = Bits.paddedClasses(classes) * GROUP;
        for (int from = 0; from < rows; from += BLOCK) {
            int height = Math.min(BLOCK, rows - from);
            for (int c = 0; c < classes; c += WIDTH) {
                block(height, groups, x, xAt + from * ldx, ldx, w, wAt + c * GROUP, ldw, sums);
                store(height, Math.min(WIDTH, classes - c), scale, sums, z, zAt + c * ldz + from, ldz);
            }
        }
    }

    private static void block(
            int rows, int groups, byte[] x, int xAt, int ldx, float[] w, int wAt, int ldw, float[] sums) {
        for (int lane = 0; lane < GROUP; lane += V) {
            int wc = wAt + lane;
            for (int i = 0, h; i < rows; i += h) {
                h = rows - i >= HEIGHT ? HEIGHT : 1;
                int x0 = xAt + lane + i * ldx;
                int at = i * WIDTH * GROUP + lane;
                switch (h) {
                    case 4 -> dots4x5(groups, x, x0, x0 + ldx, x0 + 2 * ldx, x0 + 3 * ldx, w, wc, ldw, sums, at);
                    case 2 -> dots2x5(groups, x, x0, x0 + ldx, w, wc, ldw, sums, at);
                    default -> dots1x5(groups, x, x0, w, wc, ldw, sums, at);
                }
            }
        }
        if (!Lanes.WHOLE) {
            LaneSum.trees(rows * WIDTH, sums);
        }
    }

    /** Gives the sums of a block out, class by class. */
    private static void store(int rows, int classes, float scale, float[] sums, float[] z, int at, int ldz) {
        int whole = Lanes.WHOLE ? rows - rows % HEIGHT : 0;
        for (int i = 0; i < whole; i += HEIGHT) {
            int tile = i * WIDTH * GROUP;
            for (int c = 0; c < classes; c++) {
                // Four rows of four classes share a vector, the fifth class has one of its own.
                int from = c < HEIGHT ? tile + c : tile + GROUP;
                int to = at + c * ldz + i;
                z[to] = scale * sums[from];
                z[to + 1] = scale * sums[from + HEIGHT];
                z[to + 2] = scale * sums[from + 2 * HEIGHT];
                z[to + 3] = scale * sums[from + 3 * HEIGHT];
            }
        }
        int apart = Lanes.WHOLE ? 1 : GROUP;
        for (int i = whole; i < rows; i++) {
            for (int c = 0; c < classes; c++) {
                z[at + c * ldz + i] = scale * sums[i * WIDTH * GROUP + c * apart];
            }
        }
    }

    private static void dots4x5(
            int groups, byte[] x, int x0, int x1, int x2, int x3, float[] w, int wAt, int ldw, float[] sums, int at) {
        FloatVector s00 = FloatVector.zero(S);
        FloatVector s01 = FloatVector.zero(S);
        FloatVector s02 = FloatVector.zero(S);
        FloatVector s03 = FloatVector.zero(S);
        FloatVector s04 = FloatVector.zero(S);
        FloatVector s10 = FloatVector.zero(S);
        FloatVector s11 = FloatVector.zero(S);
        FloatVector s12 = FloatVector.zero(S);
        FloatVector s13 = FloatVector.zero(S);
        FloatVector s14 = FloatVector.zero(S);
        FloatVector s20 = FloatVector.zero(S);
        FloatVector s21 = FloatVector.zero(S);
        FloatVector s22 = FloatVector.zero(S);
        FloatVector s23 = FloatVector.zero(S);
        FloatVector s24 = FloatVector.zero(S);
        FloatVector s30 = FloatVector.zero(S);
        FloatVector s31 = FloatVector.zero(S);
        FloatVector s32 = FloatVector.zero(S);
        FloatVector s33 = FloatVector.zero(S);
        FloatVector s34 = FloatVector.zero(S);
        for (int g = 0; g < groups; g++) {
            int p = g * GROUP;
            IntVector i0 = (IntVector) ByteVector.fromArray(BYTE, x, x0 + p).convertShape(TO_INT, INT, 0);
            FloatVector v0 = (FloatVector) i0.convertShape(VectorOperators.I2F, S, 0);
            IntVector i1 = (IntVector) ByteVector.fromArray(BYTE, x, x1 + p).convertShape(TO_INT, INT, 0);
            FloatVector v1 = (FloatVector) i1.convertShape(VectorOperators.I2F, S, 0);
            IntVector i2 = (IntVector) ByteVector.fromArray(BYTE, x, x2 + p).convertShape(TO_INT, INT, 0);
            FloatVector v2 = (FloatVector) i2.convertShape(VectorOperators.I2F, S, 0);
            IntVector i3 = (IntVector) ByteVector.fromArray(BYTE, x, x3 + p).convertShape(TO_INT, INT, 0);
            FloatVector v3 = (FloatVector) i3.convertShape(VectorOperators.I2F, S, 0);
            int q = wAt + g * ldw;
            FloatVector w0 = FloatVector.fromArray(S, w, q);
            s00 = v0.fma(w0, s00);
            s10 = v1.fma(w0, s10);
            s20 = v2.fma(w0, s20);
            s30 = v3.fma(w0, s30);
            FloatVector w1 = FloatVector.fromArray(S, w, q + GROUP);
            s01 = v0.fma(w1, s01);
            s11 = v1.fma(w1, s11);
            s21 = v2.fma(w1, s21);
            s31 = v3.fma(w1, s31);
            FloatVector w2 = FloatVector.fromArray(S, w, q + 2 * GROUP);
            s02 = v0.fma(w2, s02);
            s12 = v1.fma(w2, s12);
            s22 = v2.fma(w2, s22);
            s32 = v3.fma(w2, s32);
            FloatVector w3 = FloatVector.fromArray(S, w, q + 3 * GROUP);
            s03 = v0.fma(w3, s03);
            s13 = v1.fma(w3, s13);
            s23 = v2.fma(w3, s23);
            s33 = v3.fma(w3, s33);
            FloatVector w4 = FloatVector.fromArray(S, w, q + 4 * GROUP);
            s04 = v0.fma(w4, s04);
            s14 = v1.fma(w4, s14);
            s24 = v2.fma(w4, s24);
            s34 = v3.fma(w4, s34);
        }
        if (Lanes.WHOLE) {
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
            m1_0.intoArray(sums, at);
            n1_0.intoArray(sums, at + GROUP);
            return;
        }
        s00.intoArray(sums, at);
        s01.intoArray(sums, at + GROUP);
        s02.intoArray(sums, at + 2 * GROUP);
        s03.intoArray(sums, at + 3 * GROUP);
        s04.intoArray(sums, at + 4 * GROUP);
        s10.intoArray(sums, at + 5 * GROUP);
        s11.intoArray(sums, at + 6 * GROUP);
        s12.intoArray(sums, at + 7 * GROUP);
        s13.intoArray(sums, at + 8 * GROUP);
        s14.intoArray(sums, at + 9 * GROUP);
        s20.intoArray(sums, at + 10 * GROUP);
        s21.intoArray(sums, at + 11 * GROUP);
        s22.intoArray(sums, at + 12 * GROUP);
        s23.intoArray(sums, at + 13 * GROUP);
        s24.intoArray(sums, at + 14 * GROUP);
        s30.intoArray(sums, at + 15 * GROUP);
        s31.intoArray(sums, at + 16 * GROUP);
        s32.intoArray(sums, at + 17 * GROUP);
        s33.intoArray(sums, at + 18 * GROUP);
        s34.intoArray(sums, at + 19 * GROUP);
    }

    private static void dots2x5(
            int groups, byte[] x, int x0, int x1, float[] w, int wAt, int ldw, float[] sums, int at) {
        FloatVector s00 = FloatVector.zero(S);
        FloatVector s01 = FloatVector.zero(S);
        FloatVector s02 = FloatVector.zero(S);
        FloatVector s03 = FloatVector.zero(S);
        FloatVector s04 = FloatVector.zero(S);
        FloatVector s10 = FloatVector.zero(S);
        FloatVector s11 = FloatVector.zero(S);
        FloatVector s12 = FloatVector.zero(S);
        FloatVector s13 = FloatVector.zero(S);
        FloatVector s14 = FloatVector.zero(S);
        for (int g = 0; g < groups; g++) {
            int p = g * GROUP;
            IntVector i0 = (IntVector) ByteVector.fromArray(BYTE, x, x0 + p).convertShape(TO_INT, INT, 0);
            if (!ZERO_EXTEND) {
                i0 = i0.and(0xff);
            }
            FloatVector v0 = (FloatVector) i0.convertShape(VectorOperators.I2F, S, 0);
            IntVector i1 = (IntVector) ByteVector.fromArray(BYTE, x, x1 + p).convertShape(TO_INT, INT, 0);
            if (!ZERO_EXTEND) {
                i1 = i1.and(0xff);
            }
            FloatVector v1 = (FloatVector) i1.convertShape(VectorOperators.I2F, S, 0);
            int q = wAt + g * ldw;
            FloatVector w0 = FloatVector.fromArray(S, w, q);
            s00 = v0.fma(w0, s00);
            s10 = v1.fma(w0, s10);
            FloatVector w1 = FloatVector.fromArray(S, w, q + GROUP);
            s01 = v0.fma(w1, s01);
            s11 = v1.fma(w1, s11);
            FloatVector w2 = FloatVector.fromArray(S, w, q + 2 * GROUP);
            s02 = v0.fma(w2, s02);
            s12 = v1.fma(w2, s12);
            FloatVector w3 = FloatVector.fromArray(S, w, q + 3 * GROUP);
            s03 = v0.fma(w3, s03);
            s13 = v1.fma(w3, s13);
            FloatVector w4 = FloatVector.fromArray(S, w, q + 4 * GROUP);
            s04 = v0.fma(w4, s04);
            s14 = v1.fma(w4, s14);
        }
        s00.intoArray(sums, at);
        s01.intoArray(sums, at + GROUP);
        s02.intoArray(sums, at + 2 * GROUP);
        s03.intoArray(sums, at + 3 * GROUP);
        s04.intoArray(sums, at + 4 * GROUP);
        s10.intoArray(sums, at + 5 * GROUP);
        s11.intoArray(sums, at + 6 * GROUP);
        s12.intoArray(sums, at + 7 * GROUP);
        s13.intoArray(sums, at + 8 * GROUP);
        s14.intoArray(sums, at + 9 * GROUP);
    }

    private static void dots1x5(int groups, byte[] x, int x0, float[] w, int wAt, int ldw, float[] sums, int at) {
        FloatVector s00 = FloatVector.zero(S);
        FloatVector s01 = FloatVector.zero(S);
        FloatVector s02 = FloatVector.zero(S);
        FloatVector s03 = FloatVector.zero(S);
        FloatVector s04 = FloatVector.zero(S);
        for (int g = 0; g < groups; g++) {
            int p = g * GROUP;
            IntVector i0 = (IntVector) ByteVector.fromArray(BYTE, x, x0 + p).convertShape(TO_INT, INT, 0);
            if (!ZERO_EXTEND) {
                i0 = i0.and(0xff);
            }
            FloatVector v0 = (FloatVector) i0.convertShape(VectorOperators.I2F, S, 0);
            int q = wAt + g * ldw;
            FloatVector w0 = FloatVector.fromArray(S, w, q);
            s00 = v0.fma(w0, s00);
            FloatVector w1 = FloatVector.fromArray(S, w, q + GROUP);
            s01 = v0.fma(w1, s01);
            FloatVector w2 = FloatVector.fromArray(S, w, q + 2 * GROUP);
            s02 = v0.fma(w2, s02);
            FloatVector w3 = FloatVector.fromArray(S, w, q + 3 * GROUP);
            s03 = v0.fma(w3, s03);
            FloatVector w4 = FloatVector.fromArray(S, w, q + 4 * GROUP);
            s04 = v0.fma(w4, s04);
        }
        if (Lanes.WHOLE) {
            FloatVector m8_0 = s00.add(s00.rearrange(Lanes.SWAP8));
            FloatVector m8_1 = s01.add(s01.rearrange(Lanes.SWAP8));
            FloatVector m8_2 = s02.add(s02.rearrange(Lanes.SWAP8));
            FloatVector m8_3 = s03.add(s03.rearrange(Lanes.SWAP8));
            FloatVector m8_4 = s04.add(s04.rearrange(Lanes.SWAP8));
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
            m1_0.intoArray(sums, at);
            return;
        }
        s00.intoArray(sums, at);
        s01.intoArray(sums, at + GROUP);
        s02.intoArray(sums, at + 2 * GROUP);
        s03.intoArray(sums, at + 3 * GROUP);
        s04.intoArray(sums, at + 4 * GROUP);
    }
}
