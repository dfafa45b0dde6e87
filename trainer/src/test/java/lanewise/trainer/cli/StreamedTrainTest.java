package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lanewise.trainer.data.DataWriter;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.run.RunFolder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Data that are larger than the heap of a process of their own. */
@Tag("own-mode")
@Timeout(120)
class StreamedTrainTest {
    private static final int HEAP_MIB = 32;

    @TempDir
    Path folder;

    private Process start(Object... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx" + HEAP_MIB + "m", "-XX:MaxDirectMemorySize=4m", "-Dlanewise.backend=scalar"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        for (Object word : words) {
            command.add(word.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(folder.resolve("err").toFile());
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder.start();
    }

    private void assertSucceeds(Process process) throws Exception {
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("err")).content().doesNotContain("lanewise:", "Exception");
        assertThat(process.exitValue()).isZero();
    }

    private static Object[] words(Object[] first, Object... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray();
    }

    private Path[] images(int rows, ImageShape shape) {
        Random random = new Random(1);
        byte[] pixels = new byte[rows * shape.height() * shape.width()];
        random.nextBytes(pixels);
        int[] labels = random.ints(rows, 0, 10).toArray();
        for (int i = 0; i < rows; i++) {
            pixels[i * shape.height() * shape.width() + labels[i]] = -1;
        }
        Path[] files = {folder.resolve("images.idx"), folder.resolve("labels.idx")};
        DataWriter.to(files[0], files[1]).write(Dataset.ofPixels(pixels, rows, shape, labels, 10));
        return files;
    }

    @Test
    void aFileThreeTimesAsLargeAsTheHeapIsLearned() throws Exception {
        Path[] files = images(97_500, new ImageShape(25, 40));
        assertThat(Files.size(files[0])).isGreaterThan((HEAP_MIB * 29L / 10) << 20);
        Path model = folder.resolve("model");
        Path expected = folder.resolve("expected");
        Object[] words = {"train", "--data", files[0], "--label", files[1], "--epochs", 1, "--lr", "0.01", "--shuffle"};

        assertSucceeds(start(words(words, "--out", model, "--threads", 2)));

        Run.of(words(words, "--out", expected, "--threads", 1)).succeeded();
        assertThat(model).hasSameBinaryContentAs(expected);
        assertThat(folder.resolve("err"))
                .content()
                .containsOnlyOnce("note: " + files[0] + " does not fit the heap and is streamed, from a packed file in "
                        + folder + "\n");
        assertThat(folder).isDirectoryNotContaining("glob:**.rows").isDirectoryNotContaining("glob:**.tmp");
    }

    /** The packed files are found again, and made again if they are damaged. */
    @Test
    void aRunGoesOnWithItsPackedRows() throws Exception {
        Path[] files = images(18_000, new ImageShape(8, 20));
        Path table = folder.resolve("table.csv");
        Run.of("data", "convert", files[0], table, "--label", files[1]).succeeded();
        Path run = folder.resolve("run");
        Path expected = folder.resolve("expected");
        Object[] recipe = {"--epochs", 2, "--batch", 60, "--lr", "0.001", "--momentum", "0.5", "--scale", "minmax"};
        Process process = start(words(new Object[] {"train", "--data", "-", "--run", run}, recipe));
        try (OutputStream stdin = process.getOutputStream()) {
            Files.copy(table, stdin);
        }
        while (!Files.exists(run.resolve(RunFolder.CONFIG))) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor();
        assertSucceeds(start("train", "--resume", run));

        Run.of(words(new Object[] {"train", "--data", table, "--out", expected}, recipe))
                .succeeded();
        assertThat(run.resolve("last.safetensors")).hasSameBinaryContentAs(expected);

        Path rows = run.resolve(RunFolder.TRAIN_ROWS);
        byte[] damaged = Files.readAllBytes(rows);
        Files.write(rows, IdxBytes.with(damaged, damaged.length / 2, damaged[damaged.length / 2] ^ 1));
        assertSucceeds(start("train", "--resume", run, "--data", table));
        assertThat(folder.resolve("err"))
                .content(UTF_8)
                .contains("note: " + rows + ": the packed rows are damaged: the data are read again\n");
        assertThat(rows).hasBinaryContent(damaged);
    }
}
