package lanewise.trainer.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.Refusal;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
    private static final Dataset DATA = Problems.clusters(23, 6, 3, 1);
    private static final Dataset PIXELS = pixels();

    /** As many images, with the same labels. */
    private static Dataset pixels() {
        byte[] pixels = new byte[23 * 6];
        new Random(1).nextBytes(pixels);
        return Dataset.ofPixels(pixels, 23, new ImageShape(2, 3), DATA.labels(), 3);
    }

    /** 23 rows in batches of 5: the last one has 3, and its gradient is the mean over these. */
    @Test
    void trainingFollowsTheFormulasOfSgd() {
        float[] clips = {0, .4f};
        for (float momentum : new float[] {0, .9f}) {
            for (float decay : new float[] {0, .02f}) {
                for (boolean nesterov : new boolean[] {false, momentum > 0}) {
                    for (int accumulate : new int[] {1, 2}) {
                        for (float clip : clips) {
                            Trainer trainer = Trainer.builder()
                                    .epochs(4)
                                    .learningRate(.1f)
                                    .batch(5)
                                    .momentum(momentum)
                                    .nesterov(nesterov)
                                    .weightDecay(decay)
                                    .accumulate(accumulate)
                                    .clipNorm(clip)
                                    .labelSmoothing(clip == 0 ? 0 : .2f)
                                    .classWeight(accumulate == 1 ? ClassWeight.NONE : ClassWeight.BALANCED)
                                    .build();
                            assertFollowsTheFormulas(trainer, DATA);
                            assertFollowsTheFormulas(trainer, PIXELS);
                        }
                    }
                }
            }
        }
    }

    /** A batch of all their rows would take more: their logits at least. */
    @ParameterizedTest
    @MethodSource("kindsOfRows")
    void aStepOfManyBatchesTakesTheMemoryOfOne(String name, Dataset data) {
        long few = allocated(data, 8, 2);
        assertThat(allocated(data, 8, 512)).isCloseTo(few, within(1_000L));
        assertThat(allocated(data, 4_096, 2)).isGreaterThan(few + 4_088 * 3 * Float.BYTES);

        Model model = model(data);
        long foreseen = recipe(8, 2).floats(model.architecture(), data);
        assertThat(recipe(8, 512).floats(model.architecture(), data)).isEqualTo(foreseen);
    }

    /** The kinds for which steps differ. */
    static Stream<Arguments> kindsOfRows() {
        Dataset floats = Problems.clusters(4_096, 20, 3, 1);
        byte[] pixels = new byte[floats.values().length];
        new Random(1).nextBytes(pixels);
        int[] starts = new int[4_097];
        Arrays.setAll(starts, i -> 20 * i);
        int[] columns = new int[pixels.length];
        Arrays.setAll(columns, i -> i % 20);
        Csr csr = new Csr(starts, columns, floats.values().clone());
        return Stream.of(
                arguments("floats", floats),
                arguments("pixels", Dataset.ofPixels(pixels, 4_096, new ImageShape(4, 5), floats.labels(), 3)),
                arguments("sparse", Dataset.ofSparse(csr, 20, floats.labels(), 3)));
    }

    /** One that has a step of its own for the rows. */
    private static Model model(Dataset data) {
        return data.holdsFloats() ? Model.mlp(20, List.of(50), 3, true, 1) : Model.softmaxRegression(20, 3, true);
    }

    private static Trainer recipe(int batch, int accumulate) {
        return Trainer.builder().batch(batch).accumulate(accumulate).threads(1).build();
    }

    /** The bytes that a step takes, when the classes that it needs are loaded and the pixels are laid out. */
    private static long allocated(Dataset data, int batch, int accumulate) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (int time = 0; time < 2; time++) {
            Model model = model(data);
            Hyperparameters recipe = recipe(batch, accumulate).hyperparameters();
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            Step.of(model, data, recipe, PixelLayout.DENSE, Workers.serial());
            bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        }
        return bytes;
    }

    private static void assertFollowsTheFormulas(Trainer trainer, Dataset data) {
        Model model = Problems.perturbed(Model.softmaxRegression(6, 3, true), 1);
        double[] expected = softmaxRegression(model, data, trainer.hyperparameters());
        trainer.fit(model, data, data);
        assertParameters(model, expected, trainer.hyperparameters().toString());
    }

    /** Errors of float rounding alone: 20 steps of a few roundings of 2^-24 each, on numbers of about 1. */
    private static void assertParameters(Model model, double[] expected, String name) {
        int at = 0;
        for (float[] values : Problems.parameters(model)) {
            for (float value : values) {
                assertThat((double) value).as("%s, element %d", name, at).isCloseTo(expected[at++], within(5e-6));
            }
        }
    }

    /** Softmax regression in double by torch.optim.SGD's formulas, weights [classes][features] and then biases. */
    private static double[] softmaxRegression(Model start, Dataset data, Hyperparameters recipe) {
        float[] x = data.values();
        int features = 6;
        int classes = 3;
        double[] p = new double[classes * features + classes];
        int at = 0;
        for (float[] values : Problems.parameters(start)) {
            for (float value : values) {
                p[at++] = value;
            }
        }
        double[] buffer = new double[p.length];
        boolean firstStep = true;
        int stepRows = recipe.batch() * recipe.accumulate();
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            for (int first = 0; first < 23; first += stepRows) {
                int end = Math.min(23, first + stepRows);
                double[] g = new double[p.length];
                for (int row = first; row < end; row++) {
                    double[] e = new double[classes];
                    double sum = 0;
                    for (int c = 0; c < classes; c++) {
                        double z = p[classes * features + c];
                        for (int j = 0; j < features; j++) {
                            z += p[c * features + j] * x[row * features + j];
                        }
                        e[c] = Math.exp(z);
                        sum += e[c];
                    }
                    for (int c = 0; c < classes; c++) {
                        double target = recipe.labelSmoothing() / classes
                                + (DATA.labels()[row] == c ? 1 - recipe.labelSmoothing() : 0);
                        double dz = (e[c] / sum - target) * weight(row, recipe) / (end - first);
                        for (int j = 0; j < features; j++) {
                            g[c * features + j] += dz * x[row * features + j];
                        }
                        g[classes * features + c] += dz;
                    }
                }
                clip(g, recipe.clipNorm());
                for (int i = 0; i < p.length; i++) {
                    double d = g[i] + recipe.weightDecay() * p[i];
                    buffer[i] = firstStep ? d : recipe.momentum() * buffer[i] + d;
                    double direction = recipe.nesterov() ? d + recipe.momentum() * buffer[i] : buffer[i];
                    p[i] -= recipe.learningRate() * (recipe.momentum() == 0 ? d : direction);
                }
                firstStep = false;
            }
        }
        return p;
    }

    /** scikit-learn's {@code balanced}. */
    private static double weight(int row, Hyperparameters recipe) {
        int label = DATA.labels()[row];
        double ofTheClass = Arrays.stream(DATA.labels()).filter(y -> y == label).count();
        return recipe.classWeight() == ClassWeight.BALANCED ? 23 / (3 * ofTheClass) : 1;
    }

    /** torch.nn.utils.clip_grad_norm_. */
    private static void clip(double[] g, double largest) {
        double norm = Math.sqrt(Arrays.stream(g).map(x -> x * x).sum());
        if (largest > 0) {
            double factor = Math.min(1, largest / (norm + 1e-6));
            Arrays.setAll(g, i -> factor * g[i]);
        }
    }

    /** A rate so small that each step moves the weights by the gradient alone: its norm is bounded, and not in vain. */
    @Test
    void noStepIsLongerThanTheClippedNormAllows() {
        for (float clip : new float[] {0, .125f, 100}) {
            Model model = Model.mlp(6, List.of(9), 3, true, 1);
            List<float[]> before = Problems.parameters(model);
            Trainer.builder()
                    .epochs(1)
                    .learningRate(.25f)
                    .clipNorm(clip)
                    .build()
                    .fit(model, DATA, DATA);
            double squares = 0;
            for (int t = 0; t < before.size(); t++) {
                float[] after = Problems.parameters(model).get(t);
                for (int i = 0; i < after.length; i++) {
                    squares += Math.pow(after[i] - before.get(t)[i], 2);
                }
            }
            double norm = Math.sqrt(squares) / .25;
            if (clip == .125f) {
                assertThat(norm).isCloseTo(.125, within(1e-6));
            } else {
                assertThat(norm).isBetween(.3, 100.0);
            }
        }
    }

    @Test
    void patienceEndsTheRunAndBringsTheBestWeightsBack() {
        Dataset test = Problems.clusters(40, 6, 3, 2);
        Trainer.Builder recipe = Trainer.builder().epochs(200).batch(5).learningRate(.05f);
        List<Double> losses = new ArrayList<>();
        Model model = Model.softmaxRegression(6, 3, true);
        History history = recipe.patience(3).build().fit(model, DATA, test, new TrainingListener() {
            @Override
            public void onEpoch(EpochReport report) {
                losses.add(report.testLoss());
            }
        });
        int best = history.best().epoch();
        assertThat(history.epochs()).hasSize(best + 3);
        assertThat(losses.subList(best, best + 3)).allMatch(loss -> loss >= losses.get(best - 1));
        assertThat(Evaluation.of(model, test).loss()).isEqualTo(losses.get(best - 1));

        Model shorter = Model.softmaxRegression(6, 3, true);
        recipe.patience(0).epochs(best).build().fit(shorter, DATA, test);
        assertThat(Problems.bits(model)).isEqualTo(Problems.bits(shorter));
    }

    /** Also where the last epoch comes before patience is at its end; without a patience the last weights stay. */
    @Test
    void theBestWeightsComeBackFromARunOfFullLengthToo() {
        Dataset test = Problems.clusters(40, 6, 3, 2);
        Trainer.Builder recipe = Trainer.builder().epochs(60).batch(5).learningRate(.05f);
        Model last = Model.softmaxRegression(6, 3, true);
        History history = recipe.build().fit(last, DATA, test);
        assertThat(history.best().epoch()).isLessThan(60);
        Model best = Model.softmaxRegression(6, 3, true);
        assertThat(recipe.patience(100).build().fit(best, DATA, test).epochs()).hasSize(60);
        assertThat(Evaluation.of(last, test).loss()).isEqualTo(history.last().testLoss());
        assertThat(Evaluation.of(best, test).loss()).isEqualTo(history.best().testLoss());
    }

    @Test
    void theBestEpochIsTheFirstOfThoseWithTheLowestLoss() {
        List<EpochReport> reports = new ArrayList<>();
        for (double loss : new double[] {3, 1, 2, 1}) {
            reports.add(new EpochReport(reports.size() + 1, 0, 0, loss, 0, 1, 1, 1));
        }
        assertThat(new History(reports).best().epoch()).isEqualTo(2);
    }

    /** A loss that stays is no progress: patience runs out, and the first weights come back. */
    @Test
    void anEqualLossIsNoNewLowest() {
        Dataset flat = Dataset.of(new float[6], 1, 6, new int[1], 3);
        Trainer.Builder recipe = Trainer.builder().batch(5);
        Model model = Model.softmaxRegression(6, 3, false);
        History history = recipe.epochs(9).patience(2).build().fit(model, DATA, flat);
        assertThat(history.epochs()).hasSize(3);
        Model first = Model.softmaxRegression(6, 3, false);
        recipe.epochs(1).patience(0).build().fit(first, DATA, flat);
        assertThat(Problems.bits(model)).isEqualTo(Problems.bits(first));
    }

    /** What an interrupted epoch has taken counts with the rest of it. */
    @Test
    void aRestoredEpochGoesOnWithItsTime() {
        Trainer trainer = Trainer.builder().epochs(1).batch(5).build();
        try (Training training = trainer.start(Model.softmaxRegression(6, 3, true), DATA)) {
            List<float[]> weights = training.state().weights();
            training.restore(new TrainingState(1, 10, 1_000, List.of(), weights, List.of(), List.of()));
            assertThat(training.epoch()).isBetween(1_000.0, 1_100.0);
        }
    }

    /** Whatever else the machine does, an epoch is no longer than all that has passed but for what the listener took. */
    @Test
    void whatAListenerDoesIsNotCounted() {
        long[] listened = new long[1];
        TrainingListener busy = new TrainingListener() {
            @Override
            public void onStep(int epoch, int rowsDone, int rows) {
                long began = System.nanoTime();
                while (System.nanoTime() - began < 10_000_000) {
                    Thread.onSpinWait();
                }
                listened[0] += System.nanoTime() - began;
            }
        };
        try (Training training = Trainer.builder().batch(10).build().start(Model.softmaxRegression(6, 3, true), DATA)) {
            long began = System.nanoTime();
            double seconds = training.epoch(busy);
            assertThat(seconds).isLessThan((System.nanoTime() - began - listened[0]) / 1e9);
        }
    }

    @Test
    void aStateAmidAStepOrWithAReportTooManyIsRefused() {
        Trainer trainer = Trainer.builder().epochs(1).batch(5).accumulate(2).build();
        EpochReport report = new EpochReport(1, 1, 0, 1, 0, .2f, 1, 23);
        try (Training training = trainer.start(Model.softmaxRegression(6, 3, true), DATA)) {
            List<float[]> weights = training.state().weights();
            for (TrainingState state : List.of(
                    new TrainingState(1, 5, 0, List.of(), weights, List.of(), List.of()),
                    new TrainingState(1, 10, 0, List.of(report), weights, List.of(), List.of()))) {
                assertThatThrownBy(() -> training.restore(state))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("not a state of this recipe");
            }
        }
    }

    /** Nothing is changed by a state that does not fit. */
    @Test
    void aStateOfOtherTensorsIsRefusedWhole() {
        Trainer trainer = Trainer.builder().batch(5).momentum(.9f).build();
        List<float[]> fit = List.of(new float[18], new float[3]);
        EpochReport report = new EpochReport(1, 1, 0, 1, 0, .2f, 1, 23);
        List<List<float[]>> misfits = List.of(
                List.of(),
                fit.subList(0, 1),
                List.of(new float[18], new float[2]),
                List.of(new float[18], new float[4]),
                List.of(new float[12], new float[3]),
                List.of(new float[18], new float[3], new float[3]));
        Model model = Problems.perturbed(Model.softmaxRegression(6, 3, true), 1);
        List<Integer> before = Problems.bits(model);
        try (Training training = trainer.start(model, DATA)) {
            for (List<float[]> misfit : misfits) {
                List<TrainingState> states = new ArrayList<>(List.of(
                        new TrainingState(1, 5, 0, List.of(), misfit, fit, List.of()),
                        new TrainingState(1, 5, 0, List.of(), fit, misfit, List.of())));
                if (!misfit.isEmpty()) {
                    states.add(new TrainingState(2, 5, 0, List.of(report), fit, fit, misfit));
                }
                for (TrainingState state : states) {
                    assertThatThrownBy(() -> training.restore(state))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("not a state of this recipe");
                    assertThat(Problems.bits(model)).isEqualTo(before);
                    assertThat(training.state().rowsDone()).isEqualTo(23);
                }
            }
        }
    }

    /** Nobody reports the epochs of a training that its owner drives; {@code fit} goes on from there all the same. */
    @Test
    void aTrainingWithoutReportsIsRestored() {
        Trainer trainer = Trainer.builder().epochs(4).batch(5).shuffle(true).build();
        Model whole = Model.softmaxRegression(6, 3, true);
        List<TrainingState> states = new ArrayList<>();
        try (Training training = trainer.start(whole, DATA)) {
            TrainingListener look = new TrainingListener() {
                @Override
                public void onStep(int epoch, int rowsDone, int rows) {
                    states.add(training.state());
                }
            };
            for (int epoch = 1; epoch <= 4; epoch++) {
                training.epoch(look);
            }
        }
        for (int i = 0; i < states.size(); i++) {
            TrainingState state = states.get(i);
            int done = state.rowsDone() == 23 ? state.epoch() : state.epoch() - 1;
            Model driven = Model.softmaxRegression(6, 3, true);
            try (Training training = trainer.start(driven, DATA)) {
                training.restore(state);
                assertThat(training.epochs()).isEqualTo(done);
                while (training.epochs() < 4) {
                    training.epoch();
                }
            }
            assertThat(Problems.bits(driven)).as("state %d", i).isEqualTo(Problems.bits(whole));
            Model fitted = Model.softmaxRegression(6, 3, true);
            History history = trainer.fit(fitted, DATA, DATA, new TrainingListener() {
                @Override
                public void onStart(Training started) {
                    started.restore(state);
                }
            });
            assertThat(Problems.bits(fitted)).as("state %d", i).isEqualTo(Problems.bits(whole));
            int first = state.rowsDone() == 23 ? done : done + 1;
            assertThat(history.epochs().stream().map(EpochReport::epoch))
                    .isEqualTo(IntStream.rangeClosed(first, 4).boxed().toList());
        }
    }

    /** A warm-up is of epochs, whether they have been reported or not: the rate drops behind epoch 5, and is not put off. */
    @Test
    void theWarmUpCountsEpochsThatNobodyHasReported() {
        Dataset flat = Dataset.of(new float[6], 1, 6, new int[1], 3);
        Trainer trainer = Trainer.builder()
                .epochs(7)
                .batch(5)
                .schedule(Schedule.plateau(1, .5f).withWarmup(3))
                .build();
        Model whole = Model.softmaxRegression(6, 3, false);
        List<Float> rates = trainer.fit(whole, DATA, flat).epochs().stream()
                .map(EpochReport::learningRate)
                .toList();
        assertThat(rates).endsWith(.2f, .2f, .2f, .1f, .05f);
        Model fitted = Model.softmaxRegression(6, 3, false);
        TrainingState state;
        try (Training training = trainer.start(Model.softmaxRegression(6, 3, false), DATA)) {
            while (training.epochs() < 3) {
                training.epoch();
            }
            state = training.state();
        }
        History history = trainer.fit(fitted, DATA, flat, new TrainingListener() {
            @Override
            public void onStart(Training started) {
                started.restore(state);
            }
        });
        assertThat(history.epochs().stream().map(EpochReport::learningRate)).isEqualTo(rates.subList(2, 7));
        assertThat(Problems.bits(fitted)).isEqualTo(Problems.bits(whole));
    }

    /** Plateau and patience would act after two epochs, but nobody reports any. */
    @Test
    void aTrainingByHandIsOverAfterAllEpochs() {
        Trainer.Builder recipe = Trainer.builder().epochs(4).batch(5);
        Model fitted = Model.softmaxRegression(6, 3, true);
        recipe.build().fit(fitted, DATA, DATA);
        Dataset flat = Dataset.of(new float[6], 1, 6, new int[1], 3);
        Trainer trainer = recipe.schedule(Schedule.plateau(1, .5f)).patience(1).build();
        assertThat(trainer.fit(Model.softmaxRegression(6, 3, true), DATA, flat).epochs())
                .hasSize(2);
        Model driven = Model.softmaxRegression(6, 3, true);
        try (Training training = trainer.start(driven, DATA)) {
            for (int epochs = 0; epochs < 4; epochs++) {
                assertThat(training.isOver()).as("after %d epochs", epochs).isFalse();
                training.epoch();
            }
            assertThat(training.isOver()).isTrue();
            training.epoch();
            assertThat(training.isOver()).isTrue();
        }
        Model further = Model.softmaxRegression(6, 3, true);
        recipe.schedule(Schedule.CONSTANT).patience(0).epochs(5).build().fit(further, DATA, DATA);
        assertThat(Problems.bits(driven)).isEqualTo(Problems.bits(further)).isNotEqualTo(Problems.bits(fitted));
    }

    @Test
    void aTrainingByHandIsOverWhenItIsStopped() {
        try (Training training = Trainer.builder().build().start(Model.softmaxRegression(6, 3, true), DATA)) {
            training.epoch();
            training.stop();
            assertThat(training.isOver()).isTrue();
        }
    }

    /** By hand there may be more epochs than the recipe has; {@code fit} ends the one that has begun. */
    @Test
    void aStateBeyondTheEpochsOfTheRecipeIsRestored() {
        Trainer trainer = Trainer.builder().epochs(1).batch(5).patience(1).build();
        List<TrainingState> states = new ArrayList<>();
        List<List<Integer>> ends = new ArrayList<>();
        try (Training training = trainer.start(Model.softmaxRegression(6, 3, true), DATA)) {
            TrainingListener look = new TrainingListener() {
                @Override
                public void onStep(int epoch, int rowsDone, int rows) {
                    states.add(training.state());
                }
            };
            for (int epoch = 1; epoch <= 3; epoch++) {
                training.epoch(look);
                ends.add(Problems.bits(training.model()));
            }
        }
        for (TrainingState state : states) {
            Model driven = Model.softmaxRegression(6, 3, true);
            try (Training training = trainer.start(driven, DATA)) {
                training.restore(state);
                while (training.epochs() < 3) {
                    training.epoch();
                }
            }
            assertThat(Problems.bits(driven)).as("from %s", state).isEqualTo(ends.get(2));
            Model fitted = Model.softmaxRegression(6, 3, true);
            History history = trainer.fit(fitted, DATA, DATA, new TrainingListener() {
                @Override
                public void onStart(Training started) {
                    started.restore(state);
                }
            });
            assertThat(history.epochs()).extracting(EpochReport::epoch).containsExactly(state.epoch());
            assertThat(Problems.bits(fitted)).as("from %s", state).isEqualTo(ends.get(state.epoch() - 1));
        }
    }

    @Test
    void aTrainingThatIsStoppedDoesNotBeginAnEpoch() {
        try (Training training = Trainer.builder().epochs(2).build().start(Model.softmaxRegression(6, 3, true), DATA)) {
            training.epoch();
            training.stop();
            assertThat(training.epoch()).isZero();
            assertThat(training.state().epoch()).isEqualTo(1);
            assertThat(training.state().rowsDone()).isEqualTo(23);
        }
    }

    /** One thread needs no pool, but learns no more either. */
    @Test
    void aTrainingThatIsClosedDoesNotGoOn() {
        for (int threads : new int[] {1, 2}) {
            Trainer trainer = Trainer.builder().batch(5).threads(threads).build();
            Training training = trainer.start(Model.softmaxRegression(6, 3, true), DATA);
            TrainingListener closing = new TrainingListener() {
                @Override
                public void onStep(int epoch, int rowsDone, int rows) {
                    training.close();
                }
            };
            assertClosed(() -> training.epoch(closing));
            TrainingState amid = training.state();
            assertThat(amid.rowsDone()).isEqualTo(5);
            assertClosed(training::epoch);
            assertClosed(() -> training.stepAt(.1f));
            assertThat(training.state()).usingRecursiveComparison().isEqualTo(amid);
            training.restore(new TrainingState(1, 23, 0, List.of(), amid.weights(), List.of(), List.of()));
            training.close();
            assertClosed(training::epoch);
            assertThat(training.epochs()).isEqualTo(1);
        }
    }

    private static void assertClosed(ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessage("the training is closed");
    }

    /** A pool that is closed refuses a task, and so tells who is asked: for the second step here, there for the report. */
    @Test
    void allThreadsShareTheFirstStepsAndTheEvaluation() {
        for (Dataset data : List.of(DATA, PIXELS, SparseStepTest.sparse(3))) {
            for (int batch : new int[] {5, data.rows()}) {
                Trainer trainer =
                        Trainer.builder().epochs(1).batch(batch).threads(2).build();
                Model model = Model.softmaxRegression(data.features(), 3, true);
                AtomicInteger steps = new AtomicInteger();
                assertThatThrownBy(() -> trainer.fit(model, data, data, new EachStep(training -> {
                            steps.incrementAndGet();
                            training.workers().close();
                        })))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the workers are closed");
                assertThat(steps).hasValue(1);
            }
        }
    }

    /** In its own thread it would fail unheard. */
    @Test
    void everyWarmUpTakesSteps() {
        for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(80))) {
            for (boolean bias : new boolean[] {false, true}) {
                assertThat(WarmUp.run(hidden, bias)).isPositive();
            }
        }
    }

    /** To another step of the same epoch, or of an earlier one, which has another order; or to the end of one. */
    @Test
    void aListenerMayGoBackAmidAnEpoch() {
        for (boolean shuffle : new boolean[] {false, true}) {
            Trainer trainer = Trainer.builder()
                    .epochs(3)
                    .batch(5)
                    .momentum(.5f)
                    .shuffle(shuffle)
                    .build();
            Model whole = Model.softmaxRegression(6, 3, true);
            List<TrainingState> states = new ArrayList<>();
            History history = trainer.fit(whole, DATA, DATA, new EachStep(training -> states.add(training.state())));
            for (int back : new int[] {1, 4, 6}) {
                int[] steps = new int[1];
                Model model = Model.softmaxRegression(6, 3, true);
                History again = trainer.fit(model, DATA, DATA, new EachStep(training -> {
                    if (++steps[0] == 8) {
                        training.restore(states.get(back));
                    }
                }));
                assertThat(Problems.bits(model)).as("back to %d", back).isEqualTo(Problems.bits(whole));
                assertThat(again.epochs().stream().map(EpochReport::testLoss))
                        .isEqualTo(history.epochs().stream()
                                .map(EpochReport::testLoss)
                                .toList());
            }
        }
    }

    /** What came before has not been kept, and a state that says so is restored as it is. */
    @Test
    void theBestIsKeptFromTheNextNewLowestLossOn() {
        Trainer trainer =
                Trainer.builder().epochs(6).batch(5).learningRate(.05f).build();
        List<TrainingState> states = new ArrayList<>();
        TrainingListener late = new TrainingListener() {
            private Training training;

            @Override
            public void onStart(Training started) {
                training = started;
            }

            @Override
            public void onEpoch(EpochReport report) {
                if (report.epoch() == 2) {
                    training.keepBest();
                }
                states.add(training.state());
            }
        };
        trainer.fit(Model.softmaxRegression(6, 3, true), DATA, DATA, late);
        assertThat(states.get(1).best()).isEmpty();
        assertThat(states.get(2).best())
                .usingRecursiveComparison()
                .isEqualTo(states.get(2).weights());
        try (Training training = trainer.start(Model.softmaxRegression(6, 3, true), DATA)) {
            training.keepBest();
            for (int i : new int[] {2, 1}) {
                training.restore(states.get(i));
                assertThat(training.state()).usingRecursiveComparison().isEqualTo(states.get(i));
            }
        }
        Trainer patient = Trainer.builder().epochs(6).batch(5).patience(1).build();
        try (Training training = patient.start(Model.softmaxRegression(6, 3, true), DATA)) {
            assertThatThrownBy(() -> training.restore(states.get(1))).hasMessage("not a state of this recipe");
        }
    }

    /** They are bad data, and no divergence of the training. */
    @Test
    void rowsToTestWithThatAreNotFiniteAreRefused() {
        Dataset test = Dataset.of(new float[] {1, 2, 3, Float.NaN, 5, 6}, 1, 6, new int[] {0}, 3);
        Trainer trainer = Trainer.builder().build();
        assertThatThrownBy(() -> trainer.fit(Model.softmaxRegression(6, 3, true), DATA, test))
                .isInstanceOfSatisfying(
                        LanewiseException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA));
    }

    @Test
    void aListenerStopsTheTraining() {
        List<String> seen = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            private Training training;

            @Override
            public void onStart(Training started) {
                training = started;
                seen.add("start");
            }

            @Override
            public void onStep(int epoch, int rowsDone, int rows) {
                seen.add(epoch + ": " + rowsDone + "/" + rows);
                if (epoch == 2 && rowsDone == 10) {
                    training.stop();
                }
            }

            @Override
            public void onEnd(Training ended) {
                seen.add("end after " + ended.epochs());
            }
        };
        Trainer trainer = Trainer.builder().epochs(5).batch(10).patience(1).build();
        Model model = Model.softmaxRegression(6, 3, true);
        History history = trainer.fit(model, DATA, DATA, listener);
        assertThat(seen).containsExactly("start", "1: 10/23", "1: 20/23", "1: 23/23", "2: 10/23", "end after 1");
        assertThat(history.epochs()).hasSize(1);
        assertThat(Evaluation.of(model, DATA).loss())
                .isNotEqualTo(history.last().testLoss());
    }

    /** A signal may come then: the run is complete, and its model the best. */
    @Test
    void aTrainingThatHasEndedIsNotStopped() {
        Dataset test = Problems.clusters(40, 6, 3, 2);
        Trainer trainer = Trainer.builder()
                .epochs(200)
                .batch(5)
                .learningRate(.05f)
                .patience(3)
                .build();
        Model model = Model.softmaxRegression(6, 3, true);
        List<Training> ended = new ArrayList<>();
        History history = trainer.fit(model, DATA, test, new TrainingListener() {
            @Override
            public void onEnd(Training training) {
                training.stop();
                ended.add(training);
            }
        });
        assertThat(ended).hasSize(1).noneMatch(Training::isStopped);
        assertThat(history.best().epoch()).isEqualTo(history.last().epoch() - 3);
        assertThat(Evaluation.of(model, test).loss()).isEqualTo(history.best().testLoss());
    }

    @Test
    void aReportIsAboutTheWholeSetsWithTheWeightsAtTheEnd() {
        Dataset test = Problems.clusters(40, 6, 3, 2);
        Model model = Model.mlp(6, List.of(9), 3, true, 3);
        History history = Trainer.builder().epochs(2).batch(4).build().fit(model, DATA, test);
        Evaluation onTrain = Evaluation.of(model, DATA);
        Evaluation onTest = Evaluation.of(model, test);
        EpochReport last = history.last();
        assertThat(last.epoch()).isEqualTo(2);
        assertThat(last.trainLoss()).isEqualTo(onTrain.loss());
        assertThat(last.trainError()).isEqualTo(onTrain.error());
        assertThat(last.testLoss()).isEqualTo(onTest.loss());
        assertThat(last.testError()).isEqualTo(onTest.error());
        assertThat(last.learningRate()).isEqualTo(.2f);
        assertThat(last.seconds()).isPositive();
        assertThat(last.samplesPerSecond()).isEqualTo(23 / last.seconds());
    }

    @Test
    void listenersSeeEveryStepAndEpochInOrder() {
        List<String> seen = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(int epoch, int rowsDone, int rows) {
                seen.add(epoch + ": " + rowsDone + "/" + rows);
            }

            @Override
            public void onEpoch(EpochReport report) {
                seen.add("end of " + report.epoch());
            }
        };
        Trainer trainer = Trainer.builder().epochs(2).batch(5).accumulate(2).build();
        trainer.fit(Model.softmaxRegression(6, 3, false), DATA, DATA, listener);
        assertThat(seen)
                .containsExactly(
                        "1: 10/23", "1: 20/23", "1: 23/23", "end of 1", "2: 10/23", "2: 20/23", "2: 23/23", "end of 2");
    }

    @Test
    void divergenceNamesTheEpochAndTheTensor() {
        float[] huge = new float[40];
        Arrays.fill(huge, 1e25f);
        Dataset data = Dataset.of(huge, 20, 2, new int[20], 2);
        Model model = Model.softmaxRegression(2, 2, true);
        assertThatThrownBy(() -> Trainer.builder().batch(2).build().fit(model, data, data))
                .isInstanceOfSatisfying(
                        LanewiseException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DIVERGED))
                .hasMessage(
                        "epoch 1: training diverged: 0.weight is the first tensor that is not finite, the loss is NaN."
                                + " A smaller learning rate may help.");
        Model oneStep = Model.softmaxRegression(2, 2, true);
        assertThatThrownBy(() -> Trainer.builder().batch(20).build().fit(oneStep, data, data))
                .hasMessage("epoch 1: training diverged: every weight is finite, but the loss is NaN."
                        + " A smaller learning rate may help.");
    }

    /** The first epoch would stay the best one: nothing is less than NaN, and a first loss has nothing to be more than. */
    @Test
    void rowsToTestWithThatOverflowAreNoBestEpoch() {
        Dataset train = Dataset.of(new float[] {1, -1}, 2, 1, new int[] {0, 1}, 2);
        Dataset test = Dataset.of(new float[] {Float.MAX_VALUE}, 1, 1, new int[] {0}, 2);
        Model model = Model.softmaxRegression(1, 2, true);
        model.layers().get(0).stored()[0] = -1e3f;
        assertThatThrownBy(() -> Trainer.builder().patience(3).build().fit(model, train, test))
                .hasMessage("epoch 1: training diverged: every weight is finite,"
                        + " but the loss of the test rows is Infinity. A smaller learning rate may help.");
        Arrays.fill(model.layers().get(0).stored(), 1e3f);
        assertThatThrownBy(() -> Trainer.builder().patience(3).build().fit(model, train, test))
                .isInstanceOfSatisfying(
                        LanewiseException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DIVERGED))
                .hasMessage("epoch 1: training diverged: every weight is finite,"
                        + " but the loss of the test rows is NaN. A smaller learning rate may help.");
    }

    @Test
    void aTrainingThatCannotStartLeavesNoThreads() throws InterruptedException {
        int rows = 2_200_000;
        Dataset data = Dataset.of(new float[rows], rows, 1, new int[rows], 1);
        Trainer trainer = Trainer.builder().batch(rows).threads(3).build();
        Model model = Model.mlp(1, List.of(1_000), 1, true, 0);
        assertThatThrownBy(() -> trainer.start(model, data)).isInstanceOf(RuntimeException.class);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("lanewise-worker")) {
                thread.join(10_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    /** Sparse rows, of which only a network makes floats, and those that are evaluated at the same time make more of them. */
    @Test
    void moreFeaturesThanAnArrayCanHoldAreRefusedBeforeTheFirstEpoch() {
        Trainer trainer = Trainer.builder().epochs(1).batch(2_200_000).build();
        Dataset many = empty(2_200_000, 1_000);
        Model narrow = Model.zeros(new Architecture(1_000, List.of(1), 2, false));
        assertThatThrownBy(() -> trainer.start(narrow, many))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a batch of 2200000 rows of 1000 features is larger than an array can be");
        Dataset wide = empty(1, 17_000_000);
        Model network = Model.zeros(new Architecture(17_000_000, List.of(1), 2, false));
        String message = "a batch of 128 rows of 17000000 values is larger than an array can be";
        TrainingListener none = new TrainingListener() {
            @Override
            public void onStart(Training training) {
                throw new AssertionError("it has begun");
            }
        };
        assertThatThrownBy(() -> trainer.fit(network, wide, wide, none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> Evaluation.of(network, wide))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        Model classes = Model.zeros(new Architecture(1, List.of(), 17_000_000, false));
        assertThatThrownBy(() -> trainer.fit(classes, empty(1, 1), empty(1, 1), none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /** Sparse rows of nothing but zeros. */
    private static Dataset empty(int rows, int features) {
        Csr zeros = new Csr(new int[rows + 1], new int[0], new float[0]);
        return Dataset.ofSparse(zeros, features, new int[rows], 2);
    }

    @Test
    void dataThatDoNotFitTheModelAreRefused() {
        Trainer trainer = Trainer.builder().build();
        Model model = Model.softmaxRegression(7, 3, false);
        assertThatThrownBy(() -> trainer.fit(model, DATA, DATA))
                .isInstanceOf(LanewiseException.class)
                .hasMessage("tensor 0.weight: the model does not take the features of the data"
                        + " (expected 6 inputs, found 7)");
        Dataset unlabelled = Dataset.of(new float[12], 2, 6, new int[0], 3);
        assertThatThrownBy(() -> trainer.fit(Model.softmaxRegression(6, 3, false), unlabelled, DATA))
                .isInstanceOf(LanewiseException.class)
                .hasMessageContaining("not labelled");
        assertThatThrownBy(() -> trainer.fit(Model.softmaxRegression(6, 2, false), DATA, DATA))
                .hasMessage("tensor 0.weight: the data have more classes than the model (expected 3 outputs, found 2)");
    }

    /** Read each by itself, the files have a label 0 that is "a" in the one and "b" in the other. */
    @Test
    void rowsToTestWithWhoseLabelsMeanOtherClassesAreRefused(@TempDir Path folder) throws IOException {
        Path learned = Files.writeString(folder.resolve("train.csv"), "x,label\n1,a\n2,b\n3,c\n");
        Path measured = Files.writeString(folder.resolve("test.csv"), "x,label\n2,b\n3,c\n");
        DataReader reader = DataReader.builder().build();
        Dataset train = reader.read(learned);
        Trainer trainer = Trainer.builder().epochs(1).build();
        Refusal.assertRefused(
                () -> trainer.fit(Model.softmaxRegression(1, 3, false), train, reader.read(measured)),
                ExitCode.BAD_DATA,
                "class 0: the test rows have other classes than the training rows (expected a, found b)."
                        + " DataReader.like reads rows whose labels are of the same classes.");
        trainer.fit(
                Model.softmaxRegression(1, 3, false), train, reader.like(train).readTest(measured));
        Refusal.assertRefused(
                () -> trainer.fit(Model.softmaxRegression(1, 3, false), reader.read(measured), train),
                ExitCode.BAD_DATA,
                "class 0: the test rows have other classes than the training rows (expected b, found a)."
                        + " DataReader.like reads rows whose labels are of the same classes.");
    }

    /** Read each by itself, the first column is "a" in the one file and "b" in the other. */
    @Test
    void rowsToTestWithOfOtherColumnsAreRefused(@TempDir Path folder) throws IOException {
        Path learned = Files.writeString(folder.resolve("train.csv"), "c,a,b,label\n1,2,3,x\n4,5,6,y\n");
        Path measured = Files.writeString(folder.resolve("test.csv"), "c,b,a,label\n3,2,1,x\n6,5,4,y\n");
        DataReader reader = DataReader.builder().build();
        Dataset train = reader.read(learned);
        Dataset test = reader.read(measured);
        Trainer trainer = Trainer.builder().epochs(1).build();
        Refusal.assertRefused(
                () -> trainer.fit(Model.softmaxRegression(3, 2, false), train, test),
                ExitCode.BAD_DATA,
                "feature 1: the test rows do not have the columns that were learned (expected a, found b)."
                        + " DataReader.like reads rows of the same columns.");
        for (Dataset same : List.of(train.subset(new int[] {1}), test.withFeatureNames(List.of()))) {
            trainer.fit(Model.softmaxRegression(3, 2, false), train, same);
            trainer.fit(Model.softmaxRegression(3, 2, false), same, train);
        }
    }

    /** Read each by itself, index 1 is the first column of the one file and the second of the other. */
    @Test
    void rowsToTestWithWhoseColumnsCountOtherwiseAreRefused(@TempDir Path folder) throws IOException {
        Path fromOne = Files.writeString(folder.resolve("one.svm"), "0 1:1 3:2\n1 2:1\n");
        Path fromZero = Files.writeString(folder.resolve("zero.svm"), "0 0:1 2:2\n1 1:1\n");
        DataReader reader = DataReader.builder().build();
        Dataset one = reader.read(fromOne);
        Dataset zero = reader.read(fromZero);
        Trainer trainer = Trainer.builder().epochs(1).build();
        Refusal.assertRefused(
                () -> trainer.fit(Model.softmaxRegression(3, 2, false), one, zero),
                ExitCode.BAD_DATA,
                "the test rows do not have the columns that were learned (expected indices from 1,"
                        + " found indices from 0). DataReader.like reads rows of the same columns.");
        Dataset like = reader.like(zero).readTest(fromOne);
        trainer.fit(Model.softmaxRegression(4, 2, false), zero.widened(4), like);
        Dataset made = Dataset.ofSparse(zero.sparse().orElseThrow(), 3, zero.labels(), 2);
        trainer.fit(Model.softmaxRegression(3, 2, false), one, made);
        trainer.fit(Model.softmaxRegression(3, 2, false), made, one);
        Dataset table = one.dense().withFeatureNames(List.of("x", "y", "z"));
        trainer.fit(Model.softmaxRegression(3, 2, false), one, table);
        trainer.fit(Model.softmaxRegression(3, 2, false), table, zero);
    }

    /** Fewer classes are no others, nor are more of them that the model knows: labels count alike. */
    @Test
    void rowsToTestWithMayLackTheLastClassesOrHaveMore() {
        Dataset two = Dataset.of(new float[6], 1, 6, new int[] {1}, 2);
        Trainer trainer = Trainer.builder().epochs(1).build();
        trainer.fit(Model.softmaxRegression(6, 3, false), DATA, two);
        trainer.fit(Model.softmaxRegression(6, 3, false), two, DATA);
        assertThatThrownBy(() -> trainer.fit(Model.softmaxRegression(6, 2, false), two, DATA))
                .hasMessage("tensor 0.weight: the data have more classes than the model (expected 3 outputs, found 2)");
    }

    @Test
    void rowsToTestWithOfAnotherScalingAreRefused() {
        Trainer trainer = Trainer.builder().epochs(1).build();
        Dataset test = Problems.clusters(40, 6, 3, 2);
        Dataset scaled = DATA.scaled(Scaling.fit(Scaling.Kind.STANDARD, DATA));
        for (Dataset other : List.of(test, test.scaled(Scaling.fit(Scaling.Kind.STANDARD, test)))) {
            Refusal.assertRefused(
                    () -> trainer.fit(Model.softmaxRegression(6, 3, false), scaled, other),
                    ExitCode.BAD_DATA,
                    "the test rows are not scaled as the training rows."
                            + " Dataset.scaled takes the scaling of other rows.");
        }
        trainer.fit(Model.softmaxRegression(6, 3, false), scaled, test.scaled(scaled.scaling()));
    }

    @Test
    void valuesThatMakeNoSenseAreRefusedWithTheirRange() {
        assertRefused(b -> b.epochs(0), "epochs is out of range (expected 1 to 1000000, found 0)");
        assertRefused(b -> b.learningRate(0), "lr");
        assertRefused(b -> b.learningRate(-1), "lr");
        assertRefused(b -> b.learningRate(1e9f), "lr");
        assertRefused(b -> b.learningRate(Float.NaN), "lr");
        assertRefused(b -> b.learningRate(Float.POSITIVE_INFINITY), "lr");
        assertRefused(b -> b.batch(0), "batch");
        assertRefused(b -> b.momentum(1), "momentum");
        assertRefused(b -> b.momentum(Float.NaN), "momentum");
        assertRefused(b -> b.nesterov(true), "nesterov");
        assertRefused(b -> b.weightDecay(-.1f), "weight-decay");
        assertRefused(b -> b.weightDecay(Float.NaN), "weight-decay");
        assertRefused(b -> b.labelSmoothing(1), "label-smoothing");
        assertRefused(b -> b.labelSmoothing(Float.NaN), "label-smoothing");
        assertRefused(b -> b.clipNorm(-1), "clip-norm");
        assertRefused(b -> b.clipNorm(Float.NaN), "clip-norm");
        assertRefused(b -> b.accumulate(0), "accumulate");
        assertRefused(b -> b.patience(-1), "patience");
        assertRefused(b -> b.threads(0), "threads");
        assertRefused(b -> b.threads(1_000_000), "threads");
    }

    private static void assertRefused(Consumer<Trainer.Builder> change, String start) {
        Trainer.Builder builder = Trainer.builder();
        change.accept(builder);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(start);
    }

    /** A machine may run more threads than a training can have. */
    @Test
    void aTrainerHasAsManyThreadsAsThereAreCoresAndMayBe() throws IOException {
        for (int cores : new int[] {3, 1_024, 4_000}) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:ActiveProcessorCount=" + cores,
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Threads.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                    .isEqualToIgnoringNewLines(Integer.toString(Math.min(1_024, cores)));
        }
    }

    /** Prints how many threads a trainer has that was told nothing. */
    static final class Threads {
        private Threads() {}

        public static void main(String[] args) {
            System.out.println(Trainer.builder().build().threads());
        }
    }

    @Test
    void theClassesOfAnEasyProblemAreLearned() {
        Dataset train = Problems.clusters(500, 20, 4, 7);
        Model model = Model.mlp(20, List.of(32, 16), 4, true, 7);
        History history = Trainer.builder()
                .learningRate(.1f)
                .batch(10)
                .shuffle(true)
                .build()
                .fit(model, train, train);
        assertThat(history.last().trainError()).isLessThan(.01);
    }
}
