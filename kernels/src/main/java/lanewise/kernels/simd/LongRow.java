package lanewise.kernels.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import lanewise.kernels.backend.Bits;

/**
 * The passes of softmax over one row that is long enough to fill vectors: maximum, exponentials and their sum, scale.
 *
 * <p><b>Blocking.</b> The exponentials are summed by stretches of {@link Bits#STRETCH} elements, 4 KB, in 16 lanes at
 * every vector width, and the stretches in double.
 *
 * <p><b>Tail.</b> Up to 15 elements that are left of a row go through the same vector code in a buffer filled up with
 * -infinity, whose exponential adds nothing to a lane.
 */
final class LongRow {
    private static final int TAIL = Bits.LANES;

    private LongRow() {}

    /** The largest element that is a number, with zero unsigned; minus infinity where there is none. */
    static float max(int cols, float[] x, int at) {
        FloatVector max0 = FloatVector.broadcast(Species.FLOAT, Float.NEGATIVE_INFINITY);
        FloatVector max1 = max0;
        FloatVector max2 = max0;
        FloatVector max3 = max0;
        int j = 0;
        // Four accumulators, since a comparison and a blend take some six cycles.
        for (; j <= cols - 4 * Species.LANES; j += 4 * Species.LANES) {
            FloatVector v0 = FloatVector.fromArray(Species.FLOAT, x, at + j);
            FloatVector v1 = FloatVector.fromArray(Species.FLOAT, x, at + j + Species.LANES);
            FloatVector v2 = FloatVector.fromArray(Species.FLOAT, x, at + j + 2 * Species.LANES);
            FloatVector v3 = FloatVector.fromArray(Species.FLOAT, x, at + j + 3 * Species.LANES);
            max0 = max0.blend(v0, v0.compare(VectorOperators.GT, max0));
            max1 = max1.blend(v1, v1.compare(VectorOperators.GT, max1));
            max2 = max2.blend(v2, v2.compare(VectorOperators.GT, max2));
            max3 = max3.blend(v3, v3.compare(VectorOperators.GT, max3));
        }
        max0 = max0.blend(max1, max1.compare(VectorOperators.GT, max0));
        max2 = max2.blend(max3, max3.compare(VectorOperators.GT, max2));
        max0 = max0.blend(max2, max2.compare(VectorOperators.GT, max0));
        // No lane is a NaN and zero loses its sign below, so the order of the reduction leaves no trace.
        float max = max0.reduceLanes(VectorOperators.MAX);
        for (; j < cols; j++) {
            if (x[at + j] > max) {
                max = x[at + j];
            }
        }
        return max + 0f;
    }

    /** y = e^(x - shift), and returns its sum. */
    static double expSum(int cols, float[] x, int xAt, float shift, float[] y, int yAt) {
        float[] lanes = Scratch.floats(Scratch.LANES, 2 * Bits.LANES);
        double sum = 0;
        for (int from = 0; from < cols; from += Bits.STRETCH) {
            int n = Math.min(Bits.STRETCH, cols - from);
            sum += expSumStretch(n, x, xAt + from, shift, y, yAt + from, lanes);
        }
        return sum;
    }

    /** The sum of e^(x - shift). */
    static double sumOfExp(int cols, float[] x, int xAt, float shift) {
        float[] lanes = Scratch.floats(Scratch.LANES, 2 * Bits.LANES);
        float[] stretch = Scratch.floats(Scratch.BLOCK, Bits.STRETCH);
        double sum = 0;
        for (int from = 0; from < cols; from += Bits.STRETCH) {
            int n = Math.min(Bits.STRETCH, cols - from);
            sum += expSumStretch(n, x, xAt + from, shift, stretch, 0, lanes);
        }
        return sum;
    }

    private static float expSumStretch(int n, float[] x, int xAt, float shift, float[] y, int yAt, float[] lanes) {
        Arrays.fill(lanes, 0, Bits.LANES, 0);
        int full = n & -Bits.LANES;
        SimdExp.expSum(full, x, xAt, shift, y, yAt, lanes);
        int left = n - full;
        if (left > 0) {
            for (int j = 0; j < Bits.LANES; j++) {
                lanes[TAIL + j] = j < left ? x[xAt + full + j] : Float.NEGATIVE_INFINITY;
            }
            SimdExp.expSum(Bits.LANES, lanes, TAIL, shift, lanes, TAIL, lanes);
            for (int j = 0; j < left; j++) {
                y[yAt + full + j] = lanes[TAIL + j];
            }
        }
        return sumOfLanes(lanes);
    }

    /** Lanes 16, 8, 4 and 2 are halved in turn: lane l takes in lane l + half. */
    private static float sumOfLanes(float[] lanes) {
        float even =
                ((lanes[0] + lanes[8]) + (lanes[4] + lanes[12])) + ((lanes[2] + lanes[10]) + (lanes[6] + lanes[14]));
        float odd =
                ((lanes[1] + lanes[9]) + (lanes[5] + lanes[13])) + ((lanes[3] + lanes[11]) + (lanes[7] + lanes[15]));
        return even + odd;
    }

    /** y = (y * a) * b. */
    static void scale(int cols, float[] y, int at, float a, float b) {
        int j = 0;
        for (; j <= cols - Species.LANES; j += Species.LANES) {
            FloatVector.fromArray(Species.FLOAT, y, at + j).mul(a).mul(b).intoArray(y, at + j);
        }
        for (; j < cols; j++) {
            y[at + j] = y[at + j] * a * b;
        }
    }

    /** y = (x - a) - b. */
    static void subtract(int cols, float[] x, int xAt, float a, float b, float[] y, int yAt) {
        int j = 0;
        for (; j <= cols - Species.LANES; j += Species.LANES) {
            FloatVector.fromArray(Species.FLOAT, x, xAt + j).sub(a).sub(b).intoArray(y, yAt + j);
        }
        for (; j < cols; j++) {
            y[yAt + j] = x[xAt + j] - a - b;
        }
    }
}
