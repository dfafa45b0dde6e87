package lanewise.trainer.eval;

import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.History;
import lanewise.trainer.train.Trainer;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    /** A model whose logits are the features, so that a data set states its own predictions. */
    private static Model identity(int classes) {
        Model model = Model.softmaxRegression(classes, classes, false);
        float[] weights = new float[classes * classes];
        for (int c = 0; c < classes; c++) {
            weights[c * classes + c] = 1;
        }
        model.layers().get(0).setByOutput(weights);
        return model;
    }

    /** Rows that predict the given classes with a logit of 2 against 0. */
    private static Evaluation evaluate(int classes, int[] labels, int[] predicted) {
        float[] z = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            z[i * classes + predicted[i]] = 2;
        }
        return Evaluation.of(identity(classes), Dataset.of(z, labels.length, classes, labels, classes));
    }

    @Test
    void figuresOfAClassFollowFromTheConfusionMatrix() {
        int[] labels = {0, 0, 0, 1, 1, 2, 2, 2, 2, 2};
        int[] predicted = {0, 0, 1, 1, 2, 2, 2, 2, 0, 1};
        Evaluation e = evaluate(3, labels, predicted);
        assertThat(e.rows()).isEqualTo(10);
        assertThat(e.confusion()).isDeepEqualTo(new int[][] {{2, 1, 0}, {0, 1, 1}, {1, 1, 3}});
        assertThat(e.support()).containsExactly(3, 2, 5);
        assertThat(e.error()).isEqualTo(.4);
        assertThat(e.accuracy()).isEqualTo(.6);
        assertThat(e.precision(0)).isEqualTo(2. / 3);
        assertThat(e.recall(0)).isEqualTo(2. / 3);
        assertThat(e.precision(1)).isEqualTo(1. / 3);
        assertThat(e.recall(1)).isEqualTo(1. / 2);
        assertThat(e.f1(1)).isCloseTo(.4, within(1e-15));
        assertThat(e.precision(2)).isEqualTo(3. / 4);
        assertThat(e.recall(2)).isEqualTo(3. / 5);
        assertThat(e.f1(2)).isCloseTo(2 * .75 * .6 / 1.35, within(1e-15));
        double right = Math.log(1 + 2 * Math.exp(-2));
        assertThat(e.loss()).isCloseTo((6 * right + 4 * (right + 2)) / 10, within(1e-6));
    }

    @Test
    void zeroOverZeroIsZero() {
        Evaluation e = evaluate(4, new int[] {0, 1}, new int[] {0, 2});
        assertThat(e.precision(1)).as("never predicted").isZero();
        assertThat(e.recall(2)).as("never there").isZero();
        assertThat(e.f1(1)).isZero();
        assertThat(e.precision(3)).isZero();
        assertThat(e.recall(3)).isZero();
        assertThat(e.f1(3)).as("neither").isZero();
    }

    @Test
    void tiesGoToTheLowestClassAndNaNIsAnError() {
        float[] z = {1, 1, 0, 0, 5, 5, Float.NaN, 9, 0};
        Evaluation e = Evaluation.of(identity(3), Dataset.of(z, 3, 3, new int[] {0, 2, 1}, 3));
        assertThat(e.confusion()).isDeepEqualTo(new int[][] {{1, 0, 0}, {0, 0, 0}, {0, 1, 0}});
        assertThat(e.error()).isEqualTo(2. / 3);
        assertThat(e.support()).containsExactly(1, 1, 1);
        assertThat(e.recall(1)).isZero();
        assertThat(e.loss()).isNaN();
    }

    /** 1,700 rows are three chunks and a rest; the sum of the losses is grouped by chunk, not by thread. */
    @Test
    void theNumberOfThreadsChangesNothing() {
        Random random = new Random(1);
        float[] z = new float[1_700 * 12];
        int[] labels = new int[1_700];
        for (int i = 0; i < z.length; i++) {
            z[i] = 3 * (float) random.nextGaussian();
            labels[i / 12] = random.nextInt(12);
        }
        Dataset data = Dataset.of(z, 1_700, 12, labels, 12);
        Evaluation serial = Evaluation.of(identity(12), data);
        double loss = 0;
        for (int i = 0; i < 1_700; i++) {
            double sum = 0;
            for (int c = 0; c < 12; c++) {
                sum += Math.exp(z[i * 12 + c]);
            }
            loss += Math.log(sum) - z[i * 12 + labels[i]];
        }
        assertThat(serial.loss()).isCloseTo(loss / 1_700, within(1e-6));
        for (int threads : new int[] {2, 3, 7}) {
            try (Workers workers = Workers.of(threads)) {
                Evaluation shared = Evaluation.of(identity(12), data.pass(null, 0), workers);
                assertThat(shared.loss()).isEqualTo(serial.loss());
                assertThat(shared.error()).isEqualTo(serial.error());
                assertThat(shared.confusion()).isDeepEqualTo(serial.confusion());
            }
        }
    }

    @Test
    void anEvaluatorStartsAnewEachTime() {
        Dataset data = Dataset.of(new float[] {1, 0, 0, 1, 3, 0}, 3, 2, new int[] {0, 1, 1}, 2);
        Model model = identity(2);
        Evaluator evaluator = new Evaluator(model, Workers.serial());
        Evaluation first = evaluator.evaluate(data.pass(null, 0));
        assertThat(evaluator.evaluate(data.pass(null, 0)))
                .usingRecursiveComparison()
                .isEqualTo(first);
        model.layers().get(0).stored()[0] = -1;
        assertThat(evaluator.evaluate(data.pass(null, 0)).confusion()).isDeepEqualTo(new int[][] {{0, 1}, {0, 2}});
    }

    /** The weights stand where the pixels do, and these where the shape of the images has them. */
    @Test
    void anEvaluatorTakesImagesOfOneShapeAfterAnother() {
        Random random = new Random(3);
        byte[] pixels = new byte[40 * 32];
        random.nextBytes(pixels);
        int[] labels = random.ints(40, 0, 2).toArray();
        Model model = Model.softmaxRegression(32, 2, false);
        float[] weights = new float[64];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        model.layers().get(0).setByOutput(weights);
        Evaluator evaluator = new Evaluator(model, Workers.serial());
        for (ImageShape shape : List.of(new ImageShape(4, 8), new ImageShape(8, 4), new ImageShape(1, 32))) {
            Dataset images = Dataset.ofPixels(pixels.clone(), 40, shape, labels, 2);
            Dataset floats = Dataset.of(images.values(), 40, 32, labels, 2);
            assertThat(evaluator.evaluate(images.pass(null, 0)).loss())
                    .as(shape.toString())
                    .isCloseTo(Evaluation.of(model, floats).loss(), within(1e-5));
        }
    }

    @Test
    void theErrorIsWhatTheConfusionMatrixMisses() {
        Random random = new Random(2);
        int[] labels = random.ints(997, 0, 10).toArray();
        int[] predicted = random.ints(997, 0, 10).toArray();
        Evaluation e = evaluate(10, labels, predicted);
        int right = 0;
        for (int c = 0; c < 10; c++) {
            right += e.confusion()[c][c];
        }
        assertThat(e.error()).isEqualTo((997 - right) / 997.);
    }

    /** Their confusion would take 6.4 GB, so it is refused; whoever trains has no use for it. */
    @Test
    void theConfusionOfManyClassesIsNotCountedInVain() {
        int classes = 40_000;
        Dataset data = Dataset.of(new float[] {1, 2, 3}, 3, 1, new int[] {0, 1, 39_999}, classes);
        Model model = Model.softmaxRegression(1, classes, true);
        History history = Trainer.builder().epochs(1).threads(2).build().fit(model, data, data);
        assertThat(history.last().testLoss()).isBetween(1.0, Math.log(classes));
        assertThat(refused(() -> Evaluation.of(model, data)))
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_MEMORY))
                .hasMessageStartingWith("the confusion of 40000 classes does not fit the heap (expected at most ");
    }

    @Test
    void aScoreIsThatOfTheEvaluation() {
        Dataset data = Dataset.of(new float[] {1, 0, 0, 1, 3, 2}, 3, 2, new int[] {0, 0, 1}, 2);
        Evaluation evaluation = Evaluation.of(identity(2), data);
        assertThat(new Evaluator(identity(2), Workers.serial()).score(data))
                .isEqualTo(new Evaluator.Score(evaluation.loss(), evaluation.error()));
    }
}
