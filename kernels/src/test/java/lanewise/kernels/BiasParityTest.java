package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;

import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bias rows: the SIMD backend gives the bits of the scalar one and touches nothing else. */
class BiasParityTest {
    private static final Kernels.Bias SCALAR = Backend.scalar("test").bias();
    private static final Kernels.Bias SIMD = Backend.simd("test").bias();

    @Test
    void everySmallWidthAtEveryOffset() {
        for (int cols = 0; cols <= 67; cols++) {
            for (int offset = 0; offset < 16; offset++) {
                assertParity(matrix(offset % 6, cols, offset, cols + 1 + offset % 3), row(cols, 15 - offset));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {997, 998, 999, 1000, 1001, 1002, 1003})
    void longRows(int cols) {
        assertParity(matrix(3, cols, 2, cols), row(cols, 1));
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
    void specialValuesAtEveryPosition(float special) {
        // Row i has it at column i.
        Matrix y = matrix(67, 67, 3, 70);
        for (int j = 0; j < 67; j++) {
            y.array()[y.at(j, j)] = special;
        }
        assertParity(y, row(67, 2));
        for (int j = 0; j < 67; j++) {
            Matrix bias = row(67, 2);
            bias.array()[bias.at(0, j)] = special;
            assertParity(matrix(2, 67, 3, 70), bias);
        }
    }

    private static void assertParity(Matrix y, Matrix bias) {
        int rows = y.rows();
        int cols = y.cols();
        Matrix sameBias = bias.copy();
        Matrix expected = y.copy();
        SCALAR.add(rows, cols, bias.array(), bias.offset(), expected.array(), y.offset(), y.ld());
        Matrix actual = y.copy();
        SIMD.add(rows, cols, bias.array(), bias.offset(), actual.array(), y.offset(), y.ld());
        actual.assertSameBits(expected);
        bias.assertSameBits(sameBias);

        Matrix sameGradient = y.copy();
        expected = bias.copy();
        SCALAR.accumulateGradient(rows, cols, y.array(), y.offset(), y.ld(), expected.array(), bias.offset());
        actual = bias.copy();
        SIMD.accumulateGradient(rows, cols, y.array(), y.offset(), y.ld(), actual.array(), bias.offset());
        actual.assertSameBits(expected);
        y.assertSameBits(sameGradient);
    }

    private static Matrix matrix(int rows, int cols, int offset, int ld) {
        return Matrix.of(rows, cols, offset, ld, outliers(1000L * rows + cols, rows * cols));
    }

    private static Matrix row(int cols, int offset) {
        return matrix(1, cols, offset, Math.max(1, cols));
    }
}
