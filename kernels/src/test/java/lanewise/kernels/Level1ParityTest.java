package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static org.assertj.core.api.Assertions.assertThat;

import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector operations: the SIMD backend gives the bits of the scalar one and touches nothing else. */
class Level1ParityTest {
    private static final Kernels.Level1 SCALAR = Backend.scalar("test").level1();
    private static final Kernels.Level1 SIMD = TestData.facade(Kernels.Level1.class, Level1.class);

    @Test
    void everySmallSizeAtEveryOffset() {
        for (int n = 0; n <= 67; n++) {
            for (int offset = 0; offset < 16; offset++) {
                assertParity(n, offset, -0.7f);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {997, 998, 999, 1000, 1001, 1002, 1003, 2047, 2048, 2049, 2064, 4095, 4096, 4113, 10_000})
    void sizesAroundABlockAndAboveIt(int n) {
        assertParity(n, 5, 1.3f);
    }

    @ParameterizedTest
    @ValueSource(
            floats = {
                Float.NaN,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                0f,
                -0f,
                Float.MIN_VALUE,
                -1e-42f,
                Float.MAX_VALUE
            })
    void specialValuesAtEveryPositionAndAsTheFactor(float special) {
        for (int i = 0; i < 67; i++) {
            Matrix x = vector(67, 3, 1);
            Matrix y = vector(67, 6, 2);
            x.array()[x.at(0, i)] = special;
            assertParity(x, y, 1.5f);
            y.array()[y.at(0, i)] = special;
            assertParity(x, y, 1.5f);
            assertParity(vector(67, 3, 1), y, 1.5f);
        }
        assertParity(67, 1, special);
    }

    private static void assertParity(int n, int offset, float alpha) {
        assertParity(vector(n, offset, n), vector(n, (7 * offset + 3) % 16, n + 1), alpha);
    }

    private static void assertParity(Matrix x, Matrix y, float alpha) {
        int n = x.cols();
        Matrix expected = x.copy();
        SCALAR.scal(n, alpha, expected.array(), x.offset());
        Matrix actual = x.copy();
        SIMD.scal(n, alpha, actual.array(), x.offset());
        actual.assertSameBits(expected);

        Matrix untouched = x.copy();
        expected = y.copy();
        SCALAR.axpy(n, alpha, x.array(), x.offset(), expected.array(), y.offset());
        actual = y.copy();
        SIMD.axpy(n, alpha, x.array(), x.offset(), actual.array(), y.offset());
        actual.assertSameBits(expected);

        expected = x.copy();
        SCALAR.axpy(n, alpha, expected.array(), x.offset(), expected.array(), x.offset());
        actual = x.copy();
        SIMD.axpy(n, alpha, actual.array(), x.offset(), actual.array(), x.offset());
        actual.assertSameBits(expected);

        // Boxed, so that NaN equals NaN and -0 does not equal +0.
        Float dot = SCALAR.dot(n, x.array(), x.offset(), y.array(), y.offset());
        assertThat(SIMD.dot(n, x.array(), x.offset(), y.array(), y.offset())).isEqualTo(dot);
        Float squares = SCALAR.sumOfSquares(n, x.array(), x.offset());
        assertThat(SIMD.sumOfSquares(n, x.array(), x.offset())).isEqualTo(squares);
        x.assertSameBits(untouched);
    }

    private static Matrix vector(int n, int offset, long seed) {
        return Matrix.of(1, n, offset, Math.max(1, n), outliers(seed, n));
    }
}
