package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * Softmax, log-softmax and log-sum-exp by row.
 *
 * <p><b>Error.</b> Let u = 2<sup>-24</sup> and d = x - max, rounded once. Then e<sup>d</sup> is off by at most |d| u for
 * that rounding and 2 u for the exponential, relatively. In the sum S these errors are weighted by e<sup>d</sup> / S, and
 * the weighted mean of |d| is at most ln cols. The sum itself takes a = cols - 1 additions in order below 48 columns. From
 * there on it runs in 16 lanes over stretches of 1,024 elements, which four additions join, and over the stretches in
 * double: a = min(cols, 1024) / 16 + 4. So S is off by at most
 *
 * <p>s = u (a + ln cols + 2)
 *
 * <p>relatively, log S by as much absolutely, and the bounds below follow.
 *
 * <p><b>Source.</b> The maximum of a row is subtracted first, so that no finite row overflows: Blanchard, Higham and
 * Higham, Accurately computing the log-sum-exp and softmax functions (2021).
 */
public final class Softmax {
    private static final Kernels.Softmax KERNEL = Backend.active().softmax();

    private Softmax() {}

    /**
     * Computes y = e<sup>x - max</sup> / sum e<sup>x - max</sup> for each row; x and y may be the same
     * elements.
     *
     * <p><b>Special values.</b> A row that holds a NaN or +infinity, or nothing but -infinity, becomes NaN, and
     * no other row does; -infinity among finite elements becomes 0, and so does what is 87.34 below the maximum or more:
     * its exponential would be subnormal.
     *
     * <p><b>Error.</b> An element p is off by at most p (s + u (|x - max| + 4)) + 2<sup>-126</sup>; see above for s and u.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param x the input
     * @param xOffset index of its first element
     * @param ldx its leading dimension
     * @param y the output
     * @param yOffset index of its first element
     * @param ldy its leading dimension
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void softmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        Check.matrix("x", x.length, xOffset, rows, cols, ldx);
        Check.matrix("y", y.length, yOffset, rows, cols, ldy);
        Check.sameOrDisjoint("y", y, yOffset, ldy, "x", x, xOffset, ldx, rows, cols);
        KERNEL.softmax(rows, cols, x, xOffset, ldx, y, yOffset, ldy);
    }

    /**
     * Computes y = (x - max) - log sum e<sup>x - max</sup> for each row; x and y may be the same elements.
     *
     * <p><b>Special values.</b> A row that holds a NaN, or nothing but -infinity, becomes NaN. In a row that
     * holds +infinity those elements become NaN and all others -infinity. -infinity among finite elements
     * stays.
     *
     * <p><b>Error.</b> At most s + u (|x - max| + |y| + ln cols); see above for s and u.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param x the input
     * @param xOffset index of its first element
     * @param ldx its leading dimension
     * @param y the output
     * @param yOffset index of its first element
     * @param ldy its leading dimension
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void logSoftmax(
            int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        Check.matrix("x", x.length, xOffset, rows, cols, ldx);
        Check.matrix("y", y.length, yOffset, rows, cols, ldy);
        Check.sameOrDisjoint("y", y, yOffset, ldy, "x", x, xOffset, ldx, rows, cols);
        KERNEL.logSoftmax(rows, cols, x, xOffset, ldx, y, yOffset, ldy);
    }

    /**
     * Computes out = max + log sum e<sup>x - max</sup>, one value for each row; an empty row gives -infinity.
     *
     * <p><b>Special values.</b> A NaN makes the result NaN; otherwise +infinity makes it +infinity, and a row
     * of nothing but -infinity gives -infinity. A term below 2<sup>-25</sup> of the sum may be lost in it:
     * (0, -40) gives 0.
     *
     * <p><b>Error.</b> At most s + u |out|; see above for s and u.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param x the input
     * @param xOffset index of its first element
     * @param ldx its leading dimension
     * @param out the output
     * @param outOffset index of its first element
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void logSumExp(int rows, int cols, float[] x, int xOffset, int ldx, float[] out, int outOffset) {
        Check.matrix("x", x.length, xOffset, rows, cols, ldx);
        Check.vector("out", out.length, outOffset, rows);
        Check.disjoint("out", out, outOffset, 1, rows, rows, "x", x, xOffset, rows, cols, ldx);
        KERNEL.logSumExp(rows, cols, x, xOffset, ldx, out, outOffset);
    }
}
