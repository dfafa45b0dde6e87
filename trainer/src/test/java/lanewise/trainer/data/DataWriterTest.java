package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.USAGE;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import lanewise.trainer.random.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read as the same. */
class DataWriterTest {
    private static final int ROWS = 60;

    @TempDir
    Path folder;

    private static final DataReader READER = DataReader.builder().build();

    /** Floats of every size, small whole numbers among them, with zeros and a last feature that is 0 everywhere. */
    private static float[] values() {
        SplitMix64 random = SplitMix64.of(11, SplitMix64.Stream.WEIGHTS, 0);
        float[] values = new float[ROWS * 5];
        for (int i = 0; i < values.length; i++) {
            float any = Float.intBitsToFloat(random.nextInt(0x7f800000)) * (random.nextInt(2) - .5f);
            values[i] = i % 5 == 4 ? 0 : i % 3 == 0 ? random.nextInt(500) - 250 : any;
        }
        return values;
    }

    private static int[] labels() {
        int[] labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i * 7 % 3;
        }
        return labels;
    }

    private Dataset roundTrip(Dataset data, String name) {
        Path file = folder.resolve(name);
        DataWriter.to(file, null).write(data);
        return READER.read(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.csv", "t.tsv", "t.libsvm", "T.SVM", "t.svmlight", "t.npz", "t.csv.gz", "t.npz.gz"})
    void floatsAndLabelsComeBack(String name) {
        Dataset data = Dataset.of(values(), ROWS, 5, labels(), 3).withClassNames(List.of("-7", "0", "12"));
        Dataset read = roundTrip(data, name);
        assertThat(read.values()).isEqualTo(data.values());
        assertThat(read.labels()).isEqualTo(data.labels());
        assertThat(read.classNames()).isEqualTo(data.classNames());
    }

    /** Its sign is a bit, which counts in a fingerprint. */
    @ParameterizedTest
    @ValueSource(strings = {"t.csv", "t.npz"})
    void aNegativeZeroComesBack(String name) {
        Dataset data = Dataset.of(new float[] {-0f, 1, 0, -2}, 4, 1, new int[] {0, 1, 0, 1}, 2);
        assertThat(roundTrip(data, name).fingerprint()).isEqualTo(data.fingerprint());
    }

    @Test
    void namesComeBackFromATable() {
        List<String> classes = List.of("a,\"b\"", "c\nd", "\u00e9 \ud83d\ude00");
        List<String> features = List.of("x", "", "y;z", "1", "q\"");
        Dataset data = Dataset.of(values(), ROWS, 5, labels(), 3)
                .withClassNames(classes)
                .withFeatureNames(features);
        for (String name : List.of("t.csv", "t.tsv")) {
            Dataset read = roundTrip(data, name);
            assertThat(read.classNames()).isEqualTo(classes);
            assertThat(read.featureNames()).isEqualTo(features);
            assertThat(read.labels()).isEqualTo(data.labels());
            assertThat(read.values()).isEqualTo(data.values());
        }
    }

    @Test
    void aNameThatBeginsAsATagComesBack() {
        for (String name : List.of("<5 cm", "<b>", "<header", "<")) {
            Dataset data =
                    Dataset.of(new float[] {1, 2}, 2, 1, new int[] {0, 1}, 2).withFeatureNames(List.of(name));
            assertThat(roundTrip(data, "t.csv").featureNames()).containsExactly(name);
        }
    }

    @Test
    void namesBecomeNumbersWhereThereIsNoText() {
        Dataset data = Dataset.of(values(), ROWS, 5, labels(), 3).withClassNames(List.of("ant", "bee", "cat"));
        for (String name : List.of("t.libsvm", "t.npz")) {
            assertThat(DataWriter.to(folder.resolve(name), null).replacesNames(data))
                    .isTrue();
            assertThat(roundTrip(data, name).labels()).isEqualTo(data.labels());
        }
        assertThat(DataWriter.to(folder.resolve("t.csv"), null).replacesNames(data))
                .isFalse();
    }

    @Test
    void sparseRowsStaySparse() {
        Csr rows = new Csr(new int[] {0, 2, 2, 3}, new int[] {0, 3, 1}, new float[] {1.5f, 2, -3e-20f});
        Dataset data = Dataset.ofSparse(rows, 6, new int[] {0, 1, 1}, 2);
        Dataset read = roundTrip(data, "t.libsvm");
        assertThat(read.fingerprint()).isEqualTo(data.fingerprint());
        assertThat(read.features()).isEqualTo(6);
        for (String name : List.of("t.csv", "t.npz")) {
            assertThat(roundTrip(data, name).values()).isEqualTo(data.values());
        }
    }

    @Test
    void imagesStayImages() throws IOException {
        byte[] pixels = new byte[ROWS * 6];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37);
        }
        Dataset data = Dataset.ofPixels(pixels, ROWS, new ImageShape(2, 3), labels(), 3)
                .withClassNames(List.of("0", "9", "255"));
        assertThat(roundTrip(data, "t.npz").scaled(Scaling.PIXEL).fingerprint()).isEqualTo(data.fingerprint());
        for (String name : List.of("t.npy", "t.idx", "images-idx3-ubyte", "i-idx3-ubyte.gz")) {
            for (String labelName : List.of("y.npy", "y.idx", "y-idx1-ubyte.gz")) {
                Path labels = folder.resolve(labelName);
                DataWriter.to(folder.resolve(name), labels).write(data);
                Dataset read =
                        DataReader.builder().label(labels.toString()).build().read(folder.resolve(name));
                assertThat(read.scaled(Scaling.PIXEL).fingerprint()).isEqualTo(data.fingerprint());
                assertThat(read.classNames()).isEqualTo(data.classNames());
            }
        }
        assertThat(roundTrip(data, "t.csv").scaled(Scaling.PIXEL).values()).isEqualTo(data.values());
        assertThat(DataWriter.to(folder.resolve("t.npy"), null).leavesOutLabels(data))
                .isTrue();
        assertThat(Files.size(folder.resolve("t.idx"))).isEqualTo(16 + pixels.length);
    }

    @Test
    void theFilesAreTheSameEachTime() throws IOException {
        Dataset data = Dataset.of(values(), ROWS, 5, labels(), 3);
        for (String name : List.of("t.csv.gz", "t.npz", "t.libsvm")) {
            roundTrip(data, name);
            byte[] first = Files.readAllBytes(folder.resolve(name));
            roundTrip(data, name);
            assertThat(Files.readAllBytes(folder.resolve(name))).isEqualTo(first);
        }
    }

    @Test
    void theFilesAreTheSameInEveryZone() throws IOException {
        Dataset data = Dataset.of(values(), ROWS, 5, labels(), 3);
        Path file = folder.resolve("t.npz");
        TimeZone own = TimeZone.getDefault();
        List<byte[]> contents = new ArrayList<>();
        try {
            for (String zone : List.of("Asia/Tokyo", "America/New_York")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                DataWriter.to(file, null).write(data);
                contents.add(Files.readAllBytes(file));
            }
        } finally {
            TimeZone.setDefault(own);
        }
        assertThat(contents.get(1)).isEqualTo(contents.get(0));
    }

    @Test
    void theEndingMayBeInCapitals() throws IOException {
        Path file = folder.resolve("T.CSV.GZ");
        DataWriter.to(file, null).write(Dataset.of(values(), ROWS, 5, labels(), 3));
        try (InputStream unpacked = new GZIPInputStream(Files.newInputStream(file))) {
            assertThat(new String(unpacked.readAllBytes(), US_ASCII)).startsWith("f1,f2,f3,f4,f5,label\n");
        }
    }

    /** Rows of one kind and labels, or rows, of another would go for a data set. */
    @Test
    void ifOneFileCannotBeWrittenTheOtherStaysToo() throws IOException {
        Path file = Files.writeString(folder.resolve("x.idx"), "old rows");
        Path labels = Files.writeString(folder.resolve("y.idx"), "old labels");
        Path table = Files.writeString(folder.resolve("t.csv"), "old table");
        Dataset uneven = Dataset.of(new float[] {1, 4.5f}, 2, 1, new int[] {0, 1}, 2);
        Dataset unnumbered =
                Dataset.of(new float[] {1, 2}, 2, 1, new int[] {0, 1}, 2).withClassNames(List.of("1", "256"));
        String ofRows = file + ": row 1, column 0: IDX is written of bytes alone"
                + " (expected a whole number from 0 to 255, found 4.5)";

        assertRefused(() -> DataWriter.to(file, labels).write(uneven), BAD_DATA, ofRows);
        assertRefused(
                () -> DataWriter.to(file, labels).write(unnumbered),
                BAD_DATA,
                labels + ": row 1: IDX is written of bytes alone (expected a class from 0 to 255, found 256)");
        assertRefused(
                () -> DataWriter.to(table, null).writeWith(unnumbered, DataWriter.to(file, null), uneven),
                BAD_DATA,
                ofRows);

        assertThat(file).hasContent("old rows");
        assertThat(labels).hasContent("old labels");
        assertThat(table).hasContent("old table");
    }

    static Stream<Arguments> names() {
        String found = "two classes would be read as one (expected another name than ";
        String text = "(expected a whole number or up to 1000 characters of text, found ";
        return Stream.of(
                arguments("t.csv", List.of("a", " a"), "class 1: " + found + "a, found  a)"),
                arguments("t.tsv", List.of("a", "b", "a\t"), "class 2: " + found + "a, found a\\x09)"),
                arguments("t.csv", List.of("01", "2", "1.0"), "class 2: " + found + "01, found 1.0)"),
                arguments("t.csv", List.of("a", "a"), "class 1: " + found + "a, found a)"),
                arguments("t.npz", List.of("3", "3"), "class 1: " + found + "3, found 3)"),
                arguments("t.svm", List.of("3", "3"), "class 1: " + found + "3, found 3)"),
                arguments("t.csv", List.of("a", ""), "class 1: the label is missing (expected a class, found nothing)"),
                arguments("t.csv", List.of("NA", "b"), "class 0: the label is missing (expected a class, found NA)"),
                arguments("t.csv", List.of("?", "b"), "class 0: the label is missing (expected a class, found ?)"),
                arguments(
                        "t.csv",
                        List.of("a", "\ud800"),
                        "class 1: the name of the class is not text"
                                + " (expected both halves of a surrogate pair, found \\ud800)"),
                arguments("t.csv", List.of("a", "b\0"), "class 1: the label is not a class " + text + "b\\x00)"),
                arguments("t.csv", List.of("a", "inf"), "class 1: the label is not a class " + text + "inf)"),
                arguments(
                        "t.csv",
                        List.of("a", "b".repeat(1_001)),
                        "class 1: the label is not a class " + text + "b".repeat(240) + "...)"),
                arguments(
                        "t.csv",
                        List.of("1", "0.5"),
                        "class 1: the label is not a class (expected a whole number or text, found 0.5)"),
                arguments(
                        "t.svm",
                        List.of("1", "9007199254740993"),
                        "class 1: the label is not a class (expected a whole number or text, found 9007199254740993)"));
    }

    /** The reader would not tell some of them apart, or refuse them. */
    @ParameterizedTest
    @MethodSource("names")
    void namesThatDoNotComeBackAreRefused(String name, List<String> names, String line) {
        int n = names.size();
        int[] labels = IntStream.range(0, n).toArray();
        Dataset data = Dataset.of(new float[n], n, 1, labels, n).withClassNames(names);
        Path file = folder.resolve(name);
        assertRefused(() -> DataWriter.to(file, null).write(data), BAD_DATA, file + ": " + line);
        assertThat(folder).isEmptyDirectory();
    }

    /** "1" and "1.0" are texts where another class is one, and a class without rows is no matter. */
    @Test
    void namesThatComeBackAreTaken() {
        Dataset data = Dataset.of(new float[3], 3, 1, new int[] {0, 1, 3}, 4);
        for (List<String> names : List.of(
                List.of("1", "1.0", "2", "a"), List.of("A", "a", "", "\u00a0a"), List.of("a\n", "a \n", "", "b"))) {
            Dataset read = roundTrip(data.withClassNames(names), "t.csv");
            assertThat(read.classNames()).containsExactly(names.get(0), names.get(1), names.get(3));
        }
        Path labels = folder.resolve("y.npy");
        DataWriter.to(folder.resolve("x.npy"), null).write(data.withClassNames(List.of("1", "1", "1", "1")));
        assertRefused(
                () -> DataWriter.to(folder.resolve("x.npy"), labels)
                        .write(data.withClassNames(List.of("1", "1", "1", "1"))),
                BAD_DATA,
                labels + ": class 1: two classes would be read as one (expected another name than 1, found 1)");
    }

    /** A part may have none of the classes that make texts of the others: it is read by the classes of the whole. */
    @Test
    void aPartIsReadByTheClassesOfTheWhole() {
        List<String> names = List.of("1", "1.0", "2.5", "x");
        Dataset train =
                Dataset.of(new float[4], 4, 1, new int[] {0, 1, 2, 3}, 4).withClassNames(names);
        Dataset test = Dataset.of(new float[3], 3, 1, new int[] {2, 1, 0}, 4).withClassNames(names);
        Path file = folder.resolve("train.csv");
        Path part = folder.resolve("test.csv");
        for (boolean swapped : new boolean[] {false, true}) {
            DataWriter first = DataWriter.to(swapped ? part : file, null);
            DataWriter second = DataWriter.to(swapped ? file : part, null);
            first.writeWith(swapped ? test : train, second, swapped ? train : test);
            Dataset read = READER.like(READER.read(file)).read(part);
            assertThat(read.classNames()).isEqualTo(names);
            assertThat(read.labels()).containsExactly(2, 1, 0);
        }
        Dataset alike = test.withClassNames(List.of("1", "1.0", "2", " x"));
        assertRefused(
                () -> DataWriter.to(part, null).writeWith(alike, DataWriter.to(file, null), alike),
                BAD_DATA,
                part + ": class 1: two classes would be read as one (expected another name than 1, found 1.0)");
    }

    /** Neither part is read by the classes of the other. */
    @Test
    void partsOfWhichNoneHasAllClassesAreReadByThemselves() {
        List<String> names = List.of("1", "1.0", "x");
        Dataset train = Dataset.of(new float[2], 2, 1, new int[] {0, 1}, 3).withClassNames(names);
        Dataset test = Dataset.of(new float[2], 2, 1, new int[] {2, 0}, 3).withClassNames(names);
        Path file = folder.resolve("train.csv");
        assertRefused(
                () -> DataWriter.to(file, null).writeWith(train, DataWriter.to(folder.resolve("test.csv"), null), test),
                BAD_DATA,
                file + ": class 1: two classes would be read as one (expected another name than 1, found 1.0)");
    }

    @Test
    void aNameThatSaysNoFormatIsRefused() {
        String expected = ": the ending of the name says no format"
                + " (expected .csv, .tsv, .libsvm, .npy, .npz or .idx, and .gz behind it, found ";
        Path file = folder.resolve("t.txt");
        Path root = folder.getRoot();
        assertRefused(() -> DataWriter.to(file, null), USAGE, file + expected + "t.txt)");
        assertRefused(() -> DataWriter.to(root, null), USAGE, root + expected + root + ")");
        assertRefused(() -> DataWriter.to(folder.resolve("x.npy"), root), USAGE, root + expected + root + ")");
    }

    @Test
    void noFileIsWrittenTwice() throws IOException {
        Path file = folder.resolve("x.npy");
        Path again = folder.resolve(".").resolve("x.npy");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder).resolve("x.npy");
        Path labels = folder.resolve("y.npy");
        Dataset data = Dataset.of(new float[] {1, 2}, 2, 1, new int[] {0, 1}, 2);
        for (Path same : List.of(file, again, link)) {
            String expected = same + ": the same file twice (expected a file for each, found " + file + ")";
            assertRefused(() -> DataWriter.to(file, same), USAGE, expected);
            assertRefused(
                    () -> DataWriter.to(file, labels).writeWith(data, DataWriter.to(same, null), data),
                    USAGE,
                    expected);
            assertRefused(
                    () -> DataWriter.to(labels, file).writeWith(data, DataWriter.to(same, null), data),
                    USAGE,
                    expected);
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.csv", "t.tsv"})
    void aHeaderOfNumbersIsNotTakenForARow(String name) {
        Dataset data = Dataset.of(new float[] {5, 3, 6, 2}, 2, 2, new int[] {0, 1}, 2)
                .withClassNames(List.of("cat", "dog"))
                .withLabelName("species");
        for (List<String> features : List.of(List.of("0", "1"), List.of("", "1,5"))) {
            Dataset read = roundTrip(data.withFeatureNames(features), name);
            assertThat(read.values()).containsExactly(5, 3, 6, 2);
            assertThat(read.classNames()).containsExactly("cat", "dog");
            assertThat(read.featureNames()).containsExactly("f1", "f2");
            assertThat(read.labelName()).isEqualTo("species");
        }
    }

    /** The name of the label tells that they are names, unless that is a class too. */
    @ParameterizedTest
    @ValueSource(strings = {"t.csv", "t.tsv"})
    void namesThatAreNumbersAreKeptAboveALabel(String name) {
        Dataset data = Dataset.of(new float[] {5, 3, 6, 2}, 2, 2, new int[] {0, 1}, 2);
        for (List<String> features : List.of(List.of("0", "1"), List.of("", "1,5"))) {
            for (String label : List.of("label", "Target")) {
                for (List<String> classes : List.of(List.of("0", "1"), List.of("cat", "dog"))) {
                    Dataset named =
                            data.withFeatureNames(features).withLabelName(label).withClassNames(classes);
                    Dataset read = roundTrip(named, name);
                    assertThat(read.values()).containsExactly(5, 3, 6, 2);
                    assertThat(read.featureNames()).isEqualTo(features);
                    assertThat(read.labelName()).isEqualTo(label);
                    assertThat(read.classNames()).isEqualTo(classes);
                    assertThat(READER.like(named).read(folder.resolve(name)).values())
                            .containsExactly(5, 3, 6, 2);
                }
            }
            Dataset unclear = data.withFeatureNames(features).withClassNames(List.of("dog", "label"));
            assertThat(roundTrip(unclear, name).featureNames()).containsExactly("f1", "f2");
            assertThat(READER.like(unclear.withFeatureNames(List.of()))
                            .read(folder.resolve(name))
                            .values())
                    .containsExactly(5, 3, 6, 2);
        }
    }

    /** A short table is written by the last flush alone. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void aFullDiskIsNoDefect(int rows) {
        Dataset data = Dataset.of(new float[rows], rows, 1, new int[0], 0);
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThatThrownBy(() -> TextWriter.writeTable(data, ',', full))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
    }

    @Test
    void whatAFormatCannotHoldIsRefused() {
        Dataset data = Dataset.of(new float[] {1, 2, 3, 256}, 2, 2, new int[] {0, 1}, 2)
                .withClassNames(List.of("1", "-1"));
        Dataset unlabelled = Dataset.of(new float[] {1, 2, 3, 4.5f}, 2, 2, new int[0], 0);
        Path file = folder.resolve("t.idx");
        Path labels = folder.resolve("y.idx");
        assertRefused(
                () -> DataWriter.to(file, null).write(data),
                BAD_DATA,
                file
                        + ": row 1, column 1: IDX is written of bytes alone (expected a whole number from 0 to 255, found 256.0)");
        assertRefused(
                () -> DataWriter.to(file, null).write(unlabelled),
                BAD_DATA,
                file
                        + ": row 1, column 1: IDX is written of bytes alone (expected a whole number from 0 to 255, found 4.5)");
        assertRefused(
                () -> DataWriter.to(folder.resolve("t.npy"), labels).write(data),
                BAD_DATA,
                labels + ": row 1: IDX is written of bytes alone (expected a class from 0 to 255, found -1)");
        assertRefused(
                () -> DataWriter.to(folder.resolve("t.npy"), labels).write(unlabelled),
                BAD_DATA,
                labels + ": there are no labels to write");
        Path sparse = folder.resolve("t.svm");
        assertRefused(
                () -> DataWriter.to(sparse, null).write(unlabelled),
                BAD_DATA,
                sparse + ": sparse rows begin with their label (expected labels, found none)");
        assertThat(folder).isEmptyDirectory();
    }
}
