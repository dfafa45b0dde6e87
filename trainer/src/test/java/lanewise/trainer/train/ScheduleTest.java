package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.Test;

/** Against the schedulers of PyTorch 2 and scikit-learn, whose numbers are written out. */
class ScheduleTest {
    private static final double NAN = Double.NaN;

    /** The rates of the first steps, with two steps to the epoch. */
    private static List<Float> rates(Schedule schedule, float lr, int epochs, int steps) {
        List<Float> rates = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            rates.add(schedule.at(lr, step, 2, epochs, 0));
        }
        return rates;
    }

    /** How often the rate has dropped after epochs of these losses. */
    private static int drops(Schedule schedule, double... testLosses) {
        Schedule.Drops drops = schedule.newDrops();
        for (int i = 0; i < testLosses.length; i++) {
            drops.add(i + 1, testLosses[i]);
        }
        return drops.count();
    }

    @Test
    void constantIsTheLearningRateItself() {
        assertThat(rates(Schedule.CONSTANT, .3f, 2, 4)).containsExactly(.3f, .3f, .3f, .3f);
    }

    /** StepLR(step_size=2, gamma=0.25). */
    @Test
    void stepDropsAtTheStartOfAnEpoch() {
        assertThat(rates(Schedule.step(2, .25f), .5f, 5, 10))
                .containsExactly(.5f, .5f, .5f, .5f, .125f, .125f, .125f, .125f, .03125f, .03125f);
    }

    /** CosineAnnealingLR(T_max=6), stepped after each batch: 0.8 (1 + cos(pi t / 6)) / 2. */
    @Test
    void cosineFallsWithEachStep() {
        double root = Math.sqrt(3) / 2;
        List<Float> expected = new ArrayList<>();
        for (double cos : new double[] {1, root, .5, 0, -.5, -root}) {
            expected.add((float) (.8f * (1 + cos) / 2));
        }
        List<Float> rates = rates(Schedule.COSINE, .8f, 3, 6);
        for (int step = 0; step < 6; step++) {
            assertThat(Math.abs(rates.get(step) - expected.get(step))).isLessThanOrEqualTo(Math.ulp(.8f) / 2);
        }
        assertThat(Schedule.COSINE.at(.8f, 6, 2, 3, 0)).isZero();
        assertThat(Schedule.COSINE.at(.8f, 7, 2, 3, 0)).isZero();
    }

    /** eta0 / t^power_t. */
    @Test
    void inverseScalingCountsSteps() {
        assertThat(rates(Schedule.inverseScaling(.5f), 1, 9, 9))
                .startsWith(1f, (float) Math.sqrt(.5))
                .element(3)
                .isEqualTo(.5f);
        assertThat(rates(Schedule.inverseScaling(1), 1, 2, 4)).containsExactly(1f, .5f, 1 / 3f, .25f);
    }

    /** A new lowest loss begins the count anew, so does a drop; an equal loss and a NaN are none. */
    @Test
    void plateauDropsAfterEpochsWithoutALowerLoss() {
        Schedule schedule = Schedule.plateau(2, .5f);
        double[] losses = {5, 4, 4, 3, 3, 3.5, 3.5, NAN, 2, 2.5, 1, 1, 1};
        int[] drops = {0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3};
        for (int epochs = 0; epochs <= losses.length; epochs++) {
            double[] sofar = Arrays.copyOf(losses, epochs);
            assertThat(drops(schedule, sofar)).as("after %d epochs", epochs).isEqualTo(drops[epochs]);
            assertThat(drops(Schedule.step(2, .5f), sofar)).isZero();
        }
        assertThat(schedule.at(.8f, 26, 2, 99, 3)).isEqualTo(.1f);
        assertThat(drops(schedule, NAN, NAN)).isEqualTo(1);
    }

    /** It reaches the learning rate with its last step, and the schedule begins behind it. */
    @Test
    void aWarmUpRisesInALineBeforeEachSchedule() {
        List<Schedule> schedules = List.of(
                Schedule.CONSTANT,
                Schedule.step(2, .1f),
                Schedule.COSINE,
                Schedule.inverseScaling(.5f),
                Schedule.plateau(1, .5f));
        for (Schedule schedule : schedules) {
            List<Float> rates = rates(schedule.withWarmup(2), .5f, 7, 14);
            assertThat(rates.subList(0, 4)).containsExactly(.125f, .25f, .375f, .5f);
            assertThat(rates.subList(4, 14)).isEqualTo(rates(schedule, .5f, 5, 10));
        }
        assertThat(drops(Schedule.plateau(1, .5f).withWarmup(2), 1, 2, 3)).isZero();
        assertThat(rates(Schedule.COSINE.withWarmup(2), .5f, 1, 2)).containsExactly(.125f, .25f);
        assertThat(Schedule.COSINE.withWarmup(2).at(.5f, 2, 1, 2, 0))
                .as("behind the last epoch")
                .isEqualTo(.5f);
    }

    @Test
    void manyStepsOverflowNothing() {
        Schedule schedule = Schedule.COSINE.withWarmup(1_000_000);
        assertThat(schedule.at(1, 999_999_999_999_999L, 1_000_000_000, 1_000_000, 0))
                .isEqualTo(1);
        assertThat(Schedule.COSINE.at(1, 500_000_000_000_000L, 1_000_000_000, 1_000_000, 0))
                .isEqualTo(.5f);
        assertThat(Schedule.step(1, .1f).at(1, 999_999_999_999L, 1, 1_000_000, 0))
                .isZero();
    }

    @Test
    void valuesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Schedule.step(0, .5f)).hasMessageStartingWith("step-size is out of range");
        assertThatThrownBy(() -> Schedule.plateau(1, 1.5f)).hasMessageStartingWith("gamma");
        assertThatThrownBy(() -> Schedule.step(1, Float.NaN)).hasMessageStartingWith("gamma");
        assertThatThrownBy(() -> Schedule.inverseScaling(0)).hasMessageStartingWith("power-t");
        assertThatThrownBy(() -> Schedule.COSINE.withWarmup(-1)).hasMessageStartingWith("warmup-epochs");
        assertThatThrownBy(() -> new Schedule(null, 1, 1, 1, 0))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("kind");
    }

    /** One step to the epoch, so that reports tell each rate; the loss rises when the rate is far too high. */
    @Test
    void trainingUsesTheRateOfEachStep() {
        Dataset data = Problems.clusters(30, 6, 3, 1);
        Trainer.Builder recipe = Trainer.builder().epochs(6).batch(30).learningRate(.5f);
        assertThat(learningRates(recipe.schedule(Schedule.COSINE.withWarmup(2)), data))
                .isEqualTo(List.of(.25f, .5f, .5f, .4267767f, .25f, .073223305f));
        List<Float> plateau = learningRates(recipe.learningRate(500).schedule(Schedule.plateau(1, .5f)), data);
        assertThat(plateau.get(0)).isEqualTo(500);
        assertThat(plateau.get(5)).isLessThan(500);
    }

    private static List<Float> learningRates(Trainer.Builder recipe, Dataset data) {
        History history = recipe.build().fit(Model.softmaxRegression(6, 3, true), data, data);
        return history.epochs().stream().map(EpochReport::learningRate).toList();
    }

    /** A whole epoch at once is the steps one by one at the rates that the formula gives. */
    @Test
    void everyStepOfAnEpochHasItsOwnRate() {
        Dataset data = Problems.clusters(20, 6, 3, 1);
        Model scheduled = Model.softmaxRegression(6, 3, true);
        Trainer.builder()
                .epochs(1)
                .batch(5)
                .learningRate(.5f)
                .schedule(Schedule.inverseScaling(1))
                .build()
                .fit(scheduled, data, data);
        Model stepped = Model.softmaxRegression(6, 3, true);
        for (int step = 0; step < 4; step++) {
            step(stepped, data, step * 5, step * 5 + 5, (float) (.5 / (step + 1)));
        }
        assertThat(Problems.bits(scheduled)).isEqualTo(Problems.bits(stepped));
    }

    /** An epoch of 23 rows has a step of 12 and one of 11, which are in three batches each. */
    @Test
    void aStepOfSeveralBatchesCountsAsOne() {
        Dataset data = Problems.clusters(23, 6, 3, 1);
        Model scheduled = Model.softmaxRegression(6, 3, true);
        History history = Trainer.builder()
                .epochs(3)
                .batch(4)
                .accumulate(3)
                .learningRate(.5f)
                .schedule(Schedule.COSINE)
                .build()
                .fit(scheduled, data, data);
        Model stepped = Model.softmaxRegression(6, 3, true);
        for (int epoch = 0; epoch < 3; epoch++) {
            step(stepped, data, 0, 12, cosine(2 * epoch));
            step(stepped, data, 12, 23, cosine(2 * epoch + 1));
            assertThat(history.epochs().get(epoch).learningRate()).isEqualTo(cosine(2 * epoch + 1));
        }
        assertThat(Problems.bits(scheduled)).isEqualTo(Problems.bits(stepped));
    }

    /** The rate of a step of six. */
    private static float cosine(int step) {
        return (float) (.5 * (1 + StrictMath.cos(Math.PI * step / 6)) / 2);
    }

    /** One step over some of the rows. */
    private static void step(Model model, Dataset data, int from, int to, float rate) {
        Dataset rows = Dataset.of(
                Arrays.copyOfRange(data.values(), from * 6, to * 6),
                to - from,
                6,
                Arrays.copyOfRange(data.labels(), from, to),
                3);
        Trainer.builder().epochs(1).learningRate(rate).build().fit(model, rows, rows);
    }
}
