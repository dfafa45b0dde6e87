package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.Refusal.assertRefused;
import static lanewise.trainer.Refusal.refused;
import static lanewise.trainer.data.IdxBytes.concat;
import static lanewise.trainer.data.IdxBytes.gzip;
import static lanewise.trainer.data.IdxBytes.idx;
import static lanewise.trainer.data.IdxBytes.images;
import static lanewise.trainer.data.IdxBytes.labels;
import static lanewise.trainer.data.IdxBytes.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files: each is refused with one line that says where, what was expected and what was found. */
class BadIdxTest {
    private static final byte[] IMAGES = images(5, 2, 3);
    private static final byte[] PACKED = gzip(IMAGES);

    /** A gzip header of 10 bytes, a block header of 5, and the content as it is. */
    private static final byte[] STORED = gzip(IMAGES, Deflater.NO_COMPRESSION);

    private static final byte[] HTML = "<!DOCTYPE html><html>Not Found</html>".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    static Stream<Arguments> damagedImages() {
        int[] huge = {65536, 65536, 28};
        int[] negative = {-1, -1, -1};
        int[] wrapping = {70000, 70000, 1};
        return Stream.of(
                arguments(
                        "packed nothing",
                        gzip(new byte[0]),
                        "offset 0: the file is empty (expected 16 bytes, found 0)"),
                arguments(
                        "a web page",
                        HTML,
                        "offset 0: not an IDX file (expected 00 00 08 03, found 3c 21 44 4f)."
                                + " It looks like a web page: download it again."),
                arguments(
                        "packed twice",
                        gzip(PACKED),
                        "offset 0: not an IDX file (expected 00 00 08 03, found 1f 8b 08 00)"),
                arguments(
                        "signed bytes",
                        with(IMAGES, 2, 0x09),
                        "offset 2: items of type signed byte are not read (expected 08, unsigned byte, found 09)"),
                arguments(
                        "shorts",
                        with(IMAGES, 2, 0x0B),
                        "offset 2: items of type short are not read (expected 08, unsigned byte, found 0b)"),
                arguments(
                        "ints",
                        with(IMAGES, 2, 0x0C),
                        "offset 2: items of type int are not read (expected 08, unsigned byte, found 0c)"),
                arguments(
                        "doubles",
                        with(IMAGES, 2, 0x0E),
                        "offset 2: items of type double are not read (expected 08, unsigned byte, found 0e)"),
                arguments(
                        "floats",
                        with(IMAGES, 2, 0x0D),
                        "offset 2: items of type float are not read (expected 08, unsigned byte, found 0d)"),
                arguments(
                        "type 0a",
                        with(IMAGES, 2, 0x0A),
                        "offset 2: not an IDX file (expected 08, unsigned byte, found 0a)"),
                arguments(
                        "type ff",
                        with(IMAGES, 2, 0xFF),
                        "offset 2: not an IDX file (expected 08, unsigned byte, found ff)"),
                arguments(
                        "0 dimensions",
                        with(IMAGES, 3, 0),
                        "offset 3: the wrong number of dimensions (expected 3, found 0)"),
                arguments(
                        "255 dimensions",
                        with(IMAGES, 3, 255),
                        "offset 3: the wrong number of dimensions (expected 3, found 255)"),
                arguments(
                        "labels",
                        labels(1, 2, 3),
                        "offset 3: the wrong number of dimensions (expected 3, found 1)."
                                + " Images and labels look swapped."),
                arguments(
                        "0 rows",
                        images(0, 2, 3),
                        "offset 4: there is nothing in it (expected sizes of at least 1, found 0 x 2 x 3)"),
                arguments(
                        "0 columns",
                        gzip(images(5, 2, 0)),
                        "offset 4: there is nothing in it (expected sizes of at least 1, found 5 x 2 x 0)"),
                arguments(
                        "120 GB",
                        idx(0x803, huge),
                        "shorter than its header says (expected 120,259,084,304 bytes, found 16 bytes)"),
                arguments(
                        "120 GB, packed",
                        gzip(idx(0x803, huge)),
                        "offset 4: the header claims more than the file can hold (expected 120,259,084,304 bytes,"
                                + " found at most " + most(idx(0x803, huge)) + " bytes when unpacked)"),
                arguments(
                        "sizes that are negative as ints",
                        idx(0x803, negative),
                        "shorter than its header says"
                                + " (expected 79,228,162,458,924,105,385,300,197,391 bytes, found 16 bytes)"),
                arguments(
                        "a product that wraps around in an int",
                        idx(0x803, wrapping, new byte[605_032_704 % 1000]),
                        "shorter than its header says (expected 4,900,000,016 bytes, found 720 bytes)"),
                arguments(
                        "1 byte long",
                        concat(IMAGES, new byte[1]),
                        "longer than its header says (expected 46 bytes, found 47 bytes)"),
                arguments(
                        "1 byte short, packed",
                        gzip(cut(IMAGES, 45)),
                        "cut short (expected 46 bytes unpacked, found 45 bytes)"),
                arguments("1 byte long, packed", gzip(concat(IMAGES, new byte[1])), "goes on after the last item"),
                arguments("a bomb", gzip(concat(IMAGES, new byte[1 << 22])), "goes on after the last item"),
                arguments(
                        "packed data cut short",
                        cut(STORED, 10 + 5 + 20),
                        "cut short (expected 46 bytes unpacked, found 20 bytes)"),
                arguments("gzip header cut short", cut(PACKED, 9), "the packed data end inside the header"),
                arguments(
                        "checksum cut off",
                        cut(PACKED, PACKED.length - 8),
                        "cut short: the checksum after the last item is missing"),
                arguments(
                        "wrong checksum",
                        flip(PACKED, PACKED.length - 8),
                        "the checksum is wrong: the file is damaged"),
                arguments(
                        "wrong size at the end",
                        flip(PACKED, PACKED.length - 1),
                        "the size at the end is wrong: the file is damaged"),
                arguments("bytes behind the packed data", concat(PACKED, HTML), "something follows the packed data"),
                arguments(
                        "zeros behind the packed data",
                        concat(PACKED, new byte[512]),
                        "something follows the packed data"),
                arguments("the same twice", concat(PACKED, PACKED), "goes on after the last item"),
                arguments("an unknown method", with(PACKED, 2, 7), "the gzip header is corrupt"),
                arguments("corrupt packed data", with(PACKED, 10, 0xff), "the packed data are corrupt"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damagedImages")
    void imagesAreRefused(String name, byte[] content, String line) throws IOException {
        IdxBytes.writeFolder(folder);
        Path images = folder.resolve("train-images-idx3-ubyte");
        Files.write(images, content);

        assertRefused(() -> IdxFolder.load(folder), BAD_DATA, images + ": " + line);
    }

    @ParameterizedTest
    @CsvSource({"train-images-idx3-ubyte, 16", "train-labels-idx1-ubyte, 8"})
    void everyTruncationIsTold(String name, int header) throws IOException {
        IdxBytes.writeFolder(folder);
        Path file = folder.resolve(name);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, cut(whole, length));
            String line =
                    "shorter than its header says (expected " + whole.length + " bytes, found " + length + " bytes)";
            if (length < header) {
                line = "offset " + length + ": " + (length == 0 ? "the file is empty" : "the header is cut short")
                        + " (expected " + header + " bytes, found " + length + ")";
            }
            assertRefused(() -> IdxFolder.load(folder), BAD_DATA, file + ": " + line);
        }
    }

    /** Whatever is cut off, the file is refused; nothing but the declared exception comes out. */
    @ParameterizedTest
    @ValueSource(strings = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"})
    void everyTruncationOfAPackedFileIsRefused(String name) throws IOException {
        IdxBytes.writeFolder(folder);
        Path file = folder.resolve(name);
        byte[] whole = gzip(Files.readAllBytes(file));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, cut(whole, length));
            LanewiseException e = refused(() -> IdxFolder.load(folder));
            assertThat(e).as("%d bytes of %d", length, whole.length).hasMessageStartingWith(file + ": ");
            assertThat(e.exitCode()).isEqualTo(BAD_DATA);
        }
    }

    @Test
    void everyFlippedBitOfTheHeaderIsRefused() throws IOException {
        for (int bit = 0; bit < 8 * 16; bit++) {
            byte[] flipped = IMAGES.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            for (byte[] content : List.of(flipped, gzip(flipped))) {
                Path file = Files.write(folder.resolve("images"), content);
                assertThat(refused(() -> IdxFolder.loadImages(Source.of(file))).exitCode())
                        .as("bit %d", bit)
                        .isEqualTo(BAD_DATA);
            }
        }
    }

    /** The time, the system and such in the header of gzip say nothing about the content. */
    @Test
    void everyFlippedBitOfAPackedFileIsRefusedOrMeansTheSame() throws IOException {
        float[] sound = Dataset.ofPixels(
                        Arrays.copyOfRange(IMAGES, 16, IMAGES.length), 5, new ImageShape(2, 3), new int[0], 0)
                .values();
        Path file = folder.resolve("images");
        for (int bit = 0; bit < 8 * PACKED.length; bit++) {
            byte[] flipped = PACKED.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            try {
                assertThat(IdxFolder.loadImages(Source.of(file)).values())
                        .as("bit %d", bit)
                        .isEqualTo(sound);
            } catch (LanewiseException e) {
                assertThat(e.exitCode()).as("bit %d", bit).isEqualTo(BAD_DATA);
            }
        }
    }

    private static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    private static byte[] flip(byte[] bytes, int offset) {
        return with(bytes, offset, bytes[offset] ^ 1);
    }

    /** What a packed file could hold at most. */
    private static String most(byte[] content) {
        return String.format(Locale.ROOT, "%,d", 1032 * gzip(content).length);
    }
}
