package lanewise.kernels.simd;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * The fixed tree by which sixteen lanes are added, for vectors that hold all of them, or half, and stay in registers.
 *
 * <p>Two vectors of lanes become one that holds half as many lanes of each, {@code a.blend(b, UPPER8).add(b.blend(a,
 * UPPER8).rearrange(SWAP8))}: lane l and l + 8 of a are added in the lower half, those of b in the upper. Done again with 4,
 * 2 and 1, sixteen vectors of lanes become one vector of sixteen sums, fifteen steps in all; that of vector e stands in
 * lane e. A vector without a partner takes {@code a.add(a.rearrange(SWAP8))}. Level by level in memory, as {@link LaneSum}
 * has to where vectors are smaller still, the same takes three times as long. Constants, since the JIT keeps constant masks
 * and shuffles in registers.
 */
final class Lanes {
    private static final VectorSpecies<Float> S = Species.FLOAT;

    /**
     * Whether a vector holds all sixteen lanes, without which the constants mean nothing, and the JVM keeps the steps in
     * registers, which JDK 17 does not.
     */
    static final boolean WHOLE = Species.LANES == Bits.LANES && !Species.JDK_17;

    /** Whether two vectors hold them, whose sum is then merged with 4, 2 and 1. */
    static final boolean HALVES = 2 * Species.LANES == Bits.LANES && !Species.JDK_17;

    static final VectorMask<Float> UPPER8 = VectorMask.fromLong(S, 0xff00);
    static final VectorMask<Float> UPPER4 = VectorMask.fromLong(S, 0xf0f0);
    static final VectorMask<Float> UPPER2 = VectorMask.fromLong(S, 0xcccc);
    static final VectorMask<Float> UPPER1 = VectorMask.fromLong(S, 0xaaaa);
    static final VectorShuffle<Float> SWAP8 = VectorShuffle.fromOp(S, lane -> (lane ^ 8) % S.length());
    static final VectorShuffle<Float> SWAP4 = VectorShuffle.fromOp(S, lane -> (lane ^ 4) % S.length());
    static final VectorShuffle<Float> SWAP2 = VectorShuffle.fromOp(S, lane -> (lane ^ 2) % S.length());
    static final VectorShuffle<Float> SWAP1 = VectorShuffle.fromOp(S, lane -> (lane ^ 1) % S.length());

    private Lanes() {}
}
