package lanewise.kernels;

import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Once compiled no kernel allocates. A vector that the compiler could not keep in a register is an object, and its kernel
 * a hundred times slower, with the right bits: only this shows it. One vector a call is let pass; a loop that boxes makes
 * many.
 *
 * <p>All kernels share this JVM, in which a vector is boxed now and then that is not the next time; what counts is then a
 * JVM of its own, with nothing but the kernel.
 */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final double ALLOWANCE = 100;
    private static final Workers WORKERS = Workers.of(2);
    private static final int ROWS = 10;
    private static final int COLS = 77;
    private static final int N = ROWS * COLS;

    /** The elements of the largest matrix of a product. */
    private static final int MOST = 107 * 107;

    private static final float[] X = uniform(1, MOST, 1);
    private static final float[] FEW = mostlyZeros();
    private static final float[] Y = new float[MOST];
    private static final float[] Z = new float[MOST];
    private static final int[] LABELS = new int[N];
    private static final byte[] PIXELS = new byte[N];
    private static final int[] STARTS = {0, 4, 7, 10};
    private static final char[] NUMBERS = {0, 1, 2, 3, 0, 2, 3, 1, 2, 3};
    private static final int[] ROW_STARTS = {0, 7, 8, 15, 21};
    private static final int[] COLUMNS = {0, 1, 2, 3, 4, 5, 6, 1, 0, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6};
    private static final Map<String, Runnable> KERNELS = new TreeMap<>(Map.ofEntries(
            Map.entry("sgemm NN", () -> sgemm(Transpose.N, Transpose.N)),
            Map.entry("sgemm NT", () -> sgemm(Transpose.N, Transpose.T)),
            Map.entry("sgemm TN", () -> sgemm(Transpose.T, Transpose.N)),
            Map.entry("sgemm TT", () -> sgemm(Transpose.T, Transpose.T)),
            Map.entry("sgemm NN, large", () -> large(Transpose.N, Transpose.N)),
            Map.entry("sgemm NT, large", () -> large(Transpose.N, Transpose.T)),
            Map.entry("sgemm TN, large", () -> large(Transpose.T, Transpose.N)),
            Map.entry("sgemm TT, large", () -> large(Transpose.T, Transpose.T)),
            Map.entry("sgemm, two threads", AllocationTest::shared),
            Map.entry("sgemm, small", () -> sgemm(Transpose.N, 5, 7, 3)),
            Map.entry("sgemm, few columns", () -> sgemm(Transpose.N, 20, 3, 12)),
            Map.entry("sgemm, narrow", () -> sgemm(Transpose.N, 7, 9, 77)),
            Map.entry("sgemm, narrow, whole vectors", () -> sgemm(Transpose.N, 7, 9, 80)),
            Map.entry("sgemm TN, narrow", () -> sgemm(Transpose.T, 70, 10, 12)),
            Map.entry("sgemm, bias, relu", () -> FusedSgemm.biasRelu(20, 21, 22, X, 0, 22, Y, 0, 21, X, 0, Z, 0, 21)),
            Map.entry(
                    "sgemm, bias, relu, large",
                    () -> FusedSgemm.biasRelu(28, 107, 39, X, 0, 39, Y, 0, 107, X, 0, Z, 0, 107)),
            Map.entry(
                    "sgemm, sgd",
                    () -> FusedSgemm.sgdStep(
                            16, 21, 22, X, 0, 16, Y, 0, 21, false, Z, 0, Z, 400, null, 0, 21, 0, 0, false, 0)),
            Map.entry("sgemm, sgd, momentum, large", () -> largeStep(X)),
            Map.entry(
                    "sgemm of zeros, bias, relu",
                    () -> FusedSgemm.biasRelu(24, 21, 22, FEW, 0, 22, Y, 0, 21, X, 0, Z, 0, 21)),
            Map.entry(
                    "sgemm of zeros, bias, relu, large",
                    () -> FusedSgemm.biasRelu(28, 107, 39, FEW, 0, 39, Y, 0, 107, X, 0, Z, 0, 107)),
            Map.entry(
                    "sgemm of zeros, sgd",
                    () -> FusedSgemm.sgdStep(
                            24, 21, 22, FEW, 0, 24, Y, 0, 21, false, Z, 0, Z, 504, null, 0, 21, 0, 0, false, 0)),
            Map.entry("sgemm of zeros, sgd, momentum, large", () -> largeStep(FEW)),
            Map.entry("exp", () -> Exp.exp(N, X, 0, Y, 0)),
            Map.entry("softmax", () -> Softmax.softmax(ROWS, COLS, X, 0, COLS, Y, 0, COLS)),
            Map.entry("softmax, short rows", () -> Softmax.softmax(COLS, ROWS, X, 0, ROWS, Y, 0, ROWS)),
            Map.entry("logSoftmax", () -> Softmax.logSoftmax(ROWS, COLS, X, 0, COLS, Y, 0, COLS)),
            Map.entry("logSumExp", () -> Softmax.logSumExp(ROWS, COLS, X, 0, COLS, Y, 0)),
            Map.entry("loss", () -> CrossEntropy.loss(ROWS, COLS, X, 0, COLS, LABELS, 0)),
            Map.entry("gradient", () -> CrossEntropy.gradient(ROWS, COLS, X, 0, COLS, LABELS, 0, 1, Y, 0, COLS)),
            Map.entry(
                    "gradient, short rows",
                    () -> CrossEntropy.gradient(COLS, ROWS, X, 0, ROWS, LABELS, 0, 1, Y, 0, ROWS)),
            Map.entry(
                    "loss and gradient",
                    () -> CrossEntropy.lossAndGradient(ROWS, COLS, X, 0, COLS, LABELS, 0, 1, Y, 0, COLS)),
            Map.entry(
                    "loss and gradient, short rows",
                    () -> CrossEntropy.lossAndGradient(COLS, ROWS, X, 0, ROWS, LABELS, 0, 1, Y, 0, ROWS)),
            Map.entry("loss by class", () -> CrossEntropy.lossByClass(COLS, ROWS, X, 0, COLS, LABELS, 0, 0.1f, null)),
            Map.entry(
                    "gradient by class",
                    () -> CrossEntropy.gradientByClass(COLS, ROWS, Y, 0, COLS, LABELS, 0, 0.1f, X, 1)),
            Map.entry(
                    "loss and gradient by class",
                    () -> CrossEntropy.lossAndGradientByClass(COLS, ROWS, Y, 0, COLS, LABELS, 0, 0.1f, X, 1)),
            Map.entry("errors by class", () -> CrossEntropy.errorsByClass(COLS, ROWS, X, 0, COLS, LABELS, 0)),
            Map.entry("errors", () -> CrossEntropy.errors(ROWS, COLS, X, 0, COLS, LABELS, 0)),
            Map.entry("bias", () -> Bias.add(ROWS, COLS, X, 0, Y, 0, COLS)),
            Map.entry("bias gradient", () -> Bias.accumulateGradient(ROWS, COLS, X, 0, COLS, Y, 0)),
            Map.entry("relu", () -> Relu.forward(ROWS, COLS, X, 0, COLS, Y, 0, COLS)),
            Map.entry("relu gradient", () -> Relu.backward(ROWS, COLS, X, 0, COLS, X, 0, COLS, Y, 0, COLS)),
            Map.entry("sgd", () -> Sgd.step(N, Y, 0, X, 0, 0, 0)),
            Map.entry("sgd, momentum", () -> Sgd.momentumStep(N, Y, 0, X, 0, Z, 0, 0, 0, false, 0)),
            Map.entry("sgd, Nesterov", () -> Sgd.momentumStep(N, Y, 0, X, 0, Z, 0, 0, 0, true, 0)),
            Map.entry("pixels", () -> Pixels.widen(N, PIXELS, 0, 1, Y, 0)),
            Map.entry("pixel logits", () -> Pixels.logits(9, 4, PIXELS, 0, 64, 10, X, 0, 1, Z, 0, 9)),
            Map.entry("pixel gradient", () -> Pixels.accumulateGradient(9, 0, 4, PIXELS, 0, 64, 10, X, 0, 9, Y, 0)),
            Map.entry("patch logits", () -> Patches.logits(0, 6, STARTS, NUMBERS, PIXELS, 10, X, 0, 1, Z, 0, 6)),
            Map.entry(
                    "patch gradient",
                    () -> Patches.accumulateGradient(0, 6, 0, 4, STARTS, NUMBERS, PIXELS, 10, X, 0, 6, Y, 0)),
            Map.entry("sparse logits", () -> sparseLogits(10)),
            Map.entry("sparse logits, padded", () -> sparseLogits(16)),
            Map.entry("sparse gradient", () -> sparseGradient(10)),
            Map.entry("sparse gradient, padded", () -> sparseGradient(16)),
            Map.entry("sgd, cleared", () -> Sgd.stepAndClear(N, Y, 0, Z, 0, 1, 0, 0)),
            Map.entry("scal", () -> Level1.scal(N, 1, X, 0)),
            Map.entry("axpy", () -> Level1.axpy(N, 0, X, 0, Y, 0)),
            Map.entry("dot", () -> Level1.dot(N, X, 0, Y, 0)),
            Map.entry("sum of squares", () -> Level1.sumOfSquares(N, X, 0))));

    private static Stream<String> kernels() {
        return KERNELS.keySet().stream();
    }

    private static float[] mostlyZeros() {
        float[] x = new float[MOST];
        for (int i = 0; i < MOST; i += 17) {
            x[i] = X[i];
        }
        return x;
    }

    private static void sgemm(Transpose a, Transpose b) {
        Sgemm.sgemm(a, b, 20, 21, 22, 1, X, 0, 22, Y, 0, 22, 0, Z, 0, 21);
    }

    private static void sgemm(Transpose a, int m, int n, int k) {
        int lda = a == Transpose.N ? k : m;
        Sgemm.sgemm(a, Transpose.N, m, n, k, 1, X, 0, lda, Y, 0, n, 0, Z, 0, n);
    }

    /**
     * With strips of four, two and one vectors where these hold 4 or 16 floats, and of two where they hold 8, of which 21
     * columns have two and one; with rows left over for every low tile, and both matrices packed.
     */
    private static void large(Transpose a, Transpose b) {
        Sgemm.sgemm(a, b, 28, 107, 39, 0.5f, X, 0, 39, Y, 0, 107, 0.5f, Z, 0, 107);
    }

    /** The step of such a product. */
    private static void largeStep(float[] a) {
        int n = 28 * 107;
        FusedSgemm.sgdStep(28, 107, 39, a, 0, 28, Y, 0, 107, true, Z, 0, Z, n, Z, 2 * n, 107, 0, 0, true, 0);
    }

    /** Enough work for two. */
    private static void shared() {
        Sgemm.sgemm(WORKERS, Transpose.N, Transpose.N, 107, 107, 107, 1, X, 0, 107, Y, 0, 107, 0, Z, 0, 107);
    }

    private static void sparseLogits(int classes) {
        SparseRows.logits(4, ROW_STARTS, 0, ROW_STARTS, 1, COLUMNS, X, classes, X, 0, 16, X, 0, Z, 0, 16);
    }

    private static void sparseGradient(int classes) {
        SparseRows.accumulateGradient(4, ROW_STARTS, 0, ROW_STARTS, 1, COLUMNS, X, classes, Z, 0, 16, Y, 0, 16);
    }

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aCompiledKernelAllocatesNothing(String name) throws IOException, InterruptedException {
        double bytes = bytesPerCall(KERNELS.get(name), 2);
        if (bytes > ALLOWANCE) {
            bytes = bytesPerCallInAJvmOfItsOwn(name);
        }
        assertThat(bytes).as("bytes a call").isLessThanOrEqualTo(ALLOWANCE);
    }

    /** Calls a kernel until it allocates no more, for so many seconds at most, and prints what it allocates then. */
    public static void main(String[] args) {
        System.out.println(bytesPerCall(KERNELS.get(args[0]), 30));
    }

    private static double bytesPerCallInAJvmOfItsOwn(String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Those that take vectors and registers away.
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("-XX:")) {
                command.add(flag);
            }
        }
        command.addAll(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-Dlanewise.backend=" + System.getProperty("lanewise.backend", "auto"),
                "-Dlanewise.vectorBits=" + System.getProperty("lanewise.vectorBits", "512"),
                "-cp",
                System.getProperty("java.class.path"),
                AllocationTest.class.getName(),
                name));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit status").isZero();
        return Double.parseDouble(out.strip());
    }

    private static double bytesPerCall(Runnable kernel, int seconds) {
        int calls = 200;
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        double bytes;
        do {
            long before = allocated();
            for (int i = 0; i < calls; i++) {
                kernel.run();
            }
            bytes = (double) (allocated() - before) / calls;
        } while (bytes > ALLOWANCE && System.nanoTime() < deadline);
        return bytes;
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
