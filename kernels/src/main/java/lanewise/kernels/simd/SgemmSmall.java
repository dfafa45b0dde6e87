package lanewise.kernels.simd;

/**
 * Products of so little that to fill up vectors and copy them out would take longer: tiles of four rows by four columns of
 * scalar FMAs. Of the rows left over four chains, which the processor overlaps with the next.
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
        for (int i = 0, h; i < m; i += h) {
            h = m - i >= 4 ? 4 : 1;
            int left = aAt + i * aRow;
            int to = cAt + i * ldc;
            int j = 0;
            for (; j + 4 <= n; j += 4) {
                int right = bAt + j * bCol;
                if (h == 4) {
                    tile(k, alpha, a, left, aRow, aCol, b, right, bRow, bCol, continued, c, to + j, ldc);
                } else {
                    fourChains(k, alpha, a, left, aCol, b, right, bRow, bCol, continued, c, to + j);
                }
            }
            for (; j < n; j++) {
                int right = bAt + j * bCol;
                for (int r = 0; r < h; r++) {
                    chain(k, alpha, a, left + r * aRow, aCol, b, right, bRow, continued, c, to + r * ldc + j);
                }
            }
        }
    }

    private static void tile(
            int k,
            float alpha,
            float[] a,
            int aAt,
            int aRow,
            int aCol,
            float[] b,
            int bAt,
            int bRow,
            int bCol,
            boolean continued,
            float[] c,
            int cAt,
            int ldc) {
        int cAt1 = cAt + ldc;
        int cAt2 = cAt + 2 * ldc;
        int cAt3 = cAt + 3 * ldc;
        float c0 = continued ? c[cAt] : 0;
        float d0 = continued ? c[cAt + 1] : 0;
        float e0 = continued ? c[cAt + 2] : 0;
        float f0 = continued ? c[cAt + 3] : 0;
        float c1 = continued ? c[cAt1] : 0;
        float d1 = continued ? c[cAt1 + 1] : 0;
        float e1 = continued ? c[cAt1 + 2] : 0;
        float f1 = continued ? c[cAt1 + 3] : 0;
        float c2 = continued ? c[cAt2] : 0;
        float d2 = continued ? c[cAt2 + 1] : 0;
        float e2 = continued ? c[cAt2 + 2] : 0;
        float f2 = continued ? c[cAt2 + 3] : 0;
        float c3 = continued ? c[cAt3] : 0;
        float d3 = continued ? c[cAt3 + 1] : 0;
        float e3 = continued ? c[cAt3 + 2] : 0;
        float f3 = continued ? c[cAt3 + 3] : 0;
        for (int p = 0; p < k; p++) {
            int x = aAt + p * aCol;
            int y = bAt + p * bRow;
            float y0 = b[y];
            float y1 = b[y + bCol];
            float y2 = b[y + 2 * bCol];
            float y3 = b[y + 3 * bCol];
            float x0 = alpha * a[x];
            c0 = Math.fma(x0, y0, c0);
            d0 = Math.fma(x0, y1, d0);
            e0 = Math.fma(x0, y2, e0);
            f0 = Math.fma(x0, y3, f0);
            float x1 = alpha * a[x + aRow];
            c1 = Math.fma(x1, y0, c1);
            d1 = Math.fma(x1, y1, d1);
            e1 = Math.fma(x1, y2, e1);
            f1 = Math.fma(x1, y3, f1);
            float x2 = alpha * a[x + 2 * aRow];
            c2 = Math.fma(x2, y0, c2);
            d2 = Math.fma(x2, y1, d2);
            e2 = Math.fma(x2, y2, e2);
            f2 = Math.fma(x2, y3, f2);
            float x3 = alpha * a[x + 3 * aRow];
            c3 = Math.fma(x3, y0, c3);
            d3 = Math.fma(x3, y1, d3);
            e3 = Math.fma(x3, y2, e3);
            f3 = Math.fma(x3, y3, f3);
        }
        c[cAt] = c0;
        c[cAt + 1] = d0;
        c[cAt + 2] = e0;
        c[cAt + 3] = f0;
        c[cAt1] = c1;
        c[cAt1 + 1] = d1;
        c[cAt1 + 2] = e1;
        c[cAt1 + 3] = f1;
        c[cAt2] = c2;
        c[cAt2 + 1] = d2;
        c[cAt2 + 2] = e2;
        c[cAt2 + 3] = f2;
        c[cAt3] = c3;
        c[cAt3 + 1] = d3;
        c[cAt3 + 2] = e3;
        c[cAt3 + 3] = f3;
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
