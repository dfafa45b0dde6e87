package lanewise.benchmarks.ladder;

/**
 * The definition: C(i,j) = sum A(i,p) B(p,j).
 *
 * <p>Down a column of B every element lies in another cache line, and each sum waits for the one before it.
 */
final class ThreeLoops implements MatmulStep {
    @Override
    public String idea() {
        return "the definition: row times column";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += a[i * k + p] * b[p * n + j];
                }
                c[i * n + j] = sum;
            }
        }
    }
}
