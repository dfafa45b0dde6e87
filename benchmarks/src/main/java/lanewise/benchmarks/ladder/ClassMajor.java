package lanewise.benchmarks.ladder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FourChains} for long rows; short rows are transposed, so that a vector holds the same class of many rows.
 *
 * <p>A row of ten classes does not fill a vector of sixteen lanes, and to find its maximum within a vector takes longer than
 * all else. Transposed, every lane is a row: maximum and sum go down the classes without leaving their lane, and no lane idles.
 */
final class ClassMajor implements SoftmaxStep {
    private static final VectorSpecies<Float> S = Vectors.FLOAT;
    private static final int V = S.length();

    /** From three vectors on a row is long enough for itself. */
    private static final int LONG = 3 * V;

    private final float[] lanes = new float[V];
    private final float[] transposed = new float[LONG * V];

    @Override
    public String idea() {
        return "transpose short rows: a lane for each row, a vector for each class";
    }

    @Override
    public void softmax(int rows, int cols, float[] x, float[] y) {
        int transposable = cols < LONG ? rows - rows % V : 0;
        for (int i = 0; i < transposable; i += V) {
            transposeIn(cols, x, i * cols, transposed);
            subtractMax(cols, transposed);
            VectorExp.exp(cols * V, transposed, 0, 0, transposed, 0);
            normalize(cols, transposed);
            transposeOut(cols, transposed, y, i * cols);
        }
        for (int i = transposable; i < rows; i++) {
            FourChains.row(cols, x, y, i * cols, lanes);
        }
    }

    private static void transposeIn(int cols, float[] x, int at, float[] transposed) {
        for (int j = 0; j < cols; j++) {
            for (int lane = 0; lane < V; lane++) {
                transposed[j * V + lane] = x[at + lane * cols + j];
            }
        }
    }

    private static void subtractMax(int cols, float[] transposed) {
        FloatVector max = FloatVector.fromArray(S, transposed, 0);
        for (int j = 1; j < cols; j++) {
            FloatVector v = FloatVector.fromArray(S, transposed, j * V);
            max = v.blend(max, v.compare(VectorOperators.GT, max).not());
        }
        for (int j = 0; j < cols; j++) {
            FloatVector.fromArray(S, transposed, j * V).sub(max).intoArray(transposed, j * V);
        }
    }

    private static void normalize(int cols, float[] transposed) {
        FloatVector sum = FloatVector.fromArray(S, transposed, 0);
        for (int j = 1; j < cols; j++) {
            sum = FloatVector.fromArray(S, transposed, j * V).add(sum);
        }
        FloatVector factor = FloatVector.broadcast(S, 1).div(sum);
        for (int j = 0; j < cols; j++) {
            FloatVector.fromArray(S, transposed, j * V).mul(factor).intoArray(transposed, j * V);
        }
    }

    private static void transposeOut(int cols, float[] transposed, float[] y, int at) {
        for (int lane = 0; lane < V; lane++) {
            for (int j = 0; j < cols; j++) {
                y[at + lane * cols + j] = transposed[j * V + lane];
            }
        }
    }
}
