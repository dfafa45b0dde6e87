package lanewise.kernels.rules;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.scalar.ScalarBackend;
import lanewise.kernels.simd.SimdBackend;

/** Classes that each break one rule, so that the rules are seen to catch it. */
@SuppressWarnings("unused")
final class Planted {
    private Planted() {}

    static final class NamesSimd {
        Backend backend = SimdBackend.create("");
    }

    static final class NamesScalar {
        Backend backend = ScalarBackend.create("");
    }

    static final class VectorField {
        FloatVector field;
    }

    static final class VectorsInGenericField {
        static final List<FloatVector> FIELD = List.of();
    }

    static final class MaskField {
        final VectorMask<Float> field = null;
    }

    static final class SpeciesField {
        final VectorSpecies<Float> species = FloatVector.SPECIES_128;
    }

    static final class VectorParameter {
        void method(FloatVector parameter) {}
    }

    static final class VectorReturn {
        FloatVector method() {
            return null;
        }
    }

    static final class VectorCapture {
        IntFunction<Float> method() {
            return FloatVector.zero(FloatVector.SPECIES_128)::lane;
        }
    }

    static final class VectorArray {
        Object method() {
            return new FloatVector[4];
        }
    }

    static final class VectorArrays {
        Object method() {
            return new FloatVector[4][4];
        }
    }

    static final class SumOfLanes {
        float method() {
            return FloatVector.zero(FloatVector.SPECIES_128).reduceLanes(VectorOperators.ADD);
        }
    }

    static final class SumAsReceiver {
        private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_128;

        void method(float[] x) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < x.length; i += 4) {
                sum = sum.add(FloatVector.fromArray(SPECIES, x, i)).abs();
            }
            sum.intoArray(x, 0);
        }
    }

    static final class SumAsArgument {
        private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_128;

        void method(float[] x) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < x.length; i += 4) {
                sum = FloatVector.fromArray(SPECIES, x, i).add(sum);
            }
            sum.add(1).intoArray(x, 0);
        }
    }

    static final class VectorExp {
        void method() {
            FloatVector.zero(FloatVector.SPECIES_128)
                    .lanewise(VectorOperators.EXP)
                    .intoArray(new float[4], 0);
        }
    }

    static final class MathExp {
        double method(double x) {
            return Math.exp(x);
        }
    }

    static final class MathLogReference {
        DoubleUnaryOperator method() {
            return Math::log;
        }
    }

    /** Breaks none but that it stands outside the SIMD package. */
    static final class MaximumOfLanes {
        private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_128;

        double method() {
            float max = FloatVector.zero(SPECIES).reduceLanes(VectorOperators.MAX);
            return StrictMath.exp(Math.sqrt(max));
        }
    }
}
