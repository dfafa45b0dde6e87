package lanewise.kernels.simd;

/**
 * Products so small that to set up blocks would take longer than to multiply: nothing is packed, nothing computed aside.
 *
 * <p><b>Wide enough for a vector.</b> The tiles of {@link SgemmTile}, on A and B where they stand. The last strip ends where C
 * does and computes some columns again, which is possible only where C is not continued.
 *
 * <p><b>Narrower.</b> Four chains of scalar FMAs a row, which the processor overlaps with those of the next: vectors would
 * have to be filled up and copied out.
 */
final class SgemmSmall {
    private static final int V = Species.LANES;

    /** Most multiply-adds without vectors: 5 x 5 x 5 take three quarters of the time so, 6 x 6 x 6 already longer. */
    private static final int SCALAR = 128;

    /** Most multiply-adds: from some hundred rows on it repays to pack B, and from a million to share. */
    private static final int MOST = 64 * 64 * 64;

    /** Most elements of B that are read where they stand: 16 KB, which stay in L1 beside a tile of A. */
    private static final int RESIDENT = 64 * 64;

    private SgemmSmall() {}

    /** Whether a product is one of these. */
    static boolean suits(boolean transA, boolean transB, int m, int n, int k, float alpha, boolean continued, int ldb) {
        long multiplyAdds = (long) m * n * k;
        if (n < V) {
            return multiplyAdds <= SCALAR;
        }
        return multiplyAdds <= MOST
                && (long) k * ldb <= RESIDENT
                && !transA
                && !transB
                && alpha == 1
                && (!continued || n % V == 0);
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
        if (n >= V) {
            tiles(m, n, k, a, aAt, lda, b, bAt, ldb, continued, c, cAt, ldc);
            return;
        }
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

    private static void tiles(
            int m,
            int n,
            int k,
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
        float[] from = continued ? c : SgemmBlocks.ZEROS;
        for (int j = 0, wide; j < n; j += wide * V) {
            wide = SgemmBlocks.width(n, j);
            int jj = Math.min(j, n - wide * V);
            for (int i = 0, h; i < m; i += h) {
                h = m - i >= Blocks.MR ? Blocks.MR : Math.min(SgemmLowTile.ROWS, m - i);
                int x = aAt + i * lda;
                int at = cAt + i * ldc + jj;
                int fromAt = continued ? at : 0;
                int ldFrom = continued ? ldc : 0;
                SgemmBlocks.tile(true, h, wide, k, a, x, lda, b, bAt + jj, ldb, from, fromAt, ldFrom, c, at, ldc);
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
