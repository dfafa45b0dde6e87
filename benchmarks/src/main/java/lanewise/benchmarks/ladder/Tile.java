package lanewise.benchmarks.ladder;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Six rows of C by two vectors in registers: each vector of B that is loaded serves six rows, each element of A two vectors.
 *
 * <p>Twelve FMAs need two vectors of B and six broadcasts of A: eight loads. They are twelve chains, more than the eight
 * that two units with a latency of four cycles need; twelve sums, two vectors of B and one of A fit the 16 registers of
 * AVX2.
 */
final class Tile implements MatmulStep {
    private static final VectorSpecies<Float> S = Vectors.FLOAT;
    private static final int V = S.length();

    /** Rows of a tile. */
    static final int MR = 6;

    /** Columns of a tile. */
    static final int NR = 2 * V;

    /** What a tile of C starts from when nothing has been added to it: a row that serves as every row. */
    static final float[] ZEROS = new float[NR];

    @Override
    public String idea() {
        return "six rows by two vectors: twelve chains, and more FMAs a load";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        rows(0, m, n, k, a, b, c);
    }

    /** The rows of C from {@code start} on. */
    static void rows(int start, int m, int n, int k, float[] a, float[] b, float[] c) {
        int end = m - (m - start) % MR;
        int cols = n - n % NR;
        for (int j = 0; j < cols; j += NR) {
            for (int i = start; i < end; i += MR) {
                tile(k, a, i * k, k, b, j, n, ZEROS, 0, 0, c, i * n + j, n);
            }
        }
        FourRows.restOfColumns(start, end, cols, n, k, a, b, c);
        for (int i = end; i < m; i++) {
            RowVectors.row(n, k, a, i * k, b, c, i * n);
        }
    }

    /**
     * c = from + A B for one tile, where A(r,p) stands at {@code aAt + r * ldA + p} and B(p,j) at {@code bAt + p * ldB +
     * j}. What the sums start from is an argument, since the JIT of JDK 17 makes objects of vectors that come from
     * two branches.
     */
    static void tile(
            int k,
            float[] a,
            int aAt,
            int ldA,
            float[] b,
            int bAt,
            int ldB,
            float[] from,
            int fromAt,
            int ldFrom,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c00 = FloatVector.fromArray(S, from, fromAt);
        FloatVector c01 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector c10 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector c11 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector c20 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom);
        FloatVector c21 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + V);
        FloatVector c30 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom);
        FloatVector c31 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + V);
        FloatVector c40 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom);
        FloatVector c41 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + V);
        FloatVector c50 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom);
        FloatVector c51 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + V);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * ldB);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * ldB + V);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + p]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[aAt + ldA + p]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[aAt + 2 * ldA + p]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[aAt + 3 * ldA + p]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[aAt + 4 * ldA + p]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[aAt + 5 * ldA + p]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + V);
        c10.intoArray(c, cAt + ldc);
        c11.intoArray(c, cAt + ldc + V);
        c20.intoArray(c, cAt + 2 * ldc);
        c21.intoArray(c, cAt + 2 * ldc + V);
        c30.intoArray(c, cAt + 3 * ldc);
        c31.intoArray(c, cAt + 3 * ldc + V);
        c40.intoArray(c, cAt + 4 * ldc);
        c41.intoArray(c, cAt + 4 * ldc + V);
        c50.intoArray(c, cAt + 5 * ldc);
        c51.intoArray(c, cAt + 5 * ldc + V);
    }
}
