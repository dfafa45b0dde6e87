package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.USAGE;
import static lanewise.trainer.Refusal.assertRefused;
import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import lanewise.kernels.Workers;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A model is as good on rows that go by as on the same rows in memory, to the bit. */
@Tag("own-mode")
class LabelledRowsTest {
    /** More than two blocks, and a rest. */
    private static final int ROWS = 20_001;

    private static final int FEATURES = 32;
    private static final int CLASSES = 3;

    @TempDir
    static Path folder;

    /** Images of two patches, of which a third of the pixels are 0, so that as sparse rows they differ in their entries. */
    @BeforeAll
    static void writeFiles() {
        Random random = new Random(1);
        byte[] pixels = new byte[ROWS * FEATURES];
        random.nextBytes(pixels);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextInt(3) == 0 ? 0 : pixels[i];
        }
        int[] labels = random.ints(ROWS, 0, CLASSES).toArray();
        Dataset images = Dataset.ofPixels(pixels, ROWS, new ImageShape(8, 4), labels, CLASSES);
        Dataset table = Dataset.of(images.values(), ROWS, FEATURES, labels, CLASSES);
        DataWriter.to(folder.resolve("i.idx"), folder.resolve("y.idx")).write(images);
        DataWriter.to(folder.resolve("i.npy"), folder.resolve("y.npy")).write(images);
        DataWriter.to(folder.resolve("t.npy"), folder.resolve("y.npy")).write(table);
        for (String name : List.of("i.npz", "t.npz.gz", "t.csv", "t.svm")) {
            DataWriter.to(folder.resolve(name), null).write(name.startsWith("i") ? images : table);
        }
    }

    static Stream<Arguments> inputs() {
        return Stream.of(
                arguments("i.idx", "y.idx"),
                arguments("i.npy", "y.npy"),
                arguments("t.npy", "y.idx"),
                arguments("i.npz", null),
                arguments("t.npz.gz", null),
                arguments("t.csv", null),
                arguments("t.svm", null));
    }

    private static DataReader reader(String label, int features) {
        return DataReader.builder()
                .label(label)
                .like(features, ClassNames.counted(CLASSES))
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputs")
    void theEvaluationIsTheSame(String name, String labels) {
        Path file = folder.resolve(name);
        DataReader reader =
                reader(labels == null ? null : folder.resolve(labels).toString(), FEATURES);
        Dataset data = reader.readTest(file);
        Dataset full = data.holdsSparse() ? data.dense() : data;
        Scaling fitted = Scaling.fit(Scaling.Kind.STANDARD, full);
        for (Scaling scaling : List.of(data.scaling(), Scaling.PIXEL, fitted)) {
            Dataset scaled = (scaling.isFitted() ? full : data).scaled(scaling);
            for (Model model : List.of(softmaxRegression(), Model.mlp(FEATURES, List.of(5), CLASSES, true, 1))) {
                assertThat(evaluate(reader, file, model, scaling))
                        .usingRecursiveComparison()
                        .isEqualTo(Evaluation.of(model, scaled));
            }
        }
    }

    private static Model softmaxRegression() {
        Model model = Model.softmaxRegression(FEATURES, CLASSES, true);
        float[] weights = new float[FEATURES * CLASSES];
        Random random = new Random(2);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextFloat() / 100;
        }
        model.layers().get(0).setByOutput(weights);
        return model;
    }

    private static Evaluation evaluate(DataReader reader, Path file, Model model, Scaling scaling) {
        int[] blocks = {0};
        try (Workers workers = Workers.of(2);
                LabelledRows rows = reader.labelledRows(file, usual -> scaling)) {
            Evaluation evaluation = Evaluation.of(
                    model,
                    () -> {
                        blocks[0]++;
                        return rows.next();
                    },
                    workers);
            assertThat(blocks[0]).isGreaterThan(3);
            return evaluation;
        }
    }

    /** Rows of images keep what is usual for them. */
    @Test
    void theUsualScalingIsKnown() {
        Scaling[] usual = new Scaling[1];
        reader(folder.resolve("y.idx").toString(), FEATURES)
                .labelledRows(folder.resolve("i.idx"), s -> usual[0] = s)
                .close();
        assertThat(usual[0]).isEqualTo(Scaling.PIXEL);
    }

    @Test
    void rowsToTestWithAreTaken(@TempDir Path own) throws IOException {
        Path archive = Files.write(
                own.resolve("both.npz"),
                NpyBytes.zip(
                        true,
                        "x_train.npy",
                        NpyBytes.bytes("(2, 2)", 1, 2, 3, 4),
                        "y_train.npy",
                        NpyBytes.bytes("(2,)", 0, 1),
                        "x_test.npy",
                        NpyBytes.bytes("(1, 2)", 9, 8),
                        "y_test.npy",
                        NpyBytes.bytes("(1,)", 2)));
        try (LabelledRows rows = reader(null, 2).labelledRows(archive, usual -> usual)) {
            Dataset block = rows.next().data();
            assertThat(block.values()).containsExactly(9, 8);
            assertThat(block.labels()).containsExactly(2);
            assertThat(rows.next()).isNull();
        }
    }

    /** As in memory, a message names the member. */
    @Test
    void damageInAMemberIsPlaced(@TempDir Path own) throws IOException {
        byte[] x = NpyBytes.floats("(2, 2)", 1, 2, 3, Float.NaN);
        Path features = Files.write(
                own.resolve("x.npz"), NpyBytes.zip(true, "X.npy", x, "y.npy", NpyBytes.bytes("(2,)", 0, 1)));
        byte[] y = NpyBytes.bytes("(2,)", 0, 3);
        Path labels = Files.write(
                own.resolve("y.npz"), NpyBytes.zip(false, "y.npy", y, "X.npy", NpyBytes.bytes("(2, 2)", 1, 2, 3, 4)));
        for (Path file : List.of(features, labels)) {
            var inMemory = refused(() -> reader(null, 2).readTest(file));
            assertRefused(() -> goThrough(reader(null, 2), file), BAD_DATA, inMemory.getMessage());
            assertThat(inMemory.getMessage()).contains(file == features ? ": X.npy, row 1" : ": y.npy, row 1");
        }
    }

    /** Packed, its length does not tell. */
    @Test
    void labelsThatAreTooManyOrTooFewAreRefused(@TempDir Path own) throws IOException {
        Path images = Files.write(own.resolve("x"), IdxBytes.images(2, 2, 3));
        Path labels = own.resolve("y");
        DataReader reader = reader(labels.toString(), 6);
        byte[] sound = IdxBytes.labels(0, 1);
        Files.write(labels, IdxBytes.gzip(IdxBytes.concat(sound, new byte[1])));
        assertRefused(() -> goThrough(reader, images), BAD_DATA, labels + ": goes on after the last item");
        Files.write(labels, IdxBytes.gzip(Arrays.copyOf(sound, 9)));
        assertRefused(
                () -> goThrough(reader, images),
                BAD_DATA,
                labels + ": cut short (expected 10 bytes unpacked, found 9 bytes)");
        byte[] packed = IdxBytes.gzip(sound);
        for (int length = 1; length < packed.length; length++) {
            Files.write(labels, Arrays.copyOf(packed, length));
            String inMemory = refused(() -> reader.readTest(images)).getMessage();
            assertRefused(() -> goThrough(reader, images), BAD_DATA, inMemory);
        }
    }

    private static void goThrough(DataReader reader, Path file) {
        try (LabelledRows rows = reader.labelledRows(file, usual -> usual)) {
            while (rows.next() != null) {}
        }
    }

    @Test
    void rowsWithoutLabelsAreRefused() {
        for (String name : List.of("i.idx", "i.npy", "i.npz", "t.csv", "t.svm")) {
            Path file = folder.resolve(name);
            assertRefused(
                    () -> goThrough(reader("none", FEATURES), file),
                    USAGE,
                    file + ": the rows must have labels (expected --label with the labels, found none)");
        }
        assertThatThrownBy(() -> goThrough(DataReader.builder().build(), folder.resolve("t.csv")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the classes are not known");
    }
}
