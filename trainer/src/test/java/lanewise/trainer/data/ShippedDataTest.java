package lanewise.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The data sets that stand in the repository are the ones that data/README.md describes. */
class ShippedDataTest {
    private static final Path DATA = Path.of("..", "data");

    @ParameterizedTest
    @CsvSource({
        "train-images-idx3-ubyte, 6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte, a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte, 2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte, 27ae3e4e09519cfbb04c329615203637"
    })
    void mnistIsTheOriginal(String name, String md5) throws Exception {
        Path packed = DATA.resolve("mnist").resolve(name + ".gz");
        byte[] content;
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            content = in.readAllBytes();
        }
        assertThat(digest("MD5", content)).isEqualTo(md5);
        assertThat(Files.readString(DATA.resolve("README.md")))
                .contains(md5, digest("SHA-256", content), digest("SHA-256", Files.readAllBytes(packed)))
                .contains("| " + name + " | " + String.format(Locale.ROOT, "%,d", content.length) + " |")
                .contains("| " + name + ".gz | " + String.format(Locale.ROOT, "%,d", Files.size(packed)) + " |");
    }

    @Test
    void mnistIsRead() throws IOException {
        IdxFolder mnist = IdxFolder.load(DATA.resolve("mnist"));
        assertThat(mnist.train().rows()).isEqualTo(60_000);
        assertThat(mnist.test().rows()).isEqualTo(10_000);
        assertThat(mnist.train().features()).isEqualTo(784);
        assertThat(mnist.train().classes()).isEqualTo(10);
        assertThat(mnist.train().labels()).startsWith(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
        // The first pixel with ink of the first image, and the fingerprint as sha256sum tells it.
        assertThat(mnist.train().values()[5 * 28 + 12]).isEqualTo(IdxBytes.scaled(3));
        assertThat(mnist.train().fingerprint())
                .isEqualTo("c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914");
    }

    private static String digest(String algorithm, byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    }
}
