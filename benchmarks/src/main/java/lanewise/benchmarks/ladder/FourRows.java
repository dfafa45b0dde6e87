package lanewise.benchmarks.ladder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of four rows of C stays in registers while p runs from 0 to k, and is stored once.
 *
 * <p>Four FMAs need one vector of B and four broadcasts of A: five loads, no store. They are four chains, which is half of
 * what keeps two units with a latency of four cycles busy. Strips of B are the outer loop, so that the same part of B serves
 * all rows before the next is fetched.
 */
final class FourRows implements MatmulStep {
    private static final VectorSpecies<Float> S = Vectors.FLOAT;

    @Override
    public String idea() {
        return "keep a vector of four rows of C in registers: no loads and stores of C, a vector of B serves four rows";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        int rows = m - m % 4;
        int cols = S.loopBound(n);
        for (int j = 0; j < cols; j += S.length()) {
            for (int i = 0; i < rows; i += 4) {
                tile(k, a, i * k, b, j, n, c, i * n + j);
            }
        }
        restOfColumns(0, rows, cols, n, k, a, b, c);
        for (int i = rows; i < m; i++) {
            RowVectors.row(n, k, a, i * k, b, c, i * n);
        }
    }

    private static void tile(int k, float[] a, int aAt, float[] b, int bAt, int n, float[] c, int cAt) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        for (int p = 0; p < k; p++) {
            FloatVector v = FloatVector.fromArray(S, b, bAt + p * n);
            c0 = v.fma(FloatVector.broadcast(S, a[aAt + p]), c0);
            c1 = v.fma(FloatVector.broadcast(S, a[aAt + k + p]), c1);
            c2 = v.fma(FloatVector.broadcast(S, a[aAt + 2 * k + p]), c2);
            c3 = v.fma(FloatVector.broadcast(S, a[aAt + 3 * k + p]), c3);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + n);
        c2.intoArray(c, cAt + 2 * n);
        c3.intoArray(c, cAt + 3 * n);
    }

    /** The columns from {@code cols} on, which do not fill a vector, of the rows from {@code from} to {@code to}. */
    static void restOfColumns(int from, int to, int cols, int n, int k, float[] a, float[] b, float[] c) {
        for (int i = from; i < to; i++) {
            for (int j = cols; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[i * k + p], b[p * n + j], sum);
                }
                c[i * n + j] = sum;
            }
        }
    }
}
