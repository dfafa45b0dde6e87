package lanewise.benchmarks.ladder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatExp} on vectors: every pass takes as many elements at once as a vector holds.
 *
 * <p>The exponential needs no other instruction than before; the one branch becomes a blend. Passes are methods on arrays,
 * since a method that takes or returns a vector makes an object of it. A row of 1,000 elements takes 4 KB and stays in L1
 * between them.
 */
final class VectorExp implements SoftmaxStep {
    private static final VectorSpecies<Float> S = Vectors.FLOAT;
    private static final int V = S.length();

    private final float[] lanes = new float[V];

    @Override
    public String idea() {
        return "the same exponential on vectors";
    }

    @Override
    public void softmax(int rows, int cols, float[] x, float[] y) {
        for (int i = 0; i < rows; i++) {
            int at = i * cols;
            float max = max(cols, x, at, lanes);
            exp(cols, x, at, max, y, at);
            float sum = sum(cols, y, at, lanes);
            scale(cols, y, at, 1 / sum);
        }
    }

    private static float max(int cols, float[] x, int at, float[] lanes) {
        FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        int j = 0;
        for (; j < S.loopBound(cols); j += V) {
            FloatVector v = FloatVector.fromArray(S, x, at + j);
            // Said of v, whose class the compiler sees; of max, carried from turn to turn, it may not, and boxes it.
            max = v.blend(max, v.compare(VectorOperators.GT, max).not());
        }
        max.intoArray(lanes, 0);
        return Math.max(DoubleExp.max(V, lanes, 0), DoubleExp.max(cols - j, x, at + j));
    }

    /** y = e^(x - shift), where no x is larger than the shift. */
    static void exp(int n, float[] x, int xAt, float shift, float[] y, int yAt) {
        int j = 0;
        for (; j < S.loopBound(n); j += V) {
            FloatVector v = FloatVector.fromArray(S, x, xAt + j).sub(shift);
            FloatVector shifted =
                    v.fma(FloatVector.broadcast(S, FloatExp.LOG2_E), FloatVector.broadcast(S, FloatExp.ROUND));
            FloatVector k = shifted.sub(FloatExp.ROUND);
            FloatVector t = k.fma(FloatVector.broadcast(S, -FloatExp.LN2_HIGH), v);
            t = k.fma(FloatVector.broadcast(S, -FloatExp.LN2_LOW), t);
            FloatVector u = FloatVector.broadcast(S, FloatExp.C7);
            u = u.fma(t, FloatVector.broadcast(S, FloatExp.C6));
            u = u.fma(t, FloatVector.broadcast(S, FloatExp.C5));
            u = u.fma(t, FloatVector.broadcast(S, FloatExp.C4));
            u = u.fma(t, FloatVector.broadcast(S, FloatExp.C3));
            u = u.fma(t, FloatVector.broadcast(S, FloatExp.C2));
            FloatVector q = t.mul(t).fma(u, t);
            FloatVector power = shifted.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            FloatVector e = power.fma(q, power);
            e.blend(0f, v.compare(VectorOperators.LT, FloatExp.SMALLEST)).intoArray(y, yAt + j);
        }
        for (; j < n; j++) {
            y[yAt + j] = FloatExp.exp(x[xAt + j] - shift);
        }
    }

    private static float sum(int cols, float[] y, int at, float[] lanes) {
        FloatVector sums = FloatVector.zero(S);
        int j = 0;
        for (; j < S.loopBound(cols); j += V) {
            sums = FloatVector.fromArray(S, y, at + j).add(sums);
        }
        sums.intoArray(lanes, 0);
        return sumInOrder(V, lanes, 0) + sumInOrder(cols - j, y, at + j);
    }

    /** The sum of a few elements. */
    static float sumInOrder(int n, float[] y, int at) {
        float sum = 0;
        for (int j = 0; j < n; j++) {
            sum += y[at + j];
        }
        return sum;
    }

    /** y = y * factor. */
    static void scale(int cols, float[] y, int at, float factor) {
        int j = 0;
        for (; j < S.loopBound(cols); j += V) {
            FloatVector.fromArray(S, y, at + j).mul(factor).intoArray(y, at + j);
        }
        for (; j < cols; j++) {
            y[at + j] *= factor;
        }
    }
}
