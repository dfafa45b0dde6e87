package lanewise.kernels.scalar;

import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/** Vector operations of BLAS level 1. */
final class ScalarLevel1 implements Kernels.Level1 {
    @Override
    public void scal(int n, float alpha, float[] x, int xOffset) {
        for (int i = 0; i < n; i++) {
            x[xOffset + i] *= alpha;
        }
    }

    @Override
    public void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        return dot(0, 1, n, x, xOffset, y, yOffset);
    }

    @Override
    public float sumOfSquares(int n, float[] x, int xOffset) {
        return dot(n, x, xOffset, x, xOffset);
    }

    /** The lanes first, first + stride, first + 2 stride, ..., summed by halving; a single lane is a chain of FMAs. */
    private static float dot(int first, int stride, int n, float[] x, int xOffset, float[] y, int yOffset) {
        if (stride < Bits.LANES) {
            return dot(first, 2 * stride, n, x, xOffset, y, yOffset)
                    + dot(first + stride, 2 * stride, n, x, xOffset, y, yOffset);
        }
        float lane = 0;
        // Counts down, since up it would wrap behind the end of the longest arrays.
        for (int left = n - first; left > 0; left -= Bits.LANES) {
            int i = n - left;
            lane = Math.fma(x[xOffset + i], y[yOffset + i], lane);
        }
        return lane;
    }
}
