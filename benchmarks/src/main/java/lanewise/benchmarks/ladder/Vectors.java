package lanewise.benchmarks.ladder;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.Diagnostics;

/** The vectors of every step: as wide as those of the library, which it is compared with. */
final class Vectors {
    static final VectorSpecies<Float> FLOAT =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Diagnostics.vectorBits()));

    private Vectors() {}
}
