package lanewise.kernels.simd;

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
    /** The buffers outlive the call, since allocating megabytes costs more than multiplying small matrices. */
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
        boolean dotShaped = Bits.dotShaped(transA, n, k);
        float start = beta;
        if (!dotShaped && beta != 0 && beta != 1) {
            scale(m, n, beta, c, cOffset, ldc);
            start = 1;
        }
        SgemmCall call = CALL.get();
        call.set(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, start, c, cOffset, ldc);
        Workers team = (double) m * n * k < Blocks.WORTH_SHARING ? Workers.serial() : workers;
        if (dotShaped) {
            call.dotProducts(team);
        } else if (transA && n < Blocks.NR / 2 && alpha == 1) {
            call.transposedProduct(team);
        } else {
            call.outerProducts(team);
        }
        call.forget();
    }

    private static void scale(int m, int n, float beta, float[] c, int cOffset, int ldc) {
        for (int i = 0; i < m; i++) {
            for (int j = cOffset + i * ldc; j < cOffset + i * ldc + n; j++) {
                c[j] = beta == 0 ? 0 : beta * c[j];
            }
        }
    }
}
