package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss, gradient and errors against double precision, against the sequence they fuse, and by hand. */
class CrossEntropyTest {
    /** Half a unit in the last place of 1. */
    private static final double U = 0x1p-24;

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 10", "100, 10", "300, 10", "33, 47", "33, 48", "7, 1000", "3, 2500"})
    void isAsCloseToTheDoubleResultAsPromised(int rows, int cols) {
        for (float limit : new float[] {1, 10, 50}) {
            float[] z = uniform(rows + cols, rows * cols, limit);
            int[] labels = labels(rows, cols);
            float[] g = new float[rows * cols];
            double loss = CrossEntropy.lossAndGradient(rows, cols, z, 0, cols, labels, 0, 0.25f, g, 0, cols);

            double sumBound = U * (Math.min(cols, 1024) / 16.0 + StrictMath.log(cols) + 6);
            double expected = 0;
            for (int i = 0; i < rows; i++) {
                double max = Double.NEGATIVE_INFINITY;
                for (int j = 0; j < cols; j++) {
                    max = Math.max(max, z[i * cols + j]);
                }
                double sum = 0;
                for (int j = 0; j < cols; j++) {
                    sum += StrictMath.exp(z[i * cols + j] - max);
                }
                double logSumExp = max + StrictMath.log(sum);
                expected += logSumExp - z[i * cols + labels[i]];
                for (int j = 0; j < cols; j++) {
                    double p = StrictMath.exp(z[i * cols + j] - logSumExp);
                    double exact = (p - (j == labels[i] ? 1 : 0)) / 4;
                    double error = p * (sumBound + U * (max - z[i * cols + j] + 4)) / 4 + 2 * U * Math.abs(exact);
                    assertThat((double) g[i * cols + j]).isCloseTo(exact, within(error + 0x1p-148));
                }
            }
            assertThat(loss).isCloseTo(expected, within(rows * sumBound));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 47, 48, 1030})
    void hasTheBitsOfTheSequenceItFuses(int cols) {
        int rows = 37;
        float[] z = outliers(cols, rows * cols);
        int[] labels = labels(rows, cols);
        float scale = 1f / rows;

        float[] expected = new float[rows * cols];
        Softmax.softmax(rows, cols, z, 0, cols, expected, 0, cols);
        for (int i = 0; i < rows; i++) {
            expected[i * cols + labels[i]] -= 1;
        }
        Level1.scal(rows * cols, scale, expected, 0);

        float[] gradient = new float[rows * cols];
        CrossEntropy.gradient(rows, cols, z, 0, cols, labels, 0, scale, gradient, 0, cols);
        assertThat(gradient).isEqualTo(expected);

        double loss = CrossEntropy.loss(rows, cols, z, 0, cols, labels, 0);
        assertThat(CrossEntropy.lossAndGradient(rows, cols, z, 0, cols, labels, 0, scale, z, 0, cols))
                .isEqualTo(loss);
        assertThat(z).isEqualTo(expected);
    }

    @Test
    void theLossOfKnownRows() {
        float inf = Float.POSITIVE_INFINITY;
        float[] z = {0, 0, 0, 0, 1000, 0, 0, 0, 1000, -inf, 0, 0};
        assertThat(loss(z, 0, 0, 2)).isCloseTo(StrictMath.log(4) + 0 + 1000, within(1e-9));
        assertThat(loss(z, 3, 1, 0)).isCloseTo(StrictMath.log(4) + 1000 + 0, within(1e-9));
        assertThat(loss(z, 0, 0, 1)).as("a label of probability 0").isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(loss(new float[] {inf, 0, 0, 0}, 1)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(loss(new float[] {inf, 0, 0, 0}, 0)).isNaN();
        assertThat(loss(new float[] {0, 0, 0, 0, 1, Float.NaN, 0, 0}, 0, 0)).isNaN();
        assertThat(loss(new float[0])).isZero();
    }

    private static double loss(float[] z, int... labels) {
        return CrossEntropy.loss(labels.length, 4, z, 0, 4, labels, 0);
    }

    @Test
    void aRowOfTheGradientSumsToZero() {
        int rows = 50;
        float[] g = uniform(5, rows * 10, 8);
        CrossEntropy.gradient(rows, 10, g, 0, 10, labels(rows, 10), 0, 1, g, 0, 10);
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < 10; j++) {
                sum += g[i * 10 + j];
            }
            // The probabilities sum to 1 but for 10 / 16 + 6 roundings; taking 1 off is one more.
            assertThat(sum).isCloseTo(0, within(8 * U));
        }
    }

    @Test
    void theLowestOfEqualClassesCountsAndANanIsAnError() {
        float nan = Float.NaN;
        float inf = Float.POSITIVE_INFINITY;
        assertThat(errors(new float[] {1, 3, 2}, 1)).isZero();
        assertThat(errors(new float[] {1, 3, 2}, 0)).isOne();
        assertThat(errors(new float[] {1, 3, 2}, 2)).isOne();
        assertThat(errors(new float[] {3, 3, 3}, 0)).isZero();
        assertThat(errors(new float[] {3, 3, 3}, 1)).isOne();
        assertThat(errors(new float[] {1, 3, 3}, 1)).isZero();
        assertThat(errors(new float[] {1, 3, 3}, 2)).isOne();
        assertThat(errors(new float[] {-0f, 0f, -1}, 0)).isZero();
        assertThat(errors(new float[] {-0f, 0f, -1}, 1)).isOne();
        assertThat(errors(new float[] {-inf, -inf, -inf}, 0)).isZero();
        assertThat(errors(new float[] {0, inf, inf}, 1)).isZero();
        for (int label = 0; label < 3; label++) {
            assertThat(errors(new float[] {nan, 3, 2}, label)).isOne();
            assertThat(errors(new float[] {1, nan, 2}, label)).isOne();
            assertThat(errors(new float[] {1, 3, nan}, label)).isOne();
        }
        assertThat(errors(new float[] {1, 3, 2, 9, 3, 2, 0, 0, 1}, 1, 1, 2)).isOne();
    }

    private static int errors(float[] z, int... labels) {
        return CrossEntropy.errors(labels.length, 3, z, 0, 3, labels, 0);
    }

    @Test
    void aLabelOutsideTheClassesIsNamedAndNothingWritten() {
        float[] z = new float[30];
        float[] g = new float[30];
        for (int bad : new int[] {-1, 10}) {
            int[] labels = {0, 9, bad};
            String message = "label " + bad + " at row 2 is outside 0..9";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.loss(3, 10, z, 0, 10, labels, 0))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.errors(3, 10, z, 0, 10, labels, 0))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.gradient(3, 10, z, 0, 10, labels, 0, 1, g, 0, 10))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.lossAndGradient(3, 10, z, 0, 10, labels, 0, 1, g, 0, 10))
                    .withMessage(message);
        }
        assertThat(g).containsOnly(0);
    }

    private static int[] labels(int rows, int cols) {
        return new SplittableRandom(rows * 31L + cols).ints(rows, 0, cols).toArray();
    }
}
