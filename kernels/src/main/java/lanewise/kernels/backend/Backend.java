package lanewise.kernels.backend;

import java.lang.System.Logger.Level;
import lanewise.kernels.scalar.ScalarBackend;
import lanewise.kernels.simd.SimdBackend;

/**
 * One implementation of every kernel, and the look-up that decides which one serves the facades.
 *
 * <p>The look-up runs once, on first use. It reads {@code lanewise.backend} ({@code auto}, the default; {@code simd};
 * {@code scalar}) and {@code lanewise.vectorBits} (128, 256 or 512; the widest that the machine has by default), and
 * goes down a ladder: scalar if asked for, or if the JVM is no HotSpot, lacks its optimising compiler or does not see
 * the vector module; SIMD otherwise. SIMD demanded and not to be had is an error.
 *
 * <p>A record, since the JIT takes the fields of a constant record for constants: a facade calls its kernel directly.
 *
 * @param name {@code simd} or {@code scalar}
 * @param vectorBits the width of its vectors, 32 for scalar
 * @param reason why this backend was chosen, one line
 * @param sgemm matrix multiplication
 * @param exp the exponential function
 * @param softmax softmax and its logarithms
 * @param crossEntropy the loss, its gradient, the errors
 * @param bias bias rows
 * @param relu the rectifier
 * @param sgd the SGD step
 * @param level1 vector operations
 * @param pixels unsigned bytes to floats
 */
public record Backend(
        String name,
        int vectorBits,
        String reason,
        Kernels.Sgemm sgemm,
        Kernels.Exp exp,
        Kernels.Softmax softmax,
        Kernels.CrossEntropy crossEntropy,
        Kernels.Bias bias,
        Kernels.Relu relu,
        Kernels.Sgd sgd,
        Kernels.Level1 level1,
        Kernels.Pixels pixels) {

    private static final String MODULE = "jdk.incubator.vector";

    /** The backend of the facades. */
    public static Backend active() {
        return Active.BACKEND;
    }

    /** The plain loops that define every result. */
    public static Backend scalar(String reason) {
        return ScalarBackend.create(reason);
    }

    /**
     * The Vector API.
     *
     * @throws NoClassDefFoundError if this JVM does not see the vector module
     */
    public static Backend simd(String reason) {
        return SimdBackend.create(reason);
    }

    /** Whether this JVM sees the vector module. */
    public static boolean vectorModulePresent() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    private static final class Active {
        static final Backend BACKEND = announced(lookUp());
    }

    private static Backend lookUp() {
        String wanted = System.getProperty("lanewise.backend", "auto");
        switch (wanted) {
            case "scalar":
                return scalar("asked for with -Dlanewise.backend=scalar");
            case "simd":
                if (!vectorModulePresent()) {
                    throw new IllegalStateException(
                            "-Dlanewise.backend=simd needs the vector module: pass --add-modules " + MODULE);
                }
                return simd("asked for with -Dlanewise.backend=simd");
            case "auto":
                String obstacle = obstacle();
                return obstacle == null ? simd("the vector module is there") : scalar(obstacle);
            default:
                throw new IllegalStateException("-Dlanewise.backend is " + wanted + " (expected auto, simd or scalar)");
        }
    }

    /** Why SIMD would not serve here, or null: code of the Vector API that no optimising compiler sees crawls. */
    private static String obstacle() {
        String vm = System.getProperty("java.vm.name", "");
        String mode = System.getProperty("java.vm.info", "");
        if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) {
            return "the JVM is " + vm + ", not HotSpot";
        }
        if (mode.contains("interpreted") || mode.contains("emulated-client")) {
            return "the optimising compiler is off (" + mode + ")";
        }
        if (!vectorModulePresent()) {
            return "this JVM does not see the vector module: pass --add-modules " + MODULE;
        }
        return null;
    }

    /** Says what a user should know and would not see otherwise. */
    private static Backend announced(Backend backend) {
        boolean chosenForUser = System.getProperty("lanewise.backend", "auto").equals("auto");
        if (backend.name.equals("scalar") && chosenForUser) {
            warn("Lanewise runs on its scalar kernels: " + backend.reason);
        }
        int wanted = Integer.getInteger("lanewise.vectorBits", backend.vectorBits);
        if (backend.name.equals("simd") && wanted > backend.vectorBits) {
            warn("-Dlanewise.vectorBits=" + wanted + " is more than this CPU has: using " + backend.vectorBits);
        }
        if (!hasFastFma()) {
            warn(
                    "this JVM has no fused multiply-add in hardware: every kernel will be more than a hundred times slower");
        }
        return backend;
    }

    private static void warn(String line) {
        System.getLogger("lanewise.kernels").log(Level.WARNING, line);
    }

    /**
     * Whether {@link Math#fma(float, float, float)} is one instruction. Without it each call goes through BigDecimal, some
     * hundred times slower even before the JIT has seen either form, so the fastest of a few short rounds tells.
     */
    public static boolean hasFastFma() {
        long best = Long.MAX_VALUE;
        float x = 1.1f;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 64; i++) {
                x = Math.fma(x, 0.9f, 0.3f);
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        return x > 0 && best < 64 * 1_000;
    }
}
