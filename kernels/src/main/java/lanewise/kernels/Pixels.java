package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/** Pixels as unsigned bytes, a quarter of the memory of floats, widened where they are used. */
public final class Pixels {
    private static final Kernels.Pixels KERNEL = Backend.active().pixels();

    private Pixels() {}

    /**
     * Computes y = scale * x for n pixels, x taken as unsigned, 0 to 255.
     *
     * <p><b>Error.</b> One rounding an element; exact for a scale of 1. <b>Special values.</b> A scale of NaN or infinity
     * propagates as IEEE 754 says.
     *
     * @param n how many pixels
     * @param x the pixels
     * @param xOffset index of the first pixel
     * @param scale what each is multiplied by
     * @param y the output
     * @param yOffset index of its first element
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void widen(int n, byte[] x, int xOffset, float scale, float[] y, int yOffset) {
        Check.vector("x", x.length, xOffset, n);
        Check.vector("y", y.length, yOffset, n);
        KERNEL.widen(n, x, xOffset, scale, y, yOffset);
    }
}
