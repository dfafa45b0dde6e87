package lanewise.kernels.simd;

import java.util.Arrays;
import lanewise.kernels.Workers;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/**
 * Matrix multiplication on vectors: chooses the form, and keeps for each calling thread the buffers that it works in.
 *
 * <p><b>Error.</b> Both forms round once for each FMA, once for alpha and once for beta: the bound of {@link
 * lanewise.kernels.Sgemm}.
 *
 * <p><b>Source.</b> The blocking is that of Goto and van de Geijn (2008) and BLIS (2015).
 */
final class SimdSgemm implements Kernels.Sgemm {
    private static final ThreadLocal<SgemmCall> CALL = ThreadLocal.withInitial(SgemmCall::new);

    @Override
    public void sgemm(
            Workers workers,
            boolean transA,
            boolean transB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            float beta,
            float[] c,
            int cOffset,
            int ldc) {
        if (k == 0 || alpha == 0) {
            scale(m, n, beta, c, cOffset, ldc);
            return;
        }
        boolean dotShaped = Bits.dotShaped(transA, transB, n, k);
        if (!dotShaped && SgemmSmall.suits(m, n, k)) {
            begin(m, n, beta, c, cOffset, ldc);
            SgemmSmall.product(
                    transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta != 0, c, cOffset, ldc);
            return;
        }
        int worthSharing = dotShaped ? Blocks.WORTH_SHARING_DOTS : Blocks.WORTH_SHARING;
        Workers team = (double) m * n * k < worthSharing ? Workers.serial() : workers;
        if (!dotShaped && team.count() == 1) {
            chains(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
            return;
        }
        float[] right = b;
        int rightAt = bOffset;
        int ldRight = ldb;
        if (dotShaped && (!transB || alpha != 1)) {
            ldRight = SgemmDots.pitch(k);
            right = Scratch.floats(Scratch.COLUMNS, n * ldRight);
            rightAt = 0;
            SgemmDots.packColumns(transB, n, k, alpha, b, bOffset, ldb, right);
        }
        SgemmCall call = CALL.get();
        call.set(
                dotShaped, transA, transB, m, n, k, alpha, a, aOffset, lda, right, rightAt, ldRight, beta, c, cOffset,
                ldc);
        try {
            team.run(call);
        } finally {
            call.forget();
        }
    }

    /** C = alpha op(A) op(B) + beta C, each element one chain: on one thread, or its part of it. */
    static void chains(
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
            float beta,
            float[] c,
            int cAt,
            int ldc) {
        begin(m, n, beta, c, cAt, ldc);
        if (SgemmNarrow.suits(transA, m, n)) {
            SgemmNarrow.product(transB, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta != 0, c, cAt, ldc);
        } else {
            SgemmBlocks.product(transA, transB, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta != 0, c, cAt, ldc, null);
        }
    }

    /** Leaves beta * C where a product is to be added to that; beta = 0 leaves C alone, which the product then replaces. */
    static void begin(int m, int n, float beta, float[] c, int cOffset, int ldc) {
        if (beta != 0 && beta != 1) {
            scale(m, n, beta, c, cOffset, ldc);
        }
    }

    private static void scale(int m, int n, float beta, float[] c, int cOffset, int ldc) {
        // Rows without gaps are scaled as one: of short ones little would be whole vectors.
        int rows = ldc == n ? 1 : m;
        int length = ldc == n ? m * n : n;
        if (beta != 0) {
            SgemmPack.rows(false, rows, length, beta, c, cOffset, ldc, c, cOffset, ldc);
            return;
        }
        for (int i = 0; i < rows; i++) {
            Arrays.fill(c, cOffset + i * ldc, cOffset + i * ldc + length, 0);
        }
    }
}
