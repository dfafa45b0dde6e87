package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_INPUT;
import static lanewise.trainer.Refusal.assertRefused;
import static lanewise.trainer.data.IdxBytes.gzip;
import static lanewise.trainer.data.IdxBytes.images;
import static lanewise.trainer.data.IdxBytes.labels;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.data.source.Source;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are missing, of the wrong kind, or at odds with one another. */
class BadIdxFolderTest {
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    @TempDir
    Path folder;

    @BeforeEach
    void writeSoundFiles() throws IOException {
        IdxBytes.writeFolder(folder);
    }

    @Test
    void aMissingFolder() {
        Path missing = folder.resolve("none");
        assertRefused(() -> IdxFolder.load(missing), NO_INPUT, missing + ": no such folder");
    }

    @Test
    void aFileInPlaceOfTheFolder() {
        Path file = folder.resolve(TRAIN_IMAGES);
        assertRefused(() -> IdxFolder.load(file), NO_INPUT, file + ": not a folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS})
    void aMissingFile(String name) throws IOException {
        Files.delete(folder.resolve(name));
        assertRefused(() -> IdxFolder.load(folder), NO_INPUT, folder.resolve(name) + ": no such file, plain or .gz");
    }

    @Test
    void aFolderInPlaceOfAFile() throws IOException {
        Path images = folder.resolve(TRAIN_IMAGES);
        Files.delete(images);
        Files.createDirectory(images);
        assertRefused(() -> IdxFolder.load(folder), NO_INPUT, images + ": a folder, not a file");
    }

    /** Opening a FIFO waits for someone to write to it. */
    @Test
    void aFifoInPlaceOfAFile() throws Exception {
        Path images = folder.resolve(TRAIN_IMAGES);
        Files.delete(images);
        assertThat(new ProcessBuilder("mkfifo", images.toString()).start().waitFor())
                .isZero();
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertRefused(() -> IdxFolder.load(folder), NO_INPUT, images + ": not a regular file"));
    }

    @Test
    void aDeviceInPlaceOfAFile() {
        Path device = Path.of("/dev/zero");
        assertRefused(() -> IdxFolder.loadImages(Source.of(device)), NO_INPUT, "/dev/zero: not a regular file");
    }

    @Test
    void aNameThatWouldForgeALine() {
        Path missing = folder.resolve("a\n\u001b[31mb\u202e");
        assertRefused(
                () -> IdxFolder.loadImages(Source.of(missing)),
                NO_INPUT,
                folder + "/a\\x0a\\x1b[31mb\\u202e: no such file");
    }

    @Test
    void imagesAndLabelsSwapped() throws IOException {
        Files.write(folder.resolve(TRAIN_IMAGES), labels(0, 1, 2, 1, 0));
        Files.write(folder.resolve(TRAIN_LABELS), images(5, 2, 3));
        assertRefused(
                () -> IdxFolder.load(folder),
                BAD_DATA,
                folder.resolve(TRAIN_IMAGES) + ": offset 3: the wrong number of dimensions (expected 3, found 1)."
                        + " Images and labels look swapped.");
    }

    @Test
    void imagesInPlaceOfLabels() throws IOException {
        Files.write(folder.resolve(TEST_LABELS), images(3, 2, 3));
        assertRefused(
                () -> IdxFolder.load(folder),
                BAD_DATA,
                folder.resolve(TEST_LABELS) + ": offset 3: the wrong number of dimensions (expected 1, found 3)."
                        + " Images and labels look swapped.");
    }

    @Test
    void fewerLabelsThanImages() throws IOException {
        Files.write(folder.resolve(TRAIN_LABELS), gzip(labels(0, 1, 2, 1)));
        assertRefused(
                () -> IdxFolder.load(folder),
                BAD_DATA,
                folder.resolve(TRAIN_LABELS) + ": not as many labels as images (expected 5, found 4)");
    }

    @Test
    void testImagesOfAnotherSize() throws IOException {
        Files.write(folder.resolve(TEST_IMAGES), images(3, 3, 2));
        String line = folder.resolve(TEST_IMAGES)
                + ": the test images are not of the size of the train images (expected 2 x 3, found 3 x 2)";
        assertRefused(() -> IdxFolder.load(folder), BAD_DATA, line);
        assertRefused(() -> DataReader.builder().build().copyBoth(folder, folder), BAD_DATA, line);
    }

    @Test
    void aLabelThatTheTrainSetDoesNotHave() throws IOException {
        Files.write(folder.resolve(TEST_LABELS), labels(0, 3, 1));
        assertRefused(
                () -> IdxFolder.load(folder),
                BAD_DATA,
                folder.resolve(TEST_LABELS) + ": label 3 at row 1 is outside 0..2");
    }

    /** A byte of 200 is 200, not -56. */
    @Test
    void aLabelIsUnsigned() throws IOException {
        Files.write(folder.resolve(TEST_LABELS), labels(0, 1, 200));
        assertRefused(
                () -> IdxFolder.load(folder),
                BAD_DATA,
                folder.resolve(TEST_LABELS) + ": label 200 at row 2 is outside 0..2");
    }

    /** They are few, and so are looked at before the images are unpacked. */
    @Test
    void aLabelThatTheModelDoesNotKnow() throws IOException {
        byte[] cut = gzip(images(3, 2, 3));
        Files.write(folder.resolve(TEST_IMAGES), Arrays.copyOf(cut, cut.length - 1));
        DataReader like = DataReader.builder().like(6, List.of("0", "1")).build();
        assertRefused(
                () -> like.readTest(folder),
                BAD_DATA,
                folder.resolve(TEST_LABELS) + ": row 0: the label is not among the classes (expected 0, 1, found 2)");
    }

    /** That they are other images is told before their labels are looked at. */
    @Test
    void imagesOfAnotherSizeThanTheModelTakes() {
        DataReader like = DataReader.builder().like(7, List.of("0", "1")).build();
        List<ThrowingCallable> calls = List.of(
                () -> like.readTest(folder),
                () -> like.copyTest(folder, folder),
                () -> like.labelledRows(folder, usual -> usual));
        for (ThrowingCallable call : calls) {
            assertRefused(
                    call,
                    BAD_DATA,
                    folder.resolve(TEST_IMAGES)
                            + ": rows of another width than the model takes (expected 7 features, found 6)");
        }
    }

    @Test
    void aTrainLabelThatTheTestSetLacksIsDamage() throws IOException {
        Files.write(folder.resolve(TRAIN_LABELS), labels(0, 1, 10, 1, 0));
        assertRefused(
                () -> IdxFolder.load(folder),
                BAD_DATA,
                folder.resolve(TRAIN_LABELS) + ": label 10 at row 2 is outside 0..2");
        assertRefused(
                () -> DataReader.builder().build().copyBoth(folder, folder),
                BAD_DATA,
                folder.resolve(TRAIN_LABELS)
                        + ": row 2: the label is not among the classes (expected 0, 1, 2, found 10)");
    }

    @Test
    void aTestLabelThatTheTrainSetLacksIsDamage() throws IOException {
        Files.write(folder.resolve(TEST_LABELS), labels(0, 10, 2));
        assertRefused(
                () -> IdxFolder.load(folder),
                BAD_DATA,
                folder.resolve(TEST_LABELS) + ": label 10 at row 1 is outside 0..2");
    }
}
