package lanewise.kernels;

import lanewise.kernels.backend.Backend;

/**
 * Which backend serves the kernels of this JVM, and why.
 *
 * <p>It is chosen once, on first use, from the system properties {@code lanewise.backend} ({@code auto}, {@code simd} or
 * {@code scalar}) and {@code lanewise.vectorBits} (128, 256 or 512).
 */
public final class Diagnostics {
    private Diagnostics() {}

    /**
     * The name of the backend.
     *
     * @return {@code simd} or {@code scalar}
     * @throws IllegalStateException if a property has another value, or SIMD is demanded and not there
     */
    public static String backend() {
        return Backend.active().name();
    }

    /**
     * Why this backend was chosen.
     *
     * @return one line
     */
    public static String reason() {
        return Backend.active().reason();
    }

    /**
     * How wide the vectors are.
     *
     * @return 128, 256 or 512; 32 for the scalar backend
     */
    public static int vectorBits() {
        return Backend.active().vectorBits();
    }

    /**
     * Whether a fused multiply-add is one instruction here. Every kernel rests on it.
     *
     * @return false where each one takes some hundred nanoseconds
     */
    public static boolean hasFastFma() {
        return Backend.hasFastFma();
    }
}
