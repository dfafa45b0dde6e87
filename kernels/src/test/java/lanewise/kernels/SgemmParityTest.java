package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tiles give the bits of the three loops. */
@Tag("sweep")
class SgemmParityTest {
    private static final Kernels.Sgemm SCALAR = Backend.scalar("test").sgemm();
    private static final Kernels.Sgemm SIMD = Backend.simd("test").sgemm();

    @Test
    void everySmallShape() {
        int stride = Sweep.stride(29);
        int cases = 0;
        for (int shape = 0; shape < 34 * 34 * 34 * 4; shape += stride) {
            int rest = shape / 4;
            SgemmCase product =
                    SgemmCase.of((shape & 2) != 0, (shape & 1) != 0, rest / (34 * 34), rest / 34 % 34, rest % 34);
            if (product.m() > 0 && product.n() > 0) {
                assertParity(product, Workers.serial(), 1, 0);
                cases++;
            }
        }
        assertThat(cases).isGreaterThan(34 * 34 * 34 * 3 / stride);
    }

    @Test
    void aroundTheEdgesOfTilesAndBlocks() {
        int[] ms = {1, 3, 5, 6, 7, 11, 12, 13, 23, 25, 64, 239, 240, 241, 253};
        int[] ns = {1, 4, 5, 6, 9, 10, 11, 15, 16, 17, 31, 32, 33, 47, 64, 65};
        int[] ks = {1, 31, 32, 33, 47, 100, 511, 512, 513, 1025};
        int stride = Sweep.stride(11);
        for (int i = 0; i < ms.length * ns.length * ks.length * 4; i += stride) {
            int rest = i / 4;
            int m = ms[rest % ms.length];
            int n = ns[rest / ms.length % ns.length];
            int k = ks[rest / ms.length / ns.length];
            assertParity(SgemmCase.of((i & 2) != 0, (i & 1) != 0, m, n, k), Workers.serial(), 0.7f, 1.3f);
        }
        assertParity(SgemmCase.of(false, false, 13, 4099, 5), Workers.serial(), 1, 1);
        assertParity(SgemmCase.of(true, true, 13, 4099, 5), Workers.serial(), 1, 1);
    }

    /** Few columns and a transposed A: around the edges of blocks of rows and of steps, with rows of C that touch or do not. */
    @Test
    void narrowGradients() {
        for (int n : new int[] {1, 3, 7, 8, 10, 15, 16}) {
            for (int m : new int[] {15, 63, 64, 255, 256, 257, 530}) {
                for (int k : new int[] {1, 7, 255, 257, 600}) {
                    SgemmCase product = SgemmCase.of(true, (m + k) % 3 == 0, m, n, k);
                    assertParity(product, Workers.serial(), 1, 0);
                    assertParity(product, Workers.serial(), 1, 1);
                    assertParity(product, Workers.serial(), 0.7f, 0);
                    assertParity(product, Workers.serial(), 0.7f, 1.3f);
                }
            }
        }
    }

    @Test
    void alphaAndBeta() {
        float[] factors = {0, 1, -1, 0.7f, 1e-38f, Float.NaN, Float.POSITIVE_INFINITY};
        for (float alpha : factors) {
            for (float beta : factors) {
                for (int trans = 0; trans < 4; trans++) {
                    assertParity(
                            SgemmCase.of((trans & 2) != 0, (trans & 1) != 0, 14, 35, 40),
                            Workers.serial(),
                            alpha,
                            beta);
                    assertParity(
                            SgemmCase.of((trans & 2) != 0, (trans & 1) != 0, 9, 10, 90), Workers.serial(), alpha, beta);
                }
            }
        }
    }

    @Test
    void anyNumberOfWorkers() {
        // All but the first two are enough work to be shared.
        int[][] shapes = {
            {1, 70, 40},
            {37, 5, 43},
            {300, 10, 784},
            {301, 9, 784},
            {700, 3, 784},
            {10, 790, 300},
            {790, 10, 300},
            {100, 70, 600},
            {2000, 33, 20}
        };
        for (int count : new int[] {2, 3, 5, 8}) {
            try (Workers workers = Workers.of(count)) {
                for (int[] shape : shapes) {
                    for (int trans = 0; trans < 4; trans++) {
                        assertParity(
                                SgemmCase.of((trans & 2) != 0, (trans & 1) != 0, shape[0], shape[1], shape[2]),
                                workers,
                                0.7f,
                                1.3f);
                    }
                }
            }
        }
    }

    /** A pool that is closed refuses a task, and so tells that it is asked: behind the facade, which would refuse before. */
    @Test
    void largeProductsAreShared() {
        Workers closed = Workers.of(2);
        closed.close();
        for (int trans = 0; trans < 4; trans++) {
            for (int[] shape : new int[][] {{300, 10, 784}, {100, 70, 600}}) {
                SgemmCase product = SgemmCase.of((trans & 2) != 0, (trans & 1) != 0, shape[0], shape[1], shape[2]);
                assertThatThrownBy(() -> product.run(SIMD, closed, 1, 0))
                        .as("%s", product)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the workers are closed");
            }
        }
    }

    @Test
    void specialValuesInEveryLane() {
        float[] specials = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -0f};
        for (int trans = 0; trans < 4; trans++) {
            for (int n : new int[] {7, 37}) {
                SgemmCase clean = SgemmCase.of((trans & 2) != 0, (trans & 1) != 0, 13, n, 61);
                for (int at = 0; at < 61; at++) {
                    float special = specials[at % specials.length];
                    SgemmCase inA = new SgemmCase(
                            clean.transA(), clean.transB(), 13, n, 61, clean.a().copy(), clean.b(), clean.c());
                    inA.a()
                            .array()[
                            clean.transA() ? inA.a().at(at, at % 13) : inA.a().at(at % 13, at)] = special;
                    assertParity(inA, Workers.serial(), 1, 1);
                    SgemmCase inB = new SgemmCase(
                            clean.transA(),
                            clean.transB(),
                            13,
                            n,
                            61,
                            clean.a(),
                            clean.b().copy(),
                            clean.c());
                    inB.b()
                            .array()[
                            clean.transB() ? inB.b().at(at % n, at) : inB.b().at(at, at % n)] = special;
                    assertParity(inB, Workers.serial(), 1, 1);
                }
            }
        }
    }

    /** What a kernel reads beyond the last row would be beyond the array. */
    @Test
    void operandsThatEndWithTheirArrays() {
        for (int trans = 0; trans < 4; trans++) {
            boolean ta = (trans & 2) != 0;
            boolean tb = (trans & 1) != 0;
            for (int m : new int[] {1, 8, 13, 40}) {
                for (int n : new int[] {3, 10, 15, 16, 20, 33, 70}) {
                    for (int k : new int[] {4, 33, 93, 160}) {
                        float[] a = TestData.uniform(1, m * k, 2);
                        float[] b = TestData.uniform(2, k * n, 2);
                        float[] expected = new float[m * n];
                        float[] found = new float[m * n];
                        int lda = ta ? m : k;
                        int ldb = tb ? k : n;
                        SCALAR.sgemm(Workers.serial(), ta, tb, m, n, k, 1, a, 0, lda, b, 0, ldb, 0, expected, 0, n);
                        SIMD.sgemm(Workers.serial(), ta, tb, m, n, k, 1, a, 0, lda, b, 0, ldb, 0, found, 0, n);
                        assertThat(found).containsExactly(expected);
                    }
                }
            }
        }
    }

    /** Lanes that have underflowed to -0 keep their sign, whatever fills up the last vector of k. */
    @Test
    void minusZeroInEveryLane() {
        for (int n : new int[] {3, 7}) {
            SgemmCase product = SgemmCase.of(false, false, 13, n, 61);
            Arrays.fill(product.a().array(), 1e-30f);
            Arrays.fill(product.b().array(), -1e-30f);
            Matrix c = product.run(SIMD, Workers.serial(), 1, 0);
            assertThat(Float.floatToRawIntBits(c.get(0, 0))).isEqualTo(Float.floatToRawIntBits(-0f));
            assertParity(product, Workers.serial(), 1, 0);
        }
    }

    private static void assertParity(SgemmCase product, Workers workers, float alpha, float beta) {
        Matrix expected = product.run(SCALAR, Workers.serial(), alpha, beta);
        Matrix found = product.run(SIMD, workers, alpha, beta);
        try {
            found.assertSameBits(expected);
            if (workers.count() > 1) {
                product.run(SCALAR, workers, alpha, beta).assertSameBits(expected);
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    product + ", alpha " + alpha + ", beta " + beta + ", " + workers.count() + " workers", e);
        }
    }

    /** B is packed by panels of half a million floats. */
    @Test
    void severalPanelsOfB() {
        for (int trans = 0; trans < 4; trans++) {
            assertParity(SgemmCase.of((trans & 2) != 0, (trans & 1) != 0, 7, 1100, 500), Workers.serial(), 1, 1);
        }
    }

    @Test
    void twoCallersWithWorkersOfTheirOwn() {
        SgemmCase[] products = {SgemmCase.of(false, false, 100, 70, 200), SgemmCase.of(true, true, 130, 40, 220)};
        Matrix[] expected = {
            products[0].run(SCALAR, Workers.serial(), 1, 1), products[1].run(SCALAR, Workers.serial(), 1, 1)
        };
        try (Workers callers = Workers.of(2)) {
            callers.run((part, parts) -> {
                try (Workers workers = Workers.of(2)) {
                    for (int i = 0; i < 200; i++) {
                        products[part].run(SIMD, workers, 1, 1).assertSameBits(expected[part]);
                    }
                }
            });
        }
    }

    @Test
    void noArgumentIsHeldOnTo() {
        try (Workers workers = Workers.of(2)) {
            WeakReference<float[]> c = new WeakReference<>(SgemmCase.of(false, false, 100, 70, 200)
                    .run(SIMD, workers, 1, 1)
                    .array());
            TestData.assertIsCollected(c);
        }
    }
}
