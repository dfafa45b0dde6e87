package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/** The fixed tree by which the sixteen lanes of a sum are added, at every vector width. */
final class LaneSum {
    private static final int LANES = Bits.LANES;
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(256, Species.FLOAT.vectorBitSize())));
    private static final VectorSpecies<Float> QUARTER = FloatVector.SPECIES_128;

    private LaneSum() {}

    /**
     * Leaves in element 16 e of x the sum of the sixteen elements from there on: lanes l and l + 8 are added, then l and l +
     * 4, l and l + 2, l and l + 1. Each level goes over all the sums, so that no add waits for the one before it.
     */
    static void trees(int count, float[] x) {
        int end = count * LANES;
        for (int at = 0; at < end; at += LANES) {
            for (int l = at; l < at + LANES / 2; l += HALF.length()) {
                FloatVector.fromArray(HALF, x, l)
                        .add(FloatVector.fromArray(HALF, x, l + LANES / 2))
                        .intoArray(x, l);
            }
        }
        for (int at = 0; at < end; at += LANES) {
            FloatVector.fromArray(QUARTER, x, at)
                    .add(FloatVector.fromArray(QUARTER, x, at + LANES / 4))
                    .intoArray(x, at);
        }
        for (int at = 0; at < end; at += LANES) {
            x[at] = (x[at] + x[at + 2]) + (x[at + 1] + x[at + 3]);
        }
    }
}
