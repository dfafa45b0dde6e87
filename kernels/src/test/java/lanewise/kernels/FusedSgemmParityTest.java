package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.SplittableRandom;
import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fused products give the bits of their operations one after the other, through the facades and on both backends. */
@Tag("sweep")
class FusedSgemmParityTest {
    private static final Kernels.FusedSgemm[] BACKENDS = {
        Backend.scalar("test").fusedSgemm(), TestData.facade(Kernels.FusedSgemm.class, FusedSgemm.class)
    };
    private static final int[] MS = {1, 3, 5, 6, 7, 12, 13, 25, 29};
    private static final int[] NS = {1, 9, 15, 16, 17, 33, 63, 64, 65, 100};
    private static final int[] KS = {0, 1, 7, 40, 129, 1025, 2050};

    @Test
    void biasAndRectifier() {
        int cases = 0;
        for (int at = 0; at < MS.length * NS.length * KS.length; at += Sweep.stride(2)) {
            int m = MS[at % MS.length];
            int n = NS[at / MS.length % NS.length];
            int k = KS[at / MS.length / NS.length];
            assertBiasRelu(m, n, k, at, matrix(m, k, at), at / 2 % 2 == 0);
            cases++;
        }
        assertThat(cases).isGreaterThan(200);
    }

    private static void assertBiasRelu(int m, int n, int k, int seed, Matrix a, boolean biased) {
        Matrix b = matrix(k, n, seed + 1);
        Matrix bias = biased ? matrix(1, n, seed + 2) : null;
        Matrix expected = Matrix.poisoned(m, n, 3, n + 2);
        product(Transpose.N, a, b, 0, expected);
        if (bias != null) {
            Bias.add(m, n, bias.array(), bias.offset(), expected.array(), 3, n + 2);
        }
        Relu.forward(m, n, expected.array(), 3, n + 2, expected.array(), 3, n + 2);
        for (Kernels.FusedSgemm kernel : BACKENDS) {
            Matrix actual = Matrix.poisoned(m, n, 3, n + 2);
            kernel.biasRelu(
                    m,
                    n,
                    k,
                    a.array(),
                    a.offset(),
                    a.ld(),
                    b.array(),
                    b.offset(),
                    b.ld(),
                    bias == null ? null : bias.array(),
                    bias == null ? 0 : bias.offset(),
                    actual.array(),
                    3,
                    n + 2);
            actual.assertSameBits(expected);
        }
    }

    @Test
    void stepOfSgd() {
        int cases = 0;
        for (int at = 0; at < MS.length * NS.length * KS.length; at += Sweep.stride(2)) {
            int m = MS[at % MS.length];
            int n = NS[at / MS.length % NS.length];
            int k = KS[at / MS.length / NS.length];
            int way = at / 2;
            assertStep(m, n, k, at, matrix(k, m, at), way % 2 == 1, way % 3 > 0, way % 3 == 2);
            cases++;
        }
        assertThat(cases).isGreaterThan(200);
    }

    /** Full rows among others of which nearly every step can be left out, empty columns, and products that underflow. */
    @Test
    void mostlyZeros() {
        int[] ms = {24, 25, 29, 30, 100};
        int[] ks = {1, 15, 16, 40, 129, 1025};
        int[] ns = {4, 15, 16, 17, 33, 64, 80, 100, 163};
        int cases = 0;
        for (int at = 0; at < ms.length * ks.length * ns.length; at += Sweep.stride(2)) {
            int m = ms[at % ms.length];
            int k = ks[at / ms.length % ks.length];
            int n = ns[at / ms.length / ks.length];
            int way = at / 2;
            assertBiasRelu(m, n, k, at, pixels(m, k, at), way % 2 == 0);
            assertStep(m, n, k, at, pixels(k, m, at), way % 2 == 1, way % 3 > 0, way % 3 == 2);
            cases++;
        }
        assertThat(cases).isGreaterThan(50);
    }

    /** An infinity that meets zeros alone would make everything NaN. */
    @Test
    void stepsThatMultiplyByZerosAreLeftOut() {
        int m = 30;
        int n = 2 * 16;
        int k = 64;
        float[] a = new float[m * k];
        float[] b = uniform(1, k * n, 1);
        for (int i = 0; i < m; i++) {
            a[i * k] = 1;
        }
        Arrays.fill(b, 16 * n, 17 * n, Float.POSITIVE_INFINITY);
        float[] c = new float[m * n];
        Backend.simd("test").fusedSgemm().biasRelu(m, n, k, a, 0, k, b, 0, n, null, 0, c, 0, n);
        for (int i = 0; i < c.length; i++) {
            assertThat(c[i]).isEqualTo(Math.max(b[i % n], 0));
        }

        float[] columns = new float[k * m];
        Arrays.fill(columns, 0, m, 1);
        float[] w = new float[m * n];
        Backend.simd("test")
                .fusedSgemm()
                .sgdStep(m, n, k, columns, 0, m, b, 0, n, false, c, 0, w, 0, null, 0, n, 1, 0, false, 0);
        for (int i = 0; i < w.length; i++) {
            assertThat(w[i]).isEqualTo(-b[i % n]);
        }
    }

    private static void assertStep(
            int m, int n, int k, int seed, Matrix a, boolean continued, boolean momentum, boolean nesterov) {
        Matrix b = matrix(k, n, seed + 1);
        int ld = n + seed % 4;
        Matrix g = Matrix.of(m, n, 1, ld, outliers(seed + 2, m * n));
        Matrix w = Matrix.of(m, n, 2, ld, uniform(seed + 3, m * n, 1));
        Matrix v = Matrix.of(m, n, 3, ld, uniform(seed + 4, m * n, 1));
        Matrix sum = continued ? g.copy() : Matrix.poisoned(m, n, 1, ld);
        Matrix expectedW = w.copy();
        Matrix expectedV = v.copy();
        product(Transpose.T, a, b, continued ? 1 : 0, sum);
        for (int i = 0; i < m; i++) {
            if (momentum) {
                Sgd.momentumStep(
                        n,
                        expectedW.array(),
                        expectedW.at(i, 0),
                        sum.array(),
                        sum.at(i, 0),
                        expectedV.array(),
                        expectedV.at(i, 0),
                        0.1f,
                        0.9f,
                        nesterov,
                        1e-3f);
            } else {
                Sgd.step(n, expectedW.array(), expectedW.at(i, 0), sum.array(), sum.at(i, 0), 0.1f, 1e-3f);
            }
        }
        for (Kernels.FusedSgemm kernel : BACKENDS) {
            Matrix actualG = g.copy();
            Matrix actualW = w.copy();
            Matrix actualV = v.copy();
            kernel.sgdStep(
                    m,
                    n,
                    k,
                    a.array(),
                    a.offset(),
                    a.ld(),
                    b.array(),
                    b.offset(),
                    b.ld(),
                    continued,
                    actualG.array(),
                    1,
                    actualW.array(),
                    2,
                    momentum ? actualV.array() : null,
                    3,
                    ld,
                    0.1f,
                    0.9f,
                    nesterov,
                    1e-3f);
            actualG.assertCanaries();
            actualW.assertSameBits(expectedW);
            actualV.assertSameBits(expectedV);
        }
    }

    @Test
    void whatDoesNotFitIsNamed() {
        float[] x = new float[100];
        float[] y = new float[100];
        assertThatThrownBy(() -> FusedSgemm.biasRelu(2, 3, 4, x, 0, 4, x, 20, 3, x, 98, y, 0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bias is too short");
        assertThatThrownBy(() -> FusedSgemm.biasRelu(2, 3, 4, x, 0, 4, x, 20, 3, y, 4, y, 0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("c shares");
        assertThatThrownBy(() ->
                        FusedSgemm.sgdStep(2, 3, 4, x, 0, 2, x, 20, 3, false, y, 0, y, 5, null, 0, 3, 1, 0, false, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w shares");
        assertThatThrownBy(() ->
                        FusedSgemm.sgdStep(2, 3, 4, x, 0, 2, x, 20, 3, false, y, 0, y, 10, y, 97, 3, 1, 0, false, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("v is too short");
    }

    private static void product(Transpose transA, Matrix a, Matrix b, float beta, Matrix c) {
        Sgemm.sgemm(
                transA,
                Transpose.N,
                c.rows(),
                c.cols(),
                b.rows(),
                1,
                a.array(),
                a.offset(),
                a.ld(),
                b.array(),
                b.offset(),
                b.ld(),
                beta,
                c.array(),
                c.offset(),
                c.ld());
    }

    private static Matrix matrix(int rows, int cols, int seed) {
        return Matrix.of(rows, cols, 1 + seed % 5, Math.max(1, cols) + seed % 3, uniform(seed, rows * cols, 2));
    }

    /** A twentieth of the elements are not zero, but every 31st row is full and every eleventh column empty. */
    private static Matrix pixels(int rows, int cols, int seed) {
        Matrix matrix = matrix(rows, cols, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                boolean kept = i % 31 == 3 || random.nextInt(20) == 0;
                if (!kept || j % 11 == 4) {
                    matrix.array()[matrix.at(i, j)] = random.nextBoolean() ? 0f : -0f;
                } else if (random.nextInt(5) == 0) {
                    matrix.array()[matrix.at(i, j)] = Float.MIN_VALUE;
                }
            }
        }
        return matrix;
    }

    @Test
    void severalPanelsOfB() {
        assertBiasRelu(7, 1100, 500, 1, matrix(7, 500, 1), true);
        assertStep(7, 1100, 500, 1, matrix(500, 7, 1), true, true, false);
    }

    /** Each thread has memory of its own to work in. */
    @Test
    void severalThreadsAtOnce() {
        try (Workers workers = Workers.of(2)) {
            workers.run((part, parts) -> {
                for (int i = 0; i < 100; i++) {
                    int m = 30 + 20 * part;
                    assertBiasRelu(m, 33, 40 + part, i, pixels(m, 40 + part, i), true);
                    assertStep(m, 33, 40 + part, i, pixels(40 + part, m, i), true, true, true);
                }
            });
        }
    }

    @Test
    void noArgumentIsHeldOnTo() {
        float[] w = new float[100];
        Backend.simd("test")
                .fusedSgemm()
                .sgdStep(
                        2,
                        3,
                        4,
                        new float[8],
                        0,
                        2,
                        new float[12],
                        0,
                        3,
                        false,
                        new float[6],
                        0,
                        w,
                        0,
                        null,
                        0,
                        3,
                        1,
                        0,
                        false,
                        0);
        WeakReference<float[]> reference = new WeakReference<>(w);
        w = null;
        TestData.assertIsCollected(reference);
    }
}
