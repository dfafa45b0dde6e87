package lanewise.benchmarks.ladder;

import java.util.Arrays;
import lanewise.benchmarks.race.Work;

/** Softmax of uniform numbers between 90 and 110, all of which have an exponential beyond the largest float. */
final class SoftmaxTrial extends Trial {
    private final SoftmaxStep step;
    private final int rows;
    private final int cols;
    private final float[] x;
    private final float[] y;

    SoftmaxTrial(SoftmaxStep step, Work work) {
        super(step, work);
        this.step = step;
        rows = work.shape().size(0);
        cols = work.shape().size(1);
        x = uniform(rows * cols, 90, 110);
        y = new float[rows * cols];
        Arrays.fill(y, Float.NaN);
    }

    @Override
    public void run() {
        step.softmax(rows, cols, x, y);
    }

    @Override
    public float[] result() {
        return y;
    }

    /**
     * With u = 2<sup>-24</sup> and d = x - max, e<sup>d</sup> is off by |d| u, since d was rounded, and by 4 u or 2 ULP for
     * the exponential, relatively. The sum, whatever its order, is off by as much in the mean, where the mean of |d|
     * weighted by e<sup>d</sup> is at most ln cols, and by cols u for the additions. The reciprocal and the product take
     * one u each. Of the two units more one is for terms of order u<sup>2</sup> and the other is spare.
     */
    @Override
    void check() {
        for (int i = 0; i < rows; i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < cols; j++) {
                max = Math.max(max, x[i * cols + j]);
            }
            double sum = 0;
            for (int j = 0; j < cols; j++) {
                sum += StrictMath.exp(x[i * cols + j] - max);
            }
            for (int j = 0; j < cols; j++) {
                double d = x[i * cols + j] - max;
                double expected = StrictMath.exp(d) / sum;
                double units = -d + 4 + Math.log(cols) + 4 + cols + 2 + 2;
                require(i, j, y[i * cols + j], expected, units * 0x1p-24 * expected);
            }
        }
    }
}
