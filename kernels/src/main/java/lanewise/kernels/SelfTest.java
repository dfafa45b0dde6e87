package lanewise.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/** Every kernel of a backend on small fixed inputs, against a reference backend. */
final class SelfTest {
    // No multiple of any vector width, so that every kernel reaches its tail.
    private static final int ROWS = 19;
    private static final int COLS = 53;
    private static final int SIZE = ROWS * COLS;

    // m, n and k of products: of tiles; so narrow that they are sums of products, see Sgemm; so narrow and high that C
    // is transposed where A is; so large that B is packed, and that it is worth looking whether A is mostly zeros.
    private static final int[] TILES = {ROWS, COLS, 37};
    private static final int[] NARROW = {ROWS, 10, 93};
    private static final int[] HIGH = {70, 10, 12};
    private static final int[] LARGE = {31, 69, 61};

    // Too small for long vectors, and for any.
    private static final int[] SMALL = {5, 7, 3};
    private static final int[] SMALLER = {5, 3, 7};

    // So much work that threads share the columns, or the rows of sums.
    private static final int[] COLUMNS = {24, 260, 170};
    private static final int[] SUMS = {520, 10, 104};

    private static final float[] X = values(1);
    private static final float[] Y = values(2);
    private static final int[] LABELS = labels();

    private SelfTest() {}

    /** What a kernel computes with a backend: its outputs one after the other. */
    private interface Kernel {
        double[] outputs(Backend backend);
    }

    static List<Diagnostics.Result> run(Backend tested, Backend reference) {
        List<Diagnostics.Result> results = new ArrayList<>();
        for (Transpose a : Transpose.values()) {
            for (Transpose b : Transpose.values()) {
                results.add(compare("sgemm " + a + b, backend -> sgemm(backend, a, b), tested, reference));
            }
        }
        try (Workers two = Workers.of(2)) {
            results.add(compare(
                    "sgemm on two threads",
                    backend -> sharedSgemm(backend, backend == tested ? two : Workers.serial()),
                    tested,
                    reference));
        }
        results.add(compare("exp", SelfTest::exp, tested, reference));
        results.add(compare("softmax", SelfTest::softmax, tested, reference));
        results.add(compare("cross-entropy", SelfTest::crossEntropy, tested, reference));
        results.add(compare("bias", SelfTest::bias, tested, reference));
        results.add(compare("relu", SelfTest::relu, tested, reference));
        results.add(compare("sgd", SelfTest::sgd, tested, reference));
        results.add(compare("level 1", SelfTest::level1, tested, reference));
        results.add(compare("pixels", SelfTest::pixels, tested, reference));
        results.add(compare("sparse rows", SelfTest::sparseRows, tested, reference));
        results.add(compare("fused sgemm", SelfTest::fusedSgemm, tested, reference));
        return results;
    }

    private static Diagnostics.Result compare(String name, Kernel kernel, Backend tested, Backend reference) {
        double[] expected = kernel.outputs(reference);
        double[] actual;
        try {
            actual = kernel.outputs(tested);
        } catch (RuntimeException | LinkageError e) {
            return new Diagnostics.Result(name, false, e.toString());
        }
        int at = Arrays.mismatch(actual, expected);
        return at < 0
                ? new Diagnostics.Result(name, true, expected.length + " values, the same bits")
                : new Diagnostics.Result(name, false, "value " + at + " is " + actual[at] + ", not " + expected[at]);
    }

    private static double[] sgemm(Backend backend, Transpose a, Transpose b) {
        double[] outputs = {};
        for (int[] shape : new int[][] {TILES, NARROW, HIGH, LARGE, SMALL, SMALLER}) {
            outputs = append(outputs, product(backend, Workers.serial(), a, b, shape));
        }
        return outputs;
    }

    private static double[] sharedSgemm(Backend backend, Workers workers) {
        double[] outputs = {};
        for (int[] shape : new int[][] {COLUMNS, SUMS}) {
            outputs = append(outputs, product(backend, workers, Transpose.N, Transpose.N, shape));
        }
        return outputs;
    }

    private static float[] product(Backend backend, Workers workers, Transpose a, Transpose b, int[] shape) {
        int m = shape[0];
        int n = shape[1];
        int k = shape[2];
        boolean ta = a == Transpose.T;
        boolean tb = b == Transpose.T;
        int lda = ta ? m : k;
        int ldb = tb ? k : n;
        int ldc = n + 3;
        float[] left = values(3, m * k);
        float[] right = values(4, k * n);
        float[] c = values(5, m * ldc);
        backend.sgemm().sgemm(workers, ta, tb, m, n, k, 1.5f, left, 0, lda, right, 0, ldb, 0.5f, c, 0, ldc);
        return c;
    }

    private static double[] fusedSgemm(Backend backend) {
        double[] outputs = {};
        for (int[] shape : new int[][] {TILES, LARGE}) {
            int m = shape[0];
            int n = shape[1];
            int k = shape[2];
            float[] dense = values(3, m * k);
            float[] sparse = dense.clone();
            for (int i = 0; i < sparse.length; i++) {
                sparse[i] = i % 13 == 0 ? sparse[i] : 0;
            }
            float[] b = values(4, k * n);
            for (float[] a : new float[][] {dense, sparse}) {
                float[] c = new float[m * n];
                float[] g = new float[m * n];
                float[] w = values(5, m * n);
                float[] v = values(6, m * n);
                backend.fusedSgemm().biasRelu(m, n, k, a, 0, k, b, 0, n, X, 0, c, 0, n);
                backend.fusedSgemm()
                        .sgdStep(m, n, k, a, 0, m, b, 0, n, false, g, 0, w, 0, v, 0, n, 0.1f, 0.9f, true, 1e-4f);
                outputs = append(outputs, c, w, v);
            }
        }
        return outputs;
    }

    private static double[] exp(Backend backend) {
        float[] x = X.clone();
        x[0] = Float.NaN;
        x[20] = Float.POSITIVE_INFINITY;
        x[40] = Float.NEGATIVE_INFINITY;
        x[SIZE - 1] = -100;
        float[] y = new float[SIZE];
        backend.exp().exp(SIZE, x, 0, y, 0);
        return append(new double[0], y);
    }

    /** Rows of this length, and as many short ones: they take another path. */
    private static double[] softmax(Backend backend) {
        double[] outputs = {};
        for (int cols : new int[] {COLS, 10, SIZE}) {
            int rows = SIZE / cols;
            float[] p = new float[SIZE];
            float[] log = new float[SIZE];
            float[] sums = new float[rows];
            backend.softmax().softmax(rows, cols, X, 0, cols, p, 0, cols);
            backend.softmax().logSoftmax(rows, cols, X, 0, cols, log, 0, cols);
            backend.softmax().logSumExp(rows, cols, X, 0, cols, sums, 0);
            outputs = append(outputs, p, log, sums);
        }
        return outputs;
    }

    private static double[] crossEntropy(Backend backend) {
        Kernels.CrossEntropy kernel = backend.crossEntropy();
        double[] outputs = {};
        for (int cols : new int[] {COLS, 10, SIZE}) {
            int rows = SIZE / cols;
            float[] g = new float[SIZE];
            float[] byClass = X.clone();
            double loss = kernel.loss(rows, cols, X, 0, cols, 1, LABELS, 0, 0.1f, Y);
            double sameLoss = kernel.gradient(true, rows, cols, X, 0, cols, 1, LABELS, 0, 0.1f, Y, 0.1f, g, 0, cols, 1);
            double errors = kernel.errors(rows, cols, X, 0, cols, 1, LABELS, 0);
            double lossByClass = kernel.loss(rows, cols, X, 0, 1, rows, LABELS, 0, 0, null);
            kernel.gradient(false, rows, cols, byClass, 0, 1, rows, LABELS, 0, 0, null, 0.1f, byClass, 0, 1, rows);
            double errorsByClass = kernel.errors(rows, cols, X, 0, 1, rows, LABELS, 0);
            outputs = append(append(outputs, g, byClass), loss, sameLoss, errors, lossByClass, errorsByClass);
        }
        return outputs;
    }

    private static double[] bias(Backend backend) {
        float[] y = X.clone();
        float[] sums = Y.clone();
        backend.bias().add(ROWS, COLS, Y, 0, y, 0, COLS);
        backend.bias().accumulateGradient(ROWS, COLS, X, 0, COLS, sums, 0);
        return append(new double[0], y, sums);
    }

    private static double[] relu(Backend backend) {
        float[] y = new float[SIZE];
        float[] dx = new float[SIZE];
        backend.relu().forward(ROWS, COLS, X, 0, COLS, y, 0, COLS);
        backend.relu().backward(ROWS, COLS, y, 0, COLS, Y, 0, COLS, dx, 0, COLS);
        return append(new double[0], y, dx);
    }

    private static double[] sgd(Backend backend) {
        float[] w = X.clone();
        float[] v = new float[SIZE];
        backend.sgd().step(SIZE, w, 0, Y, 0, 0.1f, 1e-4f);
        backend.sgd().momentumStep(SIZE, w, 0, Y, 0, v, 0, 0.1f, 0.9f, false, 1e-4f);
        backend.sgd().momentumStep(SIZE, w, 0, Y, 0, v, 0, 0.1f, 0.9f, true, 1e-4f);
        float[] g = Y.clone();
        backend.sgd().stepAndClear(SIZE, w, 0, g, 0, 0.3f, 0.1f, 1e-4f);
        return append(new double[0], w, v, g);
    }

    private static double[] level1(Backend backend) {
        float[] x = X.clone();
        float[] y = Y.clone();
        backend.level1().scal(SIZE, 1.1f, x, 0);
        backend.level1().axpy(SIZE, 0.3f, x, 0, y, 0);
        double dot = backend.level1().dot(SIZE, x, 0, y, 0);
        double squares = backend.level1().sumOfSquares(SIZE, y, 0);
        return append(append(new double[0], x, y), dot, squares);
    }

    private static double[] pixels(Backend backend) {
        byte[] x = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            x[i] = (byte) i;
        }
        float[] y = new float[SIZE];
        backend.pixels().widen(SIZE, x, 0, 1 / 255f, y, 0);
        float[] z = new float[2 * 10 * ROWS];
        float[] dw = new float[Pixels.weights(2, 10)];
        backend.pixels().logits(ROWS, 2, x, 0, COLS, 10, X, 0, 0.1f, z, 0, ROWS);
        backend.pixels().accumulateGradient(ROWS, 0, 2, x, 0, COLS, 10, Y, 0, ROWS, dw, 0);
        int[] starts = {0, 2, 3, 5};
        char[] groups = {0, 1, 1, 0, 1};
        backend.patches().logits(0, 6, starts, groups, x, 10, X, 0, 0.1f, z, 10 * ROWS, ROWS);
        backend.patches().accumulateGradient(0, 6, 0, 2, starts, groups, x, 10, Y, 0, ROWS, dw, 0);
        return append(new double[0], y, z, dw);
    }

    /** Few classes and many, rows of no entry and of several rounds, over eleven features. */
    private static double[] sparseRows(Backend backend) {
        int[] starts = {0, 0, 1, 10, 15};
        int[] columns = {4, 0, 1, 2, 3, 5, 6, 8, 9, 10, 1, 3, 4, 7, 9};
        double[] outputs = {};
        for (int classes : new int[] {2, 37}) {
            float[] z = new float[4 * classes];
            float[] dw = X.clone();
            backend.sparseRows()
                    .logits(4, starts, 0, starts, 1, columns, Y, classes, X, 0, classes, Y, 0, z, 0, classes);
            backend.sparseRows()
                    .accumulateGradient(4, starts, 0, starts, 1, columns, Y, classes, z, 0, classes, dw, 0, classes);
            outputs = append(outputs, z, dw);
        }
        return outputs;
    }

    /** A float is exact as a double, and Arrays.mismatch tells signed zeros apart and takes all NaNs for one. */
    private static double[] append(double[] outputs, float[]... arrays) {
        double[] all = outputs;
        for (float[] array : arrays) {
            int at = all.length;
            all = Arrays.copyOf(all, at + array.length);
            for (float value : array) {
                all[at++] = value;
            }
        }
        return all;
    }

    private static double[] append(double[] outputs, double... values) {
        double[] all = Arrays.copyOf(outputs, outputs.length + values.length);
        System.arraycopy(values, 0, all, outputs.length, values.length);
        return all;
    }

    private static float[] values(long seed) {
        return values(seed, SIZE);
    }

    private static float[] values(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (8 * random.nextDouble() - 4);
        }
        return values;
    }

    private static int[] labels() {
        int[] labels = new int[SIZE];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 10;
        }
        return labels;
    }
}
