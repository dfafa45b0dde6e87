package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.USAGE;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.random.SplitMix64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("no-kernel")
class LibsvmFileTest {
    @TempDir
    Path folder;

    private final DataReader reader = DataReader.builder().build();

    /** Writes a text in which {@code /} ends a line. */
    private Path write(String text) throws IOException {
        return Files.write(folder.resolve("t.svm"), text.replace('/', '\n').getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1 1:0.5 3:-2/-1/+1 2:1e1/",
                "1 1:0.5 3:-2/-1/1 2:10",
                "+1 1:0.5 3:-2\r/-1\r/+1 2:1e1\r/",
                "+1 1:0.5 3:-2\r-1\r+1 2:1e1",
                "# a comment//+1 1:0.5 3:-2 # another 7:1/-1#/+1 2:1e1 4:0/",
                "\t+1  1:.5\t3:-2  /  -1 /1.0 qid:7 1:0 2:10/",
                "1 0:0.5 2:-2/-1 0:-0/1 1:10/",
                "\ufeff1 1:0.5 3:-2/-1/1 2:10",
            })
    void everySpellingIsTheSameRows(String text) throws IOException {
        Dataset data = reader.read(write(text));
        assertThat(data.sparse().orElseThrow().rowStart()).containsExactly(0, 2, 2, 3);
        assertThat(data.sparse().orElseThrow().columns()).containsExactly(0, 2, 1);
        assertThat(data.sparse().orElseThrow().values()).containsExactly(.5f, -2, 10);
        assertThat(data.features()).isBetween(3, 4);
        assertThat(data.classNames()).containsExactly("-1", "1");
        assertThat(data.labels()).containsExactly(1, 0, 1);
    }

    /** An explicit zero is not kept, but tells how many features there are, as in scikit-learn. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            1 1:1 7:0/2 3:1/  > 7
            1 0:1 7:0/2 3:1/  > 8
            1 0:0 7:1/2 3:1/  > 8
            """)
    void theLargestIndexTellsTheWidth(String text, int features) throws IOException {
        Dataset data = reader.read(write(text));
        assertThat(data.features()).isEqualTo(features);
        assertThat(data.sparse().orElseThrow().values()).containsOnly(1);
    }

    @Test
    void aModelKnowsTheWidthAndTheClasses() throws IOException {
        DataReader like =
                DataReader.builder().labelled(false).like(5, List.of("2", "3")).build();
        Dataset data = like.read(write("3 1:1/2 2:1/"));
        assertThat(data.features()).isEqualTo(5);
        assertThat(data.labels()).containsExactly(1, 0);
        assertThat(like.read(write("1:1/ 2:1/")).labels()).isEmpty();
        assertThat(like.read(write("# no features/3/2 5:1")).rows()).isEqualTo(2);
    }

    @Test
    void whereTheWidthIsKnownAllMayBeZero() throws IOException {
        Path file = write("2/3/");
        DataReader like = DataReader.builder().like(5, List.of("2", "3")).build();
        Dataset data = like.read(file);
        assertThat(data.values()).containsExactly(new float[10]);
        assertThat(data.labels()).containsExactly(0, 1);
        try (RowReader rows = like.rows(file);
                LabelledRows labelled = like.labelledRows(file, usual -> usual);
                RawRows raw = like.copy(file, folder)) {
            float[] read = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
            assertThat(rows.read(read, 2)).isEqualTo(2);
            assertThat(read).containsExactly(new float[10]);
            assertThat(labelled.next().data().labels()).containsExactly(0, 1);
            assertThat(labelled.next()).isNull();
            assertThat(raw.rows()).isEqualTo(2);
            assertThat(raw.features()).isEqualTo(5);
        }
    }

    /** Who is told of what the first pass has found changes what the second one reads: the columns, or the number of rows. */
    @ParameterizedTest
    @ValueSource(strings = {"2 1:1 4:1/3 2:1/", "2 0:1/3 1:1/", "2 1:1/3 4:0/", "", "2 1:1/", "2 1:1/3 3:1/2 1:1/"})
    void rowsThatChangeBetweenTwoPasses(String text) {
        DataReader like = DataReader.builder()
                .like(3, List.of("2", "3"))
                .notes(note -> {
                    try {
                        write(text);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .build();
        assertRefused(
                () -> {
                    Path file = write("2 1:1/3 3:1/");
                    try (RowReader rows = like.rows(file)) {
                        while (rows.readSparse(1) != null) {}
                    }
                },
                BAD_DATA,
                folder.resolve("t.svm") + ": the file has changed while it was read");
    }

    /** Labels are dropped, whatever they are, and whether or not all rows have one. */
    @Test
    void labelsThatAreNotWantedAreDropped() throws IOException {
        Path file = write("1 1:1 2:2/a,b 2:3/2:4/0.5/");
        for (boolean labelled : new boolean[] {true, false}) {
            Dataset data = DataReader.builder()
                    .label("none")
                    .labelled(labelled)
                    .build()
                    .read(file);
            assertThat(data.labels()).isEmpty();
            assertThat(data.classNames()).isEmpty();
            assertThat(data.values()).containsExactly(1, 2, 0, 3, 0, 4, 0, 0);
        }
        DataReader like = DataReader.builder()
                .label("none")
                .labelled(false)
                .like(2, List.of("1"))
                .build();
        try (RowReader rows = like.rows(file)) {
            float[] read = new float[8];
            assertThat(rows.read(read, 4)).isEqualTo(4);
            assertThat(read).containsExactly(1, 2, 0, 3, 0, 4, 0, 0);
        }
    }

    @Test
    void rowsOfAReaderHaveNoLabels() throws IOException {
        Path file = write("1 1:1 2:2/2 2:3/");
        try (RowReader rows = DataReader.builder().build().rows(file)) {
            Dataset read = rows.readSparse(2);
            assertThat(read.rows()).isEqualTo(2);
            assertThat(read.values()).containsExactly(1, 2, 0, 3);
            assertThat(read.isLabelled()).isFalse();
            assertThat(read.classNames()).isEmpty();
            assertThat(rows.readSparse(2)).isNull();
        }
    }

    @Test
    void labelsAreNowhereElse() throws IOException {
        Path file = write("1 1:1/2 2:1/");
        for (String label : List.of("3", "1", "y", folder.resolve("y").toString())) {
            DataReader named =
                    DataReader.builder().label(label).like(2, List.of("1", "2")).build();
            List<ThrowingCallable> calls = List.of(
                    () -> named.read(file),
                    () -> named.readTest(file),
                    () -> named.readBoth(file),
                    () -> named.copyBoth(file, folder),
                    () -> named.copyTest(file, folder),
                    () -> named.labelledRows(file, usual -> usual),
                    () -> named.rows(file));
            for (ThrowingCallable call : calls) {
                assertRefused(
                        call,
                        USAGE,
                        file + ": the labels of sparse rows are in front of them (expected no --label, found " + label
                                + ")");
            }
        }
    }

    /** The name tells nothing, and what is looked at ends anywhere in a row: behind its label, in its index, or far behind. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 3_000})
    void aRowMayBeginWhereTheLookAtTheFormatEnds(int before) throws IOException {
        for (String end : List.of("\n", "\r\n", "\r")) {
            String row = "12 345:6 # ";
            String first = row + "x".repeat((1 << 16) - before - row.length() - end.length()) + end;
            Path file = Files.writeString(folder.resolve("t"), first + "21 345:7" + end);
            assertThat(reader.read(file).holdsSparse()).as(end).isTrue();
        }
    }

    /** No line end is there to cut at. */
    @Test
    void theFirstRowMayBeLongerThanTheLookAtTheFormat() throws IOException {
        StringBuilder row = new StringBuilder("1");
        for (int i = 1; row.length() < 1 << 17; i++) {
            row.append(' ').append(i).append(":1");
        }
        for (String before : List.of("", "# a comment\n\n", "2\n")) {
            Path file = Files.writeString(folder.resolve("t"), before + row + "\n2 1:1\n");
            assertThat(reader.read(file).holdsSparse()).isTrue();
        }
    }

    @Test
    void asManyFeaturesAsAllowed() throws IOException {
        DataReader few = DataReader.builder().maxFeatures(7).build();
        assertThat(few.read(write("1 7:1/")).features()).isEqualTo(7);
        Path file = write("1 8:1/");
        assertRefused(
                () -> few.read(file),
                BAD_DATA,
                file + ": line 1: the index is too large (expected at most 7, found 8)."
                        + " --max-features raises the limit.");
    }

    /** Indices as large as an int are told apart, whatever the limit. */
    @Test
    void theLargestIndices() throws IOException {
        DataReader many = DataReader.builder().maxFeatures(2_000_000_000).build();
        assertThat(many.read(write("1 0:1 1500000000:1/")).features()).isEqualTo(1_500_000_001);
        DataReader most = DataReader.builder().maxFeatures(2_147_483_639).build();
        assertThat(most.read(write("1 0:1 2147483639:1/")).features()).isEqualTo(2_147_483_640);
        for (String index : List.of("2000000001", "2147483647", "2147483648", "21474836470")) {
            Path file = write("0 " + index + ":1/1 0:1/");
            assertRefused(
                    () -> many.read(file),
                    BAD_DATA,
                    file + ": line 1: the index is too large (expected at most 2000000000, found " + index + ")."
                            + " --max-features raises the limit.");
        }
    }

    /** Text labels are taken; LIBSVM itself would not. */
    @Test
    void labelsMayBeText() throws IOException {
        assertThat(reader.read(write("spam 1:1/ham 2:1/")).classNames()).containsExactly("ham", "spam");
    }

    @Test
    void theFormatIsToldByContentOrName() throws IOException {
        Path file = folder.resolve("t.data");
        Files.writeString(file, "1 1:0.5\n0\n");
        assertThat(reader.read(file).sparse()).isPresent();
        Files.writeString(file, "0\n# x\n1 qid:3 1:0.5\n");
        assertThat(reader.read(file).sparse()).isPresent();
        for (String comment : List.of("\u00c5", "\u2026 \u2028")) {
            Files.writeString(file, "1 1:0.5 # " + comment + "\n# " + comment + "\n0 2:1\n");
            assertThat(reader.read(file).sparse()).isPresent();
        }
        Path named = folder.resolve("T.SVM.gz");
        Files.write(named, IdxBytes.gzip(("0\n".repeat(20) + "1 1:0.5\n").getBytes(UTF_8)));
        assertThat(reader.read(named).sparse()).isPresent();
        Files.writeString(file, "12:30,1\n12:40,2\n");
        assertRefused(
                () -> reader.read(file),
                BAD_DATA,
                file + ": line 2, column 1 (12:30): not a number (expected a number such as -1.5e3, found 12:40)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', nullValues = "-", textBlock = """
            1 1:1/0 -1:2/            > line 2: not a pair of index and value (expected such as 7:0.5, found -1:2)
            1 1:1/0 :4/              > line 2: not a pair of index and value (expected such as 7:0.5, found :4)
            1 1:1/0 a:1/             > line 2: not a pair of index and value (expected such as 7:0.5, found a:1)
            1 1:1/0 qid:/            > line 2: not a pair of index and value (expected such as 7:0.5, found qid:)
            1 1:1/0 5/               > line 2: not a pair of index and value (expected such as 7:0.5, found 5)
            1 1:1/0 1.5:1/           > line 2: not a pair of index and value (expected such as 7:0.5, found 1.5:1)
            1 1:1/0 +2:1/            > line 2: not a pair of index and value (expected such as 7:0.5, found +2:1)
            1 1:1/0 3:/              > line 2: not a number (expected a number such as -1.5e3, found nothing)
            1 1:1/0 3:4:5/           > line 2: not a number (expected a number such as -1.5e3, found 4:5)
            1 1:1/0 3:x/             > line 2: not a number (expected a number such as -1.5e3, found x)
            1 1:1/0 3:nan/           > line 2: not a number (expected a number such as -1.5e3, found nan)
            1 1:1/0 3:inf/           > line 2: not a number (expected a number such as -1.5e3, found inf)
            1 1:1/0 3:1,5/           > line 2: not a number (expected a number such as -1.5e3, found 1,5)
            1 1:1/0 3:0x10/          > line 2: not a number (expected a number such as -1.5e3, found 0x10)
            1 1:1/0 3:1e39/          > line 2: the number is too large for a float (expected at most 3.4028235e38, found 1e39)
            1 1:1/0 3:1 2:1/         > line 2: the indices do not ascend (expected more than 3, found 2)
            1 1:1/0 3:1 3:1/         > line 2: the index is there twice (expected more than 3, found 3)
            1 1:1/0 2000000000:1/    > line 2: the index is too large (expected at most 1000000, found 2000000000). --max-features raises the limit.
            1 1:1/0 1000001:1/       > line 2: the index is too large (expected at most 1000000, found 1000001). --max-features raises the limit.
            1 1:1/0 99999999999999999999:1/ > line 2: the index is too large (expected at most 1000000, found 99999999999999999999). --max-features raises the limit.
            1 1:1/0 4294967297:1/    > line 2: the index is too large (expected at most 1000000, found 4294967297). --max-features raises the limit.
            1 1:1/1:1/               > line 2: the label is missing
            1:1/                     > line 1: the label is missing
            1,2 1:1/                 > line 1: several labels (expected one label, found 1,2)
            ? 1:1/                   > line 1: the label is missing (expected a class, found ?)
            nan 1:1/                 > line 1: the label is missing (expected a class, found nan)
            0 1:1/0.5 1:1/           > line 2: the label is not a class (expected a whole number or text, found 0.5). If it is a feature, --label names the column of the classes.
            0/1/                     > no row has a feature
            #/#/                     > there is no row in it
            ///                      > there is no row in it
            -                        > offset 0: the file is empty
            """)
    void isRefused(String text, String line) throws IOException {
        Path file = write(text == null ? "" : text);
        assertRefused(() -> reader.read(file), BAD_DATA, file + ": " + line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            2 4:1/       > more features than the model takes (expected indices up to 3, found 4)
            2 0:1 3:1/   > more features than the model takes (expected indices up to 2, found 3)
            4 1:1/       > line 1: the label is not among the classes (expected 2, 3, found 4)
            2 1:1/1:1/   > line 2: some rows have a label and some have none
            1:1/2 1:1/   > line 2: some rows have a label and some have none
            """)
    void rowsThatTheModelDoesNotKnow(String text, String line) throws IOException {
        Path file = write(text);
        DataReader like =
                DataReader.builder().labelled(false).like(3, List.of("2", "3")).build();
        assertRefused(() -> like.read(file), BAD_DATA, file + ": " + line);
    }

    @Test
    void aByteThatIsNotUtf8() throws IOException {
        Path file = Files.write(
                folder.resolve("t.svm"), new byte[] {'1', ' ', '1', ':', '1', '\r', '\n', '2', ' ', (byte) 0xE9});
        assertRefused(() -> reader.read(file), BAD_DATA, file + ": line 2, byte 3: byte 0xE9 is not UTF-8");
    }

    @Test
    void aTokenThatNeverEnds() throws IOException {
        // The last two would be a pair of surrogates, for which there is no room.
        for (String token : List.of("1".repeat(1 << 16), "1".repeat((1 << 16) - 1) + "\uD83D\uDE00 1:1")) {
            Path file = write("1 1:1\n" + token);
            assertRefused(
                    () -> reader.read(file),
                    BAD_DATA,
                    file + ": line 2: the token is too long (expected at most 65534 characters, found more)");
        }
    }

    /** An end of line of two characters lies in two buffers, whatever power of two they are long. */
    @Test
    void linesAreCountedAcrossBuffers() throws IOException {
        Path file = write("#\r\n".repeat(100_000) + "1 1");
        assertRefused(
                () -> reader.read(file),
                BAD_DATA,
                file + ": line 100001: not a pair of index and value (expected such as 7:0.5, found 1)");
    }

    /** Longer than every buffer on the way, with an end of line of two characters at every place of a buffer. */
    @Test
    void manyRowsComeBack() throws IOException {
        SplitMix64 random = SplitMix64.of(3, SplitMix64.Stream.WEIGHTS, 0);
        int rows = 20_000;
        float[] values = new float[rows * 30];
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(i % 4);
            for (int j = 0; j < 30; j++) {
                if (random.nextInt(6) == 0) {
                    values[30 * i + j] = Float.intBitsToFloat(random.nextInt(1 << 30));
                    text.append(' ').append(j + 1).append(':').append(values[30 * i + j]);
                }
            }
            text.append(i % 3 == 0 ? "\n" : "\r\n");
        }
        Path file = write(text.toString());
        Path packed = Files.write(folder.resolve("packed"), IdxBytes.gzip(Files.readAllBytes(file)));
        for (Dataset data : List.of(reader.read(file), reader.read(packed))) {
            assertThat(data.features()).isEqualTo(30);
            assertThat(data.values()).isEqualTo(values);
            assertThat(data.labels()[rows - 1]).isEqualTo(3);
        }
    }

    /** Whatever is cut off or flipped, the rows are read or refused; nothing but the declared exception comes out. */
    @Test
    void damageIsReadOrRefused() throws IOException {
        byte[] whole = "-1 qid:3 1:.5 3:-2e1 # x\r\n+1 2:1\n".getBytes(UTF_8);
        Path file = folder.resolve("t.svm");
        int refusals = 0;
        for (int i = -whole.length; i < 8 * whole.length; i++) {
            byte[] damaged = i < 0 ? Arrays.copyOf(whole, whole.length + i) : whole.clone();
            if (i >= 0) {
                damaged[i / 8] ^= (byte) (1 << i % 8);
            }
            Files.write(file, damaged);
            try {
                assertThat(reader.read(file).features()).isPositive();
            } catch (LanewiseException e) {
                assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(BAD_DATA);
                refusals++;
            }
        }
        assertThat(refusals).isPositive();
    }
}
