package lanewise.kernels.simd;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * The gradient of the weights that rows of bytes are multiplied with, for a few classes.
 *
 * <p><b>Layout.</b> As in {@link PixelDots}; the gradient of the logits class by class.
 *
 * <p><b>Tile.</b> Ten classes by two vectors of pixels, in registers from the first row to the last: 20 accumulators, 2
 * vectors of pixels and 1 broadcast, 12 loads for 20 FMAs. Where tiles are small, and of other numbers of classes, five by
 * two, 7 loads for 10 FMAs: the first five classes widen the pixels and leave them as floats for the others, half of whose
 * time the widening would be.
 *
 * <p><b>Tail.</b> None: classes are padded to fives, and groups of pixels come in pairs.
 */
final class PixelGradient {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final VectorSpecies<Byte> BYTE = SimdPixels.BYTE;
    private static final VectorOperators.Conversion<Byte, Integer> TO_INT = SimdPixels.TO_INT;
    private static final boolean ZERO_EXTEND = SimdPixels.ZERO_EXTEND;
    private static final int V = Species.LANES;
    private static final int GROUP = Bits.LANES;

    private PixelGradient() {}

    static void groups(
            int rows,
            int fromGroup,
            int toGroup,
            byte[] x,
            int xAt,
            int ldx,
            int classes,
            float[] g,
            int gAt,
            int ldg,
            float[] dw,
            int dwAt) {
        if (fromGroup == toGroup) {
            // More rows of none may be there than have room for their factors.
            return;
        }
        int padded = Bits.paddedClasses(classes);
        int ldw = padded * GROUP;
        float[] factors = factors(0, rows, rows, padded, g, gAt, ldg);
        boolean tall = SimdPixels.TALL && padded == SimdPixels.WIDEST_TILE;
        float[] wide = tall ? null : Scratch.floats(Scratch.PIXELS, rows * 2 * V);
        for (int p = fromGroup * GROUP; p < toGroup * GROUP; p += 2 * V) {
            int at = at(p, ldw, dwAt);
            int next = at(p + V, ldw, dwAt);
            if (tall) {
                gradient10x2(rows, x, xAt + p, ldx, factors, dw, at, next);
                continue;
            }
            for (int c = 0; c < padded; c += Bits.CLASSES) {
                if (c == 0) {
                    widen5x2(rows, x, xAt + p, ldx, wide, factors, dw, at, next);
                } else {
                    gradient5x2(rows, wide, factors, c, dw, at + c * GROUP, next + c * GROUP);
                }
            }
        }
    }

    /** Where the weights of a pixel begin, those of its first class. */
    private static int at(int pixel, int ldw, int dwAt) {
        return dwAt + pixel / GROUP * ldw + pixel % GROUP;
    }

    /**
     * The gradient of the logits sample by sample, sixteen floats apart: a tile reaches all classes from one index. Before and
     * after, where a pair of rows is not whole, -0: times a pixel that adds nothing, not even to -0.
     */
    static float[] factors(int before, int rows, int all, int classes, float[] g, int gAt, int ldg) {
        float[] factors = Scratch.floats(Scratch.FACTORS, all * GROUP);
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < rows; i++) {
                factors[(before + i) * GROUP + c] = g[gAt + c * ldg + i];
            }
        }
        Arrays.fill(factors, 0, before * GROUP, -0f);
        Arrays.fill(factors, (before + rows) * GROUP, all * GROUP, -0f);
        return factors;
    }

    private static void gradient10x2(int rows, byte[] x, int xAt, int ldx, float[] g, float[] dw, int at, int next) {
        FloatVector s0 = FloatVector.fromArray(S, dw, at);
        FloatVector t0 = FloatVector.fromArray(S, dw, next);
        FloatVector s1 = FloatVector.fromArray(S, dw, at + GROUP);
        FloatVector t1 = FloatVector.fromArray(S, dw, next + GROUP);
        FloatVector s2 = FloatVector.fromArray(S, dw, at + 2 * GROUP);
        FloatVector t2 = FloatVector.fromArray(S, dw, next + 2 * GROUP);
        FloatVector s3 = FloatVector.fromArray(S, dw, at + 3 * GROUP);
        FloatVector t3 = FloatVector.fromArray(S, dw, next + 3 * GROUP);
        FloatVector s4 = FloatVector.fromArray(S, dw, at + 4 * GROUP);
        FloatVector t4 = FloatVector.fromArray(S, dw, next + 4 * GROUP);
        FloatVector s5 = FloatVector.fromArray(S, dw, at + 5 * GROUP);
        FloatVector t5 = FloatVector.fromArray(S, dw, next + 5 * GROUP);
        FloatVector s6 = FloatVector.fromArray(S, dw, at + 6 * GROUP);
        FloatVector t6 = FloatVector.fromArray(S, dw, next + 6 * GROUP);
        FloatVector s7 = FloatVector.fromArray(S, dw, at + 7 * GROUP);
        FloatVector t7 = FloatVector.fromArray(S, dw, next + 7 * GROUP);
        FloatVector s8 = FloatVector.fromArray(S, dw, at + 8 * GROUP);
        FloatVector t8 = FloatVector.fromArray(S, dw, next + 8 * GROUP);
        FloatVector s9 = FloatVector.fromArray(S, dw, at + 9 * GROUP);
        FloatVector t9 = FloatVector.fromArray(S, dw, next + 9 * GROUP);
        for (int i = 0; i < rows; i++) {
            int p = xAt + i * ldx;
            IntVector ui = (IntVector) ByteVector.fromArray(BYTE, x, p).convertShape(TO_INT, INT, 0);
            FloatVector u = (FloatVector) ui.convertShape(VectorOperators.I2F, S, 0);
            IntVector vi = (IntVector) ByteVector.fromArray(BYTE, x, p + V).convertShape(TO_INT, INT, 0);
            FloatVector v = (FloatVector) vi.convertShape(VectorOperators.I2F, S, 0);
            int q = i * GROUP;
            FloatVector g0 = FloatVector.broadcast(S, g[q]);
            s0 = u.fma(g0, s0);
            t0 = v.fma(g0, t0);
            FloatVector g1 = FloatVector.broadcast(S, g[q + 1]);
            s1 = u.fma(g1, s1);
            t1 = v.fma(g1, t1);
            FloatVector g2 = FloatVector.broadcast(S, g[q + 2]);
            s2 = u.fma(g2, s2);
            t2 = v.fma(g2, t2);
            FloatVector g3 = FloatVector.broadcast(S, g[q + 3]);
            s3 = u.fma(g3, s3);
            t3 = v.fma(g3, t3);
            FloatVector g4 = FloatVector.broadcast(S, g[q + 4]);
            s4 = u.fma(g4, s4);
            t4 = v.fma(g4, t4);
            FloatVector g5 = FloatVector.broadcast(S, g[q + 5]);
            s5 = u.fma(g5, s5);
            t5 = v.fma(g5, t5);
            FloatVector g6 = FloatVector.broadcast(S, g[q + 6]);
            s6 = u.fma(g6, s6);
            t6 = v.fma(g6, t6);
            FloatVector g7 = FloatVector.broadcast(S, g[q + 7]);
            s7 = u.fma(g7, s7);
            t7 = v.fma(g7, t7);
            FloatVector g8 = FloatVector.broadcast(S, g[q + 8]);
            s8 = u.fma(g8, s8);
            t8 = v.fma(g8, t8);
            FloatVector g9 = FloatVector.broadcast(S, g[q + 9]);
            s9 = u.fma(g9, s9);
            t9 = v.fma(g9, t9);
        }
        s0.intoArray(dw, at);
        t0.intoArray(dw, next);
        s1.intoArray(dw, at + GROUP);
        t1.intoArray(dw, next + GROUP);
        s2.intoArray(dw, at + 2 * GROUP);
        t2.intoArray(dw, next + 2 * GROUP);
        s3.intoArray(dw, at + 3 * GROUP);
        t3.intoArray(dw, next + 3 * GROUP);
        s4.intoArray(dw, at + 4 * GROUP);
        t4.intoArray(dw, next + 4 * GROUP);
        s5.intoArray(dw, at + 5 * GROUP);
        t5.intoArray(dw, next + 5 * GROUP);
        s6.intoArray(dw, at + 6 * GROUP);
        t6.intoArray(dw, next + 6 * GROUP);
        s7.intoArray(dw, at + 7 * GROUP);
        t7.intoArray(dw, next + 7 * GROUP);
        s8.intoArray(dw, at + 8 * GROUP);
        t8.intoArray(dw, next + 8 * GROUP);
        s9.intoArray(dw, at + 9 * GROUP);
        t9.intoArray(dw, next + 9 * GROUP);
    }

    private static void widen5x2(
            int rows, byte[] x, int xAt, int ldx, float[] wide, float[] g, float[] dw, int at, int next) {
        FloatVector s0 = FloatVector.fromArray(S, dw, at);
        FloatVector t0 = FloatVector.fromArray(S, dw, next);
        FloatVector s1 = FloatVector.fromArray(S, dw, at + GROUP);
        FloatVector t1 = FloatVector.fromArray(S, dw, next + GROUP);
        FloatVector s2 = FloatVector.fromArray(S, dw, at + 2 * GROUP);
        FloatVector t2 = FloatVector.fromArray(S, dw, next + 2 * GROUP);
        FloatVector s3 = FloatVector.fromArray(S, dw, at + 3 * GROUP);
        FloatVector t3 = FloatVector.fromArray(S, dw, next + 3 * GROUP);
        FloatVector s4 = FloatVector.fromArray(S, dw, at + 4 * GROUP);
        FloatVector t4 = FloatVector.fromArray(S, dw, next + 4 * GROUP);
        for (int i = 0; i < rows; i++) {
            int p = xAt + i * ldx;
            IntVector ui = (IntVector) ByteVector.fromArray(BYTE, x, p).convertShape(TO_INT, INT, 0);
            if (!ZERO_EXTEND) {
                ui = ui.and(0xff);
            }
            FloatVector u = (FloatVector) ui.convertShape(VectorOperators.I2F, S, 0);
            IntVector vi = (IntVector) ByteVector.fromArray(BYTE, x, p + V).convertShape(TO_INT, INT, 0);
            if (!ZERO_EXTEND) {
                vi = vi.and(0xff);
            }
            FloatVector v = (FloatVector) vi.convertShape(VectorOperators.I2F, S, 0);
            u.intoArray(wide, i * 2 * V);
            v.intoArray(wide, i * 2 * V + V);
            int q = i * GROUP;
            FloatVector g0 = FloatVector.broadcast(S, g[q]);
            s0 = u.fma(g0, s0);
            t0 = v.fma(g0, t0);
            FloatVector g1 = FloatVector.broadcast(S, g[q + 1]);
            s1 = u.fma(g1, s1);
            t1 = v.fma(g1, t1);
            FloatVector g2 = FloatVector.broadcast(S, g[q + 2]);
            s2 = u.fma(g2, s2);
            t2 = v.fma(g2, t2);
            FloatVector g3 = FloatVector.broadcast(S, g[q + 3]);
            s3 = u.fma(g3, s3);
            t3 = v.fma(g3, t3);
            FloatVector g4 = FloatVector.broadcast(S, g[q + 4]);
            s4 = u.fma(g4, s4);
            t4 = v.fma(g4, t4);
        }
        s0.intoArray(dw, at);
        t0.intoArray(dw, next);
        s1.intoArray(dw, at + GROUP);
        t1.intoArray(dw, next + GROUP);
        s2.intoArray(dw, at + 2 * GROUP);
        t2.intoArray(dw, next + 2 * GROUP);
        s3.intoArray(dw, at + 3 * GROUP);
        t3.intoArray(dw, next + 3 * GROUP);
        s4.intoArray(dw, at + 4 * GROUP);
        t4.intoArray(dw, next + 4 * GROUP);
    }

    private static void gradient5x2(int rows, float[] wide, float[] g, int gAt, float[] dw, int at, int next) {
        FloatVector s0 = FloatVector.fromArray(S, dw, at);
        FloatVector t0 = FloatVector.fromArray(S, dw, next);
        FloatVector s1 = FloatVector.fromArray(S, dw, at + GROUP);
        FloatVector t1 = FloatVector.fromArray(S, dw, next + GROUP);
        FloatVector s2 = FloatVector.fromArray(S, dw, at + 2 * GROUP);
        FloatVector t2 = FloatVector.fromArray(S, dw, next + 2 * GROUP);
        FloatVector s3 = FloatVector.fromArray(S, dw, at + 3 * GROUP);
        FloatVector t3 = FloatVector.fromArray(S, dw, next + 3 * GROUP);
        FloatVector s4 = FloatVector.fromArray(S, dw, at + 4 * GROUP);
        FloatVector t4 = FloatVector.fromArray(S, dw, next + 4 * GROUP);
        for (int i = 0; i < rows; i++) {
            FloatVector u = FloatVector.fromArray(S, wide, i * 2 * V);
            FloatVector v = FloatVector.fromArray(S, wide, i * 2 * V + V);
            int q = gAt + i * GROUP;
            FloatVector g0 = FloatVector.broadcast(S, g[q]);
            s0 = u.fma(g0, s0);
            t0 = v.fma(g0, t0);
            FloatVector g1 = FloatVector.broadcast(S, g[q + 1]);
            s1 = u.fma(g1, s1);
            t1 = v.fma(g1, t1);
            FloatVector g2 = FloatVector.broadcast(S, g[q + 2]);
            s2 = u.fma(g2, s2);
            t2 = v.fma(g2, t2);
            FloatVector g3 = FloatVector.broadcast(S, g[q + 3]);
            s3 = u.fma(g3, s3);
            t3 = v.fma(g3, t3);
            FloatVector g4 = FloatVector.broadcast(S, g[q + 4]);
            s4 = u.fma(g4, s4);
            t4 = v.fma(g4, t4);
        }
        s0.intoArray(dw, at);
        t0.intoArray(dw, next);
        s1.intoArray(dw, at + GROUP);
        t1.intoArray(dw, next + GROUP);
        s2.intoArray(dw, at + 2 * GROUP);
        t2.intoArray(dw, next + 2 * GROUP);
        s3.intoArray(dw, at + 3 * GROUP);
        t3.intoArray(dw, next + 3 * GROUP);
        s4.intoArray(dw, at + 4 * GROUP);
        t4.intoArray(dw, next + 4 * GROUP);
    }
}
