package lanewise.kernels;

import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Kernels;

/** One matrix product with guarded operands, which tests may run any number of times. */
record SgemmCase(boolean transA, boolean transB, int m, int n, int k, Matrix a, Matrix b, Matrix c) {
    /** Operands of outliers at odd offsets, with leading dimensions longer than a row, different for every shape. */
    static SgemmCase of(boolean transA, boolean transB, int m, int n, int k) {
        int seed = ((m * 4099 + n) * 4099 + k) * 4 + (transA ? 2 : 0) + (transB ? 1 : 0);
        return new SgemmCase(
                transA,
                transB,
                m,
                n,
                k,
                operand(transA, m, k, seed),
                operand(transB, k, n, seed + 1),
                operand(false, m, n, seed + 2));
    }

    private static Matrix operand(boolean transposed, int rows, int cols, int seed) {
        int storedRows = transposed ? cols : rows;
        int storedCols = transposed ? rows : cols;
        float[] values = TestData.outliers(seed, rows * cols);
        int spread = Math.floorMod(seed, 7);
        return Matrix.of(storedRows, storedCols, 1 + spread, Math.max(1, storedCols) + (spread + 3) % 5, values);
    }

    /** The result, in a copy of C. */
    Matrix run(Kernels.Sgemm kernel, Workers workers, float alpha, float beta) {
        Matrix out = c.copy();
        kernel.sgemm(
                workers,
                transA,
                transB,
                m,
                n,
                k,
                alpha,
                a.array(),
                a.offset(),
                a.ld(),
                b.array(),
                b.offset(),
                b.ld(),
                beta,
                out.array(),
                out.offset(),
                out.ld());
        return out;
    }

    /** The result of the facade, in a copy of C. */
    Matrix run(float alpha, float beta) {
        return run(
                (workers, ta, tb, m, n, k, al, a, ao, lda, b, bo, ldb, be, c, co, ldc) -> Sgemm.sgemm(
                        workers,
                        ta ? Transpose.T : Transpose.N,
                        tb ? Transpose.T : Transpose.N,
                        m,
                        n,
                        k,
                        al,
                        a,
                        ao,
                        lda,
                        b,
                        bo,
                        ldb,
                        be,
                        c,
                        co,
                        ldc),
                Workers.serial(),
                alpha,
                beta);
    }

    float opA(int i, int p) {
        return transA ? a.get(p, i) : a.get(i, p);
    }

    float opB(int p, int j) {
        return transB ? b.get(j, p) : b.get(p, j);
    }

    @Override
    public String toString() {
        return (transA ? "T" : "N") + (transB ? "T" : "N") + " m " + m + ", n " + n + ", k " + k;
    }
}
