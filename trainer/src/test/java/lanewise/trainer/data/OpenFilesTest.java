package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_MEMORY;
import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that have been read or refused leave no file open, neither their own nor that of their labels. */
@EnabledOnOs(OS.LINUX)
class OpenFilesTest {
    @TempDir
    Path folder;

    /** Which files of the folder this process has open. */
    private List<Path> open() throws IOException {
        Path real = folder.toRealPath();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(OpenFilesTest::target)
                    .filter(path -> path.startsWith(real))
                    .toList();
        }
    }

    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException e) {
            return descriptor; // Closed in the meantime.
        }
    }

    private DataReader labelledBy(byte[] labels) throws IOException {
        Path file = Files.write(folder.resolve("y"), labels);
        return DataReader.builder().label(file.toString()).build();
    }

    @Test
    void aFileHeldOpenIsSeen() throws IOException {
        Path file = Files.createFile(folder.resolve("x"));
        try (FileChannel held = FileChannel.open(file)) {
            assertThat(open()).containsExactly(file.toRealPath());
        }
        assertThat(open()).isEmpty();
    }

    @Test
    void anArrayThatEndsEarly() throws IOException {
        byte[] fortran = NpyBytes.npy(NpyBytes.dict("|u1", "(2, 3)").replace("False", "True "), new byte[5]);
        Path array = Files.write(folder.resolve("x"), IdxBytes.gzip(fortran));
        DataReader reader = labelledBy(NpyBytes.bytes("(2,)", 0, 1));
        assertThat(refused(() -> reader.copy(array, folder)).exitCode()).isEqualTo(BAD_DATA);
        assertThat(open()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.idx y.idx", "x.npy y.idx", "x.npy y.npy", "x.npz", "x.csv", "x.svm"})
    void inEveryFormat(String names) throws IOException {
        Path file = folder.resolve(names.split(" ")[0]);
        Path labels = names.contains(" ") ? folder.resolve(names.split(" ")[1]) : null;
        DataWriter.to(file, labels).write(Dataset.of(new float[] {1, 2, 3, 4}, 2, 2, new int[] {0, 1}, 2));
        goThrough(file, labels == null ? null : labels.toString());
        Files.write(file, IdxBytes.gzip(Files.readAllBytes(file)));
        goThrough(file, labels == null ? null : labels.toString());
    }

    @Test
    void anArchiveInFortransOrder() throws IOException {
        byte[] x = NpyBytes.npy(NpyBytes.dict("|u1", "(2, 2)").replace("False", "True "), new byte[4]);
        byte[] archive = NpyBytes.zip(true, "X.npy", x, "y.npy", NpyBytes.bytes("(2,)", 0, 1));
        goThrough(Files.write(folder.resolve("x"), archive), null);
    }

    private void goThrough(Path file, String label) throws IOException {
        DataReader reader =
                DataReader.builder().label(label).like(2, ClassNames.counted(2)).build();
        assertThat(reader.read(file).rows()).isEqualTo(2);
        reader.copy(file, folder).close();
        reader.labelledRows(file, usual -> usual).close();
        reader.rows(file).close();
        assertThat(open()).isEmpty();
    }

    @Test
    void aScalingThatThrows() throws IOException {
        Path table = Files.writeString(folder.resolve("x"), "1,a\n2,b\n");
        DataReader known = DataReader.builder().like(1, List.of("a", "b")).build();
        assertThatIllegalStateException()
                .isThrownBy(() -> known.labelledRows(table, usual -> {
                    throw new IllegalStateException("ours");
                }))
                .withMessage("ours");
        assertThat(open()).isEmpty();
    }

    @Test
    void aNoteThatThrows() throws IOException {
        Path table = Files.writeString(folder.resolve("x"), "1,a\n2,b\n");
        DataReader reader = DataReader.builder()
                .notes(note -> {
                    if (note.contains("is streamed")) {
                        throw new IllegalStateException(note);
                    }
                })
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> reader.copy(table, folder))
                .withMessageContaining("is streamed");
        assertThat(open()).isEmpty();
    }

    @Test
    void moreLabelsThanRows() throws IOException {
        Path array = Files.write(folder.resolve("x"), NpyBytes.bytes("(2, 1)", 1, 2));
        DataReader reader = labelledBy(NpyBytes.bytes("(3,)", 0, 1, 0));
        assertThat(refused(() -> reader.copy(array, folder)).exitCode()).isEqualTo(BAD_DATA);
        assertThat(open()).isEmpty();
    }

    @Test
    void imagesOfAnotherWidth() throws IOException {
        Path images = Files.write(folder.resolve("x"), IdxBytes.images(2, 1, 3));
        DataReader like = DataReader.builder().like(2, null).build();
        assertThat(refused(() -> like.rows(images)).exitCode()).isEqualTo(BAD_DATA);
        assertThat(open()).isEmpty();
    }

    @Test
    void rowsToTestWithOfAnotherClass() throws IOException {
        IdxBytes.writeFolder(folder);
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(2, 0, 3));
        DataReader reader = DataReader.builder().build();
        assertThat(refused(() -> reader.copyBoth(folder, folder)).exitCode()).isEqualTo(BAD_DATA);
        assertThat(open()).isEmpty();
    }

    @Test
    void aHeaderAlone() throws IOException {
        Path table = Files.writeString(folder.resolve("x"), "a,b\n");
        DataReader reader = DataReader.builder().build();
        assertThat(refused(() -> reader.read(table)).exitCode()).isEqualTo(BAD_DATA);
        assertThat(open()).isEmpty();
    }

    @Test
    void anImageThatNoArrayHolds() throws IOException {
        Path images = Files.write(folder.resolve("x"), IdxBytes.idx(0x803, new int[] {1, 1 << 16, 1 << 15}));
        try (FileChannel channel = FileChannel.open(images, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), 16 + (1L << 31) - 1);
        }
        DataReader reader = labelledBy(IdxBytes.labels(1));
        assertThat(refused(() -> reader.copy(images, folder)).exitCode()).isEqualTo(NO_MEMORY);
        assertThat(open()).isEmpty();
    }
}
