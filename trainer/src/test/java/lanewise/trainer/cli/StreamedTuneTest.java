package lanewise.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.NpyBytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lr-find} and {@code cv} on data that are larger than the heap of a process of their own. */
@Tag("own-mode")
@Timeout(120)
class StreamedTuneTest extends SmallHeap {
    @Test
    void theLearningRateOfAFileLargerThanTheHeapIsFound() throws Exception {
        Path[] files = images(34_000, new ImageShape(25, 40));
        assertStreamed("lr-find", files[0], "--label", files[1], "--batch", 300, "--shuffle");
    }

    @Test
    void sparseRowsFarLargerThanTheHeapAreDealtOutToFolds() throws Exception {
        Path file = folder.resolve("rows.svm.gz");
        sparse(file, 80_000);
        assertStreamed("cv", file, "--folds", 2, "--epochs", 1, "--bias");
    }

    /** What a command finds is what it finds in memory, and it leaves nothing behind. */
    private void assertStreamed(String command, Path data, Object... more) throws Exception {
        Path json = folder.resolve("json");
        Path expected = folder.resolve("expected");
        Object[] words = words(new Object[] {command, "--data", data}, more);

        assertSucceeds(start(words(words, "--json", json, "--threads", 2)));

        Run.of(words(words, "--json", expected, "--threads", 1)).succeeded();
        assertThat(json).hasSameBinaryContentAs(expected);
        assertThat(folder.resolve("err"))
                .content()
                .containsOnlyOnce("note: " + data + " does not fit the heap and is streamed, from a packed file in "
                        + folder + "\n");
        assertThat(folder).isDirectoryNotContaining("glob:**.rows");
    }

    /** Read once from standard input; they fit the heap, but not along with the rows of a fold. */
    @Test
    void dataThatFitTheHeapWithoutAFoldOfThemAreDealtOutToo() throws Exception {
        Path[] files = images(50_000, new ImageShape(10, 10));
        Path table = folder.resolve("rows.npz.gz");
        Run.of("data", "convert", files[0], table, "--label", files[1]).succeeded();
        Path json = folder.resolve("json");
        Path expected = folder.resolve("expected");
        Object[] recipe = {"--folds", 2, "--epochs", 1, "--scale", "standard", "--hidden", 5};
        Process process = start(words(new Object[] {"cv", "--data", "-", "--json", json}, recipe));
        try (OutputStream stdin = process.getOutputStream()) {
            Files.copy(table, stdin);
        }

        assertSucceeds(process);

        Run.of(words(new Object[] {"cv", "--data", table, "--json", expected}, recipe))
                .succeeded();
        assertThat(json).hasSameBinaryContentAs(expected);
        assertThat(folder.resolve("err")).content().contains("note: stdin does not fit the heap and is streamed");
        assertThat(folder).isDirectoryNotContaining("glob:**.rows");
    }

    @Test
    void whatCannotBeDealtOutIsRefused() throws Exception {
        Path[] files = images(400, new ImageShape(250, 400));
        assertRefused(
                ExitCode.BAD_DATA,
                files[0] + ": there are fewer rows than folds (expected at least 401, found 400)",
                start("cv", "--folds", 401, "--data", files[0], "--label", files[1]));
        Path narrow = Files.writeString(folder.resolve("narrow.csv"), "1,0\n2,1\n".repeat(400_000));
        assertRefused(
                ExitCode.NO_MEMORY,
                "the run does not fit the heap (expected at most 32 MiB, found 35 MiB)"
                        + ". Run with JDK_JAVA_OPTIONS=-Xmx39m.",
                start("cv", "--data", narrow));
    }

    /** Dealing out the rows asks for less than a fold, and blocks take a share of a larger heap too. */
    @ParameterizedTest
    @ValueSource(strings = {"cv --folds 2", "train"})
    void theHeapThatIsAskedForIsEnough(String command) throws Exception {
        Path[] files = images(4_000, new ImageShape(28, 28));
        Object[] recipe = {"--data", files[0], "--label", files[1], "--hidden", 300, "--batch", 3_000, "--epochs", 1};
        Object[] words = words(command.split(" "), recipe);
        Process refused = startWith(16, words);
        assertThat(refused.waitFor(100, TimeUnit.SECONDS)).isTrue();

        assertSucceeds(startWith(askedFor(), words));
    }

    /** What takes most differs: the blocks of long rows and of wide ones, or the padding of narrow ones. */
    @ParameterizedTest
    @CsvSource({
        "train, sparse, 16",
        "cv --folds 2, sparse, 10",
        "lr-find, sparse, 20",
        "train, wide, 16",
        "lr-find, wide, 10",
        "cv --folds 2, narrow, 40"
    })
    void noRowsFillTheHeap(String command, String rows, int heapMib) throws Exception {
        Object[] words = words(command.split(" "), "--batch", 50, "--threads", 2);
        words = words(
                words,
                switch (rows) {
                    case "sparse" -> new Object[] {"--data", longRows()};
                    case "wide" -> new Object[] {"--data", wideRows(), "--label", 1};
                    default -> {
                        Path[] files = images(600_000, new ImageShape(3, 3));
                        yield new Object[] {"--data", files[0], "--label", files[1]};
                    }
                });
        words = command.equals("lr-find") ? words : words(words, "--epochs", 1, "--lr", "0.0001");
        Process first = startWith(heapMib, words);
        assertThat(first.waitFor(100, TimeUnit.SECONDS)).isTrue();
        if (first.exitValue() != 0) {
            assertSucceeds(startWith(askedFor(), words));
        }
    }

    /** The last ones are as long as a line that does not fit. */
    private Path longRows() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < 150; row++) {
            text.append(row % 3);
            for (int i = 0; i < (row < 147 ? 1_500 : 70_000); i++) {
                text.append(' ').append(i * 4 + row % 3 + 1).append(":1");
            }
            text.append('\n');
        }
        return Files.writeString(folder.resolve("rows.svm"), text);
    }

    private Path wideRows() throws IOException {
        int width = 20_001;
        float[] values = new float[60 * width];
        for (int row = 0; row < 60; row++) {
            values[row * width] = row % 2;
            values[row * width + 1 + row] = 1;
        }
        return Files.write(folder.resolve("rows.npy"), NpyBytes.floats("(60, " + width + ")", values));
    }

    /** They would fit the heap without the copy of the rows that the loss is measured by. */
    @Test
    void whatIsMeasuredByMustFitTheHeap() throws Exception {
        Path[] files = images(2_000, new ImageShape(56, 56));
        Path table = folder.resolve("rows.npz.gz");
        Path few = folder.resolve("few.npz.gz");
        Run.of("data", "convert", files[0], table, "--label", files[1]).succeeded();
        Run.of("data", "split", table, folder.resolve("others.npz.gz"), few, "--fraction", .01)
                .succeeded();
        assertRefused(
                ExitCode.NO_MEMORY,
                "the run does not fit the heap (expected at most 32 MiB, found 42 MiB)"
                        + ". Run with JDK_JAVA_OPTIONS=-Xmx47m.",
                start("lr-find", "--data", table, "--validation", few, "--threads", 1));
    }
}
