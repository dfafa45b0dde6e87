package lanewise.benchmarks.ladder;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowOrder} with vectors written by hand, and multiplication and addition in one instruction.
 *
 * <p>Each FMA still loads a vector of B, loads one of C and stores it again.
 */
final class RowVectors implements MatmulStep {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    @Override
    public String idea() {
        return "say it with the Vector API: one FMA for a multiplication and an addition";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        Arrays.fill(c, 0, m * n, 0);
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                addRow(n, a[i * k + p], b, p * n, c, i * n);
            }
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
