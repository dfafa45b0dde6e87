package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lanewise.kernels.TestData.Matrix;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contract of the bias row, against double precision and the words of its Javadoc. */
class BiasTest {
    private static final double U = 0x1p-24;

    /** The sum of two floats, rounded to double and then to float, is the float sum: 53 bits are more than 2 x 24 + 1. */
    @Test
    void addRoundsOnce() {
        for (int cols = 0; cols <= 40; cols++) {
            Matrix y = Matrix.of(3, cols, 2, cols + 3, outliers(cols, 3 * cols));
            Matrix bias = Matrix.of(1, cols, 1, cols + 1, outliers(cols + 50, cols));
            Matrix result = y.copy();
            Bias.add(3, cols, bias.array(), 1, result.array(), 2, cols + 3);
            result.assertCanaries();
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < cols; j++) {
                    assertThat(result.get(i, j)).isEqualTo((float) ((double) y.get(i, j) + bias.get(0, j)));
                }
            }
        }
    }

    /** What the Javadoc says; the double sum is off by at most rows 2^-53 of the same magnitude. */
    @Test
    void columnSumsKeepTheirErrorBound() {
        for (int rows : new int[] {0, 1, 2, 17, 1000}) {
            int cols = 21;
            Matrix g = Matrix.of(rows, cols, 3, cols + 2, outliers(rows, rows * cols));
            Matrix sums = Matrix.of(1, cols, 4, cols, outliers(7, cols));
            Matrix result = sums.copy();
            Bias.accumulateGradient(rows, cols, g.array(), 3, cols + 2, result.array(), 4);
            result.assertCanaries();
            for (int j = 0; j < cols; j++) {
                double exact = sums.get(0, j);
                double magnitude = Math.abs(exact);
                for (int i = 0; i < rows; i++) {
                    exact += g.get(i, j);
                    magnitude += Math.abs(g.get(i, j));
                }
                assertThat(Math.abs(result.get(0, j) - exact)).isLessThanOrEqualTo(rows * (U + 0x1p-53) * magnitude);
            }
        }
    }

    @Test
    void halvesOfABatchGiveTheBitsOfTheWhole() {
        int rows = 31;
        int cols = 37;
        float[] g = outliers(1, rows * cols);
        float[] whole = outliers(2, cols);
        float[] halves = whole.clone();
        Bias.accumulateGradient(rows, cols, g, 0, cols, whole, 0);
        Bias.accumulateGradient(11, cols, g, 0, cols, halves, 0);
        Bias.accumulateGradient(rows - 11, cols, g, 11 * cols, cols, halves, 0);
        assertThat(halves).isEqualTo(whole);
    }

    @Test
    void specialValuesStayInTheirColumn() {
        int cols = 35;
        for (int j = 0; j < cols; j++) {
            float[] bias = new float[cols];
            bias[j] = Float.NaN;
            float[] y = new float[2 * cols];
            Bias.add(2, cols, bias, 0, y, 0, cols);
            float[] sums = new float[cols];
            Bias.accumulateGradient(2, cols, y, 0, cols, sums, 0);
            for (int c = 0; c < cols; c++) {
                assertThat(Float.isNaN(sums[c])).isEqualTo(c == j);
            }
        }
    }

    @Test
    void argumentsThatDoNotFitAreRejected() {
        float[] y = new float[12];
        float[] row = {1, 1, 1, 1};
        assertRejected("the number of rows of y", () -> Bias.add(-1, 4, row, 0, y, 0, 4));
        assertRejected("the size of bias", () -> Bias.add(3, -4, row, 0, y, 0, 4));
        assertRejected("the leading dimension of y", () -> Bias.add(3, 4, row, 0, y, 0, 3));
        assertRejected("y is too short", () -> Bias.add(3, 4, row, 0, y, 1, 4));
        assertRejected("y is too short", () -> Bias.add(3, 4, row, 0, y, 0, Integer.MAX_VALUE));
        assertRejected("bias is too short", () -> Bias.add(3, 4, row, 1, y, 0, 4));
        assertRejected("y shares the elements [4, 8)", () -> Bias.add(3, 4, y, 4, y, 0, 4));
        assertThat(y).containsOnly(0);

        assertRejected("the number of rows of g", () -> Bias.accumulateGradient(-1, 4, y, 0, 4, row, 0));
        assertRejected("the number of columns of g", () -> Bias.accumulateGradient(3, -4, y, 0, 4, row, 0));
        assertRejected("the leading dimension of g", () -> Bias.accumulateGradient(3, 4, y, 0, 3, row, 0));
        assertRejected("g is too short", () -> Bias.accumulateGradient(4, 4, y, 0, 4, row, 0));
        assertRejected("sums is too short", () -> Bias.accumulateGradient(3, 4, y, 0, 4, row, -1));
        assertRejected("sums shares the elements [0, 4)", () -> Bias.accumulateGradient(3, 4, y, 0, 4, y, 0));
        assertThat(row).containsOnly(1);
    }

    private static void assertRejected(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }
}
