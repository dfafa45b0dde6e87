package lanewise.trainer.data;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.Refusal;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.ClassWeight;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.LearningRateCurve;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse rows from the disk teach a model what the same rows in memory do, to the byte. */
@Tag("own-mode")
class SparseDiskRowsTest {
    /** Whole chunks and an odd rest, in the training rows as well. */
    private static final int ROWS = 2 * Shuffle.CHUNK + 3_001;

    private static final int FEATURES = 120;
    private static final int CLASSES = 3;
    private static final double FRACTION = .125;
    private static final long SEED = 3;

    /** Of blocks: a chunk takes several of the first size, which some units are larger than, and one of the last. */
    private static final long[] BLOCK_BYTES = {8_000, 60_000, 1 << 24};

    private static final DataReader READER = DataReader.builder().build();

    @TempDir
    static Path folder;

    private static Path text;
    private static Dataset inMemory;

    /** Rows of no to many entries; here and there a long one, and a stretch of rows without any. */
    @BeforeAll
    static void writeData() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < ROWS; row++) {
            int label = random.nextInt(CLASSES);
            int most = row % 997 == 0 ? FEATURES : row / 300 % 7 == 3 ? 0 : 6;
            lines.append(7 - 3 * label);
            for (int column = random.nextInt(20); column < FEATURES && most-- > 0; ) {
                boolean own = column % CLASSES == label;
                float value = (float) (own ? random.nextDouble() : random.nextDouble() - .5);
                lines.append(' ').append(column + 1).append(':').append(value);
                column += 1 + (most > 10 ? 0 : random.nextInt(40));
            }
            lines.append('\n');
        }
        text = Files.writeString(folder.resolve("rows.svm"), lines);
        inMemory = READER.read(text);
    }

    private static Trainer.Builder recipe() {
        return Trainer.builder().epochs(2).learningRate(.05f).batch(100).seed(SEED);
    }

    static Stream<Arguments> recipes() {
        Trainer.Builder full = recipe().momentum(.9f)
                .nesterov(true)
                .weightDecay(.001f)
                .clipNorm(1)
                .classWeight(ClassWeight.BALANCED)
                .labelSmoothing(.1f)
                .accumulate(3)
                .batch(77)
                .patience(1);
        return Stream.of(
                arguments("plain", recipe()),
                arguments("momentum", recipe().momentum(.9f)),
                arguments(
                        "weighed, steps longer than a block",
                        recipe().classWeight(ClassWeight.BALANCED)
                                .labelSmoothing(.1f)
                                .accumulate(7)
                                .batch(1_000)),
                arguments("batches longer than a chunk", recipe().batch(10_000)),
                arguments(
                        "clipped, steps longer than a block",
                        recipe().clipNorm(.01f).batch(5_000)),
                arguments("all", full),
                arguments("network", recipe().momentum(.5f)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void theModelIsTheSameFile(String name, Trainer.Builder recipe) throws IOException {
        boolean network = name.equals("network");
        Split split = Split.stratified(inMemory, FRACTION, SEED);
        Map<Boolean, byte[]> expected = new HashMap<>();
        for (boolean shuffle : new boolean[] {false, true}) {
            recipe.shuffle(shuffle).threads(1);
            expected.put(shuffle, learn(recipe, network, split.train(), split.validation()));
        }
        try (RawRows raw = READER.copy(text, folder)) {
            List<RawPart> parts = raw.split(FRACTION, SEED);
            for (int i = 0; i < BLOCK_BYTES.length; i++) {
                BlockReader blocks = new BlockReader(BLOCK_BYTES[i]);
                try (DiskRows train = parts.get(0).write(folder, Scaling.NONE, false, blocks);
                        DiskRows test = parts.get(1).write(folder, Scaling.NONE, false, blocks)) {
                    for (boolean shuffle : new boolean[] {false, true}) {
                        assertThat(learn(recipe.shuffle(shuffle).threads(i + 1), network, train, test))
                                .as("blocks of %d bytes, shuffle %s", BLOCK_BYTES[i], shuffle)
                                .isEqualTo(expected.get(shuffle));
                    }
                }
            }
        }
    }

    /** They would fit a block if they had fewer entries. */
    @ParameterizedTest(name = "shuffle {0}")
    @ValueSource(booleans = {false, true})
    void fewRowsMayTakeSeveralBlocks(boolean shuffle) throws IOException {
        Path few = few();
        Trainer.Builder recipe = recipe().batch(700).shuffle(shuffle);
        Dataset all = READER.read(few);
        try (RawRows raw = READER.copy(few, folder);
                DiskRows rows = raw.all().write(folder, Scaling.NONE, false, new BlockReader(8_000))) {
            assertThat(rows.blockRows()).isEqualTo(all.rows());
            assertThat(rows.pass(null, 0).next().data().rows()).isLessThan(all.rows());
            assertThat(learn(recipe, false, rows, rows)).isEqualTo(learn(recipe, false, all, all));
        }
    }

    private static Path few() throws IOException {
        return Files.write(folder.resolve("few.svm"), Files.readAllLines(text).subList(0, 1_000));
    }

    /** The file of the model, and behind it what was reported. */
    private static byte[] learn(Trainer.Builder recipe, boolean network, Rows train, Rows test) throws IOException {
        Trainer trainer = recipe.build();
        Model model = network
                ? Model.mlp(FEATURES, List.of(5), CLASSES, true, SEED)
                : Model.softmaxRegression(FEATURES, CLASSES, true);
        StringBuilder reports = new StringBuilder();
        for (EpochReport report : trainer.fit(model, train, test).epochs()) {
            reports.append(String.format(
                    "%s %s %s %s%n", report.trainLoss(), report.trainError(), report.testLoss(), report.testError()));
        }
        Path file = folder.resolve("model");
        model.save(file, Provenance.of(trainer, train).toMetadata());
        return IdxBytes.concat(Files.readAllBytes(file), reports.toString().getBytes());
    }

    @ParameterizedTest(name = "shuffle {0}")
    @ValueSource(booleans = {false, true})
    void theLearningRateCurveIsTheSame(boolean shuffle) {
        Dataset all = READER.read(text);
        try (RawRows raw = READER.copy(text, folder);
                DiskRows rows = raw.all().write(folder, Scaling.NONE, false, new BlockReader(8_000))) {
            for (float momentum : new float[] {0, .9f}) {
                Trainer trainer =
                        recipe().batch(240).momentum(momentum).shuffle(shuffle).build();
                Model model = Model.softmaxRegression(FEATURES, CLASSES, true);
                assertThat(LearningRateCurve.of(trainer, model, rows))
                        .isEqualTo(LearningRateCurve.of(trainer, model, all));
            }
        }
    }

    /** The classes are not in the order in which the rows have them. */
    @Test
    void theFoldsAreTheSame() {
        Folds folds = Folds.stratified(READER.read(text), 7, SEED);
        try (RawRows raw = READER.copy(text, folder)) {
            List<List<RawPart>> parts = raw.folds(7, SEED);
            for (int fold = 0; fold < 7; fold++) {
                List<RawPart> found = parts.get(fold);
                Split expected = folds.split(fold);
                BlockReader reader = new BlockReader();
                try (DiskRows train = found.get(0).write(folder, Scaling.NONE, false, reader);
                        DiskRows test = found.get(1).write(folder, Scaling.NONE, false, reader)) {
                    assertThat(train.fingerprint()).isEqualTo(expected.train().fingerprint());
                    assertThat(test.fingerprint())
                            .isEqualTo(expected.validation().fingerprint());
                    assertThat(found.get(0).rows()).isEqualTo(train.rows());
                    assertThat(found.get(1).rows()).isEqualTo(test.rows());
                }
            }
            Refusal.assertRefused(
                    () -> raw.folds(ROWS + 1, SEED),
                    ExitCode.BAD_DATA,
                    "there are fewer rows than folds (expected at least " + (ROWS + 1) + ", found " + ROWS + ")");
        }
    }

    /** In any order, and from any chunk. */
    @Test
    void someRowsAreCopied() {
        int[] chosen = {ROWS - 1, 997, 0, Shuffle.CHUNK, 997, 901, ROWS - 2};
        try (RawRows raw = READER.copy(text, folder);
                DiskRows rows = raw.all().write(folder, Scaling.NONE, false, new BlockReader())) {
            assertThat(rows.subset(chosen).fingerprint())
                    .isEqualTo(READER.read(text).subset(chosen).fingerprint());
        }
    }

    @Test
    void aPackedFileSaysWhatItHolds() {
        try (RawRows raw = READER.copy(text, folder)) {
            Path file = folder.resolve("packed");
            Dataset all = inMemory.scaled(Scaling.PIXEL);
            raw.all().write(file, Scaling.PIXEL, false, new BlockReader()).close();
            try (DiskRows rows = DiskRows.open(file, new BlockReader())) {
                assertThat(rows.fingerprint()).isEqualTo(all.fingerprint());
                assertThat(rows.rows()).isEqualTo(ROWS);
                assertThat(rows.features()).isEqualTo(FEATURES);
                assertThat(rows.classCounts()).isEqualTo(all.classCounts());
                assertThat(rows.classNames()).containsExactly("1", "4", "7");
                assertThat(rows.scaling()).isEqualTo(Scaling.PIXEL);
                assertThat(rows.holdsSparse()).isTrue();
            }
        }
    }

    /** From the row where a pass begins on, its blocks have the rows of the order, and are no larger than they may be. */
    @Test
    void aPassCanBeginAtAnyRow() {
        try (RawRows raw = READER.copy(text, folder);
                DiskRows rows = raw.all().write(folder, Scaling.NONE, false, new BlockReader(8_000))) {
            for (boolean shuffled : new boolean[] {false, true}) {
                int[] order = new Shuffle(1, ROWS).epoch(1).all();
                Rows.Pass whole = rows.pass(shuffled ? new Shuffle(1, ROWS).epoch(1) : null, 0);
                IntStream starts = IntStream.iterate(0, start -> start < ROWS, start -> start + 3_777);
                for (int start : IntStream.concat(
                                starts, IntStream.of(whole.next().end()))
                        .toArray()) {
                    Rows.Pass pass = rows.pass(shuffled ? new Shuffle(1, ROWS).epoch(1) : null, start);
                    int next = -1;
                    for (Rows.Block block = pass.next(); block != null; block = pass.next()) {
                        assertThat(block.first()).isLessThanOrEqualTo(next < 0 ? start : next);
                        assertThat(block.end()).isGreaterThan(start);
                        next = block.end();
                        assertThat(shuffled || next % Rows.UNIT == 0 || next == ROWS)
                                .isTrue();
                        int[] chosen = shuffled
                                ? Arrays.copyOfRange(order, block.first(), next)
                                : IntStream.range(block.first(), next).toArray();
                        assertThat(block.data().fingerprint())
                                .isEqualTo(inMemory.subset(chosen).fingerprint());
                    }
                    assertThat(next).isEqualTo(ROWS);
                }
            }
            assertThat(rows.blockBytes()).isLessThan(1 << 19);
        }
    }

    /** What a 0 far in the file says of all indices before it, and what other rows are to be like. */
    @Test
    void columnsAreCountedAsTheWholeFileSays(@TempDir Path own) throws IOException {
        Path zero = Files.writeString(own.resolve("zero.svm"), "1 1:2 3:4\n2 7:0\n2\n1 0:1 2:.5\n");
        Path one = Files.writeString(own.resolve("one.svm"), "1 1:2 11:4\n2 7:0\n");
        for (Path file : List.of(zero, one)) {
            Dataset expected = READER.read(file);
            try (RawRows raw = READER.copy(file, own);
                    DiskRows rows = raw.all().write(own, Scaling.NONE, false, new BlockReader())) {
                assertThat(rows.fingerprint()).isEqualTo(expected.fingerprint());
                assertThat(raw.features()).isEqualTo(expected.features());
            }
        }
        try (RawRows train = READER.copy(zero, own);
                RawRows test = READER.like(train).copyTest(one, own)) {
            assertThat(test.features()).isEqualTo(12);
            assertThat(train.all().widened(12).features()).isEqualTo(12);
            assertThatIllegalArgumentException().isThrownBy(() -> test.all().widened(8));
            assertThatIllegalArgumentException().isThrownBy(() -> train.all().fit(Scaling.Kind.MINMAX));
        }
        try (RawRows train = READER.copy(one, own)) {
            Refusal.assertRefused(
                    () -> READER.like(train).copyTest(zero, own),
                    ExitCode.BAD_DATA,
                    zero + ": an index is 0 (expected indices from 1, as in the training rows, found 0)");
        }
    }

    /** Whatever becomes of the file, it is refused, and never taken for another one. */
    @Test
    void aDamagedFileIsRefused() throws IOException {
        Path file = folder.resolve("damaged");
        byte[] sound;
        try (RawRows raw = READER.copy(text, folder)) {
            raw.split(.01, SEED)
                    .get(1)
                    .write(file, Scaling.NONE, false, new BlockReader())
                    .close();
            sound = Files.readAllBytes(file);
        }
        DiskRows.open(file, new BlockReader()).close();
        for (int length = 0; length < sound.length; length += 7) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertRefused(file, "the packed rows are cut short");
        }
        for (int at = 0; at < sound.length; at += at < sound.length - 32 ? 7 : 1) {
            Files.write(file, IdxBytes.with(sound, at, sound[at] ^ 0x10));
            assertRefused(file, "the packed rows are ");
        }
    }

    /** The checksum is right, and what the header says of the entries is wrong. */
    @Test
    void aHeaderAtOddsWithItsRowsIsRefused() throws IOException {
        Path file = folder.resolve("odd");
        pack(file, all -> new RowsHeader.Entries(new long[] {1, all.all()}, all.largestUnit()));
        assertRefused(file, "the packed rows are damaged");
        pack(file, all -> new RowsHeader.Entries(all.ends(), 1));
        for (Shuffle.Order order : new Shuffle.Order[] {null, new Shuffle(1, 1_000).epoch(1)}) {
            try (DiskRows rows = DiskRows.open(file, new BlockReader(8))) {
                Rows.Pass pass = rows.pass(order, 0);
                Refusal.assertRefused(
                        () -> {
                            while (pass.next() != null) {}
                        },
                        ExitCode.BAD_DATA,
                        file + ": the packed rows are damaged");
            }
        }
    }

    private static void pack(Path file, UnaryOperator<RowsHeader.Entries> change) throws IOException {
        Dataset rows = READER.read(few());
        try (FileChannel channel = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
            RowsWriter writer = new RowsWriter(channel, RowForm.of(rows));
            writer.add(rows);
            RowsHeader sound = writer.end(rows.classNames(), Scaling.NONE);
            writer.add(new RowsHeader(
                    sound.rows(),
                    sound.form(),
                    change.apply(sound.entries()),
                    sound.classNames(),
                    sound.classCounts(),
                    sound.scaling(),
                    sound.fingerprint()));
        }
    }

    private static void assertRefused(Path file, String what) {
        var refusal = Refusal.refused(() -> DiskRows.open(file, new BlockReader()));
        assertThat(refusal.exitCode()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(refusal.getMessage()).startsWith(file + ": " + what);
    }

    /** Bad lines in the middle of the text are told as in memory, whoever reads it. */
    @ParameterizedTest
    @MethodSource("damages")
    void badTextIsToldAsInMemory(UnaryOperator<String> damage) throws IOException {
        Path file = folder.resolve("bad.svm");
        Files.writeString(file, damage.apply(Files.readString(text)));
        var expected = Refusal.refused(() -> READER.read(file));
        Refusal.assertRefused(() -> READER.copy(file, folder), expected.exitCode(), expected.getMessage());
        DataReader unlabelled = DataReader.builder().labelled(false).build();
        var whole = Refusal.refused(() -> unlabelled.read(file));
        Refusal.assertRefused(() -> unlabelled.rows(file), whole.exitCode(), whole.getMessage());
        assertThat(folder).isDirectoryNotContaining("glob:**.rows");
    }

    /** A label that is not a class is told as in memory, but to those who ask for no label. */
    @Test
    void aBadLabelIsToldAsInMemory() throws IOException {
        Path file = folder.resolve("bad.svm");
        Files.writeString(file, Files.readString(text).replaceAll("(?m)^7", "0.5"));
        var expected = Refusal.refused(() -> READER.read(file));
        Refusal.assertRefused(() -> READER.copy(file, folder), expected.exitCode(), expected.getMessage());
        DataReader.builder().labelled(false).build().rows(file).close();
    }

    static Stream<UnaryOperator<String>> damages() {
        return Stream.of(
                all -> all.replace("\n4 2:", "\n4 2:x"),
                all -> all + "4 3:1 2:1\n",
                all -> all + "1000000:1\n",
                all -> all + "4 2000000:1\n",
                all -> "# nothing else\n");
    }

    @Test
    void packedRowsAndWhatIsPackedOfThemGoWithThem() {
        try (RawRows raw = READER.copy(text, folder)) {
            raw.all().write(folder, Scaling.NONE, false, new BlockReader()).close();
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.rows");
    }
}
