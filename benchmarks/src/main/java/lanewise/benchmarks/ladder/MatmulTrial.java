package lanewise.benchmarks.ladder;

import java.util.Arrays;
import lanewise.benchmarks.race.Work;

/** A product of matrices of uniform numbers between -1 and 1. */
final class MatmulTrial extends Trial {
    private final MatmulStep step;
    private final int m;
    private final int n;
    private final int k;
    private final float[] a;
    private final float[] b;
    private final float[] c;

    MatmulTrial(MatmulStep step, Work work) {
        super(step, work);
        this.step = step;
        m = work.shape().size(0);
        k = work.shape().size(1);
        n = work.shape().size(2);
        a = uniform(m * k, -1, 1);
        b = uniform(k * n, -1, 1);
        c = new float[m * n];
        // Whoever reads C before writing it is found out.
        Arrays.fill(c, Float.NaN);
    }

    @Override
    public void run() {
        step.multiply(m, n, k, a, b, c);
    }

    @Override
    public float[] result() {
        return c;
    }

    /**
     * A sum of k products, each product and each addition rounded once and in any order, is off by at most
     * k u sum |a||b| and terms of order u<sup>2</sup>, with u = 2<sup>-24</sup>; two units more are room for these.
     * A product of floats is exact in double, and what the oracle rounds is 2<sup>-29</sup> of that.
     *
     * <p>Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1.
     */
    @Override
    void check() {
        double[] sums = new double[n];
        double[] magnitudes = new double[n];
        for (int i = 0; i < m; i++) {
            Arrays.fill(sums, 0);
            Arrays.fill(magnitudes, 0);
            for (int p = 0; p < k; p++) {
                for (int j = 0; j < n; j++) {
                    double product = (double) a[i * k + p] * b[p * n + j];
                    sums[j] += product;
                    magnitudes[j] += Math.abs(product);
                }
            }
            for (int j = 0; j < n; j++) {
                require(i, j, c[i * n + j], sums[j], (k + 2) * 0x1p-24 * magnitudes[j]);
            }
        }
    }
}
