package lanewise.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DatasetTest {
    @Test
    void plainArraysAreTakenAsTheyAre() {
        float[] values = {1, 2, 3, 4, 5, 6};
        int[] labels = {1, 0};
        Dataset data = Dataset.of(values, 2, 3, labels, 4);
        assertThat(data.values()).isSameAs(values);
        assertThat(data.labels()).isSameAs(labels);
        assertThat(data.rows()).isEqualTo(2);
        assertThat(data.features()).isEqualTo(3);
        assertThat(data.classes()).isEqualTo(4);
        assertThat(data.image()).isEmpty();
    }

    /** The float nearest to pixel / 255, which rounding the exact double quotient gives too. */
    @Test
    void everyPixelIsScaledToTheNearestFloat() {
        byte[] pixels = new byte[256];
        for (int i = 0; i < 256; i++) {
            pixels[i] = (byte) i;
        }
        Dataset data = Dataset.ofPixels(pixels, 1, new ImageShape(16, 16), new int[1], 1);
        for (int i = 0; i < 256; i++) {
            assertThat(data.values()[i]).isEqualTo((float) (i / 255.0));
        }
        assertThat(data.values()).isSameAs(data.values());
    }

    /** Large enough for several chunks, the last of them short. */
    @Test
    void everyChunkIsScaled() {
        byte[] pixels = new byte[3 * 700_001];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31);
        }
        float[] values = Dataset.ofPixels(pixels, 3, new ImageShape(1, 700_001), new int[3], 1)
                .values();
        for (int i = 0; i < pixels.length; i++) {
            if (values[i] != (pixels[i] & 0xff) / 255f) {
                assertThat(values[i]).as("value %d", i).isEqualTo((pixels[i] & 0xff) / 255f);
            }
        }
    }

    @Test
    void shapesAndLabelsMustAgree() {
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.of(new float[5], 2, 3, new int[2], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.of(new float[6], 2, 3, new int[3], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.of(new float[0], 0, 3, new int[0], 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new float[6], 2, 3, new int[] {0, 1}, 1))
                .withMessage("label 1 at row 1 is outside 0..0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new float[6], 2, 3, new int[] {-1, 0}, 1))
                .withMessage("label -1 at row 0 is outside 0..0");
    }

    @Test
    void theFingerprintOfPlainArraysIsThatOfTheirIdxForm() throws Exception {
        float[] values = {0.5f, -1e-40f, 3, Float.MAX_VALUE};
        assertThat(Dataset.of(values, 2, 2, new int[] {1, 0}, 2).fingerprint()).isEqualTo(sha256(out -> {
            out.writeInt(0x00000D02);
            out.writeInt(2);
            out.writeInt(2);
            for (float value : values) {
                out.writeFloat(value);
            }
            out.writeInt(0x00000801);
            out.writeInt(2);
            out.write(new byte[] {1, 0});
        }));
    }

    @Test
    void manyClassesAreFingerprintedAsInts() throws Exception {
        assertThat(Dataset.of(new float[] {1, 2}, 2, 1, new int[] {256, 3}, 257).fingerprint())
                .isEqualTo(sha256(out -> {
                    out.writeInt(0x00000D02);
                    out.writeInt(2);
                    out.writeInt(1);
                    out.writeFloat(1);
                    out.writeFloat(2);
                    out.writeInt(0x00000C01);
                    out.writeInt(2);
                    out.writeInt(256);
                    out.writeInt(3);
                }));
    }

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static String sha256(Content content) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeTo(new DataOutputStream(bytes));
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    }
}
