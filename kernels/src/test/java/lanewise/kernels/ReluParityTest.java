package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static org.assertj.core.api.Assertions.assertThat;

import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rectifier: the SIMD backend gives the bits of the scalar one and touches nothing else. */
class ReluParityTest {
    private static final Kernels.Relu SCALAR = Backend.scalar("test").relu();
    private static final Kernels.Relu SIMD = TestData.facade(Kernels.Relu.class, Relu.class);

    @Test
    void everySmallWidthAtEveryOffset() {
        for (int cols = 0; cols <= 67; cols++) {
            for (int offset = 0; offset < 16; offset++) {
                int rows = offset % 6;
                int ld = cols + 1 + offset % 3;
                assertParity(matrix(1, rows, cols, offset, ld), matrix(2, rows, cols, 15 - offset, ld + 1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {997, 998, 999, 1000, 1001, 1002, 1003})
    void longRows(int cols) {
        assertParity(matrix(1, 3, cols, 2, cols), matrix(2, 3, cols, 1, cols + 3));
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
                -Float.MIN_VALUE,
                -1e-42f,
                Float.MAX_VALUE
            })
    void specialValuesAtEveryPosition(float special) {
        Matrix x = matrix(1, 67, 67, 3, 70);
        Matrix dy = matrix(2, 67, 67, 4, 67);
        for (int j = 0; j < 67; j++) {
            x.array()[x.at(j, j)] = special;
            dy.array()[dy.at(j, 66 - j)] = special;
        }
        assertParity(x, dy);
        assertParity(x, x);
    }

    private static void assertParity(Matrix x, Matrix dy) {
        Matrix sameX = x.copy();
        Matrix sameDy = dy.copy();

        Matrix expected = output(x);
        forward(SCALAR, x, expected);
        Matrix actual = output(x);
        forward(SIMD, x, actual);
        actual.assertSameBits(expected);
        Matrix inPlace = x.copy();
        forward(SIMD, inPlace, inPlace);
        assertSameElements(inPlace, expected);

        expected = output(x);
        backward(SCALAR, x, dy, expected);
        actual = output(x);
        backward(SIMD, x, dy, actual);
        actual.assertSameBits(expected);
        Matrix onGradient = dy.copy();
        backward(SIMD, x, onGradient, onGradient);
        assertSameElements(onGradient, expected);
        Matrix onOutput = x.copy();
        backward(SIMD, onOutput, dy, onOutput);
        assertSameElements(onOutput, expected);

        x.assertSameBits(sameX);
        dy.assertSameBits(sameDy);
    }

    private static void forward(Kernels.Relu kernel, Matrix x, Matrix y) {
        kernel.forward(x.rows(), x.cols(), x.array(), x.offset(), x.ld(), y.array(), y.offset(), y.ld());
    }

    private static void backward(Kernels.Relu kernel, Matrix y, Matrix dy, Matrix dx) {
        kernel.backward(
                y.rows(),
                y.cols(),
                y.array(),
                y.offset(),
                y.ld(),
                dy.array(),
                dy.offset(),
                dy.ld(),
                dx.array(),
                dx.offset(),
                dx.ld());
    }

    private static void assertSameElements(Matrix actual, Matrix expected) {
        actual.assertCanaries();
        for (int i = 0; i < expected.rows(); i++) {
            assertThat(actual.row(i)).isEqualTo(expected.row(i));
        }
    }

    private static Matrix output(Matrix x) {
        return Matrix.poisoned(x.rows(), x.cols(), x.offset() + 1, x.ld() + 2);
    }

    private static Matrix matrix(long seed, int rows, int cols, int offset, int ld) {
        return Matrix.of(rows, cols, offset, ld, outliers(seed + 1000L * rows + cols, rows * cols));
    }
}
