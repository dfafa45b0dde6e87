package lanewise.kernels.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * The passes of softmax over one row of at least {@link Bits#LONG_ROW} elements: maximum, exponentials and their sum, scale.
 *
 * <p><b>Blocking.</b> The exponentials are summed by stretches of {@link Bits#STRETCH} elements, 4 KB, in 16 lanes at
 * every vector width, and the stretches in double.
 *
 * <p><b>Tail.</b> Up to 15 elements that are left of a stretch go through the same vector code in a buffer filled up with
 * -infinity, whose exponential adds nothing to a lane. They get there and back as the end of the 16 last elements, since
 * copying these takes a vector or four, whatever the length of the tail.
 *
 * <p>Sums and maxima of a loop are arguments of the calls and never receivers, see {@link Species}.
 */
final class LongRow {
    private static final VectorSpecies<Float> S = Species.FLOAT;

    // The scratch array: 16 lanes of a sum, the tail between two times 16 elements that do not matter, a stretch.
    private static final int LANES_AT = 0;
    private static final int TAIL_AT = LANES_AT + 2 * Bits.LANES;
    private static final int STRETCH_AT = TAIL_AT + 2 * Bits.LANES;

    private LongRow() {}

    static float[] scratch() {
        return Scratch.floats(Scratch.ROWS, STRETCH_AT + Bits.STRETCH);
    }

    /** The largest element that is a number, with zero unsigned; minus infinity where there is none. */
    static float max(int cols, float[] x, int at) {
        FloatVector max0 = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector max1 = max0;
        FloatVector max2 = max0;
        FloatVector max3 = max0;
        int j = 0;
        // Four accumulators, since a comparison and a blend take some six cycles.
        for (; j <= cols - 4 * Species.LANES; j += 4 * Species.LANES) {
            FloatVector v0 = FloatVector.fromArray(S, x, at + j);
            FloatVector v1 = FloatVector.fromArray(S, x, at + j + Species.LANES);
            FloatVector v2 = FloatVector.fromArray(S, x, at + j + 2 * Species.LANES);
            FloatVector v3 = FloatVector.fromArray(S, x, at + j + 3 * Species.LANES);
            max0 = v0.blend(max0, v0.compare(VectorOperators.GT, max0).not());
            max1 = v1.blend(max1, v1.compare(VectorOperators.GT, max1).not());
            max2 = v2.blend(max2, v2.compare(VectorOperators.GT, max2).not());
            max3 = v3.blend(max3, v3.compare(VectorOperators.GT, max3).not());
        }
        for (int left = cols - j; left > 0; left -= Species.LANES) {
            // The last vector ends with the row: a maximum does not mind an element twice.
            FloatVector v = FloatVector.fromArray(S, x, at + cols - Math.max(left, Species.LANES));
            max0 = v.blend(max0, v.compare(VectorOperators.GT, max0).not());
        }
        max0 = max0.blend(max1, max1.compare(VectorOperators.GT, max0));
        max2 = max2.blend(max3, max3.compare(VectorOperators.GT, max2));
        max0 = max0.blend(max2, max2.compare(VectorOperators.GT, max0));
        // No lane is a NaN and zero loses its sign below, so the order of the reduction leaves no trace.
        return max0.reduceLanes(VectorOperators.MAX) + 0f;
    }

    /** y = e^(x - shift), or 0 where that is no normal float, and returns its sum. */
    static double expSum(int cols, float[] x, int xAt, float shift, float[] y, int yAt, float[] scratch) {
        double sum = 0;
        for (int from = 0, n; from < cols; from += n) {
            n = Math.min(Bits.STRETCH, cols - from);
            sum += expSumStretch(n, x, xAt + from, shift, y, yAt + from, scratch);
        }
        return sum;
    }

    /** The sum of the same. */
    static double sumOfExp(int cols, float[] x, int xAt, float shift, float[] scratch) {
        double sum = 0;
        for (int from = 0, n; from < cols; from += n) {
            n = Math.min(Bits.STRETCH, cols - from);
            sum += expSumStretch(n, x, xAt + from, shift, scratch, STRETCH_AT, scratch);
        }
        return sum;
    }

    private static float expSumStretch(int n, float[] x, int xAt, float shift, float[] y, int yAt, float[] scratch) {
        int full = n & -Bits.LANES;
        int left = n - full;
        Arrays.fill(scratch, LANES_AT, LANES_AT + Bits.LANES, 0);
        if (left > 0) {
            Arrays.fill(scratch, TAIL_AT, TAIL_AT + Bits.LANES, Float.NEGATIVE_INFINITY);
            copy16(x, xAt + n - Bits.LANES, scratch, TAIL_AT + left - Bits.LANES);
        }
        SimdExp.expSum(full, x, xAt, shift, y, yAt, scratch, LANES_AT);
        if (left > 0) {
            SimdExp.expSum(Bits.LANES, scratch, TAIL_AT, shift, scratch, TAIL_AT, scratch, LANES_AT);
            copy16(y, yAt + full - Bits.LANES, scratch, TAIL_AT - Bits.LANES);
            copy16(scratch, TAIL_AT + left - Bits.LANES, y, yAt + n - Bits.LANES);
        }
        return LaneSum.tree(scratch, LANES_AT);
    }

    /** The sum of x - shift. */
    static double sumOfDifferences(int cols, float[] x, int xAt, float shift, float[] scratch) {
        double sum = 0;
        for (int from = 0, n; from < cols; from += n) {
            n = Math.min(Bits.STRETCH, cols - from);
            int full = n & -Bits.LANES;
            for (int lane = 0; lane < Bits.LANES; lane += Species.LANES) {
                FloatVector lanes = FloatVector.zero(S);
                for (int i = lane; i < full; i += Bits.LANES) {
                    lanes = FloatVector.fromArray(S, x, xAt + from + i)
                            .sub(shift)
                            .add(lanes);
                }
                lanes.intoArray(scratch, LANES_AT + lane);
            }
            for (int i = full; i < n; i++) {
                scratch[LANES_AT + i - full] += x[xAt + from + i] - shift;
            }
            sum += LaneSum.tree(scratch, LANES_AT);
        }
        return sum;
    }

    private static void copy16(float[] x, int xAt, float[] y, int yAt) {
        for (int i = 0; i < Bits.LANES; i += Species.LANES) {
            FloatVector.fromArray(S, x, xAt + i).intoArray(y, yAt + i);
        }
    }

    /** y = y * a. */
    static void scale(int cols, float[] y, int at, float a) {
        int j = 0;
        for (; j <= cols - Species.LANES; j += Species.LANES) {
            FloatVector.fromArray(S, y, at + j).mul(a).intoArray(y, at + j);
        }
        for (; j < cols; j++) {
            y[at + j] = y[at + j] * a;
        }
    }

    /** y = (y * a - b) * c. */
    static void scale(int cols, float[] y, int at, float a, float b, float c) {
        int j = 0;
        for (; j <= cols - Species.LANES; j += Species.LANES) {
            FloatVector.fromArray(S, y, at + j).mul(a).sub(b).mul(c).intoArray(y, at + j);
        }
        for (; j < cols; j++) {
            y[at + j] = (y[at + j] * a - b) * c;
        }
    }

    /** y = (x - a) - b. */
    static void subtract(int cols, float[] x, int xAt, float a, float b, float[] y, int yAt) {
        int j = 0;
        for (; j <= cols - Species.LANES; j += Species.LANES) {
            FloatVector.fromArray(S, x, xAt + j).sub(a).sub(b).intoArray(y, yAt + j);
        }
        for (; j < cols; j++) {
            y[yAt + j] = x[xAt + j] - a - b;
        }
    }
}
