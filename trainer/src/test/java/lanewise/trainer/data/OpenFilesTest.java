package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_MEMORY;
import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;

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

/** Data that are refused leave no file open, neither their own nor that of their labels. */
@EnabledOnOs(OS.LINUX)
class OpenFilesTest {
    @TempDir
    Path folder;

    /** Which files of the folder this process has open. */
    private List<Path> open() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(OpenFilesTest::target)
                    .filter(path -> path.startsWith(folder))
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
    void anArrayThatEndsEarly() throws IOException {
        byte[] fortran = NpyBytes.npy(NpyBytes.dict("|u1", "(2, 3)").replace("False", "True "), new byte[5]);
        Path array = Files.write(folder.resolve("x"), IdxBytes.gzip(fortran));
        DataReader reader = labelledBy(NpyBytes.bytes("(2,)", 0, 1));
        assertThat(refused(() -> reader.copy(array, folder)).exitCode()).isEqualTo(BAD_DATA);
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
