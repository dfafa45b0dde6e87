package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Model;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Softmax regression over sparse rows: the number of threads and the cut into batches change no bit, and the rows as floats,
 * which go other ways, give the same model within rounding.
 */
class SparseStepTest {
    private static final int ROWS = 211;
    private static final int FEATURES = 90;

    private static Stream<Arguments> recipes() {
        List<Arguments> cases = new ArrayList<>();
        // Pairs and a single one, whole vectors, and weights that the model itself has feature by feature.
        for (int classes : new int[] {2, 3, 10, 16, 19}) {
            cases.add(Arguments.of("plain", classes, (UnaryOperator<Trainer.Builder>) b -> b));
            cases.add(Arguments.of("shuffled", classes, (UnaryOperator<Trainer.Builder>)
                    b -> b.shuffle(true).seed(3)));
            cases.add(Arguments.of("momentum", classes, (UnaryOperator<Trainer.Builder>)
                    b -> b.momentum(0.9f).learningRate(0.02f)));
            cases.add(Arguments.of("Nesterov, decayed", classes, (UnaryOperator<Trainer.Builder>)
                    b -> b.momentum(0.9f).nesterov(true).weightDecay(1e-3f).learningRate(0.02f)));
            cases.add(Arguments.of("decayed", classes, (UnaryOperator<Trainer.Builder>) b -> b.weightDecay(1e-2f)));
            cases.add(Arguments.of("clipped", classes, (UnaryOperator<Trainer.Builder>) b -> b.clipNorm(0.1f)));
            cases.add(Arguments.of("smoothed and weighed", classes, (UnaryOperator<Trainer.Builder>)
                    b -> b.labelSmoothing(0.1f).classWeight(ClassWeight.BALANCED)));
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}, {1} classes")
    @MethodSource("recipes")
    void threadsAndBatchesGiveTheSameBits(String name, int classes, UnaryOperator<Trainer.Builder> recipe) {
        Dataset data = sparse(classes);
        List<Integer> expected = null;
        // A step of 30 rows: whole, or in batches of which the last of an epoch is short.
        for (int[] way : new int[][] {{1, 30}, {1, 6}, {2, 10}, {3, 30}, {3, 6}}) {
            int threads = way[0];
            int batch = way[1];
            Model model = Model.softmaxRegression(FEATURES, classes, true);
            recipe.apply(Trainer.builder().epochs(3).learningRate(0.1f))
                    .batch(batch)
                    .accumulate(30 / batch)
                    .threads(threads)
                    .build()
                    .fit(model, data, data);
            List<Integer> found = Problems.bits(model);
            expected = expected == null ? found : expected;
            assertThat(found).as("threads " + threads + ", batch " + batch).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "{0}, {1} classes")
    @MethodSource("recipes")
    void aTrainingGoesOnFromItsState(String name, int classes, UnaryOperator<Trainer.Builder> recipe) {
        Dataset data = sparse(classes);
        Trainer trainer = recipe.apply(Trainer.builder().epochs(2).batch(30).learningRate(0.1f))
                .build();
        List<TrainingState> states = new ArrayList<>();
        Model whole = Model.softmaxRegression(FEATURES, classes, true);
        trainer.fit(whole, data, data, new EachStep(training -> states.add(training.state())));
        Model resumed = Model.softmaxRegression(FEATURES, classes, true);
        trainer.fit(resumed, data, data, new TrainingListener() {
            @Override
            public void onStart(Training started) {
                started.restore(states.get(9));
            }
        });
        assertThat(Problems.bits(resumed)).isEqualTo(Problems.bits(whole));
    }

    /**
     * With u = 2<sup>-24</sup>, weights below 1, sums of |x w| below 10 and 30 rows a step, a step moves a weight by at most
     * 31 u (1 + 0.1) from where it should be, and by half of 29 u 10 times the rate through the logits: 3e-6. Descent on a
     * convex loss at this rate lets no distance grow, so 24 steps add up to 7e-5 on either way; nearly all of it cancels.
     */
    @ParameterizedTest(name = "{0}, {1} classes")
    @MethodSource("recipes")
    void sparseRowsLearnWhatFloatsLearn(String name, int classes, UnaryOperator<Trainer.Builder> recipe) {
        Dataset sparse = sparse(classes);
        Dataset floats = sparse.dense();
        for (boolean bias : new boolean[] {true, false}) {
            Model ofSparse = Model.softmaxRegression(FEATURES, classes, bias);
            Model ofFloats = Model.softmaxRegression(FEATURES, classes, bias);
            Trainer trainer = recipe.apply(Trainer.builder().epochs(3).batch(30).learningRate(0.1f))
                    .build();
            double loss = trainer.fit(ofSparse, sparse, sparse).last().trainLoss();
            double ofFloatsLoss = trainer.fit(ofFloats, floats, floats).last().trainLoss();
            assertThat(loss).isCloseTo(ofFloatsLoss, within(1e-5)).isLessThan(0.999 * Math.log(classes));
            for (int t = 0; t < Problems.parameters(ofSparse).size(); t++) {
                assertThat(Problems.parameters(ofSparse).get(t))
                        .containsExactly(Problems.parameters(ofFloats).get(t), within(1e-4f));
            }
            assertThat(Evaluation.of(ofSparse, floats).loss()).isCloseTo(loss, within(1e-6));
            assertThat(Evaluation.of(ofSparse, sparse).confusion())
                    .isDeepEqualTo(Evaluation.of(ofSparse, floats).confusion());
        }
    }

    /** Rows of no to many entries, half of them among the features of their class. */
    static Dataset sparse(int classes) {
        SplittableRandom random = new SplittableRandom(classes);
        int[] starts = new int[ROWS + 1];
        int[] labels = new int[ROWS];
        int[] columns = new int[ROWS * FEATURES];
        float[] values = new float[ROWS * FEATURES];
        int n = 0;
        for (int i = 0; i < ROWS; i++) {
            labels[i] = random.nextInt(classes);
            int share = random.nextInt(6);
            for (int column = 0; column < FEATURES; column++) {
                boolean own = column % classes == labels[i];
                if (random.nextInt(20) < (own ? 3 * share : share)) {
                    columns[n] = column;
                    values[n++] = (float) (own ? random.nextDouble() : random.nextDouble() - 0.5);
                }
            }
            starts[i + 1] = n;
        }
        Csr rows = new Csr(starts, Arrays.copyOf(columns, n), Arrays.copyOf(values, n));
        return Dataset.ofSparse(rows, FEATURES, labels, classes);
    }
}
