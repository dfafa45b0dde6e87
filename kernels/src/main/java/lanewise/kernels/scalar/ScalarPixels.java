package lanewise.kernels.scalar;

import lanewise.kernels.backend.Kernels;

/** Unsigned bytes to floats. */
final class ScalarPixels implements Kernels.Pixels {
    @Override
    public void widen(int n, byte[] x, int xOffset, float scale, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = (x[xOffset + i] & 0xff) * scale;
        }
    }
}
