package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * Vector operations of BLAS level 1, on n elements that stand side by side.
 *
 * <p><b>Special values.</b> NaN and infinity propagate as IEEE 754 says, also through a factor of 0; nothing is flushed
 * to zero.
 *
 * <p><b>Source.</b> Lawson and others, Basic Linear Algebra Subprograms for Fortran Usage (1979).
 */
public final class Level1 {
    private static final Kernels.Level1 KERNEL = Backend.active().level1();

    private Level1() {}

    /**
     * Computes x(i) = alpha x(i), rounded once: off by at most 2<sup>-24</sup> |alpha x(i)| or half a smallest subnormal,
     * barring overflow.
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
     * Computes y(i) = fma(alpha, x(i), y(i)), rounded once: off by at most 2<sup>-24</sup> of the result or half a smallest
     * subnormal, barring overflow. x and y may be the same elements.
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
        Check.sameOrDisjoint("y", y, yOffset, n, "x", x, xOffset, n, 1, n);
        KERNEL.axpy(n, alpha, x, xOffset, y, yOffset);
    }

    /**
     * Computes the sum of x(i) y(i); x and y may overlap in any way.
     *
     * <p><b>Bits.</b> 16 lanes, lane l from 0 the chain {@code lane = fma(x(i), y(i), lane)} over the i with i mod 16 = l
     * in rising order; then lanes l and l + 8 are added, l and l + 4, l and l + 2, l and l + 1.
     *
     * <p><b>Error.</b> Against the exact sum, with u = 2<sup>-24</sup> and c = (n / 16 + 5) u: at most
     * c / (1 - c) sum |x(i)||y(i)|, and one smallest subnormal for each of n products, barring overflow.
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
     * Computes the {@link #dot} of x with itself. It is not scaled: elements above 1.8e19 overflow it, elements below
     * 2.6e-23 vanish from it.
     *
     * <p><b>Error.</b> Relatively, against the exact sum, with u = 2<sup>-24</sup> and c = (n / 16 + 5) u: at most c / (1 - c),
     * since no term is negative; and one smallest subnormal for each of n squares, barring overflow.
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
