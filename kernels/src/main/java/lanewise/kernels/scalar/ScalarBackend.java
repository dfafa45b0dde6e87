package lanewise.kernels.scalar;

import lanewise.kernels.backend.Backend;

/** The scalar backend. */
public final class ScalarBackend {
    private ScalarBackend() {}

    /** A backend of plain loops. */
    public static Backend create(String reason) {
        return new Backend(
                "scalar",
                Float.SIZE,
                reason,
                new ScalarSgemm(),
                new ScalarFusedSgemm(),
                new ScalarExp(),
                new ScalarSoftmax(),
                new ScalarCrossEntropy(),
                new ScalarBias(),
                new ScalarRelu(),
                new ScalarSgd(),
                new ScalarLevel1(),
                new ScalarPixels(),
                new ScalarPatches(),
                new ScalarSparseRows(),
                new ScalarCeiling());
    }
}
