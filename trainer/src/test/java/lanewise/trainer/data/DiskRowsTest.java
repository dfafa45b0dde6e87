package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.Refusal;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.ClassWeight;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.LearningRateCurve;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.TrainingListener;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows from the disk teach a model what the same rows in memory do, to the byte. */
@Tag("own-mode")
class DiskRowsTest {
    /** A whole chunk and an odd rest, in the training rows as well; the earlier half of them has patches of zeros. */
    private static final int ROWS = Shuffle.CHUNK + 3_001;

    private static final ImageShape IMAGE = new ImageShape(4, 12);
    private static final double FRACTION = .125;
    private static final long SEED = 3;

    private static final boolean TILES = true;
    private static final boolean NO_TILES = false;

    @TempDir
    static Path folder;

    private static Path labels;
    private static Path images;
    private static Path array;

    @BeforeAll
    static void writeData() {
        Random random = new Random(1);
        int[] y = random.ints(ROWS, 0, 5).map(c -> c == 4 ? 0 : c).toArray();
        byte[] pixels = new byte[ROWS * IMAGE.height() * IMAGE.width()];
        float[] floats = new float[ROWS * 5];
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < 48; i++) {
                boolean blank = row < ROWS / 2 && i % IMAGE.width() >= 4 || random.nextInt(3) != 0;
                pixels[row * 48 + i] = (byte) (blank ? 0 : random.nextInt(128) + 30 * y[row]);
            }
            for (int i = 0; i < 5; i++) {
                floats[row * 5 + i] = (float) random.nextGaussian() * (i + 1) + (i == y[row] ? 2 : 0);
            }
        }
        labels = folder.resolve("labels.idx");
        images = folder.resolve("images.idx");
        array = folder.resolve("array.npy");
        DataWriter.to(images, labels).write(Dataset.ofPixels(pixels, ROWS, IMAGE, y, 4));
        DataWriter.to(array, folder.resolve("more.npy")).write(Dataset.of(floats, ROWS, 5, y, 4));
    }

    static Stream<Arguments> recipes() {
        Trainer.Builder plain = recipe();
        Trainer.Builder full = recipe().momentum(.9f)
                .nesterov(true)
                .weightDecay(.001f)
                .clipNorm(1)
                .classWeight(ClassWeight.BALANCED)
                .labelSmoothing(.1f)
                .accumulate(3)
                .batch(77)
                .patience(1);
        Trainer.Builder large = recipe().batch(10_000).classWeight(ClassWeight.BALANCED);
        return Stream.of(
                arguments("images", plain),
                arguments("images, all", full),
                arguments("images, batches larger than a chunk", large),
                arguments("images, network", plain),
                arguments("images, minmax", full),
                arguments("floats", plain),
                arguments("floats, standard", full),
                arguments("floats, batches larger than a chunk", large),
                arguments("floats, network, minmax", full));
    }

    private static Trainer.Builder recipe() {
        return Trainer.builder().epochs(2).learningRate(.05f).batch(100).seed(SEED);
    }

    private static Scaling.Kind kind(String name) {
        return name.contains("minmax")
                ? Scaling.Kind.MINMAX
                : name.contains("standard") ? Scaling.Kind.STANDARD : Scaling.Kind.PIXEL;
    }

    private static Path data(String name) {
        return name.startsWith("images") ? images : array;
    }

    private static DataReader reader(String name) {
        return DataReader.builder()
                .label((name.startsWith("images") ? labels : folder.resolve("more.npy")).toString())
                .build();
    }

    private static Split inMemory(String name) {
        Split split = Split.stratified(reader(name).read(data(name)), FRACTION, SEED);
        Scaling scaling = Scaling.fit(kind(name), split.train());
        return new Split(split.train().scaled(scaling), split.validation().scaled(scaling));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void theModelIsTheSameFile(String name, Trainer.Builder recipe) throws IOException {
        boolean network = name.contains("network");
        Split split = inMemory(name);
        Map<Boolean, byte[]> expected = new HashMap<>();
        for (boolean shuffle : new boolean[] {false, true}) {
            recipe.shuffle(shuffle).threads(2);
            expected.put(shuffle, learn(recipe, network, split.train(), split.validation()));
        }
        try (RawRows raw = reader(name).copy(data(name), folder)) {
            List<RawPart> parts = raw.split(FRACTION, SEED);
            Scaling scaling = parts.get(0).fit(kind(name));
            for (long blockBytes : new long[] {60_000, 1 << 24}) {
                BlockReader blocks = new BlockReader(blockBytes);
                try (DiskRows train = parts.get(0).write(folder, scaling, !network, blocks);
                        DiskRows test = parts.get(1).write(folder, scaling, !network, blocks)) {
                    for (boolean shuffle : new boolean[] {false, true}) {
                        int threads = blockBytes == 60_000 ? 3 : 1;
                        assertThat(learn(recipe.shuffle(shuffle).threads(threads), network, train, test))
                                .as("blocks of %d bytes, shuffle %s", blockBytes, shuffle)
                                .isEqualTo(expected.get(shuffle));
                    }
                }
            }
        }
    }

    /** The file of the model, and behind it what was reported. */
    private static byte[] learn(Trainer.Builder recipe, boolean network, Rows train, Rows test) throws IOException {
        Trainer trainer = recipe.build();
        Model model = model(network, train);
        StringBuilder reports = new StringBuilder();
        for (EpochReport report : trainer.fit(model, train, test).epochs()) {
            reports.append(String.format(
                    "%s %s %s %s%n", report.trainLoss(), report.trainError(), report.testLoss(), report.testError()));
        }
        Path file = folder.resolve("model");
        model.save(file, Provenance.of(trainer, train).toMetadata());
        return IdxBytes.concat(Files.readAllBytes(file), reports.toString().getBytes());
    }

    /** Over more than an epoch, and over pixels in the layout of the kernels too. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"images", "images, network", "images, minmax", "floats", "floats, network, standard"})
    void theLearningRateCurveIsTheSame(String name) {
        boolean network = name.contains("network");
        try (RawRows raw = reader(name).copy(data(name), folder)) {
            Scaling scaling = raw.all().fit(kind(name));
            Dataset expected = reader(name).read(data(name)).scaled(scaling);
            for (boolean shuffle : new boolean[] {false, true}) {
                Trainer.Builder recipe = recipe().batch(120).momentum(.9f).shuffle(shuffle);
                LearningRateCurve inMemory = curve(recipe.threads(2), network, expected);
                try (DiskRows rows = raw.all().write(folder, scaling, !network, new BlockReader(60_000))) {
                    assertThat(curve(recipe.threads(1), network, rows)).isEqualTo(inMemory);
                }
            }
        }
    }

    private static LearningRateCurve curve(Trainer.Builder recipe, boolean network, Rows rows) {
        return LearningRateCurve.of(recipe.build(), model(network, rows), rows);
    }

    private static Model model(boolean network, Rows rows) {
        return network
                ? Model.mlp(rows.features(), List.of(9), 4, true, SEED)
                : Model.softmaxRegression(rows.features(), 4, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "floats, standard"})
    void theFoldsAreTheSame(String name) {
        Folds folds = Folds.stratified(reader(name).read(data(name)), 3, SEED);
        try (RawRows raw = reader(name).copy(data(name), folder)) {
            List<List<RawPart>> parts = raw.folds(3, SEED);
            assertThat(parts).hasSize(3);
            for (int fold = 0; fold < 3; fold++) {
                Split split = folds.split(fold);
                Scaling expected = Scaling.fit(kind(name), split.train());
                Scaling scaling = parts.get(fold).get(0).fit(kind(name));
                assertThat(scaling).isEqualTo(expected);
                assertSame(parts.get(fold).get(0), scaling, split.train().scaled(scaling));
                assertSame(parts.get(fold).get(1), scaling, split.validation().scaled(scaling));
            }
        }
    }

    @Test
    void aScalingOfOtherRowsIsRefused() {
        Path file = folder.resolve("not packed");
        try (RawRows raw = reader("floats").copy(array, folder);
                RawRows other = reader("images").copy(images, folder)) {
            Scaling scaling = other.all().fit(Scaling.Kind.MINMAX);
            for (Path target : List.of(file, folder)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> raw.all().write(target, scaling, NO_TILES, new BlockReader()))
                        .withMessage("a scaling of 48 features for rows of 5");
            }
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void thereAreTwoFoldsAtLeast() {
        try (RawRows raw = reader("floats").copy(array, folder)) {
            for (int folds : new int[] {-1, 0, 1}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> raw.folds(folds, SEED))
                        .withMessage("folds is out of range (expected at least 2, found " + folds + ")");
            }
        }
    }

    private static void assertSame(RawPart part, Scaling scaling, Dataset expected) {
        assertThat(part.rows()).isEqualTo(expected.rows());
        try (DiskRows rows = part.write(folder, scaling, NO_TILES, new BlockReader())) {
            assertThat(rows.fingerprint()).isEqualTo(expected.fingerprint());
        }
    }

    @Test
    void theRowsOfAPassAreEvaluatedFromWhereItBegins() {
        Model model = Model.mlp(5, List.of(3), 4, true, SEED);
        try (RawRows raw = reader("floats").copy(array, folder);
                DiskRows rows = raw.all().write(folder, Scaling.NONE, NO_TILES, new BlockReader(60_000))) {
            Dataset all = reader("floats").read(array);
            Dataset last = all.subset(IntStream.range(Shuffle.CHUNK, all.rows()).toArray());
            assertThat(Evaluation.of(model, rows.pass(null, Shuffle.CHUNK), Workers.serial()))
                    .usingRecursiveComparison()
                    .isEqualTo(Evaluation.of(model, last));
        }
    }

    /** In any order, from any chunk, and while a pass is under way. */
    @ParameterizedTest
    @ValueSource(strings = {"images", "floats"})
    void someRowsAreCopied(String name) {
        int[] chosen = {ROWS - 1, 5, Shuffle.CHUNK, 5, Shuffle.CHUNK - 1, 0, ROWS - 2};
        Dataset expected = reader(name).read(data(name)).subset(chosen);
        try (RawRows raw = reader(name).copy(data(name), folder);
                DiskRows rows = raw.all().write(folder, expected.scaling(), NO_TILES, new BlockReader(60_000))) {
            Rows.Pass pass = rows.pass(null, 0);
            int seen = 0;
            for (Rows.Block block = pass.next(); block != null; block = pass.next()) {
                Dataset some = rows.subset(chosen);
                assertThat(some.values()).isEqualTo(expected.values());
                assertThat(some.labels()).isEqualTo(expected.labels());
                seen += block.data().rows();
            }
            assertThat(seen).isEqualTo(ROWS);
            assertThatIllegalArgumentException().isThrownBy(() -> rows.subset(new int[Shuffle.CHUNK + 1]));
            assertThatIllegalArgumentException().isThrownBy(() -> rows.subset(new int[0]));
            for (int none : new int[] {-1, ROWS, Integer.MAX_VALUE}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> rows.subset(new int[] {0, none}))
                        .withMessage("row " + none + " is outside 0.." + (ROWS - 1));
            }
        }
    }

    /** A file that an interrupted thread reads is closed by Java, for every thread. */
    @Test
    void anInterruptedThreadTakesTheRowsFromNobody() {
        try (RawRows raw = reader("floats").copy(array, folder);
                DiskRows rows = raw.all().write(folder, Scaling.NONE, NO_TILES, new BlockReader(60_000))) {
            Trainer trainer = recipe().build();
            int[] epochs = {0};
            Thread.currentThread().interrupt();
            assertThat(raw.folds(3, SEED)).hasSize(3);
            trainer.fit(Model.softmaxRegression(5, 4, true), rows, rows, new TrainingListener() {
                @Override
                public void onEpoch(EpochReport report) {
                    epochs[0] += rows.subset(new int[] {ROWS - 1}).rows();
                }
            });
            assertThat(epochs[0]).isEqualTo(2);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void aPackedFileSaysWhatItHolds() {
        try (RawRows raw = reader("images").copy(images, folder)) {
            Path file = folder.resolve("packed");
            Dataset all = reader("images").read(images);
            raw.all().write(file, Scaling.PIXEL, TILES, new BlockReader()).close();
            try (DiskRows rows = DiskRows.open(file, new BlockReader())) {
                assertThat(rows.fingerprint()).isEqualTo(all.fingerprint());
                assertThat(rows.rows()).isEqualTo(ROWS);
                assertThat(rows.classCounts()).isEqualTo(all.classCounts());
                assertThat(rows.classNames()).isEqualTo(all.classNames());
                assertThat(rows.scaling()).isEqualTo(Scaling.PIXEL);
            }
        }
    }

    /** What only tells the size of rows leaves them to whoever has them. */
    @Test
    void whatTellsTheSizeOfRowsDoesNotCloseThem() {
        try (RawRows raw = reader("images").copy(images, folder)) {
            raw.all().packed(false, TILES).close();
            try (DiskRows rows = raw.all().write(folder, Scaling.PIXEL, TILES, new BlockReader())) {
                DiskRows other = rows.in(1 << 20);
                Rows.Pass pass = other.pass(null, 0);
                assertThat(pass.next().end()).isEqualTo(other.blockRows());
                other.close();
                assertThat(pass.isEnded()).isTrue();
                other.in(1 << 20).close();
                assertThat(rows.pass(null, 0).next().first()).isZero();
                assertThat(rows.subset(new int[] {ROWS - 1}).rows()).isEqualTo(1);
            }
        }
    }

    /** They are in an order that only the model reads for which they are packed. */
    @Test
    void rowsThatArePackedForAnotherModelAreRefused() {
        try (RawRows raw = reader("images").copy(images, folder);
                DiskRows rows = raw.all().write(folder, Scaling.PIXEL, TILES, new BlockReader(60_000))) {
            Dataset inMemory = reader("images").read(images);
            List<Model> others =
                    List.of(Model.mlp(48, List.of(9), 4, true, SEED), Model.softmaxRegression(48, 16, false));
            for (Model other : others) {
                Trainer trainer = recipe().threads(2).build();
                String line = "the rows are packed for another model (expected rows packed for " + other.architecture()
                        + ", found rows packed for one layer of at most 15 classes)";
                Refusal.assertRefused(() -> trainer.start(other, rows), ExitCode.BAD_DATA, line);
                Refusal.assertRefused(() -> trainer.fit(other, inMemory, rows), ExitCode.BAD_DATA, line);
                Refusal.assertRefused(() -> Evaluation.of(other, rows), ExitCode.BAD_DATA, line);
            }
            Model fewer = Model.softmaxRegression(48, 15, false);
            recipe().build().fit(fewer, rows, inMemory);
        }
    }

    /** Another model would go on with them to other bits, under the same fingerprint. */
    @Test
    void rowsThatAreNotPackedForSoftmaxRegressionAreRefusedByIt() {
        try (RawRows raw = reader("images").copy(images, folder);
                DiskRows rows = raw.all().write(folder, Scaling.PIXEL, NO_TILES, new BlockReader(60_000))) {
            Dataset inMemory = reader("images").read(images);
            Model model = Model.softmaxRegression(48, 15, false);
            Trainer trainer = recipe().epochs(1).build();
            String line = "the rows are packed for another model (expected rows packed for 48-15,"
                    + " found rows packed for more layers or classes)";
            Refusal.assertRefused(() -> trainer.start(model, rows), ExitCode.BAD_DATA, line);
            Refusal.assertRefused(() -> trainer.fit(model, inMemory, rows), ExitCode.BAD_DATA, line);
            trainer.fit(Model.softmaxRegression(48, 16, false), rows, inMemory);
            trainer.fit(Model.mlp(48, List.of(9), 4, true, SEED), rows, inMemory);
        }
    }

    /** Whatever becomes of the file, it is refused, and never taken for another one. */
    @Test
    void aDamagedFileIsRefused() throws IOException {
        Path file = folder.resolve("damaged");
        byte[] sound;
        try (RawRows raw = reader("floats").copy(array, folder)) {
            raw.split(.001, SEED)
                    .get(1)
                    .write(file, Scaling.NONE, NO_TILES, new BlockReader())
                    .close();
            sound = Files.readAllBytes(file);
        }
        DiskRows.open(file, new BlockReader()).close();
        for (int length = 0; length < sound.length; length += 3) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertRefused(file, "the packed rows are cut short");
        }
        for (int at = sound.length % 3; at < sound.length; at += at < sound.length - 32 ? 3 : 1) {
            Files.write(file, IdxBytes.with(sound, at, sound[at] ^ 0x10));
            assertRefused(file, "");
        }
        Files.write(file, IdxBytes.concat(sound, sound));
        assertRefused(file, "the packed rows are damaged");
    }

    /** The checksum is right, so that somebody has made it so. */
    @Test
    void aHeaderThatCannotBeIsRefused(@TempDir Path own) throws IOException {
        List<String> features = List.of("0", "-1", "2147483647");
        for (String name : List.of("t.csv", "t.svm")) {
            Path file = own.resolve("packed");
            DataWriter.to(own.resolve(name), null)
                    .write(Dataset.of(new float[] {1, 2, 3, 4}, 2, 2, new int[] {0, 1}, 2));
            try (RawRows raw = DataReader.builder().build().copy(own.resolve(name), own)) {
                raw.all().write(file, Scaling.NONE, NO_TILES, new BlockReader()).close();
            }
            byte[] sound = Files.readAllBytes(file);
            Map<String, List<String>> wrong = Map.of(
                    "\"rows\":2", List.of("\"rows\":0", "\"rows\":-2"),
                    "\"features\":2",
                            (name.equals("t.csv") ? features : features.subList(0, 2))
                                    .stream()
                                            .map(number -> "\"features\":" + number)
                                            .toList(),
                    "\"classes\":2,\"class_counts\":[1,1]",
                            List.of(
                                    "\"classes\":0,\"class_counts\":[]",
                                    "\"classes\":2,\"class_counts\":{\"a\":1}",
                                    "\"classes\":2,\"class_counts\":[1]",
                                    "\"classes\":2,\"class_counts\":[1,2]"),
                    "\"scaling\":\"none\"",
                            List.of(
                                    "\"scaling\":{\"kind\":\"minmax\",\"offset\":[1],\"factor\":[1]}",
                                    "\"height\":3,\"width\":1,\"scaling\":\"none\"",
                                    "\"height\":65537,\"width\":65536,\"scaling\":\"none\"",
                                    "\"class_names\":5,\"scaling\":\"none\"",
                                    "\"class_names\":{\"a\":\"x\",\"b\":\"y\"},\"scaling\":\"none\""));
            for (String right : wrong.keySet()) {
                for (String text : wrong.get(right)) {
                    Files.write(file, withHeader(sound, right, text));
                    assertRefused(file, "the packed rows are damaged");
                }
            }
            if (name.equals("t.csv")) {
                Files.write(file, withHeader(sound, "\"feature_names\":[\"f1\",", "\"feature_names\":["));
                assertRefused(file, "the packed rows are damaged");
            }
            if (name.equals("t.svm")) {
                for (String first : List.of("-2", "2")) {
                    Files.write(file, withHeader(sound, "\"first_index\":1", "\"first_index\":" + first));
                    assertRefused(file, "the packed rows are damaged");
                }
                Files.write(file, withHeader(sound, "\"entries\":[4]", "\"entries\":{\"a\":4}"));
                assertRefused(file, "the packed rows are damaged");
            }
        }
    }

    private static byte[] withHeader(byte[] sound, String right, String wrong) {
        ByteBuffer bytes = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
        int end = sound.length - RowsWriter.TRAILER;
        int start = end - bytes.getInt(end);
        String header = new String(sound, start, end - start, ISO_8859_1);
        assertThat(header).contains(right);
        byte[] json = header.replace(right, wrong).getBytes(ISO_8859_1);
        ByteBuffer made = ByteBuffer.allocate(start + json.length + RowsWriter.TRAILER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(sound, 0, start)
                .put(json)
                .putInt(json.length);
        CRC32C checksum = new CRC32C();
        checksum.update(made.array(), 0, made.position());
        return made.putInt((int) checksum.getValue()).putLong(RowsWriter.MAGIC).array();
    }

    private static void assertRefused(Path file, String what) {
        var refusal = Refusal.refused(() -> DiskRows.open(file, new BlockReader()));
        assertThat(refusal.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(refusal.getMessage())
                .startsWith(file + ": the packed rows are ")
                .contains(what);
    }

    static Stream<Arguments> formats() {
        Dataset images = Dataset.ofPixels(bytes(60 * 12), 60, new ImageShape(3, 4), classes(60), 3);
        Dataset table = Dataset.of(images.values(), 60, 12, classes(60), 3);
        Dataset named = table.withClassNames(List.of("10", "5", "a"));
        return Stream.of(
                arguments("i.idx", "y.idx", images),
                arguments("i.idx.gz", "y.npy", images),
                arguments("t.csv", null, named),
                arguments("t.tsv.gz", null, named),
                arguments("a.npy", "y.npy", table),
                arguments("a.npy.gz", "y.idx", images),
                arguments("a.npz", null, table),
                arguments("a.npz", null, images));
    }

    private static byte[] bytes(int n) {
        byte[] bytes = new byte[n];
        new Random(2).nextBytes(bytes);
        return bytes;
    }

    private static int[] classes(int n) {
        return new Random(3).ints(n, 0, 3).toArray();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("formats")
    void everyFormatGivesTheSameRows(String name, String labelName, Dataset data, @TempDir Path own) {
        Path file = own.resolve(name);
        Path labelFile = labelName == null ? null : own.resolve(labelName);
        DataWriter.to(file, labelFile).write(data);
        DataReader reader = DataReader.builder()
                .label(labelFile == null ? null : labelFile.toString())
                .build();
        Dataset expected = reader.read(file);
        try (RawRows raw = reader.copy(file, own);
                DiskRows rows = raw.all().write(own, raw.usualScaling(), NO_TILES, new BlockReader())) {
            assertThat(rows.fingerprint()).isEqualTo(expected.fingerprint());
            assertThat(rows.classNames()).isEqualTo(expected.classNames());
            assertThat(rows.scaling()).isEqualTo(expected.scaling());
        }
    }

    /** The labels may be a column, and a folder or an archive may keep test rows. */
    @Test
    void rowsToTestWithAreFoundToo(@TempDir Path own) throws IOException {
        Path file = Files.write(own.resolve("a.npy"), NpyBytes.floats("(4, 3)", 1, 7, 2, 3, 5, 4, 5, 7, 6, 7, 5, 8));
        assertAlike(DataReader.builder().label("2").build(), file, own);
        Path archive = own.resolve("both.npz");
        Files.write(
                archive,
                NpyBytes.zip(
                        true,
                        "x_train.npy",
                        NpyBytes.bytes("(3, 2)", 1, 2, 3, 4, 5, 6),
                        "y_train.npy",
                        NpyBytes.bytes("(3,)", 4, 2, 4),
                        "x_test.npy",
                        NpyBytes.bytes("(1, 2)", 9, 8),
                        "y_test.npy",
                        NpyBytes.bytes("(1,)", 2)));
        assertAlike(DataReader.builder().build(), archive, own);
        Path mnist = own.resolve("mnist");
        IdxBytes.writeFolder(mnist);
        assertAlike(DataReader.builder().build(), mnist, own);
    }

    private static void assertAlike(DataReader reader, Path input, Path own) {
        DataReader.TrainAndTest expected = reader.readBoth(input);
        DataReader.RawTrainAndTest found = reader.copyBoth(input, own);
        assertAlike(expected.train(), found.train(), own);
        assertThat(found.test().isPresent()).isEqualTo(expected.test().isPresent());
        expected.test().ifPresent(test -> assertAlike(test, found.test().orElseThrow(), own));
    }

    private static void assertAlike(Dataset expected, RawRows raw, Path own) {
        try (raw;
                DiskRows rows = raw.all().write(own, raw.usualScaling(), NO_TILES, new BlockReader())) {
            assertThat(rows.fingerprint()).isEqualTo(expected.fingerprint());
            assertThat(rows.classNames()).isEqualTo(expected.classNames());
        }
    }

    /** The same rows, plain and packed, of all kinds, feature by feature: of images the rows of pixels vary first. */
    @Test
    void arraysInFortransOrderGiveTheSameRows(@TempDir Path own) throws IOException {
        byte[] pixels = bytes(60 * 12);
        byte[] turned = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            int row = i / 12;
            turned[row + 60 * (i % 12 / 4 + 3 * (i % 4))] = pixels[i];
        }
        byte[] images = NpyBytes.npy(NpyBytes.dict("|u1", "(60, 3, 4)"), pixels);
        byte[] fortran = NpyBytes.npy(NpyBytes.dict("|u1", "(60, 3, 4)").replace("False", "True "), turned);
        byte[] labels = NpyBytes.npy(NpyBytes.dict("|u1", "(60,)"), bytes(60));
        Path y = Files.write(own.resolve("y.npy"), labels);
        DataReader reader = DataReader.builder().label(y.toString()).build();
        Dataset expected = reader.read(Files.write(own.resolve("c.npy"), images));
        assertAlike(expected, reader.copy(Files.write(own.resolve("f.npy"), fortran), own), own);
        assertAlike(expected, reader.copy(Files.write(own.resolve("f.gz"), IdxBytes.gzip(fortran)), own), own);
        for (boolean deflated : new boolean[] {true, false}) {
            Path archive = own.resolve("f.npz");
            Files.write(archive, NpyBytes.zip(deflated, "X.npy", fortran, "y.npy", labels));
            assertAlike(expected, DataReader.builder().build().copy(archive, own), own);
        }
        byte[] column = new String(NpyBytes.floats("(3, 2)", 1, 3, .25f, 2, .5f, 4), ISO_8859_1)
                .replace("False", "True ")
                .getBytes(ISO_8859_1);
        DataReader first = DataReader.builder().label("1").build();
        Refusal.assertRefused(
                () -> first.copy(Files.write(own.resolve("f.npy"), column), own),
                ExitCode.BAD_DATA,
                own.resolve("f.npy") + ": row 2, column 0: the label is not a class "
                        + "(expected a whole number or text, found 0.25). "
                        + "If it is a feature, --label names the column of the classes.");
    }

    @Test
    void labelsThatDoNotFitAreNamedByTheirOwnFile(@TempDir Path own) throws IOException {
        Path rows = Files.write(own.resolve("x.npy"), NpyBytes.bytes("(2, 2)", 1, 2, 3, 4));
        Path few = Files.write(own.resolve("y.npy"), NpyBytes.bytes("(1,)", 1));
        DataReader reader = DataReader.builder().label(few.toString()).build();
        Refusal.assertRefused(
                () -> reader.copy(rows, own),
                ExitCode.BAD_DATA,
                few + ": not as many labels as rows (expected 2, found 1)");
    }

    @Test
    void aLabelThatIsNoneIsNamedByItsOwnFile(@TempDir Path own) throws IOException {
        Path rows = Files.write(own.resolve("x.npy"), NpyBytes.bytes("(2, 2)", 1, 2, 3, 4));
        Path odd = Files.write(own.resolve("y.npy"), NpyBytes.floats("(2,)", 1, Float.NaN));
        DataReader reader = DataReader.builder().label(odd.toString()).build();
        Refusal.assertRefused(
                () -> reader.copy(rows, own),
                ExitCode.BAD_DATA,
                odd + ": row 1: the label is missing (expected a class, found NaN)");
    }

    @Test
    void aPassCanBeLeftAtAnyTime() {
        BlockReader blocks = new BlockReader(60_000);
        try (RawRows raw = reader("floats").copy(array, folder);
                DiskRows rows = raw.all().write(folder, Scaling.NONE, NO_TILES, blocks)) {
            Dataset all = reader("floats").read(array);
            int[] order = new Shuffle(1, ROWS).epoch(1).all();
            for (int row = 0; row < ROWS; row += 1_777) {
                Rows.Block block = rows.pass(new Shuffle(1, ROWS).epoch(1), row).next();
                assertThat(block.first()).isLessThanOrEqualTo(row);
                assertThat(block.end()).isGreaterThan(row);
                float[] expected = new float[5];
                all.copyRows(order[row], 1, expected, 0);
                float[] found = new float[5];
                block.data().copyRows(row - block.first(), 1, found, 0);
                assertThat(found).isEqualTo(expected);
            }
        }
    }
}
