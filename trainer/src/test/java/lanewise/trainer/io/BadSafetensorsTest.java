package lanewise.trainer.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_INPUT;
import static lanewise.trainer.Refusal.assertRefused;
import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lanewise.trainer.LanewiseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Malformed files: each is refused with one line that says where, what was expected and what was found. */
@Tag("no-kernel")
class BadSafetensorsTest {
    @TempDir
    Path folder;

    static Stream<Arguments> malformedHeaders() {
        return Stream.of(
                arguments("", 0, "header: of the wrong form (expected an object, found nothing)"),
                arguments("[]", 0, "header: of the wrong form (expected an object, found an array)"),
                arguments("{} {}", 0, "header: something follows the JSON object"),
                arguments("{\"a\":1}", 0, "tensor a: of the wrong form (expected an object, found a number)"),
                arguments(
                        "{\"a\":{}}",
                        0,
                        "tensor a: incomplete (expected dtype, shape and data_offsets, found not all of them)"),
                arguments(
                        tensor("a", "F16", "[1]", "[0,2]"),
                        2,
                        "tensor a: elements of this type are not read (expected F32, found F16)"),
                arguments(
                        tensor("a", "F32", "[1]", "[0,4]").replace("}}", ",\"scale\":2}}"),
                        4,
                        "tensor a: unknown key scale"),
                arguments(
                        tensor("a", "F32", "[-1]", "[0,4]"),
                        4,
                        "tensor a: not a size or an offset (expected a whole number of at least 0, found -1)"),
                arguments(
                        tensor("a", "F32", "[1.0]", "[0,4]"),
                        4,
                        "tensor a: not a size or an offset (expected a whole number of at least 0, found 1.0)"),
                arguments(
                        tensor("a", "F32", "[[1]]", "[0,4]"),
                        4,
                        "tensor a: not a size or an offset (expected a whole number of at least 0, found [)"),
                arguments(
                        tensor("a", "F32", "null", "[0,4]"),
                        4,
                        "tensor a: of the wrong form (expected an array, found null)"),
                arguments(
                        tensor("a", "F32", "[4294967296]", "[0,4]"),
                        4,
                        "tensor a: a size is too large (expected at most 2147483647, found [4294967296])"),
                arguments(
                        tensor("a", "F32", "[65536,65536,65536,65536]", "[0,0]"),
                        0,
                        "tensor a: data_offsets do not fit the shape [65536, 65536, 65536, 65536] (expected 73786976294838206464 bytes, found 0)"),
                arguments(
                        tensor("a", "F32", "[1" + ",1".repeat(16) + "]", "[0,4]"),
                        4,
                        "tensor a: too many dimensions (expected at most 16, found 17)"),
                arguments(
                        tensor("a", "F32", "[2]", "[0,4]"),
                        4,
                        "tensor a: data_offsets do not fit the shape [2] (expected 8 bytes, found 4)"),
                arguments(
                        tensor("a", "F32", "[1]", "[4,0]"),
                        4,
                        "tensor a: wrong data_offsets (expected [begin, end], found [4, 0])"),
                arguments(
                        tensor("a", "F32", "[1]", "[0,4,8]"),
                        4,
                        "tensor a: wrong data_offsets (expected [begin, end], found [0, 4, 8])"),
                arguments(
                        tensor("a", "F32", "[1]", "[4,8]"),
                        8,
                        "tensor a: a gap before it (expected data_offsets from 0, found 4)"),
                arguments(
                        tensor("a", "F32", "[1]", "[0,4]"),
                        5,
                        "offset 4 of the data: bytes that belong to no tensor (expected 4 bytes, found 5)"),
                arguments(
                        tensor("a", "F32", "[1]", "[0,4]"),
                        3,
                        "offset 4 of the data: cut short (expected 4 bytes, found 3)"),
                arguments(
                        two("a", "[0,4]", "b", "[0,4]"),
                        4,
                        "tensor b: overlaps another one (expected data_offsets from 4, found 0)"),
                arguments(
                        two("a", "[0,4]", "b", "[2,6]"),
                        6,
                        "tensor b: overlaps another one (expected data_offsets from 4, found 2)"),
                arguments(
                        two("a", "[0,4]", "b", "[8,12]"),
                        12,
                        "tensor b: a gap before it (expected data_offsets from 4, found 8)"),
                arguments(two("a", "[0,4]", "a", "[4,8]"), 8, "header: Duplicate Object property \"a\""),
                arguments(
                        "{\"__metadata__\":[]}",
                        0,
                        "__metadata__: of the wrong form (expected an object, found an array)"),
                arguments(
                        "{\"__metadata__\":{\"a\":1}}",
                        0,
                        "__metadata__: of the wrong form (expected a string, found a number)"),
                arguments(
                        "{\"__metadata__\":{\"a\":\"\\ud800\"}}",
                        0,
                        "__metadata__: half of a surrogate pair is missing"),
                arguments("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "header: Duplicate Object property \"a\""),
                arguments(
                        "{\"__metadata__\":{},\"__metadata__\":{}}",
                        0,
                        "header: Duplicate Object property \"__metadata__\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedHeaders")
    void headersAreRefused(String header, int dataLength, String line) throws IOException {
        Path file = Files.write(folder.resolve("m"), file(header, UTF_8, new byte[dataLength]));
        assertRefused(() -> Safetensors.read(file), BAD_DATA, file + ": " + line);
    }

    static Stream<Arguments> malformedLengths() {
        return Stream.of(
                arguments(new byte[0], "the file is empty (expected 8 bytes for the length of the header, found 0)"),
                arguments(new byte[7], "cut short (expected 8 bytes for the length of the header, found 7)"),
                arguments(
                        length(1, 0), "not the header of a safetensors file (expected a length of at most 0, found 1)"),
                arguments(
                        length(11, 10),
                        "not the header of a safetensors file (expected a length of at most 10, found 11)"),
                arguments(
                        length(-1, 10),
                        "not the header of a safetensors file (expected a length of at most 10, found 18446744073709551615)"),
                arguments(
                        length(Long.MIN_VALUE, 10),
                        "not the header of a safetensors file (expected a length of at most 10, found 9223372036854775808)"));
    }

    @ParameterizedTest
    @MethodSource("malformedLengths")
    void lengthsAreRefused(byte[] content, String line) throws IOException {
        Path file = Files.write(folder.resolve("m"), content);
        assertRefused(() -> Safetensors.read(file), BAD_DATA, file + ": offset 0: " + line);
    }

    @Test
    void aHeaderThatIsCutShortIsTold() throws IOException {
        byte[] whole = file(tensor("a", "F32", "[1]", "[0,4]"), UTF_8, new byte[4]);
        int header = whole.length - 12;
        Path file = folder.resolve("m");
        for (int left = 1; left < header; left++) {
            Files.write(file, Arrays.copyOf(whole, 8 + left));
            assertRefused(
                    () -> Safetensors.read(file),
                    BAD_DATA,
                    file + ": offset 8: cut short (expected a header of " + header + " bytes, found "
                            + (Files.size(file) - 8) + ")");
        }
    }

    @Test
    void valuesThatAreNotFiniteAreRefused() throws IOException {
        byte[] data = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(Float.NEGATIVE_INFINITY)
                .array();
        Path file = Files.write(folder.resolve("m"), file(tensor("0.weight", "F32", "[2]", "[0,8]"), UTF_8, data));
        assertRefused(
                () -> Safetensors.read(file),
                BAD_DATA,
                file + ": tensor 0.weight: element 1 is not finite (expected a finite number, found -Infinity)");
    }

    @Test
    void theHeaderIsUtf8AndNothingElse() throws IOException {
        String header = tensor("a", "F32", "[1]", "[0,4]");
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16)) {
            Path file = Files.write(folder.resolve("m"), file(header, charset, new byte[4]));
            assertThat(refused(() -> Safetensors.read(file)).exitCode()).isEqualTo(BAD_DATA);
        }
        Path file = Files.write(folder.resolve("m"), file("{\"\u00e9\":1}", StandardCharsets.ISO_8859_1, new byte[0]));
        assertRefused(() -> Safetensors.read(file), BAD_DATA, file + ": header: not UTF-8");
    }

    @Test
    void aNameCannotForgeALine() throws IOException {
        String name = "a\\n\\u001b[31m" + "x".repeat(1000);
        Path file = Files.write(folder.resolve("m"), file("{\"" + name + "\":1}", UTF_8, new byte[0]));
        assertThat(refused(() -> Safetensors.read(file)).getMessage())
                .contains("tensor a\\x0a\\x1b[31mxxx")
                .hasSizeLessThan(600);
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        for (String open : List.of("[", "{\"a\":")) {
            Path file = Files.write(folder.resolve("m"), file(open.repeat(100_000), UTF_8, new byte[0]));
            assertThat(refused(() -> Safetensors.read(file)).exitCode()).isEqualTo(BAD_DATA);
        }
    }

    @Test
    void aMissingFileIsNoInput() {
        Path missing = folder.resolve("none");
        assertRefused(() -> Safetensors.read(missing), NO_INPUT, missing + ": no such file");
        assertRefused(() -> Safetensors.read(folder), NO_INPUT, folder + ": a folder, not a file");
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = sound();
        Path file = folder.resolve("m");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(refused(() -> Safetensors.read(file)).exitCode())
                    .as("%d bytes of %d", length, whole.length)
                    .isEqualTo(BAD_DATA);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThat(refused(() -> Safetensors.read(file)).exitCode()).isEqualTo(BAD_DATA);
    }

    /** The format has no checksum: a flipped bit may give another value or name, but nothing worse. */
    @Test
    void noFlippedBitDoesHarm() throws IOException {
        byte[] whole = sound();
        Path file = folder.resolve("m");
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            try {
                assertThat(Safetensors.read(file).tensors()).hasSize(2);
            } catch (LanewiseException e) {
                assertThat(e.exitCode()).as("bit %d", bit).isEqualTo(BAD_DATA);
            }
        }
    }

    private byte[] sound() throws IOException {
        Path file = folder.resolve("sound");
        Tensor weight = new Tensor("0.weight", new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6});
        Tensor bias = new Tensor("0.bias", new int[] {2}, new float[] {7, 8});
        new Safetensors(Map.of("lanewise", "{}"), List.of(weight, bias)).write(file);
        return Files.readAllBytes(file);
    }

    private static String tensor(String name, String type, String shape, String offsets) {
        return "{\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(name, type, shape, offsets);
    }

    private static String two(String first, String firstOffsets, String second, String secondOffsets) {
        String a = tensor(first, "F32", "[1]", firstOffsets);
        String b = tensor(second, "F32", "[1]", secondOffsets);
        return a.substring(0, a.length() - 1) + "," + b.substring(1);
    }

    private static byte[] file(String header, Charset charset, byte[] data) {
        byte[] json = header.getBytes(charset);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    private static byte[] length(long length, int rest) {
        return ByteBuffer.allocate(8 + rest)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }
}
