package lanewise.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelTest {
    @Test
    void softmaxRegressionStartsAtZeroAndGivesEveryClassTheSame() {
        Model model = Model.softmaxRegression(5, 4, true);
        Prediction prediction = model.predict(new float[] {1, 2, 3, 4, 5, -1, -2, -3, -4, -5}, 2);
        assertThat(prediction.probabilities()).containsOnly(.25f);
        assertThat(prediction.classes()).containsExactly(0, 0);
    }

    /** Mean, variance and the share beyond 3 deviations, 0.27 %, all within 5 standard errors. */
    @Test
    void aNetworkDrawsItsWeightsAfterHe() {
        Model model = Model.mlp(500, List.of(400), 10, true, 1);
        for (Dense layer : model.layers()) {
            float[] weights = layer.byOutput(layer.stored());
            double variance = 2.0 / layer.inputs();
            double mean = IntStream.range(0, weights.length)
                    .mapToDouble(i -> weights[i])
                    .average()
                    .orElseThrow();
            double square = IntStream.range(0, weights.length)
                    .mapToDouble(i -> (double) weights[i] * weights[i])
                    .average()
                    .orElseThrow();
            assertThat(mean).isCloseTo(0, within(5 * Math.sqrt(variance / weights.length)));
            assertThat(square / variance).isCloseTo(1, within(5 * Math.sqrt(2.0 / weights.length)));
            double beyond = IntStream.range(0, weights.length)
                    .filter(i -> weights[i] * weights[i] > 9 * variance)
                    .count();
            assertThat(beyond / weights.length)
                    .isCloseTo(0.0027, within(5 * Math.sqrt(0.0027 * 0.9973 / weights.length)));
            assertThat(layer.bias()).containsOnly(0);
        }
    }

    @Test
    void theSeedNamesTheDraw() {
        Dense one = Model.mlp(9, List.of(20), 3, false, 1).layers().get(0);
        assertThat(Model.mlp(9, List.of(20), 3, false, 1).layers().get(0).stored())
                .isEqualTo(one.stored());
        assertThat(Model.mlp(9, List.of(20), 3, false, 2).layers().get(0).stored())
                .isNotEqualTo(one.stored());
    }

    /** The draws run in the order of [outputs][inputs]: 10 and 20 outputs, stored differently, start with the same numbers. */
    @Test
    void theDrawDoesNotDependOnTheLayout() {
        Dense narrow = Model.mlp(9, List.of(10), 3, false, 1).layers().get(0);
        Dense wide = Model.mlp(9, List.of(20), 3, false, 1).layers().get(0);
        assertThat(narrow.transposed()).isFalse();
        assertThat(wide.transposed()).isTrue();
        assertThat(Arrays.copyOf(wide.byOutput(wide.stored()), 90)).isEqualTo(narrow.byOutput(narrow.stored()));
    }

    /** Against plain loops in double; every product is at most inputs x 2^-24 off, relative to numbers of about 1. */
    @Test
    void predictionsAreTheSoftmaxOfTheLayers() {
        for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(5), List.of(40, 7), List.of(3, 33))) {
            Architecture sizes = new Architecture(37, hidden, 6, true);
            Model model = random(sizes, 1);
            float[] x = normal(8 * 37, new Random(2));
            Prediction prediction = model.predict(x, 8);
            for (int row = 0; row < 8; row++) {
                double[] expected = probabilities(model, Arrays.copyOfRange(x, row * 37, (row + 1) * 37));
                int best = 0;
                for (int c = 0; c < 6; c++) {
                    assertThat((double) prediction.probabilities()[row * 6 + c])
                            .as("%s, row %d, class %d", sizes, row, c)
                            .isCloseTo(expected[c], within(2e-5));
                    best = expected[c] > expected[best] ? c : best;
                }
                assertThat(prediction.classes()[row]).isEqualTo(best);
            }
        }
    }

    @Test
    void aRowGetsTheSameBitsAloneAndAmongOthers() {
        for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(5), List.of(40, 7))) {
            Model model = random(new Architecture(37, hidden, 6, true), 1);
            float[] x = normal(1_203 * 37, new Random(3));
            Prediction all = model.predict(x, 1_203);
            for (int row : new int[] {0, 1, 499, 500, 777, 1_202}) {
                Prediction alone = model.predict(Arrays.copyOfRange(x, row * 37, (row + 1) * 37), 1);
                assertThat(alone.probabilities())
                        .isEqualTo(Arrays.copyOfRange(all.probabilities(), row * 6, (row + 1) * 6));
                assertThat(alone.classes()[0]).isEqualTo(all.classes()[row]);
            }
        }
    }

    @Test
    void equalLogitsGoToTheLowestClassAndNaNToNone() {
        assertThat(Prediction.argMax(new float[] {9, 1, 3, 3, 2}, 1, 4)).isEqualTo(1);
        assertThat(Prediction.argMax(new float[] {0, -0f, 0}, 0, 3)).isZero();
        assertThat(Prediction.argMax(new float[] {1, 2, Float.NaN}, 0, 3)).isEqualTo(Prediction.NONE);
        assertThat(Prediction.argMax(new float[] {Float.NaN, 2}, 0, 2)).isEqualTo(Prediction.NONE);
        assertThat(Prediction.argMax(new float[] {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}, 0, 2))
                .isEqualTo(1);
    }

    @Test
    void morePredictionsThanAnArrayHoldsAreRefused() {
        assertThatThrownBy(() -> Model.softmaxRegression(1, 100_000, false).predict(new float[30_000], 30_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the probabilities of 30000 rows of 100000 classes are larger than an array can be");
    }

    @Test
    void noRowsAreNoPredictions() {
        Prediction none = Model.softmaxRegression(3, 2, false).predict(new float[0], 0);
        assertThat(none.classes()).isEmpty();
        assertThat(none.probabilities()).isEmpty();
        assertThatThrownBy(() -> Model.softmaxRegression(3, 2, false).predict(new float[5], 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bothViewsOfTheWeightsAgreeWithTheLayout() {
        for (int outputs : new int[] {3, 16}) {
            Dense layer = new Dense(2, outputs, false);
            float[] byOutput = new float[2 * outputs];
            float[] byInput = new float[2 * outputs];
            for (int o = 0; o < outputs; o++) {
                for (int i = 0; i < 2; i++) {
                    byOutput[o * 2 + i] = 10 * o + i;
                    byInput[i * outputs + o] = 10 * o + i;
                }
            }
            layer.setByOutput(byOutput);
            assertThat(layer.byInput(layer.stored())).isEqualTo(byInput);
            layer.setByInput(byInput);
            assertThat(layer.byOutput(layer.stored())).isEqualTo(byOutput);
            assertThatThrownBy(() -> layer.setByOutput(new float[5])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sizesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Model.softmaxRegression(0, 2, false)).hasMessageContaining("features");
        assertThatThrownBy(() -> Model.softmaxRegression(2, 0, false)).hasMessageContaining("classes");
        assertThatThrownBy(() -> Model.mlp(2, List.of(), 2, false, 0)).hasMessageContaining("hidden");
        assertThatThrownBy(() -> Model.mlp(2, List.of(3, 0), 2, false, 0)).hasMessageContaining("hidden");
        assertThatThrownBy(() -> Model.mlp(100_000, List.of(100_000), 2, false, 0))
                .hasMessageContaining("larger");
    }

    private static double[] probabilities(Model model, float[] x) {
        double[] a = IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray();
        for (int l = 0; l < model.layers().size(); l++) {
            Dense layer = model.layers().get(l);
            float[] weights = layer.byOutput(layer.stored());
            double[] z = new double[layer.outputs()];
            for (int o = 0; o < z.length; o++) {
                z[o] = layer.bias().length == 0 ? 0 : layer.bias()[o];
                for (int i = 0; i < a.length; i++) {
                    z[o] += weights[o * a.length + i] * (l == 0 ? a[i] : Math.max(0, a[i]));
                }
            }
            a = z;
        }
        double sum = Arrays.stream(a).map(Math::exp).sum();
        return Arrays.stream(a).map(z -> Math.exp(z) / sum).toArray();
    }

    static Model random(Architecture sizes, long seed) {
        Random random = new Random(seed);
        Model model = Model.zeros(sizes);
        for (Dense layer : model.layers()) {
            float[] weights = normal(layer.inputs() * layer.outputs(), random);
            for (int i = 0; i < weights.length; i++) {
                weights[i] /= (float) Math.sqrt(layer.inputs());
            }
            layer.setByOutput(weights);
            System.arraycopy(normal(layer.bias().length, random), 0, layer.bias(), 0, layer.bias().length);
        }
        return model;
    }

    static float[] normal(int n, Random random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
