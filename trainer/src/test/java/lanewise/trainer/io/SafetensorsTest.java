package lanewise.trainer.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.DIVERGED;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    private static final Tensor WEIGHT =
            new Tensor("0.weight", new int[] {2, 3}, new float[] {1, -2, 3.5f, 0, -0f, 1e-40f});
    private static final Tensor BIAS =
            new Tensor("0.bias", new int[] {2}, new float[] {Float.MAX_VALUE, Float.MIN_VALUE});

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        Path file = folder.resolve("m");
        Tensor none = new Tensor("none", new int[] {0, 7}, new float[0]);
        Tensor scalar = new Tensor("scalar", new int[] {}, new float[] {7});
        Map<String, String> metadata = Map.of("lanewise", "{\"seed\":1}", "\u00e9 \"\\\n", "\ud83d\ude00");
        new Safetensors(metadata, List.of(WEIGHT, none, BIAS, scalar)).write(file);

        Safetensors read = Safetensors.read(file);
        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(read.tensors()).extracting(Tensor::name).containsExactly("0.weight", "none", "0.bias", "scalar");
        assertThat(read.tensors().get(0).shape()).containsExactly(2, 3);
        assertThat(bits(read.tensors().get(0).data())).isEqualTo(bits(WEIGHT.data()));
        assertThat(read.tensors().get(1).shape()).containsExactly(0, 7);
        assertThat(bits(read.tensors().get(2).data())).isEqualTo(bits(BIAS.data()));
        assertThat(read.tensors().get(3).shape()).isEmpty();
    }

    /** Longer than one buffer, the last one not full. */
    @Test
    void aLongTensorIsReadBack() {
        float[] data = new float[100_003];
        for (int i = 0; i < data.length; i++) {
            data[i] = i * 0.37f;
        }
        Path file = folder.resolve("m");
        new Safetensors(Map.of(), List.of(new Tensor("long", new int[] {data.length}, data), BIAS)).write(file);
        Safetensors read = Safetensors.read(file);
        assertThat(read.tensors().get(0).data()).isEqualTo(data);
        assertThat(read.tensors().get(1).data()).isEqualTo(BIAS.data());
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = folder.resolve("m");
        new Safetensors(Map.of("b", "2", "a", "1"), List.of(WEIGHT, BIAS)).write(file);

        String header = "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\"},"
                + "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}}";
        header += " ".repeat(Math.floorMod(-header.length(), 8));
        ByteBuffer expected = ByteBuffer.allocate(8 + header.length() + 32).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(header.length()).put(header.getBytes(UTF_8));
        for (float value : WEIGHT.data()) {
            expected.putFloat(value);
        }
        for (float value : BIAS.data()) {
            expected.putFloat(value);
        }
        assertThat(file).hasBinaryContent(expected.array());
    }

    @Test
    void theOrderOfTheMetadataDoesNotMatter() throws IOException {
        Map<String, String> forward = new LinkedHashMap<>();
        Map<String, String> backward = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            forward.put("key" + i, "value" + i);
            backward.put("key" + (49 - i), "value" + (49 - i));
        }
        new Safetensors(forward, List.of(BIAS)).write(folder.resolve("a"));
        new Safetensors(backward, List.of(BIAS)).write(folder.resolve("b"));
        assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
    }

    /** A tensor of no elements begins where the next one does. */
    @Test
    void theHeaderMayNameTheTensorsInAnyOrder() throws IOException {
        byte[] header = ("{\"b\":{\"data_offsets\":[4,8],\"shape\":[1],\"dtype\":\"F32\"},"
                        + "\"none\":{\"data_offsets\":[4,4],\"shape\":[0],\"dtype\":\"F32\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}   ")
                .getBytes(UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(16 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header).putFloat(1).putFloat(2);
        Safetensors read = Safetensors.read(Files.write(folder.resolve("m"), bytes.array()));
        assertThat(read.metadata()).isEmpty();
        assertThat(read.tensors()).extracting(Tensor::name).containsExactly("a", "none", "b");
        assertThat(read.tensors().get(2).data()).containsExactly(2);
    }

    @Test
    void noTensorsAreAFileToo() {
        Path file = folder.resolve("m");
        new Safetensors(Map.of(), List.of()).write(file);
        assertThat(file).hasSize(16);
        assertThat(Safetensors.read(file).tensors()).isEmpty();
    }

    @Test
    void aValueThatIsNotFiniteIsNotWritten() throws IOException {
        Path file = Files.write(folder.resolve("m"), new byte[] {1});
        Tensor bad = new Tensor("2.weight", new int[] {3}, new float[] {0, 1, Float.NaN});
        assertRefused(
                () -> new Safetensors(Map.of(), List.of(WEIGHT, bad)).write(file),
                DIVERGED,
                file + ": tensor 2.weight: element 2 is not finite (expected a finite number, found NaN)");
        assertThat(file).hasBinaryContent(new byte[] {1});
    }

    @Test
    void aFileThatCannotBeCreatedIsSaid() {
        assertRefused(
                () -> new Safetensors(Map.of(), List.of()).write(folder),
                CANNOT_CREATE,
                folder + ": a folder, not a file");
    }

    @Test
    void aNameThatNoReaderTakesIsNotWritten() {
        Path file = folder.resolve("m");
        for (String name : List.of("a".repeat(50_001), "\ud800")) {
            Tensor tensor = new Tensor(name, new int[] {1}, new float[1]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Safetensors(Map.of(), List.of(tensor)).write(file))
                    .withMessage(
                            name.length() > 1
                                    ? "a name in the list of tensors is too long"
                                            + " (expected at most 50000 characters, found 50001)"
                                    : "half of a surrogate pair is missing in the list of tensors \\ud800");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void namesAreUnique() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Safetensors(Map.of(), List.of(BIAS, BIAS)));
        Tensor reserved = new Tensor("__metadata__", new int[] {0}, new float[0]);
        assertThatIllegalArgumentException().isThrownBy(() -> new Safetensors(Map.of(), List.of(reserved)));
    }

    @Test
    void aShapeFitsItsData() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Tensor("t", new int[] {2, 3}, new float[5]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Tensor("t", new int[] {-1, -1}, new float[1]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tensor("t", new int[] {1 << 16, 1 << 16}, new float[0]));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }
}
