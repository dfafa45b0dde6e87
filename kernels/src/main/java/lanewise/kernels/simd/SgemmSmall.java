package lanewise.kernels.simd;

/**
 * Products of so little that to fill up vectors and copy them out would take longer: four chains of scalar FMAs a row, which
 * the processor overlaps with those of the next.
 */
final class SgemmSmall {
    /** Most multiply-adds: 5 x 5 x 5 take three quarters of the time so, 6 x 6 x 6 already longer. */
    private static final int MOST = 128;

    private SgemmSmall() {}

    /** Whether a product is one of these. */
    static boolean suits(int m, int n, int k) {
        return n < Species.LANES && (long) m * n * k <= MOST;
    }

    /** C = alpha op(A) op(B), added to C if it is to be continued. */
    static void product(
            boolean transA,
            boolean transB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int ldb,
            boolean continued,
            float[] c,
            int cAt,
            int ldc) {
        int aRow = transA ? 1 : lda;
        int aCol = transA ? lda : 1;
        int bRow = transB ? 1 : ldb;
        int bCol = transB ? ldb : 1;
        for (int i = 0; i < m; i++) {
            int j = 0;
            for (; j + 4 <= n; j += 4) {
                fourChains(
                        k,
                        alpha,
                        a,
                        aAt + i * aRow,
                        aCol,
                        b,
                        bAt + j * bCol,
                        bRow,
                        bCol,
                        continued,
                        c,
                        cAt + i * ldc + j);
            }
            for (; j < n; j++) {
                chain(k, alpha, a, aAt + i * aRow, aCol, b, bAt + j * bCol, bRow, continued, c, cAt + i * ldc + j);
            }
        }
    }

    private static void fourChains(
            int k,
            float alpha,
            float[] a,
            int aAt,
            int aCol,
            float[] b,
            int bAt,
            int bRow,
            int bCol,
            boolean continued,
            float[] c,
            int cAt) {
        float c0 = continued ? c[cAt] : 0;
        float c1 = continued ? c[cAt + 1] : 0;
        float c2 = continued ? c[cAt + 2] : 0;
        float c3 = continued ? c[cAt + 3] : 0;
        for (int p = 0; p < k; p++) {
            float x = alpha * a[aAt + p * aCol];
            int y = bAt + p * bRow;
            c0 = Math.fma(x, b[y], c0);
            c1 = Math.fma(x, b[y + bCol], c1);
            c2 = Math.fma(x, b[y + 2 * bCol], c2);
            c3 = Math.fma(x, b[y + 3 * bCol], c3);
        }
        c[cAt] = c0;
        c[cAt + 1] = c1;
        c[cAt + 2] = c2;
        c[cAt + 3] = c3;
    }

    private static void chain(
            int k,
            float alpha,
            float[] a,
            int aAt,
            int aCol,
            float[] b,
            int bAt,
            int bRow,
            boolean continued,
            float[] c,
            int cAt) {
        float sum = continued ? c[cAt] : 0;
        for (int p = 0; p < k; p++) {
            sum = Math.fma(alpha * a[aAt + p * aCol], b[bAt + p * bRow], sum);
        }
        c[cAt] = sum;
    }
}
