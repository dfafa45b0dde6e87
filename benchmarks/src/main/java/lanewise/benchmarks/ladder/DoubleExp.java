package lanewise.benchmarks.ladder;

/**
 * The definition in three passes over a row: maximum, exponentials and their sum, scale.
 *
 * <p>Without the maximum e<sup>x</sup> is infinite from x = 88.73 on, and infinity over infinity is NaN. {@code Math.exp} is
 * a call that returns a double: twice the digits that a float can hold, one element at a time.
 */
final class DoubleExp implements SoftmaxStep {
    @Override
    public String idea() {
        return "the definition: maximum, Math.exp and sum, scale";
    }

    @Override
    public void softmax(int rows, int cols, float[] x, float[] y) {
        for (int i = 0; i < rows; i++) {
            int at = i * cols;
            float max = max(cols, x, at);
            double sum = 0;
            for (int j = 0; j < cols; j++) {
                double e = Math.exp(x[at + j] - max);
                y[at + j] = (float) e;
                sum += e;
            }
            scale(cols, y, at, (float) (1 / sum));
        }
    }

    /** The largest element. */
    static float max(int cols, float[] x, int at) {
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < cols; j++) {
            max = x[at + j] > max ? x[at + j] : max;
        }
        return max;
    }

    /** y = y * factor. */
    static void scale(int cols, float[] y, int at, float factor) {
        for (int j = 0; j < cols; j++) {
            y[at + j] *= factor;
        }
    }
}
