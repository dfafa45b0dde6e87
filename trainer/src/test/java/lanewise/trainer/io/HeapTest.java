package lanewise.trainer.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.NpyBytes;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shortage of memory is foreseen, in JVMs of 64 MiB: no array is set aside for an input that does not fit. */
@Tag("own-mode")
class HeapTest {
    @TempDir
    Path folder;

    /** 100 images of 640 x 640 take 39 MiB, and half as much again for the collector's sake. */
    @Test
    void imagesThatDoNotFit() throws Exception {
        Path images = writeImages();
        assertThat(read(images, "-XX:+UseG1GC"))
                .isEqualTo("71 " + images + ": does not fit the heap (expected at most 64 MiB, found 75 MiB)."
                        + " Run with JDK_JAVA_OPTIONS=-Xmx84m.");
        assertThat(read(images, "-Xmx75m", "-XX:+UseG1GC")).isEqualTo("0");
        assertThat(read(images, "-Xmx96m", "-XX:+UseSerialGC")).isEqualTo("0");
    }

    /** No heap would help, so that is said instead. */
    @Test
    void damagedImagesThatWouldNotFit() throws Exception {
        Path images = writeImages();
        byte[] packed = Files.readAllBytes(images);
        Files.write(images, Arrays.copyOf(packed, packed.length - 9));
        assertThat(read(images)).startsWith("65 " + images + ": cut short");
        packed[packed.length - 8] ^= 1;
        Files.write(images, packed);
        assertThat(read(images)).isEqualTo("65 " + images + ": the checksum is wrong: the file is damaged");
    }

    /** As many items as the images have. */
    @ParameterizedTest
    @ValueSource(strings = {"array.npy.gz", "array.npz"})
    void aPackedArrayThatDoesNotFit(String name) throws Exception {
        Path array = folder.resolve(name);
        boolean archive = name.endsWith("npz");
        try (OutputStream file = Files.newOutputStream(array)) {
            writeArray(archive ? archive(file) : new GZIPOutputStream(file), "(100, 409600)", 100 * 409_600);
        }
        assertThat(read(array, "-XX:+UseG1GC"))
                .isEqualTo("71 " + array + (archive ? ": X.npy" : "")
                        + ": does not fit the heap (expected at most 64 MiB, found 75 MiB)."
                        + " Run with JDK_JAVA_OPTIONS=-Xmx84m.");
        byte[] packed = Files.readAllBytes(array);
        packed[packed.length / 2] ^= 1;
        Files.write(array, packed);
        assertThat(read(array)).startsWith("65 " + array + ": ");
    }

    /** A row takes a byte, and its label an int, 46 MiB in all. */
    @Test
    void labelsThatDoNotFit() throws Exception {
        int rows = 12_000_000;
        Path array = folder.resolve("array");
        Path labels = folder.resolve("labels");
        try (OutputStream first = new GZIPOutputStream(Files.newOutputStream(array));
                OutputStream second = new GZIPOutputStream(Files.newOutputStream(labels))) {
            writeArray(first, "(12000000, 1)", rows);
            writeArray(second, "(12000000,)", rows);
        }
        assertThat(read(array, "-XX:+UseG1GC"))
                .isEqualTo("71 " + labels + ": does not fit the heap (expected at most 64 MiB, found 85 MiB)."
                        + " Run with JDK_JAVA_OPTIONS=-Xmx95m.");
        byte[] packed = Files.readAllBytes(labels);
        packed[packed.length - 8] ^= 1;
        Files.write(labels, packed);
        assertThat(read(array)).isEqualTo("65 " + labels + ": the checksum is wrong: the file is damaged");
    }

    /** What is suffered is no fault of the table: the parser finds no room for its buffer of 4 MiB beside that of 2 MiB. */
    @Test
    void aLongCellThatDoesNotFit() throws Exception {
        Path table = Files.writeString(folder.resolve("table.csv"), "1." + "0".repeat((1 << 20) - 2) + ",0\n");
        assertThat(read(table, "-Xmx8m", "-XX:+UseSerialGC")).isEqualTo("the heap is full");
        assertThat(read(table)).isEqualTo("0");
    }

    private static OutputStream archive(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.putNextEntry(new ZipEntry("X.npy"));
        return zip;
    }

    /** Writes an array of zero bytes, and closes what it is written to. */
    private static void writeArray(OutputStream out, String shape, int bytes) throws IOException {
        try (out) {
            out.write(NpyBytes.npy(NpyBytes.dict("|u1", shape)));
            for (int left = bytes; left > 0; left -= 100_000) {
                out.write(new byte[Math.min(left, 100_000)]);
            }
        }
    }

    /** The weights take 48 MiB, and there is never a second copy of them, also where the run has them transposed. */
    @ParameterizedTest
    @ValueSource(ints = {3, 96})
    void aModelThatDoesNotFit(int outputs) throws Exception {
        int elements = 12 << 20;
        byte[] header = "{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
                .formatted(outputs, elements / outputs, 4 * elements)
                .getBytes(UTF_8);
        Path model = folder.resolve("model");
        try (RandomAccessFile file = new RandomAccessFile(model.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            file.write(header);
            file.setLength(8 + header.length + 4L * elements);
        }
        assertThat(read(model)).startsWith("71 " + model + ": does not fit the heap (expected at most 6");
        assertThat(read(model, "-Xmx96m", "-XX:+UseG1GC")).isEqualTo("0");
        assertThat(read(model, "-Xmx96m", "-XX:+UseSerialGC")).isEqualTo("0");
    }

    /** It is not held as a whole. */
    @Test
    void aLongLineTakesNothing() throws Exception {
        Path rows = Files.writeString(folder.resolve("rows.svm"), "1 1:1\n2" + " ".repeat(7_000_000) + "1:2\n");
        assertThat(read(rows, "-Xmx12m")).isEqualTo("0");
    }

    private Path writeImages() throws IOException {
        Path images = folder.resolve("images.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(images))) {
            out.write(ByteBuffer.allocate(16)
                    .putInt(0x803)
                    .putInt(100)
                    .putInt(640)
                    .putInt(640)
                    .array());
            for (int i = 0; i < 100; i++) {
                out.write(new byte[640 * 640]);
            }
        }
        return images;
    }

    /** What a small JVM says of a file: the exit code and the line. */
    private static String read(Path file, String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Reader.class.getName(), file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    }

    /** Reads one file of any kind. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            try {
                if (file.endsWith("model")) {
                    Model.load(file);
                } else if (file.endsWith("rows.svm")) {
                    DataReader.builder().build().copy(file, file.getParent()).close();
                } else {
                    Path labels = file.resolveSibling("labels");
                    DataReader.builder()
                            .label(Files.exists(labels) ? labels.toString() : null)
                            .labelled(false)
                            .build()
                            .read(file);
                }
                System.out.println("0");
            } catch (LanewiseException e) {
                System.out.println(e.exitCode().status() + " " + e.getMessage());
            } catch (OutOfMemoryError e) {
                System.out.println("the heap is full");
            }
        }
    }
}
