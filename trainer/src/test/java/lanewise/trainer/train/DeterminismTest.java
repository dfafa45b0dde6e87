package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.model.Model;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same recipe gives the same bits, however the work is shared out. */
class DeterminismTest {
    /** Narrow and wide layers, dot-shaped and not, with and without biases, sizes that no vector divides. A few outputs of the last would be dots. */
    record Setup(String name, Dataset data, Supplier<Model> model) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Setup> setups() {
        return Stream.of(
                setup(
                        "softmax 784-10",
                        Problems.clusters(157, 784, 10, 1),
                        () -> Model.softmaxRegression(784, 10, false)),
                setup("softmax 3-2, bias", Problems.clusters(50, 3, 2, 2), () -> Model.softmaxRegression(3, 2, true)),
                setup("softmax 40-17", Problems.clusters(64, 40, 17, 3), () -> Model.softmaxRegression(40, 17, true)),
                setup(
                        "mlp 33-20-7-5, bias",
                        Problems.clusters(101, 33, 5, 4),
                        () -> Model.mlp(33, List.of(20, 7), 5, true, 4)),
                setup("mlp 50-70-3", Problems.clusters(80, 50, 3, 5), () -> Model.mlp(50, List.of(70), 3, false, 5)),
                setup(
                        "mlp 150-40-3, bias",
                        Problems.clusters(60, 150, 3, 6),
                        () -> Model.mlp(150, List.of(40), 3, true, 6)));
    }

    private static Setup setup(String name, Dataset data, Supplier<Model> model) {
        return new Setup(name, data, model);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void anyNumberOfThreadsGivesTheSameBits(Setup setup) {
        for (Trainer.Builder recipe : recipes()) {
            Result one = train(setup, recipe.threads(1));
            assertThat(one.history.get(2).trainLoss())
                    .isLessThan(one.history.get(0).trainLoss());
            for (int threads : new int[] {2, 3, 5}) {
                assertThat(train(setup, recipe.threads(threads)))
                        .as("%d threads", threads)
                        .isEqualTo(one);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void microBatchesGiveTheBitsOfTheWholeBatch(Setup setup) {
        for (Trainer.Builder recipe : recipes()) {
            Result whole = train(setup, recipe.batch(24).accumulate(1));
            assertThat(train(setup, recipe.batch(8).accumulate(3))).isEqualTo(whole);
            assertThat(train(setup, recipe.batch(12).accumulate(2).threads(2))).isEqualTo(whole);
            assertThat(train(setup, recipe.batch(12).accumulate(1))).isNotEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aBatchLargerThanTheDataIsAllOfThem(Setup setup) {
        Trainer.Builder recipe = Trainer.builder().epochs(3).shuffle(true);
        Result all = train(setup, recipe.batch(setup.data.rows()));
        assertThat(train(setup, recipe.batch(100_000))).isEqualTo(all);
        assertThat(train(setup, recipe.batch(Integer.MAX_VALUE).accumulate(Integer.MAX_VALUE)))
                .isEqualTo(all);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void theSeedDecidesTheOrder(Setup setup) {
        Trainer.Builder shuffled = Trainer.builder().epochs(3).batch(7).shuffle(true);
        Result one = train(setup, shuffled.seed(1));
        assertThat(train(setup, shuffled.seed(1))).isEqualTo(one);
        assertThat(train(setup, shuffled.seed(2))).isNotEqualTo(one);
        Result inOrder = train(setup, shuffled.shuffle(false).seed(1));
        assertThat(inOrder).isNotEqualTo(one);
        assertThat(train(setup, shuffled.shuffle(false).seed(2))).isEqualTo(inOrder);
    }

    /** Without momentum two epochs in the order of the data are one epoch done twice; with orders of their own they are not. */
    @ParameterizedTest
    @MethodSource("setups")
    void eachEpochHasAnOrderOfItsOwn(Setup setup) {
        for (boolean shuffle : new boolean[] {false, true}) {
            Trainer.Builder recipe =
                    Trainer.builder().batch(7).learningRate(.05f).shuffle(shuffle);
            Model twice = setup.model.get();
            recipe.epochs(1).build().fit(twice, setup.data, setup.data);
            recipe.epochs(1).build().fit(twice, setup.data, setup.data);
            boolean same = Problems.bits(twice).equals(train(setup, recipe.epochs(2)).bits);
            assertThat(same).isEqualTo(!shuffle);
        }
    }

    /** Pixels are widened a batch at a time, floats are used where they stand. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pixelsTrainLikeTheirFloats(boolean shuffle) {
        Random random = new Random(1);
        byte[] bytes = new byte[120 * 77];
        random.nextBytes(bytes);
        int[] labels = random.ints(120, 0, 5).toArray();
        Dataset pixels = Dataset.ofPixels(bytes, 120, new ImageShape(7, 11), labels, 5);
        Dataset floats = Dataset.of(pixels.values(), 120, 77, labels, 5);
        Supplier<Model> model = () -> Model.mlp(77, List.of(20), 5, true, 1);
        Trainer.Builder recipe =
                Trainer.builder().epochs(2).batch(11).learningRate(.05f).shuffle(shuffle);
        Result ofFloats = train(new Setup("floats", floats, model), recipe);
        assertThat(train(new Setup("pixels", pixels, model), recipe)).isEqualTo(ofFloats);
    }

    private static List<Trainer.Builder> recipes() {
        return List.of(
                Trainer.builder().epochs(3).batch(10).learningRate(.05f),
                Trainer.builder()
                        .epochs(3)
                        .batch(7)
                        .learningRate(.02f)
                        .momentum(.9f)
                        .nesterov(true)
                        .weightDecay(.001f)
                        .labelSmoothing(.001f)
                        .classWeight(ClassWeight.BALANCED)
                        .clipNorm(.5f)
                        .shuffle(true)
                        .seed(9));
    }

    /** What a run leaves behind, but for how long it took. */
    private record Result(List<Integer> bits, List<Losses> history) {}

    private record Losses(double trainLoss, double trainError, double testLoss, double testError) {}

    private static Result train(Setup setup, Trainer.Builder recipe) {
        Model model = setup.model.get();
        History history = recipe.build().fit(model, setup.data, setup.data);
        return new Result(
                Problems.bits(model),
                history.epochs().stream()
                        .map(e -> new Losses(e.trainLoss(), e.trainError(), e.testLoss(), e.testError()))
                        .toList());
    }
}
