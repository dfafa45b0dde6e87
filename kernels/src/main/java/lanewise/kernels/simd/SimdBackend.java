package lanewise.kernels.simd;

import lanewise.kernels.backend.Backend;

/** The SIMD backend. */
public final class SimdBackend {
    private SimdBackend() {}

    /** A backend on the Vector API, at the width of {@link Species}. */
    public static Backend create(String reason) {
        return new Backend(
                "simd",
                Species.FLOAT.vectorBitSize(),
                reason,
                new SimdSgemm(),
                new SimdFusedSgemm(),
                new SimdExp(),
                new SimdSoftmax(),
                new SimdCrossEntropy(),
                new SimdBias(),
                new SimdRelu(),
                new SimdSgd(),
                new SimdLevel1(),
                new SimdPixels(),
                new SimdPatches(),
                new SimdSparseRows(),
                new SimdCeiling());
    }
}
