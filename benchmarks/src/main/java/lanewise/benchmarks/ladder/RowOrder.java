package lanewise.benchmarks.ladder;

import java.util.Arrays;

/**
 * The same multiply-adds with the two inner loops exchanged: row i of C = sum A(i,p) (row p of B).
 *
 * <p>Now the innermost loop walks along rows, so that all of a cache line is used, and its iterations do not depend on each
 * other. They could go into vectors, but the JIT would have to know that the two rows do not overlap, and leaves them alone.
 */
final class RowOrder implements MatmulStep {
    @Override
    public String idea() {
        return "exchange two loops: walk along rows, and no sum waits for the one before";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        Arrays.fill(c, 0, m * n, 0);
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                float factor = a[i * k + p];
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += factor * b[p * n + j];
                }
            }
        }
    }
}
