package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * The rectifier and its gradient.
 */
public final class Relu {
    private static final Kernels.Relu KERNEL = Backend.active().relu();

    private Relu() {}

    /**
     * Computes y = max(x, 0), exactly: &plusmn;0 gives +0 and NaN gives NaN. x and y may be the same elements.
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
        KERNEL.forward(rows, cols, x, xOffset, ldx, y, yOffset, ldy);
    }

    /**
     * Computes dx = dy where y &gt; 0, and 0 where y = 0, so that the gradient at 0 is 0; where y is NaN dx is
     * dy. dy and dx may be the same elements.
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
        KERNEL.backward(rows, cols, y, yOffset, ldy, dy, dyOffset, lddy, dx, dxOffset, lddx);
    }
}
