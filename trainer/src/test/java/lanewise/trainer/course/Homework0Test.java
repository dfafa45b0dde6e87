package lanewise.trainer.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import lanewise.kernels.CrossEntropy;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxFolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checks that the course's own tests make (dlsyscourse/hw0, tests/test_simple_ml.py), with its numbers and tolerances. */
class Homework0Test {
    private static Dataset mnist;

    @BeforeAll
    static void load() {
        mnist = IdxFolder.load(Path.of(System.getProperty("lanewise.data"))).train();
    }

    @Test
    void theFirstImagesAndLabelsAreThoseOfTheCourse() {
        assertThat(norm(Arrays.copyOf(mnist.values(), 10 * 784))).isCloseTo(27.892084, within(27.9e-7));
        assertThat(norm(Arrays.copyOf(mnist.values(), 1_000 * 784))).isCloseTo(293.0717, within(293.1e-6));
        assertThat(Arrays.copyOf(mnist.labels(), 10)).containsExactly(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
    }

    @Test
    void lossOfZerosIsTheLogarithmOfTen() {
        assertThat(Homework0.softmaxLoss(new float[600_000], mnist.labels(), 10))
                .isCloseTo(2.3025850, within(1e-6));
    }

    @Test
    void lossOfNormalLogitsIsTheOneOfTheCourse() {
        float[] z = new NumpyRandom(0).normal(600_000, 1);
        assertThat(Homework0.softmaxLoss(z, mnist.labels(), 10)).isCloseTo(2.7291998, within(1e-6));
    }

    @Test
    void oneEpochOfSoftmaxRegressionOnAHundredImagesGivesTheNormOfTheCourse() {
        float[] x = Arrays.copyOf(mnist.values(), 100 * 784);
        int[] y = Arrays.copyOf(mnist.labels(), 100);
        float[] theta = new float[784 * 10];
        Homework0.softmaxRegressionEpoch(x, y, 784, 10, theta, 0.1f, 10);
        assertThat(norm(theta)).isCloseTo(1.0947356, within(2.1e-5));
    }

    @Test
    @Tag("own-mode")
    void oneEpochOfTheNetworkGivesTheNormsAndTheLossOfTheCourse() {
        NumpyRandom random = new NumpyRandom(0);
        float[] w1 = random.normal(784 * 100, 100);
        float[] w2 = random.normal(100 * 10, 10);
        Homework0.nnEpoch(mnist.values(), mnist.labels(), 784, 100, 10, w1, w2, 0.2f, 100);
        assertThat(norm(w1)).isCloseTo(28.437788, within(29.5e-5));
        assertThat(norm(w2)).isCloseTo(10.455095, within(11.5e-5));
        float[] z = logits(mnist.values(), w1, w2, 784, 100, 10);
        assertThat(Homework0.softmaxLoss(z, mnist.labels(), 10)).isCloseTo(0.19770025, within(1.2e-4));
        int errors = CrossEntropy.errors(60_000, 10, z, 0, 10, mnist.labels(), 0);
        assertThat(errors / 60_000.0).isCloseTo(0.06006667, within(1.06e-4));
    }

    /** With one batch of all rows and a learning rate of 1, what an epoch takes off the weights is the gradient. */
    @Test
    void softmaxRegressionGoesDownTheNumericalGradient() {
        NumpyRandom random = new NumpyRandom(1);
        float[] x = random.normal(50 * 5, 1);
        int[] y = labels(50, 3, random);
        float[] theta = random.normal(5 * 3, 3);
        float[] trained = theta.clone();
        Homework0.softmaxRegressionEpoch(x, y, 5, 3, trained, 1, 50);
        assertGradient(theta, trained, w -> loss(x, y, new double[][] {w}, 5, 3));
    }

    @Test
    void theNetworkGoesDownTheNumericalGradient() {
        NumpyRandom random = new NumpyRandom(2);
        float[] x = random.normal(50 * 5, 1);
        int[] y = labels(50, 3, random);
        float[] w1 = random.normal(5 * 10, 10);
        float[] w2 = random.normal(10 * 3, 3);
        float[] trained1 = w1.clone();
        float[] trained2 = w2.clone();
        Homework0.nnEpoch(x, y, 5, 10, 3, trained1, trained2, 1, 50);
        assertGradient(w1, trained1, w -> loss(x, y, new double[][] {w, widen(w2)}, 5, 10, 3));
        assertGradient(w2, trained2, w -> loss(x, y, new double[][] {widen(w1), w}, 5, 10, 3));
    }

    /** Ten batches of 10 in order are ten epochs of one batch each. */
    @Test
    void anEpochTakesItsBatchesInOrder() {
        float[] x = Arrays.copyOf(mnist.values(), 100 * 784);
        int[] y = Arrays.copyOf(mnist.labels(), 100);
        float[] whole = new float[784 * 10];
        Homework0.softmaxRegressionEpoch(x, y, 784, 10, whole, 0.1f, 10);
        float[] pieces = new float[784 * 10];
        for (int i = 0; i < 100; i += 10) {
            float[] xs = Arrays.copyOfRange(x, i * 784, (i + 10) * 784);
            Homework0.softmaxRegressionEpoch(xs, Arrays.copyOfRange(y, i, i + 10), 784, 10, pieces, 0.1f, 10);
        }
        assertThat(pieces).containsExactly(whole);
    }

    @Test
    void arraysThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Homework0.softmaxLoss(new float[5], new int[2], 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("z has 5 elements");
        assertThatThrownBy(() -> Homework0.softmaxLoss(new float[6], new int[] {0, 3}, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label 3");
        assertThatThrownBy(
                        () -> Homework0.softmaxRegressionEpoch(new float[4], new int[2], 2, 3, new float[7], 0.1f, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("theta has 7 elements");
        assertThatThrownBy(
                        () -> Homework0.nnEpoch(new float[4], new int[2], 2, 3, 2, new float[6], new float[7], 0.1f, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w2 has 7 elements");
    }

    private static void assertGradient(float[] before, float[] after, ToDoubleFunction<double[]> loss) {
        double[] w = widen(before);
        for (int i = 0; i < w.length; i++) {
            double kept = w[i];
            w[i] = kept + 1e-5;
            double above = loss.applyAsDouble(w);
            w[i] = kept - 1e-5;
            double below = loss.applyAsDouble(w);
            w[i] = kept;
            double difference = (above - below) / 2e-5;
            assertThat((double) before[i] - after[i])
                    .as("gradient of element %d", i)
                    .isCloseTo(difference, within(1e-4 + 1e-4 * Math.abs(difference)));
        }
    }

    /** The mean loss of a network of [inputs][outputs] weights, in double. */
    private static double loss(float[] x, int[] y, double[][] weights, int... sizes) {
        double loss = 0;
        for (int row = 0; row < y.length; row++) {
            double[] a = widen(Arrays.copyOfRange(x, row * sizes[0], (row + 1) * sizes[0]));
            for (int l = 0; l < weights.length; l++) {
                double[] z = new double[sizes[l + 1]];
                for (int i = 0; i < a.length; i++) {
                    double ai = l == 0 ? a[i] : Math.max(a[i], 0);
                    for (int j = 0; j < z.length; j++) {
                        z[j] += ai * weights[l][i * z.length + j];
                    }
                }
                a = z;
            }
            loss += Math.log(Arrays.stream(a).map(Math::exp).sum()) - a[y[row]];
        }
        return loss / y.length;
    }

    private static float[] logits(float[] x, float[] w1, float[] w2, int features, int hidden, int classes) {
        int rows = x.length / features;
        float[] z = new float[rows * classes];
        for (int row = 0; row < rows; row++) {
            float[] h = new float[hidden];
            for (int i = 0; i < features; i++) {
                float xi = x[row * features + i];
                if (xi != 0) {
                    for (int j = 0; j < hidden; j++) {
                        h[j] += xi * w1[i * hidden + j];
                    }
                }
            }
            for (int i = 0; i < hidden; i++) {
                for (int j = 0; j < classes; j++) {
                    z[row * classes + j] += Math.max(h[i], 0) * w2[i * classes + j];
                }
            }
        }
        return z;
    }

    private static int[] labels(int rows, int classes, NumpyRandom random) {
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = Math.floorMod(Math.round(random.gaussian() * 10), classes);
        }
        return labels;
    }

    private static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
