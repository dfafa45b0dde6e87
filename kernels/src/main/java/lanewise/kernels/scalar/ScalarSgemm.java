package lanewise.kernels.scalar;

import lanewise.kernels.Workers;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/** Three loops: the definition of what a matrix product is here, bit for bit. */
final class ScalarSgemm implements Kernels.Sgemm {
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
        if (workers.count() == 1) {
            // A task of one thread would be an object for nothing.
            rows(0, m, transA, transB, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
            return;
        }
        workers.run((part, parts) -> rows(
                Workers.start(m, part, parts),
                Workers.start(m, part + 1, parts),
                transA,
                transB,
                n,
                k,
                alpha,
                a,
                aOffset,
                lda,
                b,
                bOffset,
                ldb,
                beta,
                c,
                cOffset,
                ldc));
    }

    private static void rows(
            int from,
            int to,
            boolean transA,
            boolean transB,
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
        // Element (i, p) of op(A) stands at aOffset + i * aRow + p * aCol, and so for B.
        int aRow = transA ? 1 : lda;
        int aCol = transA ? lda : 1;
        int bRow = transB ? 1 : ldb;
        int bCol = transB ? ldb : 1;
        int depth = alpha == 0 ? 0 : k;
        boolean dotShaped = depth > 0 && Bits.dotShaped(transA, transB, n, k);
        for (int i = from; i < to; i++) {
            int aAt = aOffset + i * aRow;
            int cAt = cOffset + i * ldc;
            if (dotShaped) {
                for (int j = 0; j < n; j++) {
                    float sum = dot(0, 1, depth, alpha, a, aAt, aCol, b, bOffset + j * bCol, bRow);
                    c[cAt + j] = beta == 0 ? sum : Math.fma(beta, c[cAt + j], sum);
                }
                continue;
            }
            for (int j = 0; j < n; j++) {
                c[cAt + j] = beta == 0 ? 0 : beta * c[cAt + j];
            }
            for (int p = 0; p < depth; p++) {
                addMultiple(n, alpha * a[aAt + p * aCol], b, bOffset + p * bRow, bCol, c, cAt);
            }
        }
    }

    /**
     * A row of C plus a multiple of a row of op(B). Side by side its elements have a loop of their own, whose index takes no
     * product: a tenth faster, though neither loop goes into vectors on JDK 17 to 25.
     */
    private static void addMultiple(int n, float factor, float[] b, int bAt, int bCol, float[] c, int cAt) {
        if (bCol == 1) {
            for (int j = 0; j < n; j++) {
                c[cAt + j] = Math.fma(factor, b[bAt + j], c[cAt + j]);
            }
            return;
        }
        for (int j = 0; j < n; j++) {
            c[cAt + j] = Math.fma(factor, b[bAt + j * bCol], c[cAt + j]);
        }
    }

    /** The lanes first, first + stride, first + 2 stride, ..., summed by halving; a single lane is a chain of FMAs. */
    private static float dot(
            int first, int stride, int k, float alpha, float[] a, int aAt, int aCol, float[] b, int bAt, int bRow) {
        if (stride < Bits.LANES) {
            return dot(first, 2 * stride, k, alpha, a, aAt, aCol, b, bAt, bRow)
                    + dot(first + stride, 2 * stride, k, alpha, a, aAt, aCol, b, bAt, bRow);
        }
        float lane = 0;
        for (int left = k - first; left > 0; left -= Bits.LANES) {
            int p = k - left;
            lane = Math.fma(a[aAt + p * aCol], alpha * b[bAt + p * bRow], lane);
        }
        return lane;
    }
}
