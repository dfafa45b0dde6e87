package lanewise.kernels.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * The passes of softmax over a block of rows class by class, so that a vector holds the same class of many rows.
 *
 * <p><b>Layout.</b> Class j of row i stands at {@code at + j * pitch + i} of a class-major matrix, and its exponential at
 * {@code EXP + j * width + i} of the scratch array.
 *
 * <p><b>Blocking.</b> A block takes up to 8 KB, so that it stays in L1 together with where it comes from and goes to.
 *
 * <p><b>Tail.</b> A block is a multiple of 16 rows wide, whatever the vector. The up to 15 rows that are left of a
 * class-major matrix are copied to where their exponentials will be, and their gradient back from there, since what stands
 * beside them may be another thread's. What fills up their vectors is computed with and never looked at.
 */
final class ClassMajor {
    private static final VectorSpecies<Float> S = Species.FLOAT;

    /** Longer rows are for {@link LongRow}, which is as fast from here on. */
    static final int ROW_LIMIT = 48;

    /** Elements of a block, and rows of a block of few classes. */
    private static final int SIZE = 2048;

    private static final int MAX_HEIGHT = 256;

    // The scratch array: some values for each row, lanes of sums, and the exponentials.
    private static final int MAX = 0;
    private static final int SUM = MAX + MAX_HEIGHT;
    private static final int DIFFERENCES = SUM + MAX_HEIGHT;
    private static final int LABEL = DIFFERENCES + MAX_HEIGHT;
    private static final int FACTOR = LABEL + MAX_HEIGHT;
    private static final int UNUSED_LANES = FACTOR + MAX_HEIGHT;
    private static final int LANES = UNUSED_LANES + Bits.LANES;
    private static final int EXP = LANES + SIZE;

    private ClassMajor() {}

    /** How many rows make a block, a multiple of 16. */
    static int height(int classes) {
        return Math.max(Bits.LANES, Math.min(MAX_HEIGHT, SIZE / Math.max(1, classes) & -Bits.LANES));
    }

    static float[] scratch(int classes) {
        return Scratch.floats(Scratch.ROWS, EXP + Math.max(Bits.LANES, classes) * height(classes));
    }

    /** The rows of a block, rounded up to whole vectors. */
    private static int width(int rows) {
        return rows + Bits.LANES - 1 & -Bits.LANES;
    }

    /** The largest element of a row that is a number, with zero unsigned; minus infinity where there is none. */
    static float max(float[] scratch, int row) {
        return scratch[MAX + row];
    }

    /** The sum of e^(z - max) over a row. */
    static float sum(float[] scratch, int row) {
        return scratch[SUM + row];
    }

    /** The sum of z - max over a row. */
    static float differences(float[] scratch, int row) {
        return scratch[DIFFERENCES + row];
    }

    /** Takes a block in: e^(z - max), the maxima, the sums and, if they are wanted, the sums of z - max. */
    static void exp(boolean wantDifferences, int rows, int classes, float[] z, int at, int pitch, float[] scratch) {
        int width = width(rows);
        int whole = rows & -Bits.LANES;
        subtractMax(0, whole, classes, z, at, pitch, scratch, width);
        if (whole < rows) {
            for (int j = 0; j < classes; j++) {
                System.arraycopy(z, at + whole + j * pitch, scratch, EXP + whole + j * width, rows - whole);
            }
            subtractMax(whole, width, classes, scratch, EXP, width, scratch, width);
        }
        exp(wantDifferences, width, classes, scratch);
    }

    /** The same for a block of a row-major matrix. It is copied element by element, since a store takes one. */
    static void expOfRows(boolean wantDifferences, int rows, int cols, float[] x, int xAt, int ldx, float[] scratch) {
        int width = width(rows);
        for (int j = 0; j < cols; j++) {
            int from = xAt + j;
            int to = EXP + j * width;
            for (int i = 0; i < rows; i++) {
                scratch[to + i] = x[from];
                from += ldx;
            }
        }
        subtractMax(0, width, cols, scratch, EXP, width, scratch, width);
        exp(wantDifferences, width, cols, scratch);
    }

    /** The rows from..to: their maxima, and what is left of them without. */
    private static void subtractMax(
            int from, int to, int classes, float[] z, int at, int pitch, float[] scratch, int width) {
        for (int i = from; i < to; i += Species.LANES) {
            FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
            for (int j = 0; j < classes; j++) {
                FloatVector v = FloatVector.fromArray(S, z, at + i + j * pitch);
                max = max.blend(v, v.compare(VectorOperators.GT, max));
            }
            max = max.add(0f);
            max.intoArray(scratch, MAX + i);
            for (int j = 0; j < classes; j++) {
                FloatVector.fromArray(S, z, at + i + j * pitch).sub(max).intoArray(scratch, EXP + i + j * width);
            }
        }
    }

    private static void exp(boolean wantDifferences, int width, int classes, float[] scratch) {
        // Classes that are not there add nothing to the sums.
        Arrays.fill(scratch, EXP + classes * width, EXP + Math.max(classes, Bits.LANES) * width, 0);
        if (wantDifferences) {
            sum(width, classes, scratch, DIFFERENCES);
        }
        SimdExp.expSum(classes * width, scratch, EXP, 0, scratch, EXP, scratch, UNUSED_LANES);
        sum(width, classes, scratch, SUM);
    }

    /** The sum over each row, in 16 lanes that one tree joins. */
    private static void sum(int width, int classes, float[] scratch, int to) {
        int lanes = EXP;
        if (classes > Bits.LANES) {
            lanes = LANES;
            System.arraycopy(scratch, EXP, scratch, LANES, Bits.LANES * width);
            for (int j = Bits.LANES; j < classes; j++) {
                add(width, scratch, EXP + j * width, LANES + j % Bits.LANES * width);
            }
        }
        for (int i = 0; i < width; i += Species.LANES) {
            int at = lanes + i;
            FloatVector s0 = FloatVector.fromArray(S, scratch, at)
                    .add(FloatVector.fromArray(S, scratch, at + 8 * width))
                    .add(FloatVector.fromArray(S, scratch, at + 4 * width)
                            .add(FloatVector.fromArray(S, scratch, at + 12 * width)));
            FloatVector s1 = FloatVector.fromArray(S, scratch, at + width)
                    .add(FloatVector.fromArray(S, scratch, at + 9 * width))
                    .add(FloatVector.fromArray(S, scratch, at + 5 * width)
                            .add(FloatVector.fromArray(S, scratch, at + 13 * width)));
            FloatVector s2 = FloatVector.fromArray(S, scratch, at + 2 * width)
                    .add(FloatVector.fromArray(S, scratch, at + 10 * width))
                    .add(FloatVector.fromArray(S, scratch, at + 6 * width)
                            .add(FloatVector.fromArray(S, scratch, at + 14 * width)));
            FloatVector s3 = FloatVector.fromArray(S, scratch, at + 3 * width)
                    .add(FloatVector.fromArray(S, scratch, at + 11 * width))
                    .add(FloatVector.fromArray(S, scratch, at + 7 * width)
                            .add(FloatVector.fromArray(S, scratch, at + 15 * width)));
            s0.add(s2).add(s1.add(s3)).intoArray(scratch, to + i);
        }
    }

    private static void add(int n, float[] scratch, int from, int to) {
        for (int i = 0; i < n; i += Species.LANES) {
            FloatVector v = FloatVector.fromArray(S, scratch, from + i);
            FloatVector.fromArray(S, scratch, to + i).add(v).intoArray(scratch, to + i);
        }
    }

    /** Makes probabilities of the exponentials: each row times the reciprocal of its sum. */
    static void normalize(int rows, int classes, float[] scratch) {
        int width = width(rows);
        for (int i = 0; i < width; i += Species.LANES) {
            // In float, while the scalar twin divides in double and then rounds: the same, since 53 >= 2 * 24 + 2 bits.
            FloatVector reciprocal = FloatVector.broadcast(S, 1).div(FloatVector.fromArray(S, scratch, SUM + i));
            for (int j = 0; j < classes; j++) {
                FloatVector.fromArray(S, scratch, EXP + i + j * width)
                        .mul(reciprocal)
                        .intoArray(scratch, EXP + i + j * width);
            }
        }
    }

    /** Gives a block out row by row. */
    static void storeRows(int rows, int cols, float[] scratch, float[] y, int yAt, int ldy) {
        int width = width(rows);
        for (int j = 0; j < cols; j++) {
            int from = EXP + j * width;
            int to = yAt + j;
            for (int i = 0; i < rows; i++) {
                y[to] = scratch[from + i];
                to += ldy;
            }
        }
    }

    /** What {@link #gradient} asks for each row: its label, and what it is multiplied by. */
    static void targets(int rows, int[] labels, float[] weights, int labelsAt, float scale, float[] scratch) {
        for (int i = 0; i < rows; i++) {
            scratch[LABEL + i] = labels[labelsAt + i];
        }
        if (weights == null) {
            Arrays.fill(scratch, FACTOR, FACTOR + rows, scale);
        } else {
            for (int i = 0; i < rows; i++) {
                scratch[FACTOR + i] = scale * weights[labelsAt + i];
            }
        }
    }

    /** Makes the gradient of the exponentials and gives it out. */
    static void gradient(int rows, int classes, float smoothing, float[] scratch, float[] g, int at, int pitch) {
        int width = width(rows);
        int whole = rows & -Bits.LANES;
        gradient(0, whole, classes, smoothing, scratch, width, g, at, pitch);
        if (whole < rows) {
            gradient(whole, width, classes, smoothing, scratch, width, scratch, EXP, width);
            for (int j = 0; j < classes; j++) {
                System.arraycopy(scratch, EXP + whole + j * width, g, at + whole + j * pitch, rows - whole);
            }
        }
    }

    /** The same for a block of a row-major matrix. */
    static void gradientOfRows(int rows, int cols, float smoothing, float[] scratch, float[] g, int gAt, int ldg) {
        int width = width(rows);
        gradient(0, width, cols, smoothing, scratch, width, scratch, EXP, width);
        storeRows(rows, cols, scratch, g, gAt, ldg);
    }

    /** The rows from..to: the probabilities less their targets, times the factor of the row. */
    private static void gradient(
            int from, int to, int classes, float smoothing, float[] scratch, int width, float[] g, int at, int pitch) {
        FloatVector ofOthers = FloatVector.broadcast(S, Bits.targetOfOthers(classes, smoothing));
        FloatVector ofLabel = FloatVector.broadcast(S, Bits.targetOfLabel(classes, smoothing));
        for (int i = from; i < to; i += Species.LANES) {
            FloatVector reciprocal = FloatVector.broadcast(S, 1).div(FloatVector.fromArray(S, scratch, SUM + i));
            FloatVector label = FloatVector.fromArray(S, scratch, LABEL + i);
            FloatVector factor = FloatVector.fromArray(S, scratch, FACTOR + i);
            for (int j = 0; j < classes; j++) {
                FloatVector target = ofOthers.blend(ofLabel, label.compare(VectorOperators.EQ, (float) j));
                FloatVector.fromArray(S, scratch, EXP + i + j * width)
                        .mul(reciprocal)
                        .sub(target)
                        .mul(factor)
                        .intoArray(g, at + i + j * pitch);
            }
        }
    }

    /** How many rows of a block have their largest logit at another class than their label, or a NaN. */
    static int errors(
            int rows, int classes, float[] z, int at, int pitch, int[] labels, int labelsAt, float[] scratch) {
        int width = width(rows);
        int whole = rows & -Bits.LANES;
        largest(0, whole, classes, z, at, pitch, scratch);
        if (whole < rows) {
            for (int j = 0; j < classes; j++) {
                System.arraycopy(z, at + whole + j * pitch, scratch, EXP + whole + j * width, rows - whole);
            }
            largest(whole, width, classes, scratch, EXP, width, scratch);
        }
        int errors = 0;
        for (int i = 0; i < rows; i++) {
            errors += scratch[LABEL + i] == labels[labelsAt + i] ? 0 : 1;
        }
        return errors;
    }

    /** The rows from..to: the lowest class of the largest logit, and -1 where there is a NaN. */
    private static void largest(int from, int to, int classes, float[] z, int at, int pitch, float[] scratch) {
        for (int i = from; i < to; i += Species.LANES) {
            FloatVector max = FloatVector.fromArray(S, z, at + i);
            FloatVector best = FloatVector.zero(S);
            FloatVector spoiled = FloatVector.zero(S).blend(-1f, max.compare(VectorOperators.NE, max));
            for (int j = 1; j < classes; j++) {
                FloatVector v = FloatVector.fromArray(S, z, at + i + j * pitch);
                best = best.blend((float) j, v.compare(VectorOperators.GT, max));
                max = max.blend(v, v.compare(VectorOperators.GT, max));
                spoiled = spoiled.blend(-1f, v.compare(VectorOperators.NE, v));
            }
            best = best.blend(spoiled, spoiled.compare(VectorOperators.NE, 0f));
            best.intoArray(scratch, LABEL + i);
        }
    }
}
