package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.data.NpyBytes;
import lanewise.trainer.data.RowReader;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Tensor;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Prediction;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.io.NumberOutput;

/** Two pixels, two classes, and the logit of class c is pixel c, where nothing else is said. */
class PredictCommandTest {
    private static final byte ON = (byte) 255;

    @TempDir
    Path folder;

    private Path model;
    private Path images;

    @BeforeEach
    void writeFiles() throws IOException {
        model = folder.resolve("model.safetensors");
        images = folder.resolve("images");
        write(Map.of(), 1, 0, 0, 1);
        Files.write(
                images,
                IdxBytes.gzip(
                        IdxBytes.idx(0x803, new int[] {4, 1, 2}, ON, (byte) 0, (byte) 0, ON, ON, (byte) 0, ON, ON)));
    }

    private void write(Map<String, String> metadata, float... weights) {
        new Safetensors(metadata, List.of(new Tensor("0.weight", new int[] {2, 2}, weights))).write(model);
    }

    /** The model as one that was trained on these rows. */
    private void provenance(Dataset data) {
        write(Provenance.of(Trainer.builder().build(), data).toMetadata(), 1, 0, 0, 1);
    }

    /** Whatever stands in the place of a label nobody asks for. */
    @Test
    void labelsMayBeAnything() throws IOException {
        StringBuilder bare = new StringBuilder();
        StringBuilder numbered = new StringBuilder();
        for (int i = 0; i < 70_000; i++) {
            String row = i % 7 + "," + i % 3 + "\n";
            bare.append(row);
            numbered.append(i).append(',').append(row);
        }
        assertPredictedAlike(text("bare.csv", bare), text("numbered.csv", numbered), "--label", "1");

        Path two = text("two.csv", "1,0\n0,1\n");
        assertPredictedAlike(two, text("missing.csv", "x,y,class\n1,0,?\n0,1,\n"));
        assertPredictedAlike(two, text("sparse.txt", "0.5 1:1\n1e30 2:1\n"));
        Path array =
                Files.write(folder.resolve("ids.npy"), NpyBytes.floats("(2, 3)", 0x1p25f, 1, 0, 0x1p25f + 4, 0, 1));
        assertPredictedAlike(two, array, "--label", "1");
    }

    /** No row is lost to a class that is called as labels are. */
    @Test
    void aRowOfAKnownClassIsNoHeader() throws IOException {
        Path two = text("two.csv", "1,0\n0,1\n");
        provenance(rows(1, 0, 0, 1).withClassNames(List.of("decoy", "target")));
        assertPredictedAlike(two, text("classes.csv", "1,0,target\n0,1,decoy\n"));
        provenance(rows(1, 0, 0, 1).withClassNames(List.of("decoy", "target")).withFeatureNames(List.of("a", "b")));
        assertPredictedAlike(two, text("classes.csv", "1,0,target\n0,1,decoy\n"));
    }

    @Test
    void aShortRowBehindTheHeaderIsNamed() throws IOException {
        Path file = text("short.csv", "a,b,c\n1,2\n");
        Run run = Run.of("predict", model, file);
        assertThat(run.err())
                .endsWith("lanewise: " + file + ": line 2: a row of another length (expected 3 columns, found 2)\n");
        assertThat(run.status()).isEqualTo(ExitCode.BAD_DATA.status());
    }

    private Path text(String name, CharSequence text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void assertPredictedAlike(Path bare, Object... others) {
        List<Object> words = new ArrayList<>(List.of("predict", model));
        words.addAll(List.of(others));
        assertThat(Run.of(words.toArray()).succeeded().out())
                .isEqualTo(Run.of("predict", model, bare).succeeded().out());
    }

    private static Dataset rows(float... values) {
        return Dataset.of(values, values.length / 2, 2, new int[values.length / 2], 2);
    }

    @Test
    void printsCsvWithTheFewestDigitsThatReadBack() {
        String[] lines = Run.of("predict", model, images).succeeded().out().split("\n");

        assertThat(lines).hasSize(5);
        assertThat(lines[0]).isEqualTo("class,p0,p1");
        assertThat(lines[1]).startsWith("0,");
        assertThat(lines[2]).startsWith("1,");
        assertThat(lines[4]).isEqualTo("0,0.5,0.5");
        String[] first = lines[1].split(",");
        assertThat(Float.parseFloat(first[1])).isCloseTo((float) (Math.E / (1 + Math.E)), within(1e-7f));
        assertThat(first[1].length()).isLessThanOrEqualTo("0.73105857".length());
    }

    @Test
    void printsAJsonObjectOnEachLine() {
        assertThat(Run.of("predict", model, images, "--json", "-").succeeded().out())
                .hasLineCount(4)
                .endsWith("{\"class\":0,\"probabilities\":[0.5,0.5]}\n");
    }

    @Test
    void writesAFileInPlaceOfStdout() {
        Path file = folder.resolve("predictions.csv");
        Run toStdout = Run.of("predict", model, images).succeeded();
        Run toFile = Run.of("predict", model, images, "--out", file).succeeded();

        assertThat(toFile.out()).isEmpty();
        assertThat(file).hasContent(toStdout.out());
    }

    @Test
    void writesJsonInPlaceOfCsv() {
        Path file = folder.resolve("predictions.jsonl");
        Run toStdout = Run.of("predict", model, images, "--json", "-").succeeded();
        Run toFile = Run.of("predict", model, images, "--json", file).succeeded();

        assertThat(toFile.out()).isEmpty();
        assertThat(file).hasContent(toStdout.out());
    }

    @Test
    void classesWithNamesAreNamed() {
        provenance(rows(1, 2, 3, 4)
                .withClassNames(List.of("a \"b\", c", "d\u00e9"))
                .scaled(Scaling.PIXEL));

        assertThat(Run.of("predict", model, images).succeeded().out().split("\n"))
                .contains(
                        "class,\"p_a \"\"b\"\", c\",p_d\u00e9",
                        "\"a \"\"b\"\", c\",0.5,0.5",
                        "d\u00e9,0.26894143,0.7310586");
        assertThat(Run.of("predict", model, images, "--json", "-").succeeded().out())
                .startsWith("{\"class\":\"a \\\"b\\\", c\",\"probabilities\":[")
                .contains("{\"class\":\"d\u00e9\",");
    }

    /** A reader may leave out blanks that stand without quotes. */
    @Test
    void blanksAroundTheNameOfAClassAreQuoted() {
        provenance(rows(1, 2, 3, 4).withClassNames(List.of(" a", "b ")).scaled(Scaling.PIXEL));
        assertThat(Run.of("predict", model, images).succeeded().out()).startsWith("class,p_ a,\"p_b \"\n\" a\",");
    }

    @Test
    void namesOfClassesMayBeLongAndBreakALine() {
        String longest = "n".repeat(10_000);
        provenance(rows(1, 2, 3, 4).withClassNames(List.of("a\rb", longest)).scaled(Scaling.PIXEL));
        assertThat(Run.of("predict", model, images).succeeded().out())
                .startsWith("class,\"p_a\rb\",p_" + longest + "\n\"a\rb\",")
                .contains("\n" + longest + ",");
        assertThat(Run.of("predict", model, images, "--json", "-").succeeded().out())
                .startsWith("{\"class\":\"a\\rb\",")
                .contains("\n{\"class\":\"" + longest + "\",");
    }

    /** Pixels of 0 and 255 around a mean of 127.5 and that wide are -1 and 1. */
    @Test
    void theScalingOfTheModelTakesThePlaceOfTheUsualOne() {
        Dataset data = rows(0, 0, 255, 255);
        provenance(data.scaled(Scaling.fit(Scaling.Kind.STANDARD, data)));
        String[] first = Run.of("predict", model, images)
                .succeeded()
                .out()
                .split("\n")[1]
                .split(",");
        assertThat(Float.parseFloat(first[1])).isCloseTo((float) (1 / (1 + Math.exp(-2))), within(1e-7f));
    }

    @Test
    void aScalingThatOverflowsNamesTheRow() {
        Dataset data = rows(0, 0, 0, 0x1p-149f);
        provenance(data.scaled(Scaling.fit(Scaling.Kind.STANDARD, data)));
        Run.of("predict", model, images)
                .failed(
                        ExitCode.BAD_DATA,
                        images + ": row 1, feature 1: too far from what the scaling of the model was fitted on");
    }

    /** Rows count on from one block to the next. */
    @Test
    void aRowThatCannotBePredictedIsNamedInEveryBlock() throws IOException {
        Path csv = folder.resolve("rows.csv");
        Dataset data = rows(0, 0, 0, 0x1p-149f);
        provenance(data.scaled(Scaling.fit(Scaling.Kind.STANDARD, data)));
        Files.writeString(csv, "0,0\n".repeat(9_000) + "0,1\n");
        assertThat(Run.of("predict", model, csv).err())
                .endsWith("lanewise: " + csv
                        + ": row 9000, feature 1: too far from what the scaling of the model was fitted on\n");
        write(Map.of(), 1, 0, 3e38f, 3e38f);
        Files.writeString(csv, "0,0\n".repeat(9_000) + "1,1\n");
        assertThat(Run.of("predict", model, csv).err())
                .endsWith("lanewise: " + model + ": the weights are too large to predict row 9000\n");
    }

    @Test
    void aProvenanceOfAnotherModelIsRefused() {
        provenance(Dataset.of(new float[] {1, 2}, 1, 2, new int[] {0}, 3));
        Run.of("predict", model, images)
                .failed(
                        ExitCode.BAD_DATA,
                        model + ": __metadata__.lanewise: the provenance is that of another model "
                                + "(expected 2 classes, found 3)");
        Dataset wide = Dataset.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3, new int[] {0, 1}, 2);
        provenance(wide.scaled(Scaling.fit(Scaling.Kind.MINMAX, wide)));
        Run.of("predict", model, images)
                .failed(
                        ExitCode.BAD_DATA,
                        model + ": __metadata__.lanewise: the provenance is that of another model "
                                + "(expected a scaling of 2 features, found another number)");
        provenance(Dataset.of(new float[] {1, 2}, 2, 1, new int[] {0, 1}, 2).withFeatureNames(List.of("x")));
        Run.of("predict", model, images)
                .failed(
                        ExitCode.BAD_DATA,
                        model + ": __metadata__.lanewise: the provenance is that of another model "
                                + "(expected 2 names of features, found 1)");
    }

    @Test
    void aModelWhoseLogitsOverflowIsRefused() {
        write(Map.of(), 1, 0, 3e38f, 3e38f);
        Path file = folder.resolve("predictions.csv");

        Run.of("predict", model, images, "--out", file)
                .failed(ExitCode.BAD_DATA, model + ": the weights are too large to predict row 3");
        assertThat(file).doesNotExist();
    }

    @Test
    void noInputIsWrittenOver() {
        Run.of("predict", model, images, "--out", images).failed(ExitCode.USAGE, "--out: the same file as INPUT");
        Run.of("predict", model, images, "--out", folder.resolve("./model.safetensors"))
                .failed(ExitCode.USAGE, "--out: the same file as MODEL");
        Run.of("predict", model, images, "--json", images).failed(ExitCode.USAGE, "--json: the same file as INPUT");
    }

    /** Longer than a block, so that the threads take turns; more threads than cores. */
    @Test
    void anyNumberOfThreadsWritesTheLinesOfAPrediction() throws IOException {
        int rows = 30_000;
        byte[] pixels = new byte[2 * rows];
        new Random(1).nextBytes(pixels);
        Files.write(images, IdxBytes.idx(0x803, new int[] {rows, 1, 2}, pixels));
        float[] x = new float[pixels.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (pixels[i] & 0xff) * (1f / 255);
        }
        Prediction prediction = Model.load(model).predict(x, rows);
        StringBuilder expected = new StringBuilder("class,p0,p1\n");
        for (int i = 0; i < rows; i++) {
            float[] p = Arrays.copyOfRange(prediction.probabilities(), 2 * i, 2 * i + 2);
            expected.append(prediction.classes()[i])
                    .append(',')
                    .append(text(p[0]))
                    .append(',')
                    .append(text(p[1]));
            expected.append('\n');
        }
        for (int threads : new int[] {1, 2, 5}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int[] blocks = new int[1];
            stream(threads, out, () -> blocks[0]++);
            assertThat(out.toString(UTF_8)).isEqualTo(expected.toString());
            assertThat(blocks[0]).isEqualTo(8);
        }
    }

    private static String text(float p) {
        return NumberOutput.toString(p, true);
    }

    private void stream(int threads, OutputStream out, Runnable afterBlock) throws IOException {
        try (RowReader input = DataReader.builder().labelled(false).build().rows(images);
                Workers workers = Workers.of(threads)) {
            new PredictionStream(SavedModel.load(model), model, input, images, PredictionFormat.CSV, workers)
                    .writeTo(out, afterBlock);
        }
    }

    /** What stands before the damage has been written, whatever the number of threads; a file has nothing. */
    @Test
    void damageFarInTheInputIsToldInItsTurn() throws IOException {
        byte[] pixels = new byte[2 * 60_000];
        new Random(1).nextBytes(pixels);
        byte[] packed = IdxBytes.gzip(IdxBytes.idx(0x803, new int[] {60_000, 1, 2}, pixels));
        Files.write(images, Arrays.copyOf(packed, packed.length - 20_000));
        Path file = folder.resolve("predictions.csv");
        Run run = Run.of("predict", model, images);

        assertThat(run.status()).isEqualTo(ExitCode.BAD_DATA.status());
        assertThat(run.err())
                .startsWith("lanewise: " + images + ": cut short (expected 120,016 bytes unpacked, found ");
        assertThat(run.out().lines().count() % 4_096).isEqualTo(1);
        assertThat(run.out()).startsWith("class,p0,p1\n");
        assertThat(Run.of("predict", model, images, "--out", file).err()).isEqualTo(run.err());
        assertThat(file).doesNotExist();
    }

    @Test
    void rowsComeInAnyFormatAndNeedNoLabels() throws IOException {
        provenance(rows(1, 2, 3, 4));
        Path csv = Files.writeString(folder.resolve("rows.csv"), "x,y\n1,0\n0,1\n2,2\n");
        Path labelled = Files.writeString(folder.resolve("labelled.csv"), "x,y,class\n1,0,a\n0,1,b\n2,2,c\n");
        Path sparse = Files.writeString(folder.resolve("rows.libsvm"), "0 1:1\n1 2:1\n0 1:2 2:2\n");
        String expected = Run.of("predict", model, csv).succeeded().out();

        assertThat(expected).isEqualTo("class,p0,p1\n0,0.7310586,0.26894143\n1,0.26894143,0.7310586\n0,0.5,0.5\n");
        assertThat(Run.of("predict", model, labelled).succeeded().out()).isEqualTo(expected);
        assertThat(Run.of("predict", model, sparse).succeeded().out()).isEqualTo(expected);

        Dataset data = rows(1, 2, 3, 4);
        for (Scaling scaling : List.of(Scaling.PIXEL, Scaling.fit(Scaling.Kind.STANDARD, data))) {
            provenance(data.scaled(scaling));
            assertThat(Run.of("predict", model, sparse).succeeded().out())
                    .isEqualTo(Run.of("predict", model, csv).succeeded().out())
                    .isNotEqualTo(expected);
        }
    }

    /** The last row tells that indices count from 0, and how many features there are is told before any line. */
    @Test
    void sparseRowsAreLookedThroughBeforeTheyArePredicted() throws IOException {
        Path sparse = Files.writeString(folder.resolve("rows.libsvm"), "1 1:1\n1 1:2\n0 0:1\n");
        assertThat(Run.of("predict", model, sparse).succeeded().out().lines().map(line -> line.split(",")[0]))
                .containsExactly("class", "1", "1", "0");
        Files.writeString(sparse, "1 1:1\n".repeat(20_000) + "1 3:1\n");
        Run run = Run.of("predict", model, sparse);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("lanewise: " + sparse
                        + ": more features than the model takes (expected indices up to 2, found 3)\n");
    }

    /** A million features of which a row holds one: widened, there would be 80 GB to go through. */
    @Test
    void sparseRowsArePredictedAsTheyCome() throws IOException {
        int features = 1_000_000;
        float[] weights = new float[2 * features];
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < 20_000; row++) {
            int feature = 50 * row;
            weights[feature] = row % 7 - 3;
            text.append("0 ").append(feature + 1).append(":2\n");
        }
        new Safetensors(Map.of(), List.of(new Tensor("0.weight", new int[] {2, features}, weights))).write(model);
        Path sparse = Files.writeString(folder.resolve("rows.libsvm"), text);
        String[] lines = Run.of("predict", model, sparse).succeeded().out().split("\n");

        assertThat(lines).hasSize(20_001);
        for (int row = 0; row < 20_000; row++) {
            String[] cells = lines[row + 1].split(",");
            double logit = 2 * (row % 7 - 3);
            assertThat(cells[0]).isEqualTo(logit >= 0 ? "0" : "1");
            // The exponential has an error of one ULP, the sum and the quotient of half a ULP each.
            double p0 = 1 / (1 + Math.exp(-logit));
            assertThat(Double.parseDouble(cells[1])).isCloseTo(p0, within(2 * p0 * 0x1p-23));
        }
    }

    @Test
    void whatFollowsTheLastRowIsToldBeforeItIsUsed() throws IOException {
        Files.write(images, IdxBytes.gzip(IdxBytes.idx(0x803, new int[] {1, 1, 2}, ON, ON, ON)));
        Run.of("predict", model, images).failed(ExitCode.BAD_DATA, images + ": goes on after the last item");
    }

    /** A disk that is full, and a pipe that nobody reads: what comes after the first block is not tried. */
    @Test
    void anOutputThatFailsEndsTheCommand() throws IOException {
        Files.write(images, IdxBytes.images(20_000, 1, 2));
        assertThat(into("No space left on device"))
                .isEqualTo("74 lanewise: stdout: the results could not be written\n");
        assertThat(into("Broken pipe")).isEqualTo("141 ");
    }

    private String into(String failure) {
        int[] writes = new int[1];
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                writes[0]++;
                throw new IOException(failure);
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] words = {"predict", model.toString(), images.toString()};
        int status = Main.run(words, out, new PrintStream(err, true, UTF_8));
        assertThat(writes[0]).isEqualTo(1);
        return status + " " + err.toString(UTF_8);
    }
}
