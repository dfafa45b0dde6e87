package lanewise.kernels.simd;

import lanewise.kernels.backend.Kernels;

/** Rows whose groups of zeros are left out: {@link PatchDots} and {@link PatchGradient}. */
final class SimdPatches implements Kernels.Patches {
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
        PatchDots.rows(first, rows, starts, groups, x, classes, w, wOffset, scale, z, zOffset, ldz);
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
        PatchGradient.groups(
                first, rows, fromGroup, toGroup, starts, groups, x, classes, g, gOffset, ldg, dw, dwOffset);
    }
}
