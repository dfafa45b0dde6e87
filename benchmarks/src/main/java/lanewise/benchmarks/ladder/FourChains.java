package lanewise.benchmarks.ladder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link VectorExp} with four maxima and four sums at once, joined at the end of the row.
 *
 * <p>One maximum is one chain: each vector waits for the comparison and the blend of the one before, some six cycles, and
 * each addition waits for three or four. Of four chains three run while one waits. The exponentials need no such help, since
 * those of two vectors do not depend on each other.
 */
final class FourChains implements SoftmaxStep {
    private static final VectorSpecies<Float> S = Vectors.FLOAT;
    private static final int V = S.length();

    private final float[] lanes = new float[V];

    @Override
    public String idea() {
        return "four maxima and four sums at once: nobody waits for the one before";
    }

    @Override
    public void softmax(int rows, int cols, float[] x, float[] y) {
        for (int i = 0; i < rows; i++) {
            row(cols, x, y, i * cols, lanes);
        }
    }

    /** One row. */
    static void row(int cols, float[] x, float[] y, int at, float[] lanes) {
        float max = max(cols, x, at, lanes);
        VectorExp.exp(cols, x, at, max, y, at);
        float sum = sum(cols, y, at, lanes);
        VectorExp.scale(cols, y, at, 1 / sum);
    }

    private static float max(int cols, float[] x, int at, float[] lanes) {
        FloatVector max0 = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector max1 = max0;
        FloatVector max2 = max0;
        FloatVector max3 = max0;
        int j = 0;
        for (; j <= cols - 4 * V; j += 4 * V) {
            FloatVector v0 = FloatVector.fromArray(S, x, at + j);
            FloatVector v1 = FloatVector.fromArray(S, x, at + j + V);
            FloatVector v2 = FloatVector.fromArray(S, x, at + j + 2 * V);
            FloatVector v3 = FloatVector.fromArray(S, x, at + j + 3 * V);
            max0 = v0.blend(max0, v0.compare(VectorOperators.GT, max0).not());
            max1 = v1.blend(max1, v1.compare(VectorOperators.GT, max1).not());
            max2 = v2.blend(max2, v2.compare(VectorOperators.GT, max2).not());
            max3 = v3.blend(max3, v3.compare(VectorOperators.GT, max3).not());
        }
        max0 = max0.blend(max1, max1.compare(VectorOperators.GT, max0));
        max2 = max2.blend(max3, max3.compare(VectorOperators.GT, max2));
        max0.blend(max2, max2.compare(VectorOperators.GT, max0)).intoArray(lanes, 0);
        return Math.max(DoubleExp.max(V, lanes, 0), DoubleExp.max(cols - j, x, at + j));
    }

    private static float sum(int cols, float[] y, int at, float[] lanes) {
        FloatVector sum0 = FloatVector.zero(S);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        int j = 0;
        for (; j <= cols - 4 * V; j += 4 * V) {
            sum0 = FloatVector.fromArray(S, y, at + j).add(sum0);
            sum1 = FloatVector.fromArray(S, y, at + j + V).add(sum1);
            sum2 = FloatVector.fromArray(S, y, at + j + 2 * V).add(sum2);
            sum3 = FloatVector.fromArray(S, y, at + j + 3 * V).add(sum3);
        }
        sum0.add(sum1).add(sum2.add(sum3)).intoArray(lanes, 0);
        return VectorExp.sumInOrder(V, lanes, 0) + VectorExp.sumInOrder(cols - j, y, at + j);
    }
}
