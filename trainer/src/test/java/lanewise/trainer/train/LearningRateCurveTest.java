package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.LearningRateCurve.Point;
import org.junit.jupiter.api.Test;

class LearningRateCurveTest {
    private static final Dataset DATA = Problems.clusters(300, 20, 4, 7);

    private static Trainer trainer(int batch) {
        return Trainer.builder()
                .batch(batch)
                .momentum(.9f)
                .shuffle(true)
                .threads(1)
                .build();
    }

    private static Model model() {
        return Model.mlp(20, List.of(16), 4, true, 7);
    }

    /** 300 steps in one epoch, and 100 steps in 34: each curve begins where nothing happens yet. */
    @Test
    void theLossStaysThenFallsThenClimbs() {
        for (int batch : new int[] {1, 100}) {
            Model model = model();
            double before = Evaluation.of(model, DATA).loss();
            List<Point> points =
                    LearningRateCurve.of(trainer(batch), model, DATA).points();
            double lowest = points.stream().mapToDouble(Point::loss).min().orElseThrow();
            assertThat(points).hasSizeBetween(50, 100);
            assertThat(points.get(0).learningRate()).isBetween(1e-6f, 1.2e-6f);
            assertThat(points.get(0).loss()).isBetween(before * .999, before * 1.001);
            assertThat(lowest).isLessThan(before / 10);
            assertThat(points).allMatch(point -> point.loss() <= 4 * before);
            for (int i = 1; i < points.size(); i++) {
                float factor = points.get(i).learningRate() / points.get(i - 1).learningRate();
                assertThat(factor).isBetween(1.16f, 1.19f);
            }
        }
    }

    /** More rows than are measured, class after class as in many files: the curve begins with the loss of them all. */
    @Test
    void theLossIsThatOfRowsFromAllOverTheData() {
        int rows = 5_000;
        int[] labels = new int[rows];
        Arrays.fill(labels, rows / 2, rows, 1);
        Dataset sorted = Dataset.of(new float[rows], rows, 1, labels, 2);
        Model model = Model.softmaxRegression(1, 2, true);
        model.layers().get(0).bias()[0] = 4;
        Point first = LearningRateCurve.of(trainer(100), model, sorted).points().get(0);
        assertThat(first.loss()).isCloseTo(Math.log1p(Math.exp(-4)) + 2, within(1e-3));
    }

    /** Nothing is learned from zeros, so that no climb ends the curve. */
    @Test
    void theRatesReachFromAMillionthToTen() {
        Dataset zeros = Dataset.of(new float[200], 200, 1, new int[200], 2);
        List<Point> points = LearningRateCurve.of(trainer(1), Model.softmaxRegression(1, 2, false), zeros)
                .points();
        assertThat(points).hasSize(100);
        assertThat(points.get(0).learningRate()).isCloseTo(1e-6f, within(2e-7f));
        assertThat(points.get(99).learningRate()).isEqualTo(10);
    }

    /** A training of them does not begin: it would say that its batch is too large as well. */
    @Test
    void rowsThatCannotBeMeasuredAreRefusedBeforeTheTrainingBegins() {
        int features = 17_000_000;
        Dataset wide = Dataset.ofSparse(new Csr(new int[201], new int[0], new float[0]), features, new int[200], 2);
        Model model = Model.zeros(new Architecture(features, List.of(1), 2, false));
        Trainer trainer = Trainer.builder().batch(200).threads(1).build();
        assertThatThrownBy(() -> LearningRateCurve.of(trainer, model, wide))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a batch of 128 rows of 17000000 values is larger than an array can be");
        assertThatThrownBy(() -> LearningRateCurve.of(trainer, model, DATA))
                .isInstanceOf(LanewiseException.class)
                .hasMessageStartingWith("tensor 0.weight: the model does not take the features of the data");
    }

    @Test
    void theModelIsLeftAsItWas() {
        Model model = model();
        List<Integer> before = Problems.bits(model);
        LearningRateCurve.of(trainer(10), model, DATA);
        assertThat(Problems.bits(model)).isEqualTo(before);
    }

    @Test
    void anyNumberOfThreadsGivesTheSameCurve() {
        LearningRateCurve one = LearningRateCurve.of(trainer(10), model(), DATA);
        Trainer three = Trainer.builder()
                .batch(10)
                .momentum(.9f)
                .shuffle(true)
                .threads(3)
                .learningRate(5)
                .schedule(Schedule.COSINE)
                .epochs(1)
                .build();
        assertThat(LearningRateCurve.of(three, model(), DATA)).isEqualTo(one);
    }

    @Test
    void theSuggestionIsATenthOfTheRateWithTheLowestLoss() {
        List<Point> points = List.of(new Point(.1f, 2), new Point(1.234f, 1), new Point(2, 1), new Point(3, 7));
        assertThat(new LearningRateCurve(points).suggestion()).isEqualTo(.12f);
        assertThat(new LearningRateCurve(List.of()).suggestion()).isNaN();
    }

    @Test
    void theSuggestionTrains() {
        Model model = model();
        float rate = LearningRateCurve.of(trainer(10), model, DATA).suggestion();
        History history = Trainer.builder()
                .batch(10)
                .momentum(.9f)
                .shuffle(true)
                .learningRate(rate)
                .epochs(3)
                .build()
                .fit(model, DATA, DATA);
        assertThat(history.last().trainError()).isLessThan(.05);
    }
}
