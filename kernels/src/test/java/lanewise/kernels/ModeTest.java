package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** The suite runs once for each backend and width: this run has the one that the build meant it to have. */
class ModeTest {
    private final String mode = System.getProperty("lanewise.mode", "simd");

    @Test
    void theBackendIsTheOneOfThisMode() {
        assertThat(Diagnostics.backend()).isEqualTo(mode.replaceFirst("-.*", ""));
    }

    @Test
    void theWidthIsTheOneOfThisModeOrTheWidestOfTheMachine() {
        int widest = Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
        assertThat(Diagnostics.vectorBits())
                .isEqualTo(
                        switch (mode) {
                            case "scalar" -> 32;
                            case "simd" -> widest;
                            default -> Math.min(widest, Integer.parseInt(mode.replaceFirst("simd-", "")));
                        });
    }

    /**
     * The build leaves out the modes that would repeat the widest one, by the width that it saw. The JVM of simd-256 sees no
     * AVX-512, where there is such a thing: the kernels then have 16 registers, as with AVX2.
     */
    @Test
    void theWidestOfTheMachineIsWhatTheBuildSaw() {
        int widest = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        boolean avx2 = mode.equals("simd-256") && System.getProperty("os.arch").matches("amd64|x86_64");
        assertThat(widest).isEqualTo(avx2 ? 256 : Integer.getInteger("lanewise.widest", widest));
    }
}
