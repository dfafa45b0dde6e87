package lanewise.benchmarks.ladder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Four vectors of one row of C stay in registers while p runs from 0 to k, and are stored once.
 *
 * <p>Four FMAs need a broadcast of A and four vectors of B: five loads, no store. They are four chains, which is half of
 * what keeps two units with a latency of four cycles busy.
 */
final class RowTile implements MatmulStep {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    /** Columns of a tile. */
    private static final int NR = 4 * V;

    @Override
    public String idea() {
        return "keep four vectors of C in registers for all of k";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        for (int i = 0; i < m; i++) {
            row(n, k, a, i * k, b, c, i * n);
        }
    }

    /** One row of C. */
    static void row(int n, int k, float[] a, int aAt, float[] b, float[] c, int cAt) {
        int j = 0;
        for (; j <= n - NR; j += NR) {
            tile(k, a, aAt, b, j, n, c, cAt + j);
        }
        rest(j, n, k, a, aAt, b, c, cAt);
    }

    private static void tile(int k, float[] a, int aAt, float[] b, int bAt, int ldb, float[] c, int cAt) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        for (int p = 0; p < k; p++) {
            FloatVector factor = FloatVector.broadcast(S, a[aAt + p]);
            c0 = factor.fma(FloatVector.fromArray(S, b, bAt + p * ldb), c0);
            c1 = factor.fma(FloatVector.fromArray(S, b, bAt + p * ldb + V), c1);
            c2 = factor.fma(FloatVector.fromArray(S, b, bAt + p * ldb + 2 * V), c2);
            c3 = factor.fma(FloatVector.fromArray(S, b, bAt + p * ldb + 3 * V), c3);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + V);
        c2.intoArray(c, cAt + 2 * V);
        c3.intoArray(c, cAt + 3 * V);
    }

    /** The columns of a row of C that are left over, one by one. */
    static void rest(int from, int n, int k, float[] a, int aAt, float[] b, float[] c, int cAt) {
        for (int j = from; j < n; j++) {
            float sum = 0;
            for (int p = 0; p < k; p++) {
                sum = Math.fma(a[aAt + p], b[p * n + j], sum);
            }
            c[cAt + j] = sum;
        }
    }
}
