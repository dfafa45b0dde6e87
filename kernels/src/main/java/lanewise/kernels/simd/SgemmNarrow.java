package lanewise.kernels.simd;

import lanewise.kernels.backend.Bits;

/**
 * Narrow products with a transposed A, such as the gradient X^T G of ten classes: C has too few columns to fill vectors, and
 * many rows.
 *
 * <p><b>Layout.</b> C^T = op(B)^T A is computed, whose rows are as long as C has rows. A is read where it stands, but for
 * the multiplication by alpha, which is its.
 *
 * <p><b>Blocking.</b> So many columns of C^T at a time that they stay in L1 until they are transposed into C. Each element is
 * the chain of FMAs that it is in {@link SgemmBlocks}, with the factors exchanged, so the way taken changes no bit.
 */
final class SgemmNarrow {
    private static final int BLOCK = Blocks.NARROW_ROWS;

    private SgemmNarrow() {}

    /** Whether a product is one of these, and its rows are enough to repay the way back. */
    static boolean suits(boolean transA, int m, int n) {
        return transA && n < Bits.LANES && m >= Blocks.NR;
    }

    /** C = alpha A^T op(B), added to C if it is to be continued. */
    static void product(
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
        int scaledAt = Bits.LANES * BLOCK;
        float[] block = Scratch.floats(Scratch.COLUMNS, scaledAt + Blocks.NARROW_STEPS * BLOCK);
        float[] tile = Scratch.floats(Scratch.SGEMM_TILE, Transposition.TILE);
        for (int i = 0, rows; i < m; i += rows) {
            rows = Math.min(BLOCK, m - i);
            int at = cAt + i * ldc;
            if (continued) {
                Transposition.toClasses(rows, n, c, at, ldc, block, 0, BLOCK, tile, 0);
            }
            for (int p = 0, steps; p < k; p += steps) {
                steps = alpha == 1 ? k : Math.min(Blocks.NARROW_STEPS, k - p);
                float[] x = a;
                int xAt = aAt + p * lda + i;
                int ldx = lda;
                if (alpha != 1) {
                    SgemmPack.rows(false, steps, rows, alpha, a, xAt, lda, block, scaledAt, BLOCK);
                    x = block;
                    xAt = scaledAt;
                    ldx = BLOCK;
                }
                int from = transB ? bAt + p : bAt + p * ldb;
                SgemmBlocks.product(
                        !transB,
                        false,
                        n,
                        rows,
                        steps,
                        1,
                        b,
                        from,
                        ldb,
                        x,
                        xAt,
                        ldx,
                        continued || p > 0,
                        block,
                        0,
                        BLOCK,
                        null);
            }
            Transposition.toRows(rows, n, block, 0, BLOCK, c, at, ldc, tile, 0);
        }
    }
}
