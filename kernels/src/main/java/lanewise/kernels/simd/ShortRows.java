package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import lanewise.kernels.backend.Bits;

/**
 * The passes of softmax over rows too short to fill vectors, say of 10 classes: a block of rows is copied into a buffer
 * class by class, and then a vector holds the same class of many rows.
 *
 * <p><b>Layout.</b> Element j of row i of the block stands at {@code block[j * pitch + i]}. The pitch is a multiple of 16;
 * what stands beyond the last row is never looked at.
 *
 * <p><b>Blocking.</b> Block and sums take 8 KB each, so that they stay in L1 with the rows they come from and go to.
 *
 * <p><b>Tail.</b> None: the passes run over whole vectors, whatever the number of classes.
 */
final class ShortRows {
    /** From here on a row is no longer short. */
    static final int LIMIT = 64;

    /** Elements of a block. */
    private static final int SIZE = 2048;

    private static final int MAX_HEIGHT = 256;

    /** Where the maxima stand behind the sums, and the reciprocals behind them. */
    private static final int MAX = SIZE;

    private static final int RECIPROCAL = MAX + MAX_HEIGHT;

    private ShortRows() {}

    /** How many rows make a block. */
    static int height(int cols) {
        return Math.min(MAX_HEIGHT, SIZE / cols & -Bits.LANES);
    }

    static float[] block() {
        return Scratch.floats(Scratch.BLOCK, SIZE);
    }

    static float[] sums() {
        return Scratch.floats(Scratch.SUMS, RECIPROCAL + MAX_HEIGHT);
    }

    static int pitch(int rows) {
        return rows + Bits.LANES - 1 & -Bits.LANES;
    }

    /** e^(x - max) into the block, the maxima, and the sums: sums[i] is that of row i. */
    static void exp(int rows, int cols, float[] x, int xAt, int ldx, boolean finite, float[] block, float[] sums) {
        int pitch = pitch(rows);
        load(rows, cols, x, xAt, ldx, block, pitch);
        subtractMax(cols, block, pitch, finite, sums);
        SimdExp.expSum(cols * pitch, block, 0, 0, block, 0, Scratch.floats(Scratch.LANES, 2 * Bits.LANES));
        sum(cols, block, pitch, sums);
    }

    private static void load(int rows, int cols, float[] x, int xAt, int ldx, float[] block, int pitch) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                block[j * pitch + i] = x[xAt + i * ldx + j];
            }
        }
    }

    /** Takes the maximum off each row, or 0 in place of an infinite one where it is to be finite. */
    private static void subtractMax(int cols, float[] block, int pitch, boolean finite, float[] sums) {
        for (int i = 0; i < pitch; i += Species.LANES) {
            FloatVector max = FloatVector.broadcast(Species.FLOAT, Float.NEGATIVE_INFINITY);
            for (int j = 0; j < cols; j++) {
                FloatVector v = FloatVector.fromArray(Species.FLOAT, block, j * pitch + i);
                max = max.blend(v, v.compare(VectorOperators.GT, max));
            }
            max = max.add(0f);
            if (finite) {
                max = max.blend(
                        0f, max.lanewise(VectorOperators.ABS).compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
            }
            max.intoArray(sums, MAX + i);
            for (int j = 0; j < cols; j++) {
                FloatVector v = FloatVector.fromArray(Species.FLOAT, block, j * pitch + i);
                v.sub(max).intoArray(block, j * pitch + i);
            }
        }
    }

    /** The 16 lanes of each row, and then their halves in turn: lane l takes in lane l + half. */
    private static void sum(int cols, float[] block, int pitch, float[] sums) {
        int lanes = Math.min(cols, Bits.LANES);
        System.arraycopy(block, 0, sums, 0, lanes * pitch);
        add((cols - lanes) * pitch, block, lanes * pitch, sums, lanes * pitch);
        for (int half = Bits.LANES / 2; half > 0; half /= 2) {
            int pairs = Math.min(half, lanes - half);
            if (pairs > 0) {
                add(pairs * pitch, sums, half * pitch, sums, pairs * pitch);
                lanes = half;
            }
        }
        FloatVector one = FloatVector.broadcast(Species.FLOAT, 1);
        for (int i = 0; i < pitch; i += Species.LANES) {
            one.div(FloatVector.fromArray(Species.FLOAT, sums, i)).intoArray(sums, RECIPROCAL + i);
        }
    }

    /** sums[i mod period] += x[i] in the order of i. */
    private static void add(int n, float[] x, int xAt, float[] sums, int period) {
        for (int from = 0; from < n; from += period) {
            for (int i = 0; i < Math.min(period, n - from); i += Species.LANES) {
                FloatVector v = FloatVector.fromArray(Species.FLOAT, x, xAt + from + i);
                FloatVector.fromArray(Species.FLOAT, sums, i).add(v).intoArray(sums, i);
            }
        }
    }

    /** The maximum of row i of the block. */
    static float max(float[] sums, int i) {
        return sums[MAX + i];
    }

    /** The factor that makes probabilities of row i of the block. */
    static float reciprocal(float[] sums, int i) {
        return sums[RECIPROCAL + i];
    }

    /** y = block / sum * scale. */
    static void store(int rows, int cols, float[] block, float[] sums, float scale, float[] y, int yAt, int ldy) {
        int pitch = pitch(rows);
        for (int i = 0; i < rows; i++) {
            float reciprocal = reciprocal(sums, i);
            for (int j = 0; j < cols; j++) {
                y[yAt + i * ldy + j] = block[j * pitch + i] * reciprocal * scale;
            }
        }
    }
}
