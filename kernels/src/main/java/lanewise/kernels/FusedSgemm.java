package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * The products of a layer and what follows each, done while a part of the result is in the cache. They run on the calling
 * thread; a caller with several threads gives each its own part of C. For {@link #biasRelu} that is some of the rows, or at
 * least 16 columns: a narrower product may be summed in another order, see {@link Sgemm}.
 *
 * <p><b>Bits.</b> As long as B is finite, the bits are those of the separate operations in sequence; their error bounds hold
 * too.
 *
 * <p><b>Zeros.</b> Where A is mostly zeros, as pixels are, steps of k that would multiply by nothing else are left out. So a
 * NaN or an infinity of B may be lost where it meets a 0 of A, and whether it is can depend on the machine and on the slice
 * of C; all others propagate. {@link Sgemm} leaves out nothing.
 *
 * <p><b>Source.</b> The epilogues of NVIDIA's CUTLASS (2017); otherwise {@link Sgemm}.
 */
public final class FusedSgemm {
    private static final Kernels.FusedSgemm KERNEL = Backend.active().fusedSgemm();

    private FusedSgemm() {}

    /**
     * Computes C = max(A B + bias, 0), the bias added to every row: {@link Sgemm#sgemm}, {@link Bias#add} and {@link
     * Relu#forward}.
     *
     * @param m rows of A and of C
     * @param n columns of B and of C
     * @param k columns of A and rows of B
     * @param a A, m x k
     * @param aOffset index of the first element of A
     * @param lda leading dimension of A
     * @param b B, k x n
     * @param bOffset index of the first element of B
     * @param ldb leading dimension of B
     * @param bias the row to add, n elements, or null for none
     * @param biasOffset index of its first element
     * @param c C, m x n, overwritten
     * @param cOffset index of the first element of C
     * @param ldc leading dimension of C
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void biasRelu(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            float[] bias,
            int biasOffset,
            float[] c,
            int cOffset,
            int ldc) {
        Check.matrix("a", a.length, aOffset, m, k, lda);
        Check.matrix("b", b.length, bOffset, k, n, ldb);
        Check.matrix("c", c.length, cOffset, m, n, ldc);
        Check.disjoint("c", c, cOffset, m, n, ldc, "a", a, aOffset, m, k, lda);
        Check.disjoint("c", c, cOffset, m, n, ldc, "b", b, bOffset, k, n, ldb);
        if (bias != null) {
            Check.vector("bias", bias.length, biasOffset, n);
            Check.disjoint("c", c, cOffset, m, n, ldc, "bias", bias, biasOffset, 1, n, n);
        }
        if (m > 0 && n > 0) {
            KERNEL.biasRelu(m, n, k, a, aOffset, lda, b, bOffset, ldb, bias, biasOffset, c, cOffset, ldc);
        }
    }

    /**
     * Takes a step of SGD along the gradient G = A<sup>T</sup> B, or A<sup>T</sup> B + G: W = W - learningRate (G + weightDecay
     * W) where there is no momentum. That is {@link Sgemm#sgemm} into G, then {@link Sgd#step} for each
     * row of W, or {@link Sgd#momentumStep} where there is a momentum buffer. G, W and V stand element for element beside
     * one another, with one leading dimension.
     *
     * @param m columns of A and rows of G, W and V
     * @param n columns of B, G, W and V
     * @param k rows of A and of B
     * @param a A, k x m
     * @param aOffset index of the first element of A
     * @param lda leading dimension of A
     * @param b B, k x n
     * @param bOffset index of the first element of B
     * @param ldb leading dimension of B
     * @param continued whether the gradient is added to what G holds; else G is not read
     * @param g G, m x n; nothing is promised of what it holds afterwards
     * @param gOffset index of the first element of G
     * @param w W, m x n, read and written
     * @param wOffset index of the first element of W
     * @param v V, m x n, read and written, or null for a step without momentum
     * @param vOffset index of the first element of V
     * @param ldw leading dimension of G, W and V
     * @param learningRate the learning rate
     * @param momentum the momentum, not used without V
     * @param nesterov whether the step looks ahead by Nesterov's rule, not used without V
     * @param weightDecay the weight decay
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void sgdStep(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            boolean continued,
            float[] g,
            int gOffset,
            float[] w,
            int wOffset,
            float[] v,
            int vOffset,
            int ldw,
            float learningRate,
            float momentum,
            boolean nesterov,
            float weightDecay) {
        Check.matrix("a", a.length, aOffset, k, m, lda);
        Check.matrix("b", b.length, bOffset, k, n, ldb);
        output("g", g, gOffset, m, n, k, ldw, a, aOffset, lda, b, bOffset, ldb);
        output("w", w, wOffset, m, n, k, ldw, a, aOffset, lda, b, bOffset, ldb);
        Check.disjoint("w", w, wOffset, m, n, ldw, "g", g, gOffset, m, n, ldw);
        if (v != null) {
            output("v", v, vOffset, m, n, k, ldw, a, aOffset, lda, b, bOffset, ldb);
            Check.disjoint("v", v, vOffset, m, n, ldw, "g", g, gOffset, m, n, ldw);
            Check.disjoint("v", v, vOffset, m, n, ldw, "w", w, wOffset, m, n, ldw);
        }
        if (m > 0 && n > 0) {
            KERNEL.sgdStep(
                    m,
                    n,
                    k,
                    a,
                    aOffset,
                    lda,
                    b,
                    bOffset,
                    ldb,
                    continued,
                    g,
                    gOffset,
                    w,
                    wOffset,
                    v,
                    vOffset,
                    ldw,
                    learningRate,
                    momentum,
                    nesterov,
                    weightDecay);
        }
    }

    private static void output(
            String name,
            float[] x,
            int xOffset,
            int m,
            int n,
            int k,
            int ldx,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb) {
        Check.matrix(name, x.length, xOffset, m, n, ldx);
        Check.disjoint(name, x, xOffset, m, n, ldx, "a", a, aOffset, k, m, lda);
        Check.disjoint(name, x, xOffset, m, n, ldx, "b", b, bOffset, k, n, ldb);
    }
}
