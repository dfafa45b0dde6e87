package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * Vector operations of BLAS level 1, on n elements that stand side by side.
 *
 * <p>NaN and infinity propagate as IEEE 754 says, also through a factor of 0.
 */
public final class Level1 {
    private static final Kernels.Level1 KERNEL = Backend.active().level1();

    private Level1() {}

    /**
     * Computes x = alpha x, each element rounded once.
     *
     * @param n how many elements
     * @param alpha the factor
     * @param x the vector, read and written
     * @param xOffset index of its first element
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void scal(int n, float alpha, float[] x, int xOffset) {
        Check.vector("x", x.length, xOffset, n);
        KERNEL.scal(n, alpha, x, xOffset);
    }

    /**
     * Computes y = fma(alpha, x, y), each element rounded once.
     *
     * @param n how many elements
     * @param alpha the factor
     * @param x the input
     * @param xOffset index of its first element
     * @param y the vector to add to, read and written
     * @param yOffset index of its first element
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        Check.vector("x", x.length, xOffset, n);
        Check.vector("y", y.length, yOffset, n);
        KERNEL.axpy(n, alpha, x, xOffset, y, yOffset);
    }

    /**
     * Computes the sum of x(i) y(i) in 16 lanes, lane l the chain of FMAs over the i with i mod 16 = l, then
     * lanes l and l + 8 added, l and l + 4, l and l + 2, l and l + 1.
     *
     * <p><b>Error.</b> At most (n / 16 + 5) u sum |x(i)||y(i)|, u = 2<sup>-24</sup>.
     *
     * @param n how many elements
     * @param x the input
     * @param xOffset index of its first element
     * @param y the other input
     * @param yOffset index of its first element
     * @return the dot product, +0 for n = 0
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        Check.vector("x", x.length, xOffset, n);
        Check.vector("y", y.length, yOffset, n);
        return KERNEL.dot(n, x, xOffset, y, yOffset);
    }

    /**
     * Computes the {@link #dot} of x with itself.
     *
     * @param n how many elements
     * @param x the input
     * @param xOffset index of its first element
     * @return the squared Euclidean norm
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static float sumOfSquares(int n, float[] x, int xOffset) {
        Check.vector("x", x.length, xOffset, n);
        return KERNEL.sumOfSquares(n, x, xOffset);
    }
}
