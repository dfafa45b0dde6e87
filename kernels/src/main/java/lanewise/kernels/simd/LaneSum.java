package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/** The fixed tree by which the sixteen lanes of a sum are added, at every vector width. */
final class LaneSum {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int V = Species.LANES;
    private static final int LANES = Bits.LANES;

    private LaneSum() {}

    /** How long an array must be to hold the lanes of some sums, which are added four at a time. */
    static int length(int count) {
        return (count + 3) * LANES;
    }

    /**
     * Leaves in element 16 e of x the sum of the sixteen elements from there on: lanes l and l + 8 are added, then l and l +
     * 4, l and l + 2, l and l + 1.
     */
    static void trees(int count, float[] x) {
        if (Lanes.WHOLE) {
            inRegisters(count, x);
        } else if (Lanes.HALVES) {
            inHalves(count, x);
        } else {
            inMemory(count, x);
        }
    }

    /** By the merges of {@link Lanes}: four sums become one vector that holds each four times. */
    private static void inRegisters(int count, float[] x) {
        for (int at = 0; at < count * LANES; at += 4 * LANES) {
            FloatVector s0 = FloatVector.fromArray(S, x, at);
            FloatVector s1 = FloatVector.fromArray(S, x, at + LANES);
            FloatVector s2 = FloatVector.fromArray(S, x, at + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(S, x, at + 3 * LANES);
            FloatVector m8_0 =
                    s0.blend(s2, Lanes.UPPER8).add(s2.blend(s0, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m8_1 =
                    s1.blend(s3, Lanes.UPPER8).add(s3.blend(s1, Lanes.UPPER8).rearrange(Lanes.SWAP8));
            FloatVector m4 = m8_0.blend(m8_1, Lanes.UPPER4)
                    .add(m8_1.blend(m8_0, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector m2 = m4.add(m4.rearrange(Lanes.SWAP2));
            m2.add(m2.rearrange(Lanes.SWAP1)).intoArray(x, at);
            x[at + LANES] = x[at + LANES / 4];
            x[at + 2 * LANES] = x[at + LANES / 2];
            x[at + 3 * LANES] = x[at + 3 * LANES / 4];
        }
    }

    /** The same for halves: the lanes l and l + 8 are added first, and a vector holds each of four sums twice. */
    private static void inHalves(int count, float[] x) {
        for (int at = 0; at < count * LANES; at += 4 * LANES) {
            FloatVector m8_0 = FloatVector.fromArray(S, x, at).add(FloatVector.fromArray(S, x, at + V));
            int at1 = at + LANES;
            FloatVector m8_1 = FloatVector.fromArray(S, x, at1).add(FloatVector.fromArray(S, x, at1 + V));
            int at2 = at + 2 * LANES;
            FloatVector m8_2 = FloatVector.fromArray(S, x, at2).add(FloatVector.fromArray(S, x, at2 + V));
            int at3 = at + 3 * LANES;
            FloatVector m8_3 = FloatVector.fromArray(S, x, at3).add(FloatVector.fromArray(S, x, at3 + V));
            FloatVector m4_0 = m8_0.blend(m8_2, Lanes.UPPER4)
                    .add(m8_2.blend(m8_0, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector m4_1 = m8_1.blend(m8_3, Lanes.UPPER4)
                    .add(m8_3.blend(m8_1, Lanes.UPPER4).rearrange(Lanes.SWAP4));
            FloatVector m2 = m4_0.blend(m4_1, Lanes.UPPER2)
                    .add(m4_1.blend(m4_0, Lanes.UPPER2).rearrange(Lanes.SWAP2));
            m2.add(m2.rearrange(Lanes.SWAP1)).intoArray(x, at);
            x[at1] = x[at + V / 4];
            x[at2] = x[at + V / 2];
            x[at3] = x[at + 3 * V / 4];
        }
    }

    /**
     * Each level goes over all the sums, so that no add waits for the one before it. What wide vectors add beyond the half
     * or quarter that counts is not used; vectors of that width would do, but JDK 17 boxes a second species beside the
     * first.
     */
    private static void inMemory(int count, float[] x) {
        int end = count * LANES;
        for (int at = 0; at < end; at += LANES) {
            for (int l = at; l < at + LANES / 2; l += V) {
                FloatVector.fromArray(S, x, l)
                        .add(FloatVector.fromArray(S, x, l + LANES / 2))
                        .intoArray(x, l);
            }
        }
        for (int at = 0; at < end; at += LANES) {
            FloatVector.fromArray(S, x, at)
                    .add(FloatVector.fromArray(S, x, at + LANES / 4))
                    .intoArray(x, at);
        }
        for (int at = 0; at < end; at += LANES) {
            x[at] = (x[at] + x[at + 2]) + (x[at + 1] + x[at + 3]);
        }
    }

    /** The same for a single sum. */
    static float tree(float[] x, int at) {
        float s0 = (x[at] + x[at + 8]) + (x[at + 4] + x[at + 12]);
        float s1 = (x[at + 1] + x[at + 9]) + (x[at + 5] + x[at + 13]);
        float s2 = (x[at + 2] + x[at + 10]) + (x[at + 6] + x[at + 14]);
        float s3 = (x[at + 3] + x[at + 11]) + (x[at + 7] + x[at + 15]);
        return (s0 + s2) + (s1 + s3);
    }
}
