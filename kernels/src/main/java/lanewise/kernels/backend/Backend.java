package lanewise.kernels.backend;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import lanewise.kernels.scalar.ScalarBackend;
import lanewise.kernels.simd.SimdBackend;

/**
 * One implementation of every kernel, and the look-up that decides which one serves the facades.
 *
 * <p>The look-up runs once, on first use. It reads {@code lanewise.backend} ({@code auto}, the default; {@code simd};
 * {@code scalar}) and {@code lanewise.vectorBits} (128, 256 or 512; the widest that the machine has by default), and
 * goes down a ladder: scalar if asked for, or where the Vector API would crawl or cannot be used ({@link #obstacle}); SIMD
 * otherwise. SIMD demanded and not to be had is an error. What a user would want to know is logged, one line each, as a
 * warning of {@code lanewise.kernels}.
 *
 * <p>A record, since the JIT takes the fields of a constant record for constants: a facade calls its kernel directly.
 *
 * @param name {@code simd} or {@code scalar}
 * @param vectorBits the width of its vectors, 32 for scalar
 * @param reason why this backend was chosen, one line
 * @param sgemm matrix multiplication
 * @param fusedSgemm matrix multiplication and what follows it
 * @param exp the exponential function
 * @param softmax softmax and its logarithms
 * @param crossEntropy the loss, its gradient, the errors
 * @param bias bias rows
 * @param relu the rectifier
 * @param sgd the SGD step
 * @param level1 vector operations
 * @param pixels rows of unsigned bytes
 * @param patches rows of unsigned bytes without their zeros
 * @param sparseRows compressed sparse rows
 * @param ceiling FMAs and nothing else
 */
public record Backend(
        String name,
        int vectorBits,
        String reason,
        Kernels.Sgemm sgemm,
        Kernels.FusedSgemm fusedSgemm,
        Kernels.Exp exp,
        Kernels.Softmax softmax,
        Kernels.CrossEntropy crossEntropy,
        Kernels.Bias bias,
        Kernels.Relu relu,
        Kernels.Sgd sgd,
        Kernels.Level1 level1,
        Kernels.Pixels pixels,
        Kernels.Patches patches,
        Kernels.SparseRows sparseRows,
        Kernels.Ceiling ceiling) {

    private static final String MODULE = "jdk.incubator.vector";

    /** The kernels take it that a vector holds at least a quarter of the sixteen lanes of a sum. */
    private static final int LEAST_BITS = 128;

    private static final String NARROW = "this machine has no vectors of " + LEAST_BITS + " bits";

    /**
     * The backend of the facades.
     *
     * @throws IllegalStateException if a property has an unknown value, or SIMD is demanded and not there; each time
     */
    public static Backend active() {
        if (Active.PROBLEM != null) {
            throw new IllegalStateException(Active.PROBLEM);
        }
        return Active.BACKEND;
    }

    /**
     * What a user would want to know of the backend of the facades, as it was logged.
     *
     * @throws IllegalStateException as {@link #active}
     */
    public static List<String> warnings() {
        active();
        return Active.WARNINGS;
    }

    /** The plain loops that define every result. */
    public static Backend scalar(String reason) {
        return ScalarBackend.create(reason);
    }

    /**
     * The Vector API.
     *
     * @throws LinkageError if this class does not see the vector module
     */
    public static Backend simd(String reason) {
        return SimdBackend.create(reason);
    }

    /**
     * The width that {@code lanewise.vectorBits} allows; 512, more than which no kernel uses, without the property.
     *
     * @throws IllegalStateException if the property has another value than 128, 256 and 512
     */
    public static int allowedVectorBits() {
        String bits = System.getProperty("lanewise.vectorBits", "512");
        return switch (bits) {
            case "128", "256", "512" -> Integer.parseInt(bits);
            default ->
                throw new IllegalStateException("-Dlanewise.vectorBits is " + bits + " (expected 128, 256 or 512)");
        };
    }

    /** The outcome of the look-up. It keeps the problem: an exception in an initialiser would only be seen once. */
    private static final class Active {
        static final Backend BACKEND;
        static final String PROBLEM;
        static final List<String> WARNINGS;

        static {
            Backend backend = null;
            List<String> warnings = List.of();
            String problem = null;
            try {
                backend = lookUp();
                warnings = warnings(backend);
                warnings.forEach(line -> System.getLogger("lanewise.kernels").log(Level.WARNING, line));
            } catch (IllegalStateException e) {
                problem = e.getMessage();
            }
            BACKEND = backend;
            WARNINGS = warnings;
            PROBLEM = problem;
        }
    }

    private static Backend lookUp() {
        String wanted = System.getProperty("lanewise.backend", "auto");
        allowedVectorBits();
        String hidden = hidden();
        switch (wanted) {
            case "scalar":
                return scalar("asked for with -Dlanewise.backend=scalar");
            case "simd":
                if (hidden != null) {
                    throw notToBeHad(hidden);
                }
                try {
                    Backend simd = simd("asked for with -Dlanewise.backend=simd");
                    if (simd.vectorBits < LEAST_BITS) {
                        throw notToBeHad(NARROW);
                    }
                    return simd;
                } catch (LinkageError e) {
                    throw notToBeHad(hidden(e));
                }
            case "auto":
                String obstacle = obstacle(System.getProperties(), hidden);
                if (obstacle != null) {
                    return scalar(obstacle);
                }
                try {
                    Backend simd = simd("the vector module is there, and the JVM compiles it");
                    return simd.vectorBits >= LEAST_BITS ? simd : scalar(NARROW);
                } catch (LinkageError e) {
                    return scalar(hidden(e));
                }
            default:
                throw new IllegalStateException("-Dlanewise.backend is " + wanted + " (expected auto, simd or scalar)");
        }
    }

    /** Why the classes of the SIMD backend cannot use the vector module, or null. */
    private static String hidden() {
        Module vector = ModuleLayer.boot().findModule(MODULE).orElse(null);
        if (vector == null) {
            return "this JVM does not see the vector module: pass --add-modules " + MODULE;
        }
        Module own = Backend.class.getModule();
        if (!own.canRead(vector)) {
            // The kernels have been packed into a module of another name.
            return "the module " + own.getName() + " does not read the vector module: pass --add-reads " + own.getName()
                    + "=" + MODULE;
        }
        return null;
    }

    /** The same, found out by trying: a class loader may hide what the module reads, and a JVM to come may change it. */
    private static String hidden(LinkageError e) {
        return "the vector module is there, but Lanewise cannot use it: " + e;
    }

    private static IllegalStateException notToBeHad(String why) {
        return new IllegalStateException("-Dlanewise.backend=simd is not to be had: " + why);
    }

    /**
     * Why SIMD would not serve in this JVM, or null. Vector code that no optimising compiler knows runs a hundred times
     * slower than plain loops.
     */
    static String obstacle(Properties jvm, String hidden) {
        String name = jvm.getProperty("java.vm.name", "");
        if (!name.contains("HotSpot") && !name.contains("OpenJDK")) {
            return "the JVM is " + name + ", not HotSpot";
        }
        boolean graal = jvm.getProperty("java.vm.version", "").contains("jvmci");
        if (graal && Integer.parseInt(jvm.getProperty("java.specification.version")) < 25) {
            return "the compiler is Graal, which knows the Vector API from 25 on";
        }
        String mode = jvm.getProperty("java.vm.info", "");
        if (mode.contains("interpreted") || mode.contains("emulated-client")) {
            return "the optimising compiler is off (" + mode + ")";
        }
        return hidden;
    }

    private static List<String> warnings(Backend backend) {
        List<String> lines = new ArrayList<>();
        if (backend.name.equals("scalar")
                && System.getProperty("lanewise.backend", "auto").equals("auto")) {
            lines.add("Lanewise runs on its scalar kernels: " + backend.reason);
        }
        if (backend.name.equals("simd")
                && System.getProperty("lanewise.vectorBits") != null
                && allowedVectorBits() > backend.vectorBits) {
            lines.add("-Dlanewise.vectorBits=" + allowedVectorBits() + " is more than this CPU has: using "
                    + backend.vectorBits);
        }
        if (!Fma.FAST) {
            lines.add(
                    "this JVM has no fused multiply-add in hardware: every kernel is more than a hundred times slower");
        }
        return List.copyOf(lines);
    }

    /** Whether {@link Math#fma(float, float, float)} is one instruction. */
    public static boolean hasFastFma() {
        return Fma.FAST;
    }

    /**
     * Without the instruction an FMA goes through BigDecimal: at first some 10 microseconds, never less than 0.2. With it
     * the interpreter needs some 20 nanoseconds. Short rounds, measured once and early, tell.
     */
    private static final class Fma {
        private static final int STEPS = 64;

        /** One fast round is proof; others on the core may slow down any number of them, but not so many. */
        private static final int ROUNDS = 100;

        static final boolean FAST = isFast();

        private static boolean isFast() {
            float x = 1;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < STEPS; i++) {
                    x = Math.fma(x, 0.9f, 0.3f);
                }
                if (System.nanoTime() - start < STEPS * 200 && x > 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
