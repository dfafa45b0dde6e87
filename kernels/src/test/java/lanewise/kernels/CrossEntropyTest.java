package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
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
    @CsvSource({
        "1, 1, 0",
        "1, 10, 0",
        "100, 10, 0",
        "300, 10, 0",
        "33, 47, 0",
        "33, 48, 0",
        "7, 1000, 0",
        "3, 2500, 0",
        "1, 1, 0.1",
        "100, 10, 0.1",
        "300, 10, 1",
        "33, 47, 0.5",
        "7, 1000, 0.1",
        "3, 2500, 0.9"
    })
    void isAsCloseToTheDoubleResultAsPromised(int rows, int cols, float smoothing) {
        for (float limit : new float[] {1, 10, 50}) {
            float[] z = uniform(rows + cols, rows * cols, limit);
            int[] labels = labels(rows, cols);
            float[] weights = smoothing == 0 ? null : uniform(rows, rows, 2);
            // The gradient in the normal range, and so small that it is rounded to whole smallest subnormals.
            float scale = limit == 1 ? 3 * Float.MIN_VALUE : 0.25f;
            float[] g = new float[rows * cols];
            double loss = CrossEntropy.lossAndGradient(
                    rows, cols, z, 0, cols, labels, 0, smoothing, weights, scale, g, 0, cols);

            double additions = additions(cols);
            double sumBound = sumBound(cols);
            double expected = 0;
            double lossError = 0;
            for (int i = 0; i < rows; i++) {
                double weight = weights == null ? 1 : weights[i];
                double max = Double.NEGATIVE_INFINITY;
                for (int j = 0; j < cols; j++) {
                    max = Math.max(max, z[i * cols + j]);
                }
                double sum = 0;
                for (int j = 0; j < cols; j++) {
                    sum += StrictMath.exp(z[i * cols + j] - max);
                }
                double logSumExp = max + StrictMath.log(sum);
                lossError += Math.abs(weight) * sumBound;
                for (int j = 0; j < cols; j++) {
                    double logit = z[i * cols + j];
                    double target = (double) smoothing / cols + (j == labels[i] ? 1.0 - smoothing : 0);
                    expected += weight * target * (logSumExp - logit);
                    lossError += Math.abs(weight) * U * (additions + 1) * smoothing / cols * (max - logit);
                    double p = StrictMath.exp(logit - logSumExp);
                    double exact = (p - target) * weight * scale;
                    double error = p * (sumBound + U * (max - logit + 4)) + 0x1p-126 + U * target;
                    error = error * Math.abs(weight) * scale + 4 * U * Math.abs(exact) + Float.MIN_VALUE;
                    assertThat((double) g[i * cols + j]).isCloseTo(exact, within(error));
                }
            }
            assertThat(loss).isCloseTo(expected, within(lossError));
        }
    }

    private static double additions(int cols) {
        return cols < 48 ? cols - 1 : Math.min(cols, 1024) / 16.0 + 4;
    }

    /** What the sum of exponentials is off by, relatively, and its logarithm: s of {@link Softmax}. */
    private static double sumBound(int cols) {
        return U * (additions(cols) + StrictMath.log(cols) + 2);
    }

    /**
     * One logit of a row is so large that its exponential is all of the sum, whose logarithm is then 0 to more digits than
     * are looked at: so the loss is the same in decimals, without any rounding.
     */
    @ParameterizedTest
    @CsvSource({"1, 0", "1000, 0", "1, 0.1", "1000, 0.1", "1000, 1"})
    void theRoundingsInDoubleCountWhereLogitsAreLarge(int rows, float smoothing) {
        int cols = 5;
        float[] z = uniform(rows, rows * cols, 1);
        int[] labels = labels(rows, cols);
        float[] weights = uniform(1, rows, 2);
        BigDecimal share = new BigDecimal(smoothing).divide(new BigDecimal(cols));
        BigDecimal exact = BigDecimal.ZERO;
        double bound = 0;
        for (int i = 0; i < rows; i++) {
            int largest = (labels[i] + 1) % cols;
            float max = 0x1p40f + i * 0x1p20f;
            z[i * cols + largest] = max;
            BigDecimal loss = BigDecimal.ZERO;
            BigDecimal differences = BigDecimal.ZERO;
            for (int j = 0; j < cols; j++) {
                BigDecimal difference = new BigDecimal(max).subtract(new BigDecimal(z[i * cols + j]));
                differences = differences.add(difference);
                if (j == labels[i]) {
                    loss = difference.multiply(BigDecimal.ONE.subtract(new BigDecimal(smoothing)));
                }
            }
            loss = loss.add(share.multiply(differences));
            exact = exact.add(loss.multiply(new BigDecimal(weights[i])));
            double ofRow =
                    U * (additions(cols) + 1) * share.multiply(differences).doubleValue();
            ofRow += sumBound(cols) + (rows + 6) * 0x1p-53 * loss.doubleValue();
            bound += ofRow * Math.abs(weights[i]);
        }
        double loss = CrossEntropy.loss(rows, cols, z, 0, cols, labels, 0, smoothing, weights);
        assertThat(new BigDecimal(loss).subtract(exact).abs()).isLessThanOrEqualTo(new BigDecimal(bound));
    }

    /** The example of the documentation of torch.nn.CrossEntropyLoss cannot be had without its generator; this is by hand. */
    @Test
    void smoothingMovesTheTargetTowardsAllClasses() {
        float[] z = {0, (float) StrictMath.log(3)};
        // softmax is 1/4 and 3/4, and the target 0.9 and 0.1.
        double loss = 0.9 * StrictMath.log(4) + 0.1 * (StrictMath.log(4) - StrictMath.log(3));
        float[] g = new float[2];
        assertThat(CrossEntropy.lossAndGradient(1, 2, z, 0, 2, new int[1], 0, 0.2f, new float[] {2}, 0.5f, g, 0, 2))
                .isCloseTo(2 * loss, within(2e-7));
        assertThat(g).containsExactly(new float[] {0.25f - 0.9f, 0.75f - 0.1f}, within(2e-7f));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 47, 48, 1030})
    void noSmoothingAndWeightsOfOneChangeNoBit(int cols) {
        int rows = 37;
        float[] z = outliers(cols, rows * cols);
        int[] labels = labels(rows, cols);
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        float[] plain = new float[rows * cols];
        float[] weighted = new float[rows * cols];
        double loss = CrossEntropy.lossAndGradient(rows, cols, z, 0, cols, labels, 0, 0.3f, plain, 0, cols);
        assertThat(CrossEntropy.lossAndGradient(rows, cols, z, 0, cols, labels, 0, 0, ones, 0.3f, weighted, 0, cols))
                .isEqualTo(loss);
        assertThat(weighted).isEqualTo(plain);
        assertThat(CrossEntropy.loss(rows, cols, z, 0, cols, labels, 0, 0, ones))
                .isEqualTo(loss);
        CrossEntropy.gradient(rows, cols, z, 0, cols, labels, 0, 0, ones, 0.3f, weighted, 0, cols);
        assertThat(weighted).isEqualTo(plain);
    }

    /** With whole weights a row counts as if it stood there so often. */
    @Test
    void aRowOfWeightTwoCountsTwice() {
        float[] z = uniform(1, 30, 4);
        int[] labels = {1, 2, 3};
        double once = CrossEntropy.loss(3, 10, z, 0, 10, labels, 0, 0.1f, null);
        double second = CrossEntropy.loss(1, 10, z, 10, 10, labels, 1, 0.1f, null);
        double third = CrossEntropy.loss(1, 10, z, 20, 10, labels, 2, 0.1f, null);
        assertThat(CrossEntropy.loss(3, 10, z, 0, 10, labels, 0, 0.1f, new float[] {1, 2, 0}))
                .isCloseTo(once + second - third, within(1e-14));
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

    /** Three rows of two classes in a matrix that is four rows wide. */
    @Test
    void byClassARowIsAColumn() {
        float[] rowMajor = {1, 2, 3, -1, 0, 5};
        float[] z = {9, 1, 3, 0, 77, 2, -1, 5, 88};
        int[] labels = {1, 0, 0};
        float[] weights = {1, 2, 3};
        float[] expected = new float[6];
        double loss = CrossEntropy.lossAndGradient(3, 2, rowMajor, 0, 2, labels, 0, 0.1f, weights, 1, expected, 0, 2);
        assertThat(CrossEntropy.lossByClass(3, 2, z, 1, 4, labels, 0, 0.1f, weights))
                .isEqualTo(loss);
        assertThat(CrossEntropy.errorsByClass(3, 2, z, 1, 4, labels, 0)).isOne();
        float[] g = z.clone();
        CrossEntropy.gradientByClass(3, 2, g, 1, 4, labels, 0, 0.1f, weights, 1);
        assertThat(g)
                .containsExactly(
                        9, expected[0], expected[2], expected[4], 77, expected[1], expected[3], expected[5], 88);
        assertThat(CrossEntropy.lossAndGradientByClass(3, 2, z, 1, 4, labels, 0, 0.1f, weights, 1))
                .isEqualTo(loss);
        assertThat(z).isEqualTo(g);
    }

    /** Vectors take whole blocks of rows, but no array need go on behind its last row. */
    @Test
    void byClassTheArrayMayEndWithTheLastRow() {
        for (int rows = 1; rows <= 40; rows++) {
            float[] z = uniform(rows, 3 * rows, 4);
            float[] rowMajor = new float[3 * rows];
            for (int i = 0; i < 3 * rows; i++) {
                rowMajor[i % rows * 3 + i / rows] = z[i];
            }
            int[] labels = labels(rows, 3);
            assertThat(CrossEntropy.errorsByClass(rows, 3, z, 0, rows, labels, 0))
                    .isEqualTo(CrossEntropy.errors(rows, 3, rowMajor, 0, 3, labels, 0));
            double loss = CrossEntropy.lossAndGradient(rows, 3, rowMajor, 0, 3, labels, 0, 1, rowMajor, 0, 3);
            assertThat(CrossEntropy.lossAndGradientByClass(rows, 3, z, 0, rows, labels, 0, 0, null, 1))
                    .isEqualTo(loss);
            for (int i = 0; i < 3 * rows; i++) {
                assertThat(z[i]).isEqualTo(rowMajor[i % rows * 3 + i / rows]);
            }
        }
    }

    /** Labels and weights begin at their offset, for what is checked and for what is computed. */
    @Test
    void labelsAndWeightsHaveAnOffset() {
        float[] z = uniform(1, 30, 4);
        int[] all = {-1, 99, 3, 0, 7};
        int[] labels = {3, 0, 7};
        float[] allWeights = {Float.NaN, Float.NaN, 1, 2, 3};
        float[] weights = {1, 2, 3};
        float[] expected = new float[30];
        float[] g = new float[30];
        double loss = CrossEntropy.lossAndGradient(3, 10, z, 0, 10, labels, 0, 0.1f, weights, 1, expected, 0, 10);
        assertThat(CrossEntropy.loss(3, 10, z, 0, 10, all, 2, 0.1f, allWeights)).isEqualTo(loss);
        assertThat(CrossEntropy.lossAndGradient(3, 10, z, 0, 10, all, 2, 0.1f, allWeights, 1, g, 0, 10))
                .isEqualTo(loss);
        assertThat(g).isEqualTo(expected);
        CrossEntropy.gradient(3, 10, z, 0, 10, all, 2, 0.1f, allWeights, 1, g, 0, 10);
        assertThat(g).isEqualTo(expected);
        assertThat(CrossEntropy.errors(3, 10, z, 0, 10, all, 2))
                .isEqualTo(CrossEntropy.errors(3, 10, z, 0, 10, labels, 0));
        loss = CrossEntropy.lossByClass(3, 10, z, 0, 3, labels, 0, 0.1f, weights);
        assertThat(CrossEntropy.lossByClass(3, 10, z, 0, 3, all, 2, 0.1f, allWeights))
                .isEqualTo(loss);
        assertThat(CrossEntropy.errorsByClass(3, 10, z, 0, 3, all, 2))
                .isEqualTo(CrossEntropy.errorsByClass(3, 10, z, 0, 3, labels, 0));
        float[] byClass = z.clone();
        CrossEntropy.gradientByClass(3, 10, byClass, 0, 3, labels, 0, 0.1f, weights, 1);
        float[] withOffset = z.clone();
        CrossEntropy.gradientByClass(3, 10, withOffset, 0, 3, all, 2, 0.1f, allWeights, 1);
        assertThat(withOffset).isEqualTo(byClass);
        assertThat(CrossEntropy.lossAndGradientByClass(3, 10, z, 0, 3, all, 2, 0.1f, allWeights, 1))
                .isEqualTo(loss);
        assertThat(z).isEqualTo(byClass);
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
        int[] label = {0};
        assertThat(CrossEntropy.loss(1, 2, new float[] {0, -inf}, 0, 2, label, 0, 0.1f, null))
                .as("a class of probability 0 that the target gives some")
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(CrossEntropy.loss(1, 2, new float[] {0, inf}, 0, 2, label, 0, 0.1f, null))
                .isNaN();
        assertThat(CrossEntropy.loss(1, 2, new float[] {0, inf}, 0, 2, label, 0, 0, new float[1]))
                .as("infinitely often nothing")
                .isNaN();
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
            // The probabilities sum to 1 but for 9 + 2 roundings; taking 1 off is one more.
            assertThat(sum).isCloseTo(0, within(12 * U));
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
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.lossByClass(3, 10, z, 0, 3, labels, 0, 0, null))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.errorsByClass(3, 10, z, 0, 3, labels, 0))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.gradientByClass(3, 10, g, 0, 3, labels, 0, 0, null, 1))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.lossAndGradientByClass(3, 10, g, 0, 3, labels, 0, 0, null, 1))
                    .withMessage(message);
        }
        assertThat(g).containsOnly(0);
    }

    @Test
    void smoothingAndWeightsThatDoNotFitAreNamed() {
        float[] z = new float[30];
        int[] labels = new int[4];
        for (float bad : new float[] {-0.1f, 1.1f, Float.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.lossByClass(3, 10, z, 0, 3, labels, 0, bad, null))
                    .withMessage("the smoothing is outside 0..1: " + bad);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrossEntropy.gradientByClass(3, 10, z, 0, 3, labels, 1, 0, new float[3], 1))
                .withMessageContaining("weights is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrossEntropy.gradientByClass(3, 10, z, 1, 3, labels, 0, 0, null, 1))
                .withMessageContaining("z is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrossEntropy.gradient(3, 10, z, 0, 10, labels, 0, 1, new float[29], 0, 10))
                .withMessageContaining("g is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrossEntropy.lossAndGradient(3, 10, z, 0, 10, labels, 0, 1, new float[29], 0, 10))
                .withMessageContaining("g is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrossEntropy.errorsByClass(3, 10, z, 0, 2, labels, 0))
                .withMessageContaining("leading dimension of z");
        assertThat(z).containsOnly(0);
    }

    private static int[] labels(int rows, int cols) {
        return new SplittableRandom(rows * 31L + cols).ints(rows, 0, cols).toArray();
    }
}
