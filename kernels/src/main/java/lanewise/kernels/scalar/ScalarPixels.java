package lanewise.kernels.scalar;

import java.util.Arrays;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/** Rows of unsigned bytes: to floats, to logits, and the gradient of the weights between. */
final class ScalarPixels implements Kernels.Pixels {
    private static final int GROUP = Bits.LANES;

    @Override
    public void widen(int n, byte[] x, int xOffset, float scale, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = (x[xOffset + i] & 0xff) * scale;
        }
    }

    @Override
    public void logits(
            int rows,
            int groups,
            byte[] x,
            int xOffset,
            int ldx,
            int classes,
            float[] w,
            int wOffset,
            float scale,
            float[] z,
            int zOffset,
            int ldz) {
        float[] lanes = new float[GROUP];
        int ldw = Bits.paddedClasses(classes) * GROUP;
        for (int i = 0; i < rows; i++) {
            int xAt = xOffset + i * ldx;
            for (int c = 0; c < classes; c++) {
                Arrays.fill(lanes, 0);
                for (int group = 0; group < groups; group++) {
                    addProducts(x, xAt + group * GROUP, w, wOffset + group * ldw + c * GROUP, lanes);
                }
                z[zOffset + c * ldz + i] = scale * sum(lanes);
            }
        }
    }

    @Override
    public void accumulateGradient(
            int rows,
            int fromGroup,
            int toGroup,
            byte[] x,
            int xOffset,
            int ldx,
            int classes,
            float[] g,
            int gOffset,
            int ldg,
            float[] dw,
            int dwOffset) {
        int padded = Bits.paddedClasses(classes);
        for (int i = 0; i < rows; i++) {
            int xAt = xOffset + i * ldx;
            for (int group = fromGroup; group < toGroup; group++) {
                for (int c = 0; c < padded; c++) {
                    int at = dwOffset + (group * padded + c) * GROUP;
                    addMultiple(g[gOffset + c * ldg + i], x, xAt + group * GROUP, dw, at);
                }
            }
        }
    }

    /** Lane by lane of a group: lane = fma(x, w, lane). */
    static void addProducts(byte[] x, int xAt, float[] w, int wAt, float[] lanes) {
        for (int lane = 0; lane < GROUP; lane++) {
            lanes[lane] = Math.fma(x[xAt + lane] & 0xff, w[wAt + lane], lanes[lane]);
        }
    }

    /** Pixel by pixel of a group: dw = fma(x, factor, dw). */
    static void addMultiple(float factor, byte[] x, int xAt, float[] dw, int dwAt) {
        for (int lane = 0; lane < GROUP; lane++) {
            dw[dwAt + lane] = Math.fma(x[xAt + lane] & 0xff, factor, dw[dwAt + lane]);
        }
    }

    /** The sum of the lanes, which it overwrites: lanes l and l + 8 are added, then l and l + 4, l + 2, l + 1. */
    static float sum(float[] lanes) {
        for (int half = GROUP / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }
}
