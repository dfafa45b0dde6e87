package lanewise.kernels.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * The gradient of the weights that the groups of {@link PatchDots} are multiplied with.
 *
 * <p><b>Layout.</b> As in {@link PatchDots}; the gradient of the logits class by class.
 *
 * <p><b>Tile.</b> One pair after the other: its twenty factors stay in registers, and every group that it has goes to the
 * gradient of its weights, in L1, 12 loads and 10 stores for 20 FMAs. For single rows the stores are the limit, one for each
 * FMA. To find the rows of each group instead, and keep the sums in registers, takes no stores, but a search that takes
 * longer than that saves.
 *
 * <p><b>Tail.</b> Left-over classes by fives. Of a pair that the call has only one row of, the factors of the other are -0.
 */
final class PatchGradient {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final VectorSpecies<Byte> BYTE = SimdPixels.BYTE;
    private static final VectorOperators.Conversion<Byte, Integer> TO_INT = SimdPixels.TO_INT;
    private static final boolean ZERO_EXTEND = SimdPixels.ZERO_EXTEND;
    private static final int V = Species.LANES;
    private static final int GROUP = Bits.LANES;

    private static final int ENTRY = 2 * GROUP;

    /** Rows whose factors are laid out at a time: 64 KB, which stay in L2. */
    private static final int ROWS = 1024;

    private PatchGradient() {}

    static void groups(
            int first,
            int rows,
            int fromGroup,
            int toGroup,
            int[] starts,
            char[] group,
            byte[] x,
            int classes,
            float[] g,
            int gAt,
            int ldg,
            float[] dw,
            int dwAt) {
        if (fromGroup == toGroup) {
            return;
        }
        for (int i = 0, count; i < rows; i += count) {
            count = Math.min(ROWS, rows - i);
            block(first + i, count, fromGroup, toGroup, starts, group, x, classes, g, gAt + i, ldg, dw, dwAt);
        }
    }

    private static void block(
            int first,
            int rows,
            int fromGroup,
            int toGroup,
            int[] starts,
            char[] group,
            byte[] x,
            int classes,
            float[] g,
            int gAt,
            int ldg,
            float[] dw,
            int dwAt) {
        int padded = Bits.paddedClasses(classes);
        int ldw = padded * GROUP;
        int before = first % 2;
        int pairs = (before + rows + 1) / 2;
        float[] factors = PixelGradient.factors(before, rows, 2 * pairs, padded, g, gAt, ldg);
        for (int pair = 0; pair < pairs; pair++) {
            int from = starts[first / 2 + pair];
            int to = starts[first / 2 + pair + 1];
            while (from < to && group[from] < fromGroup) {
                from++;
            }
            while (from < to && group[to - 1] >= toGroup) {
                to--;
            }
            for (int c = 0, width; c < padded; c += width) {
                width = PatchDots.width(padded - c);
                int gc = pair * ENTRY + c;
                for (int lane = 0; lane < GROUP; lane += V) {
                    int at = dwAt + c * GROUP + lane;
                    if (width == SimdPixels.WIDEST_TILE) {
                        scatter2x10(from, to, group, x, lane, factors, gc, dw, at, ldw);
                    } else {
                        scatter2x5(from, to, group, x, lane, factors, gc, dw, at, ldw);
                    }
                }
            }
        }
    }

    private static void scatter2x10(
            int from, int to, char[] group, byte[] x, int lane, float[] g, int gAt, float[] dw, int at, int ldw) {
        FloatVector g0 = FloatVector.broadcast(S, g[gAt]);
        FloatVector h0 = FloatVector.broadcast(S, g[gAt + GROUP]);
        FloatVector g1 = FloatVector.broadcast(S, g[gAt + 1]);
        FloatVector h1 = FloatVector.broadcast(S, g[gAt + GROUP + 1]);
        FloatVector g2 = FloatVector.broadcast(S, g[gAt + 2]);
        FloatVector h2 = FloatVector.broadcast(S, g[gAt + GROUP + 2]);
        FloatVector g3 = FloatVector.broadcast(S, g[gAt + 3]);
        FloatVector h3 = FloatVector.broadcast(S, g[gAt + GROUP + 3]);
        FloatVector g4 = FloatVector.broadcast(S, g[gAt + 4]);
        FloatVector h4 = FloatVector.broadcast(S, g[gAt + GROUP + 4]);
        FloatVector g5 = FloatVector.broadcast(S, g[gAt + 5]);
        FloatVector h5 = FloatVector.broadcast(S, g[gAt + GROUP + 5]);
        FloatVector g6 = FloatVector.broadcast(S, g[gAt + 6]);
        FloatVector h6 = FloatVector.broadcast(S, g[gAt + GROUP + 6]);
        FloatVector g7 = FloatVector.broadcast(S, g[gAt + 7]);
        FloatVector h7 = FloatVector.broadcast(S, g[gAt + GROUP + 7]);
        FloatVector g8 = FloatVector.broadcast(S, g[gAt + 8]);
        FloatVector h8 = FloatVector.broadcast(S, g[gAt + GROUP + 8]);
        FloatVector g9 = FloatVector.broadcast(S, g[gAt + 9]);
        FloatVector h9 = FloatVector.broadcast(S, g[gAt + GROUP + 9]);
        for (int e = from; e < to; e++) {
            int p = e * ENTRY + lane;
            IntVector uInt = (IntVector) ByteVector.fromArray(BYTE, x, p).convertShape(TO_INT, INT, 0);
            FloatVector u = (FloatVector) uInt.convertShape(VectorOperators.I2F, S, 0);
            IntVector vInt =
                    (IntVector) ByteVector.fromArray(BYTE, x, p + GROUP).convertShape(TO_INT, INT, 0);
            FloatVector v = (FloatVector) vInt.convertShape(VectorOperators.I2F, S, 0);
            int q = at + group[e] * ldw;
            v.fma(h0, u.fma(g0, FloatVector.fromArray(S, dw, q))).intoArray(dw, q);
            v.fma(h1, u.fma(g1, FloatVector.fromArray(S, dw, q + GROUP))).intoArray(dw, q + GROUP);
            v.fma(h2, u.fma(g2, FloatVector.fromArray(S, dw, q + 2 * GROUP))).intoArray(dw, q + 2 * GROUP);
            v.fma(h3, u.fma(g3, FloatVector.fromArray(S, dw, q + 3 * GROUP))).intoArray(dw, q + 3 * GROUP);
            v.fma(h4, u.fma(g4, FloatVector.fromArray(S, dw, q + 4 * GROUP))).intoArray(dw, q + 4 * GROUP);
            v.fma(h5, u.fma(g5, FloatVector.fromArray(S, dw, q + 5 * GROUP))).intoArray(dw, q + 5 * GROUP);
            v.fma(h6, u.fma(g6, FloatVector.fromArray(S, dw, q + 6 * GROUP))).intoArray(dw, q + 6 * GROUP);
            v.fma(h7, u.fma(g7, FloatVector.fromArray(S, dw, q + 7 * GROUP))).intoArray(dw, q + 7 * GROUP);
            v.fma(h8, u.fma(g8, FloatVector.fromArray(S, dw, q + 8 * GROUP))).intoArray(dw, q + 8 * GROUP);
            v.fma(h9, u.fma(g9, FloatVector.fromArray(S, dw, q + 9 * GROUP))).intoArray(dw, q + 9 * GROUP);
        }
    }

    private static void scatter2x5(
            int from, int to, char[] group, byte[] x, int lane, float[] g, int gAt, float[] dw, int at, int ldw) {
        FloatVector g0 = FloatVector.broadcast(S, g[gAt]);
        FloatVector h0 = FloatVector.broadcast(S, g[gAt + GROUP]);
        FloatVector g1 = FloatVector.broadcast(S, g[gAt + 1]);
        FloatVector h1 = FloatVector.broadcast(S, g[gAt + GROUP + 1]);
        FloatVector g2 = FloatVector.broadcast(S, g[gAt + 2]);
        FloatVector h2 = FloatVector.broadcast(S, g[gAt + GROUP + 2]);
        FloatVector g3 = FloatVector.broadcast(S, g[gAt + 3]);
        FloatVector h3 = FloatVector.broadcast(S, g[gAt + GROUP + 3]);
        FloatVector g4 = FloatVector.broadcast(S, g[gAt + 4]);
        FloatVector h4 = FloatVector.broadcast(S, g[gAt + GROUP + 4]);
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
            int q = at + group[e] * ldw;
            v.fma(h0, u.fma(g0, FloatVector.fromArray(S, dw, q))).intoArray(dw, q);
            v.fma(h1, u.fma(g1, FloatVector.fromArray(S, dw, q + GROUP))).intoArray(dw, q + GROUP);
            v.fma(h2, u.fma(g2, FloatVector.fromArray(S, dw, q + 2 * GROUP))).intoArray(dw, q + 2 * GROUP);
            v.fma(h3, u.fma(g3, FloatVector.fromArray(S, dw, q + 3 * GROUP))).intoArray(dw, q + 3 * GROUP);
            v.fma(h4, u.fma(g4, FloatVector.fromArray(S, dw, q + 4 * GROUP))).intoArray(dw, q + 4 * GROUP);
        }
    }
}
