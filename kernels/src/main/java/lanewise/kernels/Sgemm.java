package lanewise.kernels;

import java.util.Objects;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/** General matrix multiplication in single precision. */
public final class Sgemm {
    private static final Kernels.Sgemm KERNEL = Backend.active().sgemm();

    private Sgemm() {}

    /**
     * Computes C = alpha * op(A) * op(B) + beta * C on the calling thread: see {@link #sgemm(Workers, Transpose,
     * Transpose, int, int, int, float, float[], int, int, float[], int, int, float, float[], int, int)}.
     *
     * @param transA whether op(A) is A or its transpose
     * @param transB whether op(B) is B or its transpose
     * @param m rows of op(A) and of C
     * @param n columns of op(B) and of C
     * @param k columns of op(A) and rows of op(B)
     * @param alpha scales the product
     * @param a A, stored as m x k, or as k x m when transposed
     * @param aOffset index of the first element of A
     * @param lda leading dimension of A as stored
     * @param b B, stored as k x n, or as n x k when transposed
     * @param bOffset index of the first element of B
     * @param ldb leading dimension of B as stored
     * @param beta scales C before the product is added
     * @param c C, m x n, read unless beta is 0, and written
     * @param cOffset index of the first element of C
     * @param ldc leading dimension of C
     * @throws IllegalArgumentException if a size is negative, a leading dimension is shorter than a row, an array is too
     *     short, or C shares an element range with A or B
     * @throws NullPointerException if an array or a transpose is null
     */
    public static void sgemm(
            Transpose transA,
            Transpose transB,
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
        sgemm(
                Workers.serial(),
                transA,
                transB,
                m,
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
                ldc);
    }

    /**
     * Computes C = alpha * op(A) * op(B) + beta * C, where op(A) is m x k, op(B) is k x n and C is m x n.
     *
     * <p><b>Special values.</b> As in the reference BLAS: with beta = 0 C is not read, with alpha = 0 or k = 0 neither A
     * nor B is, and C becomes beta * C, exactly +0 where beta = 0. Otherwise NaN and infinity propagate as IEEE 754 says;
     * no product is skipped because a factor is zero.
     *
     * <p><b>Bits.</b> Element (i, j) is {@code c = beta * C(i,j)} (0 where beta = 0), then for k in rising order
     * {@code c = fma(alpha * op(A)(i,k), op(B)(k,j), c)}: one chain, whatever the blocks. Where op(A) = A, n &lt; 16,
     * k &ge; 32 and, but for a transposed B, k &ge; 8 n it is a dot product instead: 16 lanes, lane l the chain over the k
     * with k mod 16 = l of {@code fma(A(i,k), alpha * op(B)(k,j), lane)} from 0, then lanes l and l + 8 added, l and l + 4,
     * l and l + 2, l and l + 1; C becomes that sum, or {@code fma(beta, C(i,j), sum)} where beta is not 0. The form taken depends on the
     * transposes, n and k alone.
     *
     * <p><b>Error.</b> Against the exact result, with u = 2<sup>-24</sup>: at most
     * (k + 2) u (|alpha| sum |a||b| + |beta c|) and one smallest subnormal for each operation, barring overflow; where
     * alpha times a factor is subnormal, what that loses counts times the other factor.
     *
     * <p><b>Source.</b> Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication (2008); Van Zee and van
     * de Geijn, BLIS (2015).
     *
     * @param workers the threads that share the work; the bits do not depend on them
     * @param transA whether op(A) is A or its transpose
     * @param transB whether op(B) is B or its transpose
     * @param m rows of op(A) and of C
     * @param n columns of op(B) and of C
     * @param k columns of op(A) and rows of op(B)
     * @param alpha scales the product
     * @param a A, stored as m x k, or as k x m when transposed
     * @param aOffset index of the first element of A
     * @param lda leading dimension of A as stored
     * @param b B, stored as k x n, or as n x k when transposed
     * @param bOffset index of the first element of B
     * @param ldb leading dimension of B as stored
     * @param beta scales C before the product is added
     * @param c C, m x n, read unless beta is 0, and written
     * @param cOffset index of the first element of C
     * @param ldc leading dimension of C
     * @throws IllegalArgumentException if a size is negative, a leading dimension is shorter than a row, an array is too
     *     short, or C shares an element range with A or B
     * @throws NullPointerException if an array, a transpose or the workers are null
     * @throws IllegalStateException if the workers are closed, however few of them a product takes
     */
    public static void sgemm(
            Workers workers,
            Transpose transA,
            Transpose transB,
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
        Objects.requireNonNull(transA, "transA");
        Objects.requireNonNull(transB, "transB");
        Objects.requireNonNull(workers, "workers").requireOpen();
        Check.size("m", m);
        Check.size("n", n);
        Check.size("k", k);
        boolean ta = transA == Transpose.T;
        boolean tb = transB == Transpose.T;
        Check.matrix("a", a.length, aOffset, ta ? k : m, ta ? m : k, lda);
        Check.matrix("b", b.length, bOffset, tb ? n : k, tb ? k : n, ldb);
        Check.matrix("c", c.length, cOffset, m, n, ldc);
        Check.disjoint("c", c, cOffset, m, n, ldc, "a", a, aOffset, ta ? k : m, ta ? m : k, lda);
        Check.disjoint("c", c, cOffset, m, n, ldc, "b", b, bOffset, tb ? n : k, tb ? k : n, ldb);
        if (m == 0 || n == 0) {
            return;
        }
        KERNEL.sgemm(workers, ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
    }
}
