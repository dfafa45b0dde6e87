package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lanewise.kernels.Workers;
import lanewise.trainer.data.BlockReader;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.DataWriter;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.RawRows;
import lanewise.trainer.data.Rows;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Softmax regression over bytes: the layout of the pixels and the number of threads change no bit, and the rows as floats,
 * which go other ways, give the same loss within 1e-5 and the same model within rounding.
 */
class PixelStepTest {
    private static Stream<Arguments> recipes() {
        List<Arguments> cases = new ArrayList<>();
        // Sides that divide by 4 make patches, others runs; 65 rows end in the middle of a pair and of a vector.
        for (ImageShape image : new ImageShape[] {new ImageShape(8, 12), new ImageShape(5, 7)}) {
            cases.add(Arguments.of("plain", image, (UnaryOperator<Trainer.Builder>) b -> b));
            cases.add(Arguments.of("odd batches", image, (UnaryOperator<Trainer.Builder>) b -> b.batch(7)));
            cases.add(Arguments.of("shuffled", image, (UnaryOperator<Trainer.Builder>)
                    b -> b.shuffle(true).seed(3).batch(13)));
            cases.add(Arguments.of("momentum", image, (UnaryOperator<Trainer.Builder>)
                    b -> b.momentum(0.9f).nesterov(true).weightDecay(1e-3f).learningRate(0.02f)));
            cases.add(Arguments.of("decayed", image, (UnaryOperator<Trainer.Builder>) b -> b.weightDecay(1e-2f)));
            cases.add(Arguments.of("accumulated", image, (UnaryOperator<Trainer.Builder>)
                    b -> b.batch(5).accumulate(3)));
            cases.add(Arguments.of("clipped", image, (UnaryOperator<Trainer.Builder>) b -> b.clipNorm(0.1f)));
            cases.add(Arguments.of("smoothed and weighed", image, (UnaryOperator<Trainer.Builder>)
                    b -> b.labelSmoothing(0.1f).classWeight(ClassWeight.BALANCED)));
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("recipes")
    void layoutsAndThreadsGiveTheSameBits(String name, ImageShape image, UnaryOperator<Trainer.Builder> recipe) {
        float[] expected = null;
        for (PixelLayout layout : PixelLayout.values()) {
            for (int threads = 1; threads <= 3; threads++) {
                Model model = Model.softmaxRegression(image.height() * image.width(), 3, true);
                Trainer trainer = recipe.apply(Trainer.builder().epochs(3).batch(16))
                        .threads(threads)
                        .layout(layout)
                        .build();
                Dataset data = images(image);
                trainer.fit(model, data, data);
                float[] found = model.layers().get(0).stored().clone();
                expected = expected == null ? found : expected;
                assertThat(found).as(layout + ", threads " + threads).isEqualTo(expected);
            }
        }
    }

    /**
     * With u = 2<sup>-24</sup>, weights below 1/2, at most 16 rows a step, and sums of |x w| below 4 that 16 lanes add up in
     * 12 roundings, a step moves a weight by at most u / 2 + 17 u 0.2 from where it should be, and by half of 12 u 4 times
     * the rate of 0.2 through the logits, with momentum in the course of many steps: 9 u. Descent on a convex loss at this
     * rate lets no distance grow, so 30 steps add up to 2e-5 on either way; nearly all of it cancels.
     */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("recipes")
    void bytesLearnWhatFloatsLearn(String name, ImageShape image, UnaryOperator<Trainer.Builder> recipe) {
        Trainer trainer = recipe.apply(Trainer.builder().epochs(3).batch(16)).build();
        Dataset bytes = images(image);
        Dataset floats = Dataset.of(bytes.values(), bytes.rows(), bytes.features(), bytes.labels(), bytes.classes());
        Model ofBytes = Model.softmaxRegression(bytes.features(), 3, true);
        Model ofFloats = Model.softmaxRegression(bytes.features(), 3, true);
        double loss = trainer.fit(ofBytes, bytes, bytes).last().trainLoss();
        assertThat(trainer.fit(ofFloats, floats, floats).last().trainLoss()).isCloseTo(loss, within(1e-5));
        assertThat(loss).isBetween(0.01, 1.09);
        for (int t = 0; t < 2; t++) {
            assertThat(Problems.parameters(ofBytes).get(t))
                    .containsExactly(Problems.parameters(ofFloats).get(t), within(4e-5f));
        }
    }

    /**
     * Groups have numbers up to 65,535, and rows of more are dense. A step from weights of 0 moves those of the one pixel
     * that is bright, which is the last, by a half.
     */
    @ParameterizedTest
    @CsvSource({"1048576, patches", "1048577, dense"})
    void theLastPixelOfALongRowIsLearned(int features, String patches, @TempDir Path folder) {
        byte[] pixels = new byte[3 * features];
        pixels[features - 1] = (byte) 255;
        Dataset data = Dataset.ofPixels(pixels, 3, new ImageShape(1, features), new int[] {1, 0, 0}, 2);
        Path images = folder.resolve("x.idx");
        Path labels = folder.resolve("y.idx");
        DataWriter.to(images, labels).write(data);
        DataReader reader = DataReader.builder().label(labels.toString()).build();
        try (RawRows raw = reader.copy(images, folder);
                DiskRows packed = raw.all().write(folder, Scaling.PIXEL, true, new BlockReader())) {
            for (PixelLayout layout : PixelLayout.values()) {
                Trainer.Builder recipe =
                        Trainer.builder().epochs(1).batch(3).learningRate(3).layout(layout);
                for (Rows rows : List.of(data, packed)) {
                    assertLearnsTheLastPixel(recipe.shuffle(false).build(), rows);
                    assertLearnsTheLastPixel(recipe.shuffle(true).build(), rows);
                }
            }
        }
        assertThat(data.pixelRows(PixelLayout.PATCHES, Workers.serial()).layout())
                .isEqualTo(patches);
    }

    private static void assertLearnsTheLastPixel(Trainer trainer, Rows rows) {
        int features = rows.features();
        Model model = Model.softmaxRegression(features, 2, false);
        double loss = trainer.fit(model, rows, rows).last().testLoss();
        float[] expected = new float[2 * features];
        expected[features - 1] = -.5f;
        expected[2 * features - 1] = .5f;
        assertThat(Arrays.mismatch(model.layers().get(0).stored(), expected)).isEqualTo(-1);
        assertThat(loss).isCloseTo((Math.log1p(Math.exp(-1)) + 2 * Math.log(2)) / 3, within(1e-6));
    }

    /** Images of three classes, each bright in a third of its rows and black in most of the rest. */
    static Dataset images(ImageShape image) {
        SplittableRandom random = new SplittableRandom(image.width());
        int rows = 65;
        int features = image.height() * image.width();
        byte[] pixels = new byte[rows * features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = random.nextInt(3);
            for (int p = 0; p < features; p++) {
                boolean bright = p * 3 / features == labels[i];
                pixels[i * features + p] = (byte) (bright || random.nextInt(40) == 0 ? random.nextInt(256) : 0);
            }
        }
        return Dataset.ofPixels(pixels, rows, image, labels, 3);
    }
}
