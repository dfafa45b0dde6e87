package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * The rectifier and its gradient, both exact.
 *
 * <p><b>Source.</b> Nair and Hinton, Rectified linear units improve restricted Boltzmann machines (2010).
 */
public final class Relu {
    private static final Kernels.Relu KERNEL = Backend.active().relu();

    private Relu() {}

    /**
     * Computes y(i, j) = max(x(i, j), 0), exactly; x and y may be the same elements.
     *
     * <p><b>Special values.</b> &plusmn;0 and -infinity give +0, NaN gives NaN.
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
    public static void forward(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        Check.matrix("x", x.length, xOffset, rows, cols, ldx);
        Check.matrix("y", y.length, yOffset, rows, cols, ldy);
        Check.sameOrDisjoint("y", y, yOffset, ldy, "x", x, xOffset, ldx, rows, cols);
        KERNEL.forward(rows, cols, x, xOffset, ldx, y, yOffset, ldy);
    }

    /**
     * Computes dx(i, j) = dy(i, j) where y(i, j) &gt; 0, and +0 where y(i, j) &le; 0; dx may be the same elements as dy
     * or as y.
     *
     * <p><b>Special values.</b> The gradient at &plusmn;0 is 0. Where y is NaN dx is dy, and a NaN or an infinity of dy
     * is lost where y &le; 0.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param y the output of {@link #forward}, or its input
     * @param yOffset index of its first element
     * @param ldy its leading dimension
     * @param dy the gradient with respect to the output
     * @param dyOffset index of its first element
     * @param lddy its leading dimension
     * @param dx the gradient with respect to the input
     * @param dxOffset index of its first element
     * @param lddx its leading dimension
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void backward(
            int rows,
            int cols,
            float[] y,
            int yOffset,
            int ldy,
            float[] dy,
            int dyOffset,
            int lddy,
            float[] dx,
            int dxOffset,
            int lddx) {
        Check.matrix("y", y.length, yOffset, rows, cols, ldy);
        Check.matrix("dy", dy.length, dyOffset, rows, cols, lddy);
        Check.matrix("dx", dx.length, dxOffset, rows, cols, lddx);
        Check.sameOrDisjoint("dx", dx, dxOffset, lddx, "y", y, yOffset, ldy, rows, cols);
        Check.sameOrDisjoint("dx", dx, dxOffset, lddx, "dy", dy, dyOffset, lddy, rows, cols);
        KERNEL.backward(rows, cols, y, yOffset, ldy, dy, dyOffset, lddy, dx, dxOffset, lddx);
    }
}
