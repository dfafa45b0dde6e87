package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * The exponential function.
 */
public final class Exp {
    private static final Kernels.Exp KERNEL = Backend.active().exp();

    private Exp() {}

    /**
     * Computes y = e<sup>x</sup> for n elements; x and y may be the same elements.
     *
     * <p><b>Special values.</b> NaN gives NaN, &plusmn;0 gives 1, +infinity and everything above 0x1.62e42ep6
     * (88.72) give +infinity, everything below -0x1.9fe368p6 (-103.97) gives 0; results below the normal range
     * are subnormal.
     *
     * <p><b>Error.</b> At most 1 ULP over all floats, subnormal results included (0.987 found in all 2<sup>32</sup>).
     *
     * <p><b>Source.</b> Cody and Waite, Software Manual for the Elementary Functions (1980), for the reduction of the
     * argument; then a polynomial of degree 6.
     *
     * @param n how many elements
     * @param x the input
     * @param xOffset index of its first element
     * @param y the output
     * @param yOffset index of its first element
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void exp(int n, float[] x, int xOffset, float[] y, int yOffset) {
        Check.vector("x", x.length, xOffset, n);
        Check.vector("y", y.length, yOffset, n);
        Check.sameOrDisjoint("y", y, yOffset, n, "x", x, xOffset, n, 1, n);
        KERNEL.exp(n, x, xOffset, y, yOffset);
    }
}
