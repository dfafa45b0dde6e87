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
                lanewise.kernels.scalar.ScalarBackend.create(reason).exp(),
                lanewise.kernels.scalar.ScalarBackend.create(reason).softmax(),
                lanewise.kernels.scalar.ScalarBackend.create(reason).crossEntropy(),
                lanewise.kernels.scalar.ScalarBackend.create(reason).bias(),
                lanewise.kernels.scalar.ScalarBackend.create(reason).relu(),
                lanewise.kernels.scalar.ScalarBackend.create(reason).sgd(),
                lanewise.kernels.scalar.ScalarBackend.create(reason).level1());
    }
}
