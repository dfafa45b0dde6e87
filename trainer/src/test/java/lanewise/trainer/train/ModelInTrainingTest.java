package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.Rows;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whenever a listener looks, and however an epoch ends, the model is that of a step, with its weights and its biases. */
class ModelInTrainingTest {
    /** Rows that steps with weights of their own learn. */
    enum Kind {
        PIXELS(PixelStepTest.images(new ImageShape(8, 12))),
        SPARSE(SparseStepTest.sparse(3));

        final Dataset data;

        Kind(Dataset data) {
            this.data = data;
        }

        /** The same rows for the step that has no others. */
        Dataset floats() {
            return Dataset.of(data.dense().values(), data.rows(), data.features(), data.labels(), 3);
        }
    }

    private static Trainer.Builder recipe() {
        return Trainer.builder().epochs(3).batch(10).learningRate(.1f).threads(1);
    }

    private static Model model(Rows data) {
        return Model.softmaxRegression(data.features(), 3, true);
    }

    /** The parameters after each step, as a listener sees them. */
    private static List<List<float[]>> steps(Trainer trainer, Dataset data) {
        List<List<float[]>> steps = new ArrayList<>();
        trainer.fit(
                model(data), data, data, new EachStep(training -> steps.add(Problems.parameters(training.model()))));
        return steps;
    }

    /** The parameters of a run that is stopped after so many steps. */
    private static List<float[]> stopped(Trainer trainer, Dataset data, int last) {
        Model model = model(data);
        trainer.fit(model, data, data, new StopAfter(last));
        return Problems.parameters(model);
    }

    /** Within what SparseStepTest allows; the first step alone moves weights and biases ten times as far. */
    @ParameterizedTest
    @EnumSource
    void aListenerSeesTheModelOfTheStep(Kind kind) {
        List<List<float[]>> expected = steps(recipe().build(), kind.floats());
        List<List<float[]>> found = steps(recipe().build(), kind.data);
        assertThat(found).hasSameSizeAs(expected);
        for (int t = 0; t < 2; t++) {
            for (int step = 0; step < expected.size(); step++) {
                assertThat(found.get(step).get(t))
                        .containsExactly(expected.get(step).get(t), within(1e-4f));
            }
            float[] first = expected.get(0).get(t);
            assertThat(IntStream.range(0, first.length).mapToDouble(i -> Math.abs(first[i])))
                    .anyMatch(change -> change > 1e-3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatThrowsLeavesTheModelOfTheStep(Kind kind) {
        for (float momentum : new float[] {0, .5f}) {
            Trainer trainer = recipe().momentum(momentum).build();
            Model model = model(kind.data);
            List<Integer> seen = new ArrayList<>();
            assertThatThrownBy(() -> trainer.fit(model, kind.data, kind.data, new TrainingListener() {
                        @Override
                        public void onStep(int epoch, int rowsDone, int rows) {
                            seen.add(rowsDone);
                            if (epoch == 2 && rowsDone == 30) {
                                throw new IllegalStateException("enough");
                            }
                        }
                    }))
                    .hasMessage("enough");
            assertThat(Problems.parameters(model)).containsExactlyElementsOf(stopped(trainer, kind.data, seen.size()));
        }
    }

    /** The rows end in the middle of the second step, which has several batches. */
    @ParameterizedTest
    @EnumSource
    void rowsThatFailToComeLeaveTheModelOfTheLastWholeStep(Kind kind) {
        Dataset block = kind.data.subset(IntStream.range(0, 50).toArray());
        Rows failing = (Rows) Proxy.newProxyInstance(
                Rows.class.getClassLoader(), new Class<?>[] {Rows.class}, (self, method, arguments) -> {
                    Object result = method.invoke(kind.data, arguments);
                    return result instanceof Rows.Pass ? failing(block) : result;
                });
        for (float momentum : new float[] {0, .5f}) {
            Trainer trainer = recipe().accumulate(3).momentum(momentum).build();
            Model model = model(kind.data);
            try (Training training = trainer.start(model, failing)) {
                assertThatThrownBy(training::epoch).hasMessage("no more");
                assertThatThrownBy(training::epoch).hasMessage("a training does not go on when a step has failed");
            }
            assertThat(Problems.parameters(model)).containsExactlyElementsOf(stopped(trainer, kind.data, 1));
        }
    }

    private static Rows.Pass failing(Dataset only) {
        List<Rows.Block> blocks = new ArrayList<>(List.of(new Rows.Block(only, 0, null)));
        return () -> {
            if (blocks.isEmpty()) {
                throw new IllegalStateException("no more");
            }
            return blocks.remove(0);
        };
    }

    /** The best weights, which a run with a patience ends with, are not those of the last step. */
    @Test
    void theModelOfATrainingThatHasEndedIsTheBest() {
        Dataset data = Kind.PIXELS.data;
        List<Training> trainings = new ArrayList<>();
        Model model = model(data);
        recipe().learningRate(20).patience(3).build().fit(model, data, data, new TrainingListener() {
            @Override
            public void onEnd(Training ended) {
                trainings.add(ended);
            }
        });
        List<float[]> best = Problems.parameters(model);
        assertThat(Problems.parameters(trainings.get(0).model())).containsExactlyElementsOf(best);
    }
}
