package lanewise.kernels;

import static lanewise.kernels.Transpose.N;
import static lanewise.kernels.Transpose.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import lanewise.kernels.TestData.Matrix;
import org.junit.jupiter.api.Test;

/** The contract of sgemm, against double precision and the words of its Javadoc. */
class SgemmTest {
    private static final double U = 0x1p-24;

    /**
     * One rounding for each of the k FMAs, one for alpha and one for beta: (k + 2) u of the sum of magnitudes, and half
     * of the smallest subnormal, rounded up to one, for each operation whose result is subnormal. Alpha may be taken into
     * either factor, so what its product loses by underflow counts times the other factor.
     */
    @Test
    void errorBound() {
        float[][] factors = {{1, 0}, {1, 1}, {0.7f, 1.3f}, {-1e-3f, 0}};
        int[] sizes = {1, 2, 5, 10, 13, 16, 31, 33, 64};
        int[] depths = {0, 1, 7, 32, 33, 100, 600};
        int checked = 0;
        for (int trans = 0; trans < 4; trans++) {
            for (int m : sizes) {
                for (int n : sizes) {
                    int k = depths[(m + n + trans) % depths.length];
                    float[] factor = factors[(m + 2 * n) % factors.length];
                    checked += assertWithinBound(
                            SgemmCase.of((trans & 2) != 0, (trans & 1) != 0, m, n, k), factor[0], factor[1]);
                }
            }
        }
        assertThat(checked).isGreaterThan(100_000);
    }

    private static int assertWithinBound(SgemmCase product, float alpha, float beta) {
        Matrix a = product.a().copy();
        Matrix b = product.b().copy();
        Matrix result = product.run(alpha, beta);
        for (int i = 0; i < product.m(); i++) {
            for (int j = 0; j < product.n(); j++) {
                double exact = beta == 0 ? 0 : (double) beta * product.c().get(i, j);
                double magnitude = Math.abs(exact);
                double underflow = 2;
                for (int p = 0; p < product.k(); p++) {
                    double term = (double) alpha * product.opA(i, p) * product.opB(p, j);
                    exact += term;
                    magnitude += Math.abs(term);
                    underflow += 1 + Math.max(Math.abs(product.opA(i, p)), Math.abs(product.opB(p, j)));
                }
                double bound = (product.k() + 2) * U * magnitude + underflow * Float.MIN_VALUE;
                assertThat(Math.abs(result.get(i, j) - exact))
                        .as("%s at (%d, %d)", product, i, j)
                        .isLessThanOrEqualTo(bound);
            }
        }
        result.assertCanaries();
        product.a().assertSameBits(a);
        product.b().assertSameBits(b);
        return product.m() * product.n();
    }

    @Test
    void smallIntegersAreExact() {
        int m = 17;
        int n = 19;
        int k = 40;
        float[] a = integers(m * k, 1);
        float[] b = integers(k * n, 2);
        float[] c = new float[m * n];
        Sgemm.sgemm(N, N, m, n, k, 1, a, 0, k, b, 0, n, 0, c, 0, n);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                long sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += (long) a[i * k + p] * (long) b[p * n + j];
                }
                assertThat(c[i * n + j]).isEqualTo(sum);
            }
        }
    }

    private static float[] integers(int n, long seed) {
        float[] values = TestData.uniform(seed, n, 100);
        for (int i = 0; i < n; i++) {
            values[i] = Math.round(values[i]);
        }
        return values;
    }

    @Test
    void aRowHasTheSameBitsAloneAndInAnyBatch() {
        for (int n : new int[] {1, 5, 10, 15, 16, 40}) {
            for (int trans = 0; trans < 4; trans++) {
                SgemmCase batch = SgemmCase.of((trans & 2) != 0, (trans & 1) != 0, 29, n, 125);
                Matrix whole = batch.run(0.9f, 0.4f);
                for (int i = 0; i < batch.m(); i++) {
                    float[] row = batch.c().row(i);
                    Sgemm.sgemm(
                            batch.transA() ? T : N,
                            batch.transB() ? T : N,
                            1,
                            n,
                            125,
                            0.9f,
                            batch.a().array(),
                            batch.transA() ? batch.a().at(0, i) : batch.a().at(i, 0),
                            batch.a().ld(),
                            batch.b().array(),
                            batch.b().offset(),
                            batch.b().ld(),
                            0.4f,
                            row,
                            0,
                            n);
                    assertThat(row).as("row %d of %s", i, batch).containsExactly(whole.row(i));
                }
            }
        }
    }

    @Test
    void blocksOfKContinueOneChain() {
        // Two calls over the halves of k, the second with beta = 1, are one call over all of it.
        SgemmCase product = SgemmCase.of(true, false, 21, 50, 64);
        Matrix whole = product.run(1, 0);
        Matrix c = product.c().copy();
        for (int half = 0; half < 2; half++) {
            Sgemm.sgemm(
                    T,
                    N,
                    21,
                    50,
                    32,
                    1,
                    product.a().array(),
                    product.a().at(32 * half, 0),
                    product.a().ld(),
                    product.b().array(),
                    product.b().at(32 * half, 0),
                    product.b().ld(),
                    half,
                    c.array(),
                    c.offset(),
                    c.ld());
        }
        c.assertSameBits(whole);
    }

    @Test
    void betaZeroDoesNotReadC() {
        for (int n : new int[] {8, 23}) {
            for (float rogue : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                float[] a = TestData.uniform(1, 17 * 70, 2);
                float[] b = TestData.uniform(2, 70 * n, 2);
                float[] clean = new float[17 * n];
                float[] c = new float[17 * n];
                Arrays.fill(c, rogue);
                Sgemm.sgemm(N, N, 17, n, 70, 1, a, 0, 70, b, 0, n, 0, clean, 0, n);
                Sgemm.sgemm(N, N, 17, n, 70, 1, a, 0, 70, b, 0, n, 0, c, 0, n);
                assertThat(c).containsExactly(clean);
                assertThat(c).doesNotContain(Float.NaN);
            }
        }
    }

    @Test
    void alphaZeroDoesNotReadAOrB() {
        float[] rogue = new float[80 * 80];
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Arrays.fill(rogue, value);
            for (int[] shape : new int[][] {{17, 19, 23}, {8, 9, 80}}) {
                for (Transpose transA : Transpose.values()) {
                    for (Transpose transB : Transpose.values()) {
                        for (float beta : new float[] {0, 1, 2}) {
                            float[] c = new float[shape[0] * shape[1]];
                            Arrays.fill(c, 3);
                            Sgemm.sgemm(
                                    transA, transB, shape[0], shape[1], shape[2], 0, rogue, 0, 80, rogue, 0, 80, beta,
                                    c, 0, shape[1]);
                            assertThat(c).containsOnly(3 * beta);
                        }
                    }
                }
            }
        }
    }

    @Test
    void alphaAndBetaZeroClearC() {
        float[] c = {Float.NaN, -0f, Float.NEGATIVE_INFINITY, 5};
        Sgemm.sgemm(N, N, 2, 2, 1, 0, new float[2], 0, 1, new float[2], 0, 2, 0, c, 0, 2);
        for (float value : c) {
            assertThat(Float.floatToRawIntBits(value)).isZero();
        }
    }

    @Test
    void noProductIsSkipped() {
        for (float b : new float[] {Float.POSITIVE_INFINITY, Float.NaN}) {
            float[] c = new float[1];
            Sgemm.sgemm(N, N, 1, 1, 2, 1, new float[] {0, 1}, 0, 2, new float[] {b, 1}, 0, 1, 0, c, 0, 1);
            assertThat(c[0]).isNaN();
        }
        float[] c = new float[1];
        float[] infinities = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        Sgemm.sgemm(N, N, 1, 1, 2, 1, new float[] {1, 1}, 0, 2, infinities, 0, 1, 0, c, 0, 1);
        assertThat(c[0]).isNaN();
        Sgemm.sgemm(N, N, 1, 1, 2, 1, new float[] {3e38f, 3e38f}, 0, 2, new float[] {1, 1}, 0, 1, 0, c, 0, 1);
        assertThat(c[0]).isInfinite();
    }

    @Test
    void aNaNInAStaysInItsRow() {
        for (int n : new int[] {10, 17}) {
            SgemmCase clean = SgemmCase.of(false, false, 17, n, 85);
            Matrix expected = clean.run(1, 1);
            for (int i = 0; i < 17; i++) {
                for (int p = 0; p < 85; p++) {
                    SgemmCase dirty =
                            new SgemmCase(false, false, 17, n, 85, clean.a().copy(), clean.b(), clean.c());
                    dirty.a().array()[dirty.a().at(i, p)] = Float.NaN;
                    Matrix found = dirty.run(1, 1);
                    for (int row = 0; row < 17; row++) {
                        if (row == i) {
                            assertThat(found.row(row)).containsOnly(Float.NaN);
                        } else {
                            assertThat(found.row(row)).containsExactly(expected.row(row));
                        }
                    }
                }
            }
        }
    }

    @Test
    void emptyShapes() {
        float[] c = {1, 2};
        Sgemm.sgemm(N, N, 0, 2, 3, 1, new float[0], 0, 3, new float[6], 0, 2, 0, c, 0, 2);
        Sgemm.sgemm(N, N, 2, 0, 3, 1, new float[6], 0, 3, new float[0], 0, 1, 0, c, 0, 1);
        assertThat(c).containsExactly(1, 2);
        Sgemm.sgemm(N, N, 1, 2, 0, 1, new float[0], 0, 1, new float[0], 0, 2, 3, c, 0, 2);
        assertThat(c).containsExactly(3, 6);
        Sgemm.sgemm(N, N, 1, 2, 0, 1, new float[0], 0, 1, new float[0], 0, 2, 0, c, 0, 2);
        assertThat(c).containsExactly(0, 0);
    }

    @Test
    void wrongArgumentsAreNamedAndNothingIsWritten() {
        float[] a = new float[12];
        float[] b = new float[12];
        float[] c = {7, 7, 7, 7, 7, 7, 7, 7, 7};
        assertRefused("m is negative", -1, 3, 4, a, 0, 4, b, 0, 3, c, 0, 3);
        assertRefused("n is negative", 3, -1, 4, a, 0, 4, b, 0, 3, c, 0, 3);
        assertRefused("k is negative", 3, 3, -1, a, 0, 4, b, 0, 3, c, 0, 3);
        assertRefused("leading dimension of a is 3", 3, 3, 4, a, 0, 3, b, 0, 3, c, 0, 3);
        assertRefused("leading dimension of b is 2", 3, 3, 4, a, 0, 4, b, 0, 2, c, 0, 3);
        assertRefused("leading dimension of c is 2", 3, 3, 4, a, 0, 4, b, 0, 3, c, 0, 2);
        assertRefused("a is too short", 3, 3, 4, a, 1, 4, b, 0, 3, c, 0, 3);
        assertRefused("b is too short", 3, 3, 4, a, 0, 4, b, 1, 3, c, 0, 3);
        assertRefused("c is too short", 3, 3, 4, a, 0, 4, b, 0, 3, c, 1, 3);
        assertRefused("a is too short", 3, 3, 4, a, -1, 4, b, 0, 3, c, 0, 3);
        assertRefused("a is too short", 3, 3, 4, a, Integer.MAX_VALUE, Integer.MAX_VALUE, b, 0, 3, c, 0, 3);
        assertRefused("c shares the elements [0, 9) of one array with a", 3, 3, 3, c, 0, 3, b, 0, 3, c, 0, 3);
        assertRefused("c shares the elements [0, 9) of one array with b", 3, 3, 3, a, 0, 3, c, 0, 3, c, 0, 3);
        assertThat(c).containsOnly(7);
    }

    /** Products of every form, the last two worth sharing; each would scale C by beta first, or read it. */
    @Test
    void aPoolThatIsClosedOrMissingIsRefusedAndNothingIsWritten() {
        Workers closed = Workers.of(2);
        closed.close();
        for (int[] shape :
                new int[][] {{4, 4, 4}, {40, 40, 40}, {30, 10, 90}, {128, 128, 128}, {700, 15, 128}, {0, 0, 0}}) {
            for (float alpha : new float[] {1, 0}) {
                assertThatThrownBy(() -> untouched(closed, N, N, shape, alpha))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the workers are closed");
                assertThatThrownBy(() -> untouched(null, N, N, shape, alpha))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("workers");
            }
        }
    }

    @Test
    void anOperandIsToBeTransposedOrNot() {
        for (int[] shape : new int[][] {{4, 4, 4}, {128, 128, 128}}) {
            assertThatThrownBy(() -> untouched(Workers.serial(), null, N, shape, 1))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("transA");
            assertThatThrownBy(() -> untouched(Workers.serial(), N, null, shape, 1))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("transB");
        }
    }

    /** Does a product, with beta = 2, and passes on what it throws once C has been found to be as it was. */
    private static void untouched(Workers workers, Transpose transA, Transpose transB, int[] shape, float alpha) {
        int m = shape[0];
        int n = shape[1];
        int k = shape[2];
        float[] c = TestData.uniform(1, m * n, 1);
        try {
            Sgemm.sgemm(
                    workers,
                    transA,
                    transB,
                    m,
                    n,
                    k,
                    alpha,
                    new float[m * k],
                    0,
                    Math.max(1, k),
                    new float[k * n],
                    0,
                    Math.max(1, n),
                    2,
                    c,
                    0,
                    Math.max(1, n));
        } finally {
            assertThat(Arrays.equals(c, TestData.uniform(1, m * n, 1)))
                    .as("C is as it was")
                    .isTrue();
        }
    }

    private static void assertRefused(
            String message,
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int lda,
            float[] b,
            int bo,
            int ldb,
            float[] c,
            int co,
            int ldc) {
        assertThatThrownBy(() -> Sgemm.sgemm(N, N, m, n, k, 1, a, ao, lda, b, bo, ldb, 0, c, co, ldc))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    /**
     * n < 16, k >= 32 and, but for a transposed B, k >= 8 n make it a dot product, whose bits are those of Level1; all else
     * is one chain.
     */
    @Test
    void theFormIsTheDocumentedOne() {
        for (int n : new int[] {4, 5, 15, 16}) {
            for (int k : new int[] {31, 32, 39, 40, 119, 120, 128}) {
                float[] a = TestData.uniform(n, k, 2);
                float[] columns = TestData.uniform(k, n * k, 2);
                float[] rows = new float[n * k];
                for (int p = 0; p < k; p++) {
                    for (int j = 0; j < n; j++) {
                        rows[p * n + j] = columns[j * k + p];
                    }
                }
                float[] nn = new float[n];
                float[] nt = new float[n];
                Sgemm.sgemm(N, N, 1, n, k, 1, a, 0, k, rows, 0, n, 0, nn, 0, n);
                Sgemm.sgemm(N, T, 1, n, k, 1, a, 0, k, columns, 0, k, 0, nt, 0, n);
                for (int j = 0; j < n; j++) {
                    float chain = 0;
                    for (int p = 0; p < k; p++) {
                        chain = Math.fma(a[p], columns[j * k + p], chain);
                    }
                    float dot = Level1.dot(k, a, 0, columns, j * k);
                    assertThat(nn[j]).isEqualTo(n < 16 && k >= 32 && k >= 8 * n ? dot : chain);
                    assertThat(nt[j]).isEqualTo(n < 16 && k >= 32 ? dot : chain);
                }
            }
        }
    }
}
