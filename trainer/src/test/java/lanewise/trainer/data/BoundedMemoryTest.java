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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small files that claim to be large, or unpack to much, are refused before much memory is set aside for them. */
@Tag("no-kernel")
class BoundedMemoryTest {
    /** All that is allocated on the way, half of it garbage by then; far less than is claimed, or unpacked. */
    private static final int MOST_MEBIBYTES = 128;

    private static final int UNPACKED_MEBIBYTES = 3 * MOST_MEBIBYTES / 2;

    @TempDir
    Path folder;

    static Stream<Arguments> files() throws IOException {
        byte[] claim = NpyBytes.npy(NpyBytes.dict("<f8", "(400000000, 2)"), new byte[16]);
        byte[] bytesClaim = NpyBytes.npy(NpyBytes.dict("|u1", "(2000000000, 1)"), new byte[16]);
        byte[] sound = NpyBytes.floats("(2, 1)", 1, 2);
        byte[] zero = {0};
        return Stream.of(
                arguments("NPY", claim),
                arguments("NPY, packed", IdxBytes.gzip(claim)),
                arguments("NPY of bytes, packed", IdxBytes.gzip(bytesClaim)),
                arguments("NPY that goes on", goesOn(sound, zero)),
                arguments("NPZ", NpyBytes.zip(true, "X.npy", claim, "y.npy", sound)),
                arguments("NPZ of labels", NpyBytes.zip(false, "X.npy", sound, "y.npy", claim)),
                arguments("NPZ that goes on", archiveThatGoesOn(sound)),
                arguments("IDX", IdxBytes.gzip(IdxBytes.idx(0x803, new int[] {65536, 1024, 28}))),
                arguments("IDX that goes on", goesOn(IdxBytes.images(2, 3, 4), zero)),
                arguments("an index of sparse rows", "1 1:1\n2 2000000000:1\n".getBytes(US_ASCII)),
                arguments("a number of sparse rows", goesOn("1 1:1", "1")),
                arguments("a quote", goesOn("a,b\n1,\"", "x")),
                arguments("a cell", goesOn("a,b\n", "1")),
                arguments("long cells", goesOn("1", "2".repeat(1 << 16) + ',')),
                arguments("columns", goesOn("1", ",1")));
    }

    private static byte[] goesOn(String start, String rest) throws IOException {
        return goesOn(start.getBytes(US_ASCII), rest.getBytes(US_ASCII));
    }

    /** Packed, with the rest again and again. Of as many gzip members the file is soon made. */
    private static byte[] goesOn(byte[] start, byte[] rest) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.write(IdxBytes.gzip(start));
        ByteBuffer block = ByteBuffer.allocate((1 << 20) / rest.length * rest.length);
        while (block.hasRemaining()) {
            block.put(rest);
        }
        byte[] member = IdxBytes.gzip(block.array());
        for (int i = 0; i < UNPACKED_MEBIBYTES; i++) {
            packed.write(member);
        }
        return packed.toByteArray();
    }

    /** As {@link #goesOn}, of the first member of an archive, which cannot consist of several. */
    private static byte[] archiveThatGoesOn(byte[] start) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            zip.putNextEntry(new ZipEntry("X.npy"));
            zip.write(start);
            for (int i = 0; i < UNPACKED_MEBIBYTES; i++) {
                zip.write(new byte[1 << 20]);
            }
            zip.putNextEntry(new ZipEntry("y.npy"));
            zip.write(start);
        }
        return packed.toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void littleIsSetAside(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("hostile"), content);
        DataReader reader = DataReader.builder()
                .label(name.startsWith("NPY") ? "none" : null)
                .labelled(!name.startsWith("IDX"))
                .build();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertThat(refused(() -> reader.read(file)).exitCode()).isEqualTo(BAD_DATA);
        long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertThat(after - before).isLessThan(((long) MOST_MEBIBYTES << 20) + 2 * Files.size(file));
    }
}
