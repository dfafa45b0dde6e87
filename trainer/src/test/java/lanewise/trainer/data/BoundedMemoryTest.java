package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small files that claim to be large, or unpack to much, are refused before much memory is set aside for them. */
@Tag("no-kernel")
class BoundedMemoryTest {
    /** All that is allocated on the way, half of it garbage by then; far less than is claimed. */
    private static final long MOST = 128 << 20;

    @TempDir
    Path folder;

    static Stream<Arguments> files() throws IOException {
        byte[] claim = NpyBytes.npy(NpyBytes.dict("<f8", "(400000000, 2)"), new byte[16]);
        byte[] bytesClaim = NpyBytes.npy(NpyBytes.dict("|u1", "(2000000000, 1)"), new byte[16]);
        byte[] sound = NpyBytes.floats("(2, 1)", 1, 2);
        return Stream.of(
                arguments("NPY", claim),
                arguments("NPY, packed", IdxBytes.gzip(claim)),
                arguments("NPY of bytes, packed", IdxBytes.gzip(bytesClaim)),
                arguments("NPY that goes on", IdxBytes.gzip(IdxBytes.concat(sound, new byte[16 << 20]))),
                arguments("NPZ", NpyBytes.zip(true, "X.npy", claim, "y.npy", sound)),
                arguments("NPZ of labels", NpyBytes.zip(false, "X.npy", sound, "y.npy", claim)),
                arguments(
                        "NPZ that goes on",
                        NpyBytes.zip(true, "X.npy", IdxBytes.concat(sound, new byte[16 << 20]), "y.npy", sound)),
                arguments("IDX", IdxBytes.gzip(IdxBytes.idx(0x803, new int[] {65536, 1024, 28}))),
                arguments("an index of sparse rows", "1 1:1\n2 2000000000:1\n".getBytes(US_ASCII)),
                arguments("a number of sparse rows", IdxBytes.gzip(repeated("1 1:1", "1", 20))),
                arguments("a quote", IdxBytes.gzip(repeated("a,b\n1,\"", "x", 8))),
                arguments("a cell", IdxBytes.gzip(repeated("a,b\n", "1", 8))),
                arguments("long cells", IdxBytes.gzip(repeated("1", "2".repeat(1 << 16) + ',', 256))),
                arguments("columns", IdxBytes.gzip(repeated("1", ",1", 3))));
    }

    private static byte[] repeated(String start, String rest, int mebibytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(mebibytes << 20);
        bytes.write(start.getBytes(US_ASCII));
        byte[] block = rest.repeat((1 << 20) / rest.length()).getBytes(US_ASCII);
        for (int i = 0; i < mebibytes; i++) {
            bytes.write(block);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void littleIsSetAside(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("hostile"), content);
        DataReader reader = DataReader.builder()
                .label(name.startsWith("NPY") ? "none" : null)
                .labelled(!name.equals("IDX"))
                .build();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertThat(refused(() -> reader.read(file)).exitCode()).isEqualTo(BAD_DATA);
        long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertThat(after - before).isLessThan(MOST + 2 * Files.size(file));
    }
}
