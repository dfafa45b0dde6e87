package lanewise.trainer.data;

import static lanewise.trainer.data.IdxBytes.concat;
import static lanewise.trainer.data.IdxBytes.gzip;
import static lanewise.trainer.data.IdxBytes.images;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lanewise.trainer.data.source.Source;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFolderTest {
    private static final DataReader UNLABELLED =
            DataReader.builder().labelled(false).build();

    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        IdxBytes.writeFolder(folder);
    }

    @Test
    void bothSetsAreRead() {
        IdxFolder data = IdxFolder.load(folder);

        Dataset train = data.train();
        assertThat(train.rows()).isEqualTo(5);
        assertThat(train.features()).isEqualTo(6);
        assertThat(train.classes()).isEqualTo(3);
        assertThat(train.image()).contains(new ImageShape(2, 3));
        assertThat(train.labels()).containsExactly(0, 1, 2, 1, 0);
        assertThat(train.values())
                .hasSize(30)
                .startsWith(0f, IdxBytes.scaled(1), IdxBytes.scaled(2))
                .endsWith(IdxBytes.scaled(29));
        Dataset test = data.test();
        assertThat(test.rows()).isEqualTo(3);
        assertThat(test.classes()).isEqualTo(3);
        assertThat(test.labels()).containsExactly(2, 0, 1);
        assertThat(test.values()).hasSize(18).endsWith(IdxBytes.scaled(17));
    }

    @Test
    void theTestSetAloneIsTheSame() {
        DataReader like = DataReader.builder().like(6, ClassNames.counted(3)).build();
        Dataset alone = like.readTest(folder);
        Dataset test = IdxFolder.load(folder).test();
        assertThat(alone.values()).isEqualTo(test.values());
        assertThat(alone.labels()).isEqualTo(test.labels());
        assertThat(alone.fingerprint()).isEqualTo(test.fingerprint());
    }

    @Test
    void imagesAloneHaveNoLabels() {
        Dataset images = UNLABELLED.read(folder.resolve("t10k-images-idx3-ubyte"));
        assertThat(images.values()).isEqualTo(IdxFolder.load(folder).test().values());
        assertThat(images.labels()).isEmpty();
        assertThat(images.classes()).isZero();
    }

    @Test
    void packedFilesAreTheSame() throws IOException {
        IdxFolder plain = IdxFolder.load(folder);
        for (Path file :
                new Path[] {folder.resolve("train-images-idx3-ubyte"), folder.resolve("t10k-labels-idx1-ubyte")}) {
            Files.write(Path.of(file + ".gz"), gzip(Files.readAllBytes(file)));
            Files.delete(file);
        }
        IdxFolder packed = IdxFolder.load(folder);
        assertThat(packed.train().values()).isEqualTo(plain.train().values());
        assertThat(packed.test().labels()).isEqualTo(plain.test().labels());
        assertThat(packed.train().fingerprint()).isEqualTo(plain.train().fingerprint());
    }

    @Test
    void aPlainFileComesBeforeAPackedOne() throws IOException {
        Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), gzip(IdxBytes.labels(0, 0, 2)));
        assertThat(IdxFolder.load(folder).test().labels()).containsExactly(2, 0, 1);
    }

    @Test
    void theNameDoesNotTellWhetherAFileIsPacked() throws IOException {
        Path file = folder.resolve("train-images-idx3-ubyte");
        Files.move(file, Path.of(file + ".gz"));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), gzip(images(3, 2, 3)));
        assertThat(IdxFolder.load(folder).test().values()).hasSize(18).endsWith(IdxBytes.scaled(17));
    }

    @Test
    void aFilePackedInPiecesIsRead() throws IOException {
        byte[] whole = images(5, 2, 3);
        byte[] pieces = concat(
                gzip(Arrays.copyOf(whole, 7)), concat(gzip(new byte[0]), gzip(Arrays.copyOfRange(whole, 7, 46))));
        Path file = Files.write(folder.resolve("pieces"), pieces);
        assertThat(UNLABELLED.read(file).values())
                .isEqualTo(IdxFolder.load(folder).train().values());
    }

    /** RFC 1952: flags 2, 4, 8 and 16 announce a header checksum, an extra field, a name and a comment. */
    @Test
    void everyFieldOfAGzipHeaderIsSkipped() throws IOException {
        byte[] packed = gzip(images(5, 2, 3));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(packed, 0, 3);
        out.write(2 | 4 | 8 | 16);
        out.write(packed, 4, 6);
        out.writeBytes(new byte[] {3, 0, 'x', 'y', 'z'});
        out.writeBytes("images\0".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes("a comment\0".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[] {1, 2});
        out.write(packed, 10, packed.length - 10);
        Path file = Files.write(folder.resolve("fields"), out.toByteArray());
        assertThat(UNLABELLED.read(file).values()).hasSize(30).endsWith(IdxBytes.scaled(29));
    }

    @Test
    void idxFilesAreToldFromOthers() throws IOException {
        assertThat(IdxFile.isIdx(Source.of(folder.resolve("train-labels-idx1-ubyte"))))
                .isTrue();
        assertThat(IdxFile.isIdx(Source.of(Files.write(folder.resolve("a"), gzip(images(1, 1, 1))))))
                .isTrue();
        assertThat(IdxFile.isIdx(Source.of(Files.writeString(folder.resolve("b"), "1,2,3\n"))))
                .isFalse();
        assertThat(IdxFile.isIdx(Source.of(Files.write(folder.resolve("c"), new byte[] {0, 0, 8}))))
                .isFalse();
        assertThat(IdxFile.isIdx(Source.of(Files.write(folder.resolve("d"), Arrays.copyOf(gzip(images(1, 1, 1)), 12)))))
                .isFalse();
    }
}
