package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.NpyBytes;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Model;
import lanewise.trainer.run.RunFolder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that are larger than the heap of a process of their own. */
@Tag("own-mode")
@Timeout(120)
class StreamedTrainTest extends SmallHeap {
    @Test
    void aFileTwiceAsLargeAsTheHeapIsLearned() throws Exception {
        Path[] files = images(68_000, new ImageShape(25, 40));
        assertThat(Files.size(files[0])).isGreaterThan(HEAP_MIB * 2L << 20);
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

    /** Images are scaled by 1/255 and tables are not: what is tested with follows what is learned. */
    @Test
    void rowsOfAnotherFormatAreMeasuredAsInMemory() throws Exception {
        Path[] few = images(300, new ImageShape(25, 40));
        Path table = folder.resolve("few.csv");
        Path mnist = Files.createDirectory(folder.resolve("mnist"));
        Run.of("data", "convert", few[0], table, "--label", few[1]).succeeded();
        Files.move(few[0], mnist.resolve("t10k-images-idx3-ubyte"));
        Files.move(few[1], mnist.resolve("t10k-labels-idx1-ubyte"));
        Path[] many = images(40_000, new ImageShape(25, 40));
        Path archive = folder.resolve("many.npz");
        Run.of("data", "convert", many[0], archive, "--label", many[1]).succeeded();
        Files.move(many[0], mnist.resolve("train-images-idx3-ubyte"));
        Files.move(many[1], mnist.resolve("train-labels-idx1-ubyte"));
        Path json = folder.resolve("json");
        for (Path[] files : new Path[][] {{mnist, table}, {archive, mnist}}) {
            Object[] words = {"train", "--data", files[0], "--validation", files[1], "--epochs", 1, "--lr", "1e-7"};
            assertSucceeds(start(words(words, "--json", json)));
            assertThat(folder.resolve("err")).content().contains("does not fit the heap and is streamed");
            String streamed = losses(Files.readString(json));

            assertThat(losses(Run.of(words(words, "--json", "-")).succeeded().out()))
                    .isEqualTo(streamed);
        }
    }

    private static String losses(String line) {
        assertThat(line).contains("\"test_error\":");
        return line.substring(0, line.indexOf(",\"lr\""));
    }

    /** The images are the same, and so is the model. */
    @Test
    void anArrayInFortransOrderIsLearned() throws Exception {
        Path[] files = images(40_000, new ImageShape(25, 40));
        byte[] pixels = Files.readAllBytes(files[0]);
        byte[] turned = new byte[pixels.length - 16];
        for (int i = 0; i < turned.length; i++) {
            int pixel = i % 1_000;
            turned[i / 1_000 + 40_000 * (pixel / 40 + 25 * (pixel % 40))] = pixels[16 + i];
        }
        Path array = folder.resolve("array.npy");
        Files.write(array, NpyBytes.npy(NpyBytes.dict("|u1", "(40000, 25, 40)").replace("False", "True "), turned));
        Path model = folder.resolve("model");
        Path expected = folder.resolve("expected");
        Object[] words = {"--label", files[1], "--scale", "pixel", "--epochs", 1, "--lr", "0.01"};

        assertSucceeds(start(words(new Object[] {"train", "--data", array, "--out", model}, words)));

        Run.of(words(new Object[] {"train", "--data", files[0], "--out", expected}, words))
                .succeeded();
        assertThat(model).hasSameBinaryContentAs(expected);
        assertThat(folder.resolve("err")).content().contains("does not fit the heap and is streamed");
    }

    @Test
    void sparseRowsFarLargerThanTheHeapAreLearned() throws Exception {
        Path file = folder.resolve("rows.svm.gz");
        sparse(file, 80_000);
        Path wider = Files.writeString(folder.resolve("wider.svm"), "0 1:1 1000:2\n1 3:1\n2 2:1\n");
        Path model = folder.resolve("model");
        Path expected = folder.resolve("expected");
        Object[] words = {"train", "--data", file, "--validation", wider, "--epochs", 1, "--shuffle", "--bias"};

        assertSucceeds(start(words(words, "--out", model, "--threads", 2)));

        Run.of(words(words, "--out", expected, "--threads", 1)).succeeded();
        assertThat(model).hasSameBinaryContentAs(expected);
        assertThat(folder.resolve("err"))
                .content()
                .contains("note: " + file + " does not fit the heap and is streamed, from a packed file in " + folder);
        assertThat(folder).isDirectoryNotContaining("glob:**.rows").isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aTableToMeasureByHasAllFeaturesOfSparseRows() throws Exception {
        Path file = folder.resolve("rows.svm.gz");
        sparse(file, 80_000);
        Path table = Files.writeString(folder.resolve("narrow.csv"), "a,b,label\n1,0,0\n0,1,1\n");
        assertRefused(
                ExitCode.BAD_DATA,
                table + ": rows of another width than the training rows (expected at least 900 features, found 2)",
                start("train", "--data", file, "--validation", table));
    }

    @Test
    void sparseRowsFarLargerThanTheHeapAreAsWideAsTheModelToStartFrom() throws Exception {
        Path file = folder.resolve("rows.svm.gz");
        sparse(file, 80_000);
        Path init = folder.resolve("init");
        Path model = folder.resolve("model");
        Model.softmaxRegression(1_000, 3, false).save(init, Map.of());
        assertSucceeds(start("train", "--data", file, "--init", init, "--epochs", 1, "--out", model));
        assertThat(Model.load(model).architecture().features()).isEqualTo(1_000);
    }

    /** A row has the same line alone and among others. */
    @Test
    void sparseRowsFarLargerThanTheHeapArePredicted() throws Exception {
        Path file = folder.resolve("rows.svm");
        List<String> drawn = sparse(file, 300_000);
        assertThat(Files.size(file)).isGreaterThan((HEAP_MIB * 29L / 10) << 20);
        Path few = Files.writeString(folder.resolve("few.svm"), String.join("", drawn));
        Path model = folder.resolve("model");
        Path out = folder.resolve("out");
        Run.of("train", "--data", few, "--epochs", 3, "--bias", "--out", model).succeeded();
        String[] lines = Run.of("predict", model, few).succeeded().out().split("\n");

        assertSucceeds(start("predict", model, file, "--out", out));

        try (BufferedReader found = Files.newBufferedReader(out)) {
            assertThat(found.readLine()).isEqualTo(lines[0]);
            for (int row = 0; row < 300_000; row++) {
                assertThat(found.readLine()).isEqualTo(lines[1 + row % 1_000]);
            }
            assertThat(found.readLine()).isNull();
        }
    }

    /** What is there twice, or has its labels in a column, is predicted alike. */
    @Test
    void filesLargerThanTheHeapAreEvaluatedAndPredicted() throws Exception {
        int rows = 40_000;
        Path[] files = images(rows, new ImageShape(25, 40));
        Path archive = folder.resolve("rows.npz");
        Run.of("data", "convert", files[0], archive, "--label", files[1]).succeeded();
        Path column = folder.resolve("rows.npy");
        byte[] bytes = Files.readAllBytes(files[0]);
        float[] values = new float[rows / 2 * 1_001];
        for (int row = 0; row < rows / 2; row++) {
            for (int pixel = 0; pixel < 1_000; pixel++) {
                values[1_001 * row + 1 + pixel] = bytes[16 + 1_000 * row + pixel] & 0xff;
            }
        }
        Files.write(column, NpyBytes.floats("(" + rows / 2 + ", 1001)", values));
        Path model = folder.resolve("model");
        Run.of("train", "--data", files[0], "--label", files[1], "--epochs", 1, "--lr", "0.01", "--out", model)
                .succeeded();
        Dataset data = DataReader.builder().label(files[1].toString()).build().read(files[0]);
        Evaluation expected = Evaluation.of(Model.load(model), data);
        Path json = folder.resolve("json");

        for (Object[] input : new Object[][] {{files[0], "--label", files[1]}, {archive}}) {
            assertSucceeds(start(words(new Object[] {"evaluate", model, "--json", json, "--data"}, input)));
            assertThat(json)
                    .content()
                    .startsWith("{\"rows\":" + rows + ",\"loss\":" + expected.loss() + ",\"error\":" + expected.error()
                            + ",");
        }

        List<String> lines =
                Run.of("predict", model, files[0]).succeeded().out().lines().toList();
        Path out = folder.resolve("out");
        assertSucceeds(start("predict", model, archive, "--out", out));
        assertThat(Files.readAllLines(out)).isEqualTo(lines);
        assertSucceeds(start("predict", model, column, "--label", 1, "--out", out));
        assertThat(Files.readAllLines(out)).isEqualTo(lines.subList(0, 1 + rows / 2));
    }

    @Test
    void sparseRowsFarLargerThanTheHeapAreEvaluated() throws Exception {
        Path file = folder.resolve("rows.svm.gz");
        Path few = Files.writeString(folder.resolve("few.svm"), String.join("", sparse(file, 80_000)));
        Path model = folder.resolve("model");
        Run.of("train", "--data", few, "--epochs", 3, "--bias", "--out", model).succeeded();
        Evaluation expected =
                Evaluation.of(Model.load(model), DataReader.builder().build().read(file));
        Path json = folder.resolve("json");

        assertSucceeds(start("evaluate", model, "--data", file, "--json", json));

        assertThat(json).content().startsWith("{\"rows\":80000,\"loss\":" + expected.loss() + ",");
    }

    /** Rows so long that not even a few of them fit. */
    @Test
    void aBlockThatDoesNotFitIsRefused() throws Exception {
        StringBuilder row = new StringBuilder();
        for (int column = 1; column <= 6_000; column++) {
            row.append(' ').append(column).append(":1");
        }
        Path file = folder.resolve("rows.svm");
        Files.writeString(file, ("1" + row + "\n2" + row + "\n").repeat(300));
        Process process = start("train", "--data", file, "--out", folder.resolve("model"));

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(folder.resolve("err")).stream().filter(line -> !line.startsWith("note: ")))
                .singleElement()
                .isEqualTo("lanewise: the run does not fit the heap (expected at most 32 MiB, found 69 MiB)"
                        + ". Run with JDK_JAVA_OPTIONS=-Xmx77m.");
        assertThat(process.exitValue()).isEqualTo(ExitCode.NO_MEMORY.status());
        assertThat(folder).isDirectoryNotContaining("glob:**.rows").isDirectoryNotContaining("glob:**model");
    }

    @Test
    void rowsOfWhichFewDoNotFitAreNotEvaluated() throws Exception {
        Path model = folder.resolve("model");
        Model.softmaxRegression(30_000, 2, false).save(model, Map.of());
        Path array = Files.write(folder.resolve("x.npy"), NpyBytes.floats("(2, 30001)", new float[60_002]));
        Object[] words = {"evaluate", model, "--data", array, "--label", 1};
        Process process = start(words);

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("err"))
                .content()
                .contains(
                        "lanewise: " + array + ": a block of the rows does not fit the heap (expected at most 32 MiB");
        assertThat(process.exitValue()).isEqualTo(ExitCode.NO_MEMORY.status());
        assertSucceeds(startWith(askedFor(), words));
    }

    /** A model that fits is there a second time, as the kernels of sparse rows read it. */
    @ParameterizedTest
    @ValueSource(strings = {"evaluate model --data", "predict model"})
    void aModelThatDoesNotFitTwiceIsRefused(String command) throws Exception {
        Path model = folder.resolve("model");
        Model.softmaxRegression(1 << 17, 16, false).save(model, Map.of());
        Path file = Files.writeString(folder.resolve("rows.svm"), "1 1:1 5:1\n2 2:1\n");
        Object[] words = words(command.replace("model", model.toString()).split(" "), file);
        Process process = start(words);

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("err")).content().contains("does not fit the heap (expected at most 32 MiB, found 4");
        assertThat(process.exitValue()).isEqualTo(ExitCode.NO_MEMORY.status());
        assertSucceeds(startWith(askedFor(), words));
    }

    /** Each thread has a block of its own. */
    @Test
    void manyThreadsPredictInASmallHeap() throws Exception {
        Path[] files = images(20_000, new ImageShape(25, 40));
        Path model = folder.resolve("model");
        Model.softmaxRegression(1_000, 10, false).save(model, Map.of());
        assertSucceeds(startOn(64, HEAP_MIB, "predict", model, files[0]));
    }

    /** The rows are packed before it is known how much a run on them takes. */
    @Test
    void aRunThatDoesNotFitLeavesNoRows() throws Exception {
        Path[] files = images(20_000, new ImageShape(25, 40));
        Path run = folder.resolve("run");
        Process process = start(
                "train", "--data", files[0], "--label", files[1], "--hidden", 3_000, "--threads", 1, "--run", run);

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("err")).content().contains("lanewise: the run does not fit the heap");
        assertThat(process.exitValue()).isEqualTo(ExitCode.NO_MEMORY.status());
        assertThat(run).isDirectoryNotContaining("glob:**.rows");
    }

    /** What does not fit the rows is known when they are packed. */
    @Test
    void aRunThatNeverBeginsLeavesNoRows() throws Exception {
        Path[] files = images(40_000, new ImageShape(25, 40));
        Path init = folder.resolve("init");
        Model.softmaxRegression(999, 10, false).save(init, Map.of());
        Path run = folder.resolve("run");
        assertRefused(
                ExitCode.BAD_DATA,
                init + ": tensor 0.weight: the tensor has another shape (expected [10, 1000], found [10, 999])",
                start("train", "--data", files[0], "--label", files[1], "--init", init, "--run", run));
        assertThat(run).isDirectoryNotContaining("glob:**.rows");
    }

    /** A report of each epoch is kept to the end of the run. */
    @Test
    void aRunOfMoreEpochsThanFitIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("t.csv"), "x,label\n1,a\n2,b\n");
        Process process = start("train", "--data", file, "--validation", file, "--epochs", 1_000_000);

        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("err"))
                .content()
                .contains("lanewise: the run does not fit the heap (expected at most 32 MiB, found 145 MiB)");
        assertThat(process.exitValue()).isEqualTo(ExitCode.NO_MEMORY.status());
    }

    /** Few entries take little, however many features there are. */
    @Test
    void sparseRowsOfManyFeaturesAreEvaluated() throws Exception {
        Path file = Files.writeString(folder.resolve("rows.svm"), "1 1:1 200000:1\n2 2:1 199999:1\n".repeat(10));
        Path model = folder.resolve("model");
        Run.of("train", "--data", file, "--epochs", 1, "--out", model).succeeded();
        assertSucceeds(start("evaluate", model, "--data", file));
    }

    static Stream<Arguments> formats() {
        return Stream.of(Arguments.of("table.csv", "minmax"), Arguments.of("rows.svm", "pixel"));
    }

    /** The packed files are found again, and made again if they are damaged. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void aRunGoesOnWithItsPackedRows(String name, String scale) throws Exception {
        Path[] files = images(12_000, new ImageShape(8, 20));
        Path table = folder.resolve(name);
        Run.of("data", "convert", files[0], table, "--label", files[1]).succeeded();
        Path run = folder.resolve("run");
        Path expected = folder.resolve("expected");
        Object[] recipe = {"--epochs", 2, "--batch", 60, "--lr", "0.001", "--momentum", "0.5", "--scale", scale};
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
