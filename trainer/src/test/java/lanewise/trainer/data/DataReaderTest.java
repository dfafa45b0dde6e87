package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_INPUT;
import static lanewise.trainer.ExitCode.USAGE;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import lanewise.trainer.io.FaultyFileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the same for every format: names, folders, standard input. */
@Tag("no-kernel")
class DataReaderTest {
    private static final Path STDIN = Path.of("-");

    @TempDir
    Path folder;

    private final DataReader reader = DataReader.builder().build();

    private static <T> T withStdin(byte[] content, Supplier<T> call) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(content));
        try {
            return call.get();
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void whatIsKnownOfTheDataMustBePossible() {
        DataReader.Builder builder = DataReader.builder();
        for (int value : new int[] {-2, 2, 7}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.firstIndex(value))
                    .withMessage("firstIndex is out of range (expected -1 to 1, found " + value + ")");
        }
        for (int value : new int[] {-5, 0, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> builder.like(value, null));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxFeatures(value));
        }
        assertThatNullPointerException().isThrownBy(() -> builder.notes(null));
    }

    @Test
    void classesThatAreKnownStayAsTheyAre() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "1,2,a\n3,4,b\n");
        List<String> names = new ArrayList<>(List.of("b", "a"));
        DataReader.Builder builder = DataReader.builder().like(2, names);
        names.clear();
        assertThat(builder.build().read(file).labels()).containsExactly(1, 0);
        assertThatNullPointerException().isThrownBy(() -> builder.like(2, Arrays.asList("a", null)));
    }

    @Test
    void everyFormatComesFromStandardInput() throws IOException {
        byte[] csv = "1,2,a\n3,4,b\n".getBytes(US_ASCII);
        byte[] libsvm = "1 1:1 2:2\n2 1:3 2:4\n".getBytes(US_ASCII);
        byte[] npz = NpyBytes.zip(
                true, "X.npy", NpyBytes.floats("(2, 2)", 1, 2, 3, 4), "y.npy", NpyBytes.bytes("(2,)", 8, 9));
        for (byte[] content : List.of(csv, libsvm, npz)) {
            for (byte[] sent : List.of(content, IdxBytes.gzip(content))) {
                Dataset data = withStdin(sent, () -> reader.read(STDIN));
                assertThat(data.values()).containsExactly(1, 2, 3, 4);
                assertThat(data.labels()).containsExactly(0, 1);
            }
        }
        DataReader unlabelled = DataReader.builder().labelled(false).build();
        Dataset images = withStdin(IdxBytes.images(2, 1, 2), () -> unlabelled.read(STDIN));
        assertThat(images.rows()).isEqualTo(2);
        Dataset array = withStdin(NpyBytes.floats("(2, 2)", 1, 2, 3, 4), () -> unlabelled.read(STDIN));
        assertThat(array.values()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void messagesSayStdin() {
        assertRefused(
                () -> withStdin(new byte[0], () -> reader.read(STDIN)), BAD_DATA, "stdin: offset 0: the file is empty");
        assertRefused(
                () -> withStdin("1,2,a\n3,x,b\n".getBytes(US_ASCII), () -> reader.read(STDIN)),
                BAD_DATA,
                "stdin: line 2, column 2: not a number (expected a number such as -1.5e3, found x)");
    }

    @Test
    void aFolderHasTwoParts() throws IOException {
        IdxBytes.writeFolder(folder);
        assertThat(reader.read(folder).rows()).isEqualTo(5);
        assertThat(reader.readTest(folder).rows()).isEqualTo(3);
        assertThat(reader.readBoth(folder).train().rows()).isEqualTo(5);
        assertThat(reader.readBoth(folder).test().orElseThrow().rows()).isEqualTo(3);
        DataReader like = DataReader.builder().like(6, List.of("2", "1", "0")).build();
        assertThat(like.readTest(folder).labels()).containsExactly(0, 2, 1);
        DataReader other = DataReader.builder().like(6, List.of("1", "2")).build();
        assertRefused(
                () -> other.readTest(folder),
                BAD_DATA,
                folder.resolve("t10k-labels-idx1-ubyte")
                        + ": row 1: the label is not among the classes (expected 1, 2, found 0)");
        assertRefused(
                () -> DataReader.builder().label("y").build().read(folder),
                USAGE,
                folder + ": the labels of a folder are in its files (expected no --label, found y)");
    }

    @Test
    void imagesHaveTheirLabelsElsewhere() throws IOException {
        Path images = Files.write(folder.resolve("images"), IdxBytes.images(2, 2, 3));
        assertRefused(
                () -> reader.read(images),
                USAGE,
                images + ": a file of images has no labels (expected --label with the file of the labels, found none)");
        assertRefused(
                () -> DataReader.builder()
                        .labelled(false)
                        .like(7, List.of())
                        .build()
                        .read(images),
                BAD_DATA,
                images + ": rows of another width than the model takes (expected 7 features, found 6)");
    }

    /** Whoever wants no labels gets the rows of a file that has none, and of one whose labels are said to be none. */
    @Test
    void labelsThatAreNotWantedMayBeMissing() throws IOException {
        byte[] array = NpyBytes.bytes("(2, 2)", 1, 2, 3, 4);
        byte[] images = IdxBytes.images(2, 1, 2);
        byte[] sparse = "1:1 2:2\n1:3 2:4\n".getBytes(US_ASCII);
        byte[] archive = NpyBytes.zip(true, "X.npy", array);
        byte[] labelled = NpyBytes.zip(true, "X.npy", array, "y.npy", NpyBytes.bytes("(2,)", 8, 9));
        for (byte[] content : List.of(array, images, sparse, archive, labelled)) {
            Path file = Files.write(folder.resolve("rows"), content);
            for (String label : content == labelled ? new String[] {null, "y"} : new String[] {null, "none"}) {
                try (RowReader rows = DataReader.builder().label(label).build().rows(file)) {
                    assertThat(rows.features()).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void rowsAreNotCopiedWithoutLabels() throws IOException {
        byte[] array = NpyBytes.bytes("(2, 2)", 1, 2, 3, 4);
        byte[] table = "1,2\n3,4\n".getBytes(US_ASCII);
        DataReader unlabelled = DataReader.builder().labelled(false).build();
        for (byte[] content : List.of(array, table, IdxBytes.images(2, 1, 2), NpyBytes.zip(true, "X.npy", array))) {
            Path file = Files.write(folder.resolve("rows"), content);
            assertRefused(
                    () -> unlabelled.copy(file, folder),
                    USAGE,
                    file + ": the rows must have labels (expected a reader of labels, found labelled(false))");
        }
    }

    /** They go where they are wanted, however many would be taken: no block is set aside for them, nor at their end. */
    @Test
    void theRowsOfATableTakeNoMemory() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "1,2,a\n3,4,b\n");
        try (RowReader rows = reader.rows(file)) {
            float[] read = new float[4];
            assertThat(rows.read(read, Integer.MAX_VALUE)).isEqualTo(2);
            assertThat(read).containsExactly(1, 2, 3, 4);
        }
        DataReader known = DataReader.builder().like(2, List.of("a", "b")).build();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (LabelledRows rows = known.labelledRows(file, usual -> usual)) {
            assertThat(rows.next().data().rows()).isEqualTo(2);
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            assertThat(rows.next()).isNull();
            long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            assertThat(after - before).isLessThan(10_000);
        }
    }

    /** Block by block the rows are those that are read as a whole, and the last block is the shorter one. */
    @Test
    void rowsComeInBlocks() throws IOException {
        int rows = 25_000;
        float[] values = new float[2 * rows];
        StringBuilder csv = new StringBuilder("a,b\n");
        StringBuilder libsvm = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            values[2 * i] = i;
            values[2 * i + 1] = -0.5f * i;
            csv.append(i).append(',').append(values[2 * i + 1]).append('\n');
            libsvm.append("1 1:")
                    .append(i)
                    .append(" 2:")
                    .append(values[2 * i + 1])
                    .append('\n');
        }
        byte[] npy = NpyBytes.floats("(25000, 2)", values);
        DataReader like = DataReader.builder().labelled(false).like(2, null).build();
        byte[][] contents = {
            csv.toString().getBytes(US_ASCII),
            libsvm.toString().getBytes(US_ASCII),
            npy,
            new String(npy, ISO_8859_1).replace("False", "True ").getBytes(ISO_8859_1),
            NpyBytes.zip(true, "X.npy", npy)
        };
        for (byte[] content : contents) {
            for (byte[] packed : new byte[][] {content, IdxBytes.gzip(content)}) {
                Path file = Files.write(folder.resolve("rows"), packed);
                float[] whole = like.read(file).values();
                float[] blocks = new float[2 * rows];
                try (RowReader reader = like.rows(file)) {
                    assertThat(reader.features()).isEqualTo(2);
                    float[] block = new float[2 * 999];
                    int at = 0;
                    for (int n = reader.read(block, 999); n > 0; n = reader.read(block, 999)) {
                        assertThat(n).isEqualTo(Math.min(999, rows - at));
                        System.arraycopy(block, 0, blocks, 2 * at, 2 * n);
                        at += n;
                    }
                    assertThat(at).isEqualTo(rows);
                    assertThat(reader.read(block, 999)).isZero();
                }
                assertThat(blocks).isEqualTo(whole);
            }
        }
    }

    /** Though they are read a few at a time where they have many entries. */
    @Test
    void asManySparseRowsComeAsAreAskedFor() throws IOException {
        int rows = 1_500;
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            text.append(row % 2);
            for (int column = 1; column <= 100; column++) {
                text.append(' ').append(column).append(':').append(row + column);
            }
            text.append('\n');
        }
        Path file = Files.writeString(folder.resolve("rows"), text);
        float[] x = new float[rows * 100];
        try (RowReader sparse =
                DataReader.builder().labelled(false).like(100, null).build().rows(file)) {
            assertThat(sparse.read(x, rows)).isEqualTo(rows);
        }
        assertThat(x).isEqualTo(reader.read(file).values());
    }

    /** Nothing is lost when more rows are asked for than there is room for, or none. */
    @Test
    void theRowsThatThereIsRoomForAreRead() throws IOException {
        byte[][] contents = {
            "1,2\n3,4\n5,6\n".getBytes(US_ASCII),
            "1:1 2:2\n1:3 2:4\n1:5 2:6\n".getBytes(US_ASCII),
            NpyBytes.floats("(3, 2)", 1, 2, 3, 4, 5, 6)
        };
        DataReader like = DataReader.builder().labelled(false).like(2, null).build();
        for (byte[] content : contents) {
            Path file = Files.write(folder.resolve("rows"), content);
            try (RowReader rows = like.rows(file)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> rows.read(new float[1], 1))
                        .withMessage("1 values are no row of 2 features");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> rows.read(new float[2], 0))
                        .withMessage("at most 0 rows are none");
                assertThatIllegalArgumentException().isThrownBy(() -> rows.read(new float[2], -1));
                if (rows.holdsSparse()) {
                    assertThatIllegalArgumentException().isThrownBy(() -> rows.readSparse(0));
                }
                float[] x = new float[5];
                assertThat(rows.read(x, 3)).isEqualTo(2);
                assertThat(x).containsExactly(1, 2, 3, 4, 0);
                assertThat(rows.read(x, 3)).isEqualTo(1);
                assertThat(x).startsWith(5, 6);
                assertThat(rows.read(x, 3)).isZero();
            }
        }
    }

    @Test
    void missingValuesThatAreKeptAreNaN() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "1,?,a\n");
        try (RowReader rows = DataReader.builder().keepMissing(true).build().rows(file)) {
            float[] x = new float[2];
            assertThat(rows.read(x, 1)).isEqualTo(1);
            assertThat(x).containsExactly(1, Float.NaN);
        }
    }

    /** Its labels may be a column of an array, as of a table. */
    @Test
    void aColumnOfLabelsIsLeftOut() throws IOException {
        Path file = Files.write(folder.resolve("rows"), NpyBytes.floats("(3, 3)", 1, 7, 2, 3, 8, 4, 5, 7, 6));
        DataReader like =
                DataReader.builder().label("2").labelled(false).like(2, null).build();
        try (RowReader rows = like.rows(file)) {
            assertThat(rows.features()).isEqualTo(2);
            float[] x = new float[4];
            assertThat(rows.read(x, 2)).isEqualTo(2);
            assertThat(x).containsExactly(1, 2, 3, 4);
            assertThat(rows.read(x, 2)).isEqualTo(1);
            assertThat(x).startsWith(5, 6);
            assertThat(rows.read(x, 2)).isZero();
        }
    }

    @Test
    void damageAtTheEndIsToldBeforeTheLastRow() throws IOException {
        byte[][] contents = {"1,2\n3,4\n".getBytes(US_ASCII), NpyBytes.floats("(2, 2)", 1, 2, 3, 4)};
        DataReader like = DataReader.builder().labelled(false).like(2, null).build();
        for (byte[] content : contents) {
            byte[] packed = IdxBytes.gzip(content);
            packed[packed.length - 8] ^= 1;
            Path file = Files.write(folder.resolve("rows"), packed);
            int[] read = {0};
            assertRefused(
                    () -> {
                        try (RowReader reader = like.rows(file)) {
                            read[0] += reader.read(new float[2], 1);
                            read[0] += reader.read(new float[2], 1);
                        }
                    },
                    BAD_DATA,
                    file + ": the checksum is wrong: the file is damaged");
            assertThat(read[0]).isLessThan(2);
        }
    }

    @Test
    void aFileThatMayNotBeReadIsRefused() throws IOException {
        FaultyFileSystem files = new FaultyFileSystem();
        files.beforeRead(file -> {
            throw new AccessDeniedException(file.toString());
        });
        Path file = files.path(Files.writeString(folder.resolve("t.csv"), "1,2,a\n3,4,b\n"));
        assertRefused(() -> reader.read(file), NO_INPUT, file + ": permission denied");
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertRefused(
                () -> reader.read(folder.resolve("none")),
                NO_INPUT,
                folder.resolve("none") + ": no such file or folder");
        assertRefused(() -> reader.read(Path.of("/dev/zero")), NO_INPUT, "/dev/zero: not a regular file");
        assertRefused(
                () -> reader.read(folder), NO_INPUT, folder + "/train-images-idx3-ubyte: no such file, plain or .gz");
    }
}
