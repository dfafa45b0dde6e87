package lanewise.kernels.simd;

import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Backend;

/**
 * The vector width of every SIMD kernel of this JVM: {@code lanewise.vectorBits}, or the widest of the machine.
 *
 * <p>What a loop carries from turn to turn must not be the receiver of the call that makes its next value: {@code sum =
 * x.add(sum)}, never {@code sum = sum.add(x)}. The compiler knows the class of x from where it was loaded, that of the sum
 * from a profile alone; compiled before there is one, the sum becomes an object in every turn.
 */
final class Species {
    static final VectorSpecies<Float> FLOAT = VectorSpecies.of(
            float.class,
            VectorShape.forBitSize(
                    Math.min(Backend.allowedVectorBits(), FloatVector.SPECIES_PREFERRED.vectorBitSize())));
    static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, FLOAT.vectorShape());

    /** How many floats a vector holds. */
    static final int LANES = FLOAT.length();

    /**
     * How many vector registers there are: 32 with AVX-512, whatever the width in use, and on AArch64; 16 with AVX2.
     * Of the two names of x86-64 the second is that of macOS.
     */
    static final int REGISTERS = FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512
                    || !Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"))
            ? 32
            : 16;

    /** Whether this is a JDK before 21, as 17 is, whose compiler is another one to write for: see where it is asked. */
    static final boolean JDK_17 = Runtime.version().feature() < 21;

    private Species() {}
}
