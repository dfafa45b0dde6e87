package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * The passes of softmax over rows too short to fill vectors, say of 10 classes: a block of rows is copied into a buffer
 * class by class, and then a vector holds the same class of many rows.
 *
 * <p><b>Layout.</b> Column j of row i stands at {@code scratch[j * pitch + i]}, the pitch being the number of rows of the
 * block, rounded up to a multiple of 16. What stands beyond the last row is computed with, and never looked at.
 *
 * <p><b>Blocking.</b> A block takes up to 8 KB, its 16 lanes of sums as much, so that both stay in L1 with the rows that
 * they come from and go to. Copying takes as long as all the rest: one element a cycle, since a store takes one float.
 *
 * <p><b>Tail.</b> None: the passes run over whole vectors, whatever the number of columns and rows.
 */
final class ShortRows {
    /** From here on {@link LongRow} is as fast. */
    static final int LIMIT = 48;

    private static final VectorSpecies<Float> S = Species.FLOAT;

    /** Elements of a block, and rows of a block that has few columns. */
    private static final int SIZE = 2048;

    private static final int MAX_HEIGHT = 256;

    // The scratch array: the block, the lanes of the sums with the sums in front, the maxima, the lanes of expSum.
    private static final int SUM = SIZE;
    private static final int MAX = SUM + SIZE;
    private static final int UNUSED_LANES = MAX + MAX_HEIGHT;

    private ShortRows() {}

    static float[] scratch() {
        return Scratch.floats(Scratch.ROWS, UNUSED_LANES + Bits.LANES);
    }

    /** How many rows make a block, a multiple of 16. */
    static int height(int cols) {
        return Math.min(MAX_HEIGHT, SIZE / Math.max(1, cols) & -Bits.LANES);
    }

    private static int pitch(int rows) {
        return rows + Bits.LANES - 1 & -Bits.LANES;
    }

    /** Where an element of a block of so many rows stands. */
    static int at(int rows, int row, int col) {
        return col * pitch(rows) + row;
    }

    /** The largest element of a row that is a number, with zero unsigned; minus infinity where there is none. */
    static float max(float[] scratch, int row) {
        return scratch[MAX + row];
    }

    /** The sum of e^(x - max) over a row. */
    static float sum(float[] scratch, int row) {
        return scratch[SUM + row];
    }

    /** Takes a block of rows in: e^(x - max), the maxima and the sums. */
    static void exp(int rows, int cols, float[] x, int xAt, int ldx, float[] scratch) {
        int pitch = pitch(rows);
        load(rows, cols, x, xAt, ldx, scratch, pitch);
        subtractMax(cols, scratch, pitch);
        SimdExp.expSum(cols * pitch, scratch, 0, 0, scratch, 0, scratch, UNUSED_LANES);
        sum(cols, scratch, pitch);
    }

    private static void load(int rows, int cols, float[] x, int xAt, int ldx, float[] scratch, int pitch) {
        for (int j = 0; j < cols; j++) {
            int from = xAt + j;
            int to = j * pitch;
            for (int i = 0; i < rows; i++) {
                scratch[to + i] = x[from];
                from += ldx;
            }
        }
    }

    private static void subtractMax(int cols, float[] scratch, int pitch) {
        for (int i = 0; i < pitch; i += Species.LANES) {
            FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
            for (int j = i; j < cols * pitch; j += pitch) {
                FloatVector v = FloatVector.fromArray(S, scratch, j);
                max = max.blend(v, v.compare(VectorOperators.GT, max));
            }
            max = max.add(0f);
            max.intoArray(scratch, MAX + i);
            for (int j = i; j < cols * pitch; j += pitch) {
                FloatVector.fromArray(S, scratch, j).sub(max).intoArray(scratch, j);
            }
        }
    }

    /** The 16 lanes of each row, and then their halves in turn: lane l takes in lane l + half. */
    private static void sum(int cols, float[] scratch, int pitch) {
        int lanes = Math.min(cols, Bits.LANES);
        System.arraycopy(scratch, 0, scratch, SUM, lanes * pitch);
        for (int j = lanes; j < cols; j++) {
            add(pitch, scratch, j * pitch, SUM + j % Bits.LANES * pitch);
        }
        for (int half = Bits.LANES / 2; half > 0; half /= 2) {
            if (lanes > half) {
                add((lanes - half) * pitch, scratch, SUM + half * pitch, SUM);
                lanes = half;
            }
        }
    }

    private static void add(int n, float[] scratch, int from, int to) {
        for (int i = 0; i < n; i += Species.LANES) {
            FloatVector v = FloatVector.fromArray(S, scratch, from + i);
            FloatVector.fromArray(S, scratch, to + i).add(v).intoArray(scratch, to + i);
        }
    }

    /** Makes probabilities of the exponentials: each row times the reciprocal of its sum. */
    static void normalize(int rows, int cols, float[] scratch) {
        int pitch = pitch(rows);
        for (int i = 0; i < pitch; i += Species.LANES) {
            // In float, while the scalar twin divides in double and then rounds: the same, since 53 >= 2 * 24 + 2 bits.
            FloatVector reciprocal = FloatVector.broadcast(S, 1).div(FloatVector.fromArray(S, scratch, SUM + i));
            for (int j = i; j < cols * pitch; j += pitch) {
                FloatVector.fromArray(S, scratch, j).mul(reciprocal).intoArray(scratch, j);
            }
        }
    }

    /** Gives the block out, times a factor. */
    static void store(int rows, int cols, float[] scratch, float factor, float[] y, int yAt, int ldy) {
        int pitch = pitch(rows);
        for (int j = 0; j < cols; j++) {
            int from = j * pitch;
            int to = yAt + j;
            for (int i = 0; i < rows; i++) {
                y[to] = scratch[from + i] * factor;
                to += ldy;
            }
        }
    }
}
