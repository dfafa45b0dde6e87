package lanewise.benchmarks.ladder;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowOrder} in vectors written by hand, with multiplication and addition in one instruction.
 *
 * <p>Each FMA still loads a vector of B, loads one of C and stores it again.
 */
final class RowVectors implements MatmulStep {
    private static final VectorSpecies<Float> S = Vectors.FLOAT;

    @Override
    public String idea() {
        return "say it in vectors, multiplication and addition in one instruction";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        for (int i = 0; i < m; i++) {
            row(n, k, a, i * k, b, c, i * n);
        }
    }

    /** One row of C. */
    static void row(int n, int k, float[] a, int aAt, float[] b, float[] c, int cAt) {
        Arrays.fill(c, cAt, cAt + n, 0);
        for (int p = 0; p < k; p++) {
            addRow(n, a[aAt + p], b, p * n, c, cAt);
        }
    }

    /** c = factor * b + c. */
    private static void addRow(int n, float factor, float[] b, int bAt, float[] c, int cAt) {
        FloatVector factors = FloatVector.broadcast(S, factor);
        int j = 0;
        for (; j < S.loopBound(n); j += S.length()) {
            FloatVector sums = FloatVector.fromArray(S, c, cAt + j);
            factors.fma(FloatVector.fromArray(S, b, bAt + j), sums).intoArray(c, cAt + j);
        }
        for (; j < n; j++) {
            c[cAt + j] = Math.fma(factor, b[bAt + j], c[cAt + j]);
        }
    }
}
