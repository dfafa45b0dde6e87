package lanewise.kernels;

import java.util.List;
import lanewise.kernels.backend.Backend;

/**
 * Which backend serves the kernels of this JVM, and why; whether it is right, and how fast it could be.
 *
 * <p>It is chosen once, on first use, from the system properties {@code lanewise.backend} ({@code auto}, {@code simd} or
 * {@code scalar}) and {@code lanewise.vectorBits} (128, 256 or 512). Where a property has another value, or SIMD is
 * demanded and not there, every method here but {@link #hasFastFma} says so with an {@link IllegalStateException}, and the
 * facades do not initialise: a program that takes these properties from its user asks here first.
 */
public final class Diagnostics {
    /**
     * What the self-test found for one kernel.
     *
     * @param name the kernel, as {@code sgemm NT} or {@code softmax}
     * @param passed whether it gave the bits of the reference
     * @param detail one line: how many values agree, or which is the first that does not
     */
    public record Result(String name, boolean passed, String detail) {}

    private Diagnostics() {}

    /**
     * The name of the backend.
     *
     * @return {@code simd} or {@code scalar}
     * @throws IllegalStateException if there is none, see above
     */
    public static String backend() {
        return Backend.active().name();
    }

    /**
     * Why this backend was chosen.
     *
     * @return one line
     * @throws IllegalStateException if there is none, see above
     */
    public static String reason() {
        return Backend.active().reason();
    }

    /**
     * How wide the vectors are.
     *
     * @return 128, 256 or 512; 32 for the scalar backend
     * @throws IllegalStateException if there is no backend, see above
     */
    public static int vectorBits() {
        return Backend.active().vectorBits();
    }

    /**
     * What a user would want to know of this choice. It was logged on first use, as warnings of {@code lanewise.kernels}.
     *
     * @return one line each, most often none
     * @throws IllegalStateException if there is no backend, see above
     */
    public static List<String> warnings() {
        return Backend.warnings();
    }

    /**
     * Whether a fused multiply-add is one instruction here. Every kernel rests on it.
     *
     * @return false where each one takes some hundred nanoseconds
     */
    public static boolean hasFastFma() {
        return Backend.hasFastFma();
    }

    /**
     * Runs every kernel of the backend on small fixed inputs and compares it, bit for bit and NaN for NaN, with the
     * scalar reference. Takes a fraction of a second.
     *
     * @return one result for each kernel, in a fixed order
     * @throws IllegalStateException if there is no backend, see above
     */
    public static List<Result> selfTest() {
        return SelfTest.run(Backend.active(), Backend.scalar("the reference of the self-test"));
    }

    /**
     * Measures how many floating-point operations a second the FMA units of some cores do at most: with vectors of
     * {@link #vectorBits()} in registers alone, two operations an FMA and lane, the best of many rounds of a few
     * milliseconds. No kernel can be faster. Takes a second or two, and all of that many cores.
     *
     * @param threads how many threads work at the same time
     * @return the ceiling in GFLOP/s, of all the threads together
     * @throws IllegalArgumentException if threads is less than 1
     * @throws IllegalStateException if there is no backend, see above
     */
    public static double fmaCeiling(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is less than 1: " + threads);
        }
        return FmaCeiling.measure(Backend.active().ceiling(), threads);
    }
}
