package lanewise.kernels.simd;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/**
 * Unsigned bytes to floats: widened to int, converted, scaled.
 *
 * <p><b>Tile.</b> A vector of floats from a quarter of a vector of bytes. JDK 17 fails on the conversion that extends by
 * zeros, so there the sign is extended and masked off. At 128 bits a quarter is less than the smallest vector of bytes,
 * and the scalar loop serves.
 *
 * <p><b>Tail.</b> The same operations on single pixels.
 */
final class SimdPixels implements Kernels.Pixels {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final VectorSpecies<Integer> INT = Species.INT;
    private static final int LANES = Species.LANES;
    private static final boolean WIDE = LANES >= 8;

    /** As many bytes as there are lanes, or eight, the fewest that a vector can hold, where there are four. */
    static final VectorSpecies<Byte> BYTE =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));

    static final boolean ZERO_EXTEND = !Species.JDK_17;
    static final VectorOperators.Conversion<Byte, Integer> TO_INT =
            ZERO_EXTEND ? VectorOperators.ZERO_EXTEND_B2I : VectorOperators.B2I;

    /**
     * Whether the tiles with widening in them may be as large as 32 registers allow. JDK 17 has a limit to how much it takes
     * into a method, and boxes what is beyond: there they are as small as for 16, and the large ones extend by zeros alone.
     */
    static final boolean TALL = Species.REGISTERS >= 32 && ZERO_EXTEND;

    /** Classes of the widest tiles, which there are only where tiles are {@link #TALL}. */
    static final int WIDEST_TILE = 2 * Bits.CLASSES;

    @Override
    public void widen(int n, byte[] x, int xOffset, float scale, float[] y, int yOffset) {
        int bound = WIDE ? S.loopBound(n) : 0;
        for (int i = 0; i < bound; i += LANES) {
            IntVector pixels =
                    (IntVector) ByteVector.fromArray(BYTE, x, xOffset + i).convertShape(TO_INT, INT, 0);
            if (!ZERO_EXTEND) {
                pixels = pixels.and(0xff);
            }
            FloatVector values = (FloatVector) pixels.convertShape(VectorOperators.I2F, S, 0);
            values.mul(scale).intoArray(y, yOffset + i);
        }
        for (int i = bound; i < n; i++) {
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
        PixelDots.rows(rows, groups, x, xOffset, ldx, classes, w, wOffset, scale, z, zOffset, ldz);
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
        PixelGradient.groups(rows, fromGroup, toGroup, x, xOffset, ldx, classes, g, gOffset, ldg, dw, dwOffset);
    }
}
