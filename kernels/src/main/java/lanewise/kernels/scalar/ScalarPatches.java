package lanewise.kernels.scalar;

import java.util.Arrays;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/** What {@link ScalarPixels} does, of rows whose groups of zeros are left out. */
final class ScalarPatches implements Kernels.Patches {
    private static final int GROUP = Bits.LANES;

    @Override
    public void logits(
            int first,
            int rows,
            int[] starts,
            char[] groups,
            byte[] x,
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
            int row = first + i;
            for (int c = 0; c < classes; c++) {
                Arrays.fill(lanes, 0);
                for (int e = starts[row / 2]; e < starts[row / 2 + 1]; e++) {
                    ScalarPixels.addProducts(x, at(e, row), w, wOffset + groups[e] * ldw + c * GROUP, lanes);
                }
                z[zOffset + c * ldz + i] = scale * ScalarPixels.sum(lanes);
            }
        }
    }

    @Override
    public void accumulateGradient(
            int first,
            int rows,
            int fromGroup,
            int toGroup,
            int[] starts,
            char[] groups,
            byte[] x,
            int classes,
            float[] g,
            int gOffset,
            int ldg,
            float[] dw,
            int dwOffset) {
        int padded = Bits.paddedClasses(classes);
        for (int i = 0; i < rows; i++) {
            int row = first + i;
            for (int e = starts[row / 2]; e < starts[row / 2 + 1]; e++) {
                for (int c = 0; c < padded && fromGroup <= groups[e] && groups[e] < toGroup; c++) {
                    int at = dwOffset + (groups[e] * padded + c) * GROUP;
                    ScalarPixels.addMultiple(g[gOffset + c * ldg + i], x, at(e, row), dw, at);
                }
            }
        }
    }

    /** Where the pixels of a row in a group of its pair begin. */
    private static int at(int e, int row) {
        return (2 * e + row % 2) * GROUP;
    }
}
