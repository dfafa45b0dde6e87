package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import lanewise.trainer.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An array of rows x height x width in Fortran's order, against its definition: item (i, y, x) is at i + rows (y + height x). */
class FortranStreamTest {
    private static final int HEIGHT = 3;
    private static final int WIDTH = 5;
    private static final int ROWS = 101;

    @TempDir
    Path folder;

    private static NpyHeader header(String type) throws IOException {
        String shape = "(" + ROWS + ", " + HEIGHT + ", " + WIDTH + ")";
        byte[] bytes = NpyBytes.npy(NpyBytes.dict(type, shape).replace("False", "True "), new byte[0]);
        return NpyHeader.read(new ByteArrayInputStream(bytes));
    }

    /** From a row at a time to all at once, in pieces that end anywhere. */
    @ParameterizedTest
    @CsvSource({"|u1,1", "<f4,4", ">i4,4", "<f8,8", ">i8,8"})
    void itemsComeRowByRow(String type, int size) throws IOException {
        byte[] expected = new byte[ROWS * HEIGHT * WIDTH * size];
        new Random(size).nextBytes(expected);
        byte[] turned = new byte[expected.length];
        for (int i = 0; i < ROWS; i++) {
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    int from = ((i * HEIGHT + y) * WIDTH + x) * size;
                    int to = (i + ROWS * (y + HEIGHT * x)) * size;
                    System.arraycopy(expected, from, turned, to, size);
                }
            }
        }
        Path file = Files.write(folder.resolve("items"), IdxBytes.concat(new byte[7], turned));
        for (int most : new int[] {1, 500, 1 << 20}) {
            try (FileChannel channel = FileChannel.open(file);
                    InputStream in = new FortranStream(header(type), channel, 7, channel, most)) {
                ByteBuffer found = ByteBuffer.allocate(expected.length + 1);
                byte[] some = new byte[37];
                for (int n = in.read(some); n >= 0; n = in.read(some)) {
                    found.put(some, 0, n);
                }
                assertThat(Arrays.copyOf(found.array(), found.position())).isEqualTo(expected);
                assertThat(in.read()).isNegative();
            }
        }
    }

    /** What is wrong with the temporary folder is not told of the array. */
    @Test
    void aTemporaryFolderThatIsMissingIsNamed() throws IOException {
        byte[] whole = NpyBytes.npy(NpyBytes.dict("|u1", "(3, 2)").replace("False", "True "), new byte[6]);
        Path file = Files.write(folder.resolve("a.npy"), IdxBytes.gzip(whole));
        Path missing = folder.resolve("missing");
        String usual = System.setProperty("java.io.tmpdir", missing.toString());
        try {
            DataReader reader = DataReader.builder().labelled(false).build();
            Refusal.assertRefused(
                    () -> reader.rows(file),
                    CANNOT_CREATE,
                    missing
                            + ": no copy of the data can be made there (expected a folder that can be written, found nothing)");
        } finally {
            System.setProperty("java.io.tmpdir", usual);
        }
    }

    /** The line is that of the array read as a whole, and nothing is left behind. */
    @Test
    void damageIsToldAsInMemory() throws IOException {
        byte[] floats = new byte[4 * 6];
        ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).putFloat(16, Float.NaN);
        byte[] whole = NpyBytes.npy(NpyBytes.dict("<f4", "(3, 2)").replace("False", "True "), floats);
        byte[] sound = IdxBytes.gzip(whole);
        DataReader reader = DataReader.builder().labelled(false).like(2, null).build();
        byte[][] contents = {
            whole,
            sound,
            IdxBytes.gzip(Arrays.copyOf(whole, whole.length - 3)),
            IdxBytes.gzip(IdxBytes.concat(whole, new byte[1])),
            Arrays.copyOf(sound, sound.length - 9)
        };
        for (byte[] content : contents) {
            Path file = Files.write(folder.resolve("a.npy"), content);
            var expected = Refusal.refused(() -> reader.read(file));
            Refusal.assertRefused(
                    () -> {
                        try (RowReader rows = reader.rows(file)) {
                            rows.read(new float[6], 3);
                        }
                    },
                    BAD_DATA,
                    expected.getMessage());
        }
    }
}
