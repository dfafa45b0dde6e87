package lanewise.kernels.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * The passes of softmax over a block of rows, each of fewer than {@link Bits#LONG_ROW} elements, class by class: a vector
 * holds the same class of many rows.
 *
 * <p><b>Layout.</b> Class j of row i stands at {@code at + j * pitch + i} of a class-major matrix, and its exponential at
 * {@code EXP_AT + j * width + i} of the scratch array. The rows of a row-major matrix are transposed there first.
 *
 * <p><b>Blocking.</b> A block takes up to 8 KB, so that it stays in L1 together with where it comes from and goes to.
 *
 * <p><b>Tail.</b> A block is a multiple of 16 rows wide, whatever the vector. What fills up the last vectors, be it the
 * rows of another thread, is computed with and never looked at; what stands there in a class-major matrix is not written.
 *
 * <p>Sums and maxima of a loop are arguments of the calls and never receivers, see {@link Species}.
 */
final class ClassMajor {
    /** So few rows leave most lanes of a vector empty: the scalar twin has the same bits in a quarter to all of the time. */
    static final int FEW_ROWS = 2;

    private static final VectorSpecies<Float> S = Species.FLOAT;

    /** Elements of a block, and rows of a block that has few classes. */
    private static final int SIZE = 2048;

    private static final int MAX_HEIGHT = 256;

    // The scratch array: some values for each row, the lanes of expSum, a tile to transpose in, and the exponentials.
    // There is room for 16 classes, which are transposed together.
    private static final int MAX_AT = 0;
    private static final int SUM_AT = MAX_AT + MAX_HEIGHT;
    private static final int DIFFERENCES_AT = SUM_AT + MAX_HEIGHT;
    private static final int LABEL_AT = DIFFERENCES_AT + MAX_HEIGHT;
    private static final int FACTOR_AT = LABEL_AT + MAX_HEIGHT;
    private static final int UNUSED_LANES_AT = FACTOR_AT + MAX_HEIGHT;
    private static final int TILE_AT = UNUSED_LANES_AT + Bits.LANES;
    private static final int EXP_AT = TILE_AT + Transposition.TILE;

    private ClassMajor() {}

    static float[] scratch() {
        return Scratch.floats(Scratch.ROWS, EXP_AT + Bits.LANES * MAX_HEIGHT);
    }

    /** How many rows make a block, a multiple of 16. */
    static int height(int classes) {
        return Math.min(MAX_HEIGHT, SIZE / Math.max(1, classes) & -Bits.LANES);
    }

    /** The rows of a block, rounded up to whole vectors. */
    private static int width(int rows) {
        return rows + Bits.LANES - 1 & -Bits.LANES;
    }

    /** The largest element of a row that is a number, with zero unsigned; minus infinity where there is none. */
    static float max(float[] scratch, int row) {
        return scratch[MAX_AT + row];
    }

    /** The sum of e^(z - max) over a row. */
    static float sum(float[] scratch, int row) {
        return scratch[SUM_AT + row];
    }

    /** The sum of z - max over a row. */
    static float differences(float[] scratch, int row) {
        return scratch[DIFFERENCES_AT + row];
    }

    /** Takes a block in: e^(z - max), the maxima, the sums, and the sums of z - max. */
    static void exp(int rows, int classes, float[] z, int at, int pitch, float[] scratch) {
        int width = width(rows);
        if (isReadable(width, classes, z, at, pitch)) {
            expOfVectors(width, classes, z, at, pitch, scratch);
        } else {
            copy(rows, classes, z, at, pitch, scratch, width);
            expOfVectors(width, classes, scratch, EXP_AT, width, scratch);
        }
    }

    /** The same for a block of a row-major matrix. */
    static void expOfRows(int rows, int cols, float[] x, int xAt, int ldx, float[] scratch) {
        int width = width(rows);
        Transposition.toClasses(rows, cols, x, xAt, ldx, scratch, EXP_AT, width, scratch, TILE_AT);
        expOfVectors(width, cols, scratch, EXP_AT, width, scratch);
    }

    /** Whether the array goes on to the end of the last vector. */
    private static boolean isReadable(int width, int classes, float[] z, int at, int pitch) {
        return at + (classes - 1L) * pitch + width <= z.length;
    }

    private static void copy(int rows, int classes, float[] z, int at, int pitch, float[] scratch, int width) {
        for (int j = 0; j < classes; j++) {
            System.arraycopy(z, at + j * pitch, scratch, EXP_AT + j * width, rows);
        }
    }

    private static void expOfVectors(int width, int classes, float[] z, int at, int pitch, float[] scratch) {
        max(width, classes, z, at, pitch, scratch);
        differences(width, classes, z, at, pitch, scratch);
        SimdExp.expSum(classes * width, scratch, EXP_AT, 0, scratch, EXP_AT, scratch, UNUSED_LANES_AT);
        sum(width, classes, scratch);
    }

    private static void max(int width, int classes, float[] z, int at, int pitch, float[] scratch) {
        FloatVector none = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < width; i += Species.LANES) {
            // Two accumulators, since a comparison and a blend take some six cycles.
            FloatVector even = none;
            FloatVector odd = none;
            int from = at + i;
            for (int j = 0; j < classes - 1; j += 2) {
                FloatVector v = FloatVector.fromArray(S, z, from);
                FloatVector w = FloatVector.fromArray(S, z, from + pitch);
                even = v.blend(even, v.compare(VectorOperators.GT, even).not());
                odd = w.blend(odd, w.compare(VectorOperators.GT, odd).not());
                from += 2 * pitch;
            }
            // The last class, once more where their number is even.
            FloatVector last = FloatVector.fromArray(S, z, at + i + (classes - 1) * pitch);
            even = even.blend(last, last.compare(VectorOperators.GT, even));
            even.blend(odd, odd.compare(VectorOperators.GT, even)).add(0f).intoArray(scratch, MAX_AT + i);
        }
    }

    /** Leaves z - max where the exponentials will be, and its sum. */
    private static void differences(int width, int classes, float[] z, int at, int pitch, float[] scratch) {
        for (int i = 0; i < width; i += Species.LANES) {
            FloatVector max = FloatVector.fromArray(S, scratch, MAX_AT + i);
            FloatVector sum = FloatVector.zero(S);
            int from = at + i;
            int to = EXP_AT + i;
            for (int j = 0; j < classes; j++) {
                FloatVector difference = FloatVector.fromArray(S, z, from).sub(max);
                difference.intoArray(scratch, to);
                sum = difference.add(sum);
                from += pitch;
                to += width;
            }
            sum.intoArray(scratch, DIFFERENCES_AT + i);
        }
    }

    private static void sum(int width, int classes, float[] scratch) {
        for (int i = 0; i < width; i += Species.LANES) {
            FloatVector sum = FloatVector.zero(S);
            int from = EXP_AT + i;
            for (int j = 0; j < classes; j++) {
                sum = FloatVector.fromArray(S, scratch, from).add(sum);
                from += width;
            }
            sum.intoArray(scratch, SUM_AT + i);
        }
    }

    /** Makes probabilities of the exponentials: each row times the reciprocal of its sum. */
    static void normalize(int rows, int classes, float[] scratch) {
        int width = width(rows);
        for (int i = 0; i < width; i += Species.LANES) {
            // In float, while the scalar twin divides in double and then rounds: the same, since 53 >= 2 * 24 + 2 bits.
            FloatVector reciprocal = FloatVector.broadcast(S, 1).div(FloatVector.fromArray(S, scratch, SUM_AT + i));
            int at = EXP_AT + i;
            for (int j = 0; j < classes; j++) {
                FloatVector.fromArray(S, scratch, at).mul(reciprocal).intoArray(scratch, at);
                at += width;
            }
        }
    }

    /** Gives a block out row by row. */
    static void storeRows(int rows, int cols, float[] scratch, float[] y, int yAt, int ldy) {
        Transposition.toRows(rows, cols, scratch, EXP_AT, width(rows), y, yAt, ldy, scratch, TILE_AT);
    }

    /** What {@link #gradient} asks for each row: its label, and what it is multiplied by. */
    static void targets(int rows, int[] labels, float[] weights, int labelsAt, float scale, float[] scratch) {
        for (int i = 0; i < rows; i++) {
            scratch[LABEL_AT + i] = labels[labelsAt + i];
        }
        if (weights == null) {
            Arrays.fill(scratch, FACTOR_AT, FACTOR_AT + rows, scale);
        } else {
            for (int i = 0; i < rows; i++) {
                scratch[FACTOR_AT + i] = scale * weights[labelsAt + i];
            }
        }
    }

    /** Makes the gradient of the exponentials and gives it out. */
    static void gradient(int rows, int classes, float smoothing, float[] scratch, float[] g, int at, int pitch) {
        int width = width(rows);
        int whole = rows & -Bits.LANES;
        gradient(0, whole, classes, smoothing, scratch, width, g, at, pitch);
        gradient(whole, width, classes, smoothing, scratch, width, scratch, EXP_AT, width);
        for (int j = 0; j < classes; j++) {
            for (int i = whole; i < rows; i++) {
                g[at + j * pitch + i] = scratch[EXP_AT + j * width + i];
            }
        }
    }

    /** The same for a block of a row-major matrix. */
    static void gradientOfRows(int rows, int cols, float smoothing, float[] scratch, float[] g, int gAt, int ldg) {
        int width = width(rows);
        gradient(0, width, cols, smoothing, scratch, width, scratch, EXP_AT, width);
        storeRows(rows, cols, scratch, g, gAt, ldg);
    }

    /** The rows first..end: the probabilities less their targets, times the factor of the row. */
    private static void gradient(
            int first,
            int end,
            int classes,
            float smoothing,
            float[] scratch,
            int width,
            float[] g,
            int at,
            int pitch) {
        FloatVector ofOthers = FloatVector.broadcast(S, Bits.targetOfOthers(classes, smoothing));
        FloatVector ofLabel = FloatVector.broadcast(S, Bits.targetOfLabel(classes, smoothing));
        FloatVector oneBack = FloatVector.broadcast(S, -1f);
        for (int i = first; i < end; i += Species.LANES) {
            FloatVector reciprocal = FloatVector.broadcast(S, 1).div(FloatVector.fromArray(S, scratch, SUM_AT + i));
            FloatVector factor = FloatVector.fromArray(S, scratch, FACTOR_AT + i);
            // How many classes from here the label is.
            FloatVector ahead = FloatVector.fromArray(S, scratch, LABEL_AT + i);
            int from = EXP_AT + i;
            int to = at + i;
            for (int j = 0; j < classes; j++) {
                FloatVector target = ofOthers.blend(ofLabel, ahead.compare(VectorOperators.EQ, 0f));
                FloatVector.fromArray(S, scratch, from)
                        .mul(reciprocal)
                        .sub(target)
                        .mul(factor)
                        .intoArray(g, to);
                ahead = oneBack.add(ahead);
                from += width;
                to += pitch;
            }
        }
    }

    /** How many rows of a block have their largest logit at another class than their label, or a NaN. */
    static int errors(
            int rows, int classes, float[] z, int at, int pitch, int[] labels, int labelsAt, float[] scratch) {
        int width = width(rows);
        if (isReadable(width, classes, z, at, pitch)) {
            largest(width, classes, z, at, pitch, scratch);
        } else {
            copy(rows, classes, z, at, pitch, scratch, width);
            largest(width, classes, scratch, EXP_AT, width, scratch);
        }
        int errors = 0;
        for (int i = 0; i < rows; i++) {
            errors += scratch[LABEL_AT + i] == labels[labelsAt + i] ? 0 : 1;
        }
        return errors;
    }

    /** The lowest class of the largest logit of each row, and -1 where there is a NaN. */
    private static void largest(int width, int classes, float[] z, int at, int pitch, float[] scratch) {
        FloatVector none = FloatVector.broadcast(S, -1f);
        for (int i = 0; i < width; i += Species.LANES) {
            FloatVector max = FloatVector.fromArray(S, z, at + i);
            FloatVector best = FloatVector.zero(S);
            FloatVector spoiled = FloatVector.zero(S).blend(none, max.compare(VectorOperators.NE, max));
            int from = at + i + pitch;
            for (int j = 1; j < classes; j++) {
                FloatVector v = FloatVector.fromArray(S, z, from);
                VectorMask<Float> stays = v.compare(VectorOperators.GT, max).not();
                best = FloatVector.broadcast(S, (float) j).blend(best, stays);
                max = v.blend(max, stays);
                spoiled = none.blend(spoiled, v.compare(VectorOperators.EQ, v));
                from += pitch;
            }
            best.blend(spoiled, spoiled.compare(VectorOperators.NE, 0f)).intoArray(scratch, LABEL_AT + i);
        }
    }
}
