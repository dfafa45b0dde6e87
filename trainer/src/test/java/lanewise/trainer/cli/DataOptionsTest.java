package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_INPUT;
import static lanewise.trainer.ExitCode.USAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.data.NpyBytes;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.train.Provenance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What train, evaluate and predict make of the options that say which data there are. */
@Tag("own-mode")
class DataOptionsTest {
    private static final int ROWS = 40;

    @TempDir
    Path folder;

    private Path table;
    private Path model;

    /** Two whole numbers around (2, 8) for ants and around (8, 2) for bees, and a third that is always 5. */
    private static int[] row(int i) {
        boolean ant = i % 2 == 0;
        return new int[] {(ant ? 2 : 8) + i % 3, (ant ? 8 : 2) - i % 5 / 2, 5};
    }

    private static String table(String delimiter, List<String> names, int from, int to) {
        StringBuilder text = new StringBuilder(String.join(delimiter, "x", "y", "z", "kind") + "\n");
        for (int i = from; i < to; i++) {
            for (int value : row(i)) {
                text.append(value).append(delimiter);
            }
            text.append(names.get(i % 2)).append('\n');
        }
        return text.toString();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @BeforeEach
    void writeTable() throws IOException {
        table = write("table.csv", table(",", List.of("ant", "bee"), 0, ROWS));
        model = folder.resolve("model");
    }

    private Run train(Object... words) {
        List<Object> all = new ArrayList<>(List.of("train", "--epochs", 3, "--batch", 8, "--bias", "--out", model));
        all.addAll(List.of(words));
        return Run.of(all.toArray());
    }

    /** Notices may stand in front of the line. */
    private static void assertFailed(Run run, ExitCode code, String line) {
        assertThat(run.err()).endsWith("lanewise: " + line + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(code.status());
    }

    private Provenance provenance() {
        return Provenance.of(Safetensors.read(model).metadata()).orElseThrow();
    }

    private List<float[]> weights() {
        return Safetensors.read(model).tensors().stream()
                .map(tensor -> tensor.data())
                .toList();
    }

    @Test
    void textLabelsAreLearnedAndComeBack() {
        Run trained = train("--data", table, "--scale", "standard").succeeded();
        assertThat(trained.err())
                .contains(
                        "note: " + table + ": a table with commas, a header in line 1, the label in column 4 (kind)\n",
                        "note: 8 of 40 rows are kept for validation\n");
        assertThat(trained.out()).hasLineCount(4).contains("|     2 |");
        assertThat(provenance().classes()).containsExactly("ant", "bee");

        assertThat(Run.of("evaluate", model, "--data", table).succeeded().out())
                .contains("error     0.00000", "  ant     20      0\n", "  bee      0     20\n");
        assertThat(Run.of("evaluate", model, "--data", table, "--json", "-")
                        .succeeded()
                        .out())
                .contains("{\"class\":\"ant\",\"precision\":1.0");
        assertThat(Run.of("predict", model, table).succeeded().out().lines().map(line -> line.split(",")[0]))
                .startsWith("class", "ant", "bee", "ant")
                .hasSize(ROWS + 1);
    }

    /** The scaling goes with the model, so it takes rows as they come. */
    @Test
    void predictTakesRowsWithAndWithoutLabels() throws IOException {
        train("--data", table, "--scale", "minmax").succeeded();
        String whole = Run.of("predict", model, table).succeeded().out();
        Path bare = write("bare.csv", "8,2,5\n2,8,5\n");
        assertThat(Run.of("predict", model, bare).succeeded().out().lines().map(line -> line.split(",")[0]))
                .containsExactly("class", "bee", "ant");
        Path first =
                write("first.csv", table(",", List.of("ant", "bee"), 0, ROWS).replaceAll("(?m)^(.*),(.*)$", "$2,$1"));
        assertThat(Run.of("predict", model, first, "--label", "kind")
                        .succeeded()
                        .out())
                .isEqualTo(whole);
        assertThat(Run.of("predict", model, first, "--label", "1").succeeded().out())
                .isEqualTo(whole);
    }

    /** A number too many could be an identifier in front as well as a label behind. */
    @Test
    void predictDoesNotGuessWhichNumberIsNoFeature() throws IOException {
        train("--data", table).succeeded();
        Path numbers = write("n.csv", "7,2,8,5\n8,8,2,5\n");
        assertFailed(
                Run.of("predict", model, numbers),
                USAGE,
                numbers + ": one column more than the model has features"
                        + " (expected --label with the column to leave out, found 4 columns)");
        assertThat(Run.of("predict", model, numbers, "--label", "1").succeeded().out())
                .contains("\nant,", "\nbee,");
    }

    @Test
    void namesTellWhichColumnIsNoFeature() throws IOException {
        Path middle = write(
                "middle.csv",
                table(",", List.of("ant", "bee"), 0, ROWS).replaceAll("(?m)^(.*?),(.*),(.*)$", "$1,$3,$2"));
        train("--data", middle, "--label", "kind").succeeded();
        assertThat(provenance().featureNames()).containsExactly("x", "y", "z");
        for (String header : List.of("id,x,y,z\n7,", "label,x,y,z\n,", "kind,x,y,z\nant,")) {
            Path file = write("named.csv", header + "2,8,5\n8,8,2,5\n");
            assertThat(Run.of("predict", model, file).succeeded().out()).contains("\nant,", "\nbee,");
        }
        assertThat(Run.of("evaluate", model, "--data", middle).succeeded().out())
                .isEqualTo(
                        Run.of("evaluate", model, "--data", table).succeeded().out())
                .contains("error     0.00000");
    }

    /** As pandas counts them, they look like a row. */
    @Test
    void namesThatAreNumbersAreKnownAgain() throws IOException {
        train(
                        "--data",
                        write(
                                "n.csv",
                                table(",", List.of("ant", "bee"), 0, ROWS).replace("x,y,z,kind", "0,1,2,label")))
                .succeeded();
        Path bare = write("bare.csv", "0,1,2\n2,8,5\n");
        assertThat(Run.of("predict", model, bare).succeeded().out()).hasLineCount(2);
    }

    /** A model knows its features by their places. */
    @Test
    void featuresAreThoseThatWereLearned() throws IOException {
        train("--data", table).succeeded();
        String swapped = table(",", List.of("ant", "bee"), 0, ROWS).replace("x,y,z", "y,x,z");
        Path other = write("other.csv", swapped);
        String line = other + ": column 1 (y): not the columns that were learned (expected x, found y)";
        assertFailed(Run.of("predict", model, other), BAD_DATA, line);
        assertFailed(Run.of("predict", model, other, "--label", "kind"), BAD_DATA, line);
        assertFailed(Run.of("evaluate", model, "--data", other), BAD_DATA, line);
        assertFailed(train("--data", table, "--validation", other), BAD_DATA, line);

        Path lost = write("lost.csv", "x,y,kind\n2,8,0\n");
        assertFailed(
                Run.of("predict", model, lost),
                BAD_DATA,
                lost + ": column 3 (kind): not the columns that were learned (expected z, found kind)");

        assertThat(train("--data", other, "--init", Files.copy(model, folder.resolve("init")))
                        .succeeded()
                        .err())
                .contains("note: the model of --init has learned other features: x, y, z\n");
    }

    @Test
    void everyFormatOfTheSameRowsMakesTheSameModel() throws IOException {
        List<String> names = List.of("0", "1");
        byte[] pixels = new byte[3 * ROWS];
        float[] floats = new float[3 * ROWS];
        int[] labels = new int[ROWS];
        StringBuilder sparse = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 2;
            sparse.append(labels[i]);
            for (int j = 0; j < 3; j++) {
                pixels[3 * i + j] = (byte) row(i)[j];
                floats[3 * i + j] = row(i)[j];
                sparse.append(' ').append(j + 1).append(':').append(row(i)[j]);
            }
            sparse.append('\n');
        }
        Path y = Files.write(folder.resolve("y.npy"), NpyBytes.bytes("(40,)", labels));
        Path archive = Files.write(
                folder.resolve("a.npz"),
                NpyBytes.zip(true, "X.npy", NpyBytes.floats("(40, 3)", floats), "y.npy", Files.readAllBytes(y)));
        Object[][] inputs = {
            {write("n.csv", table(",", names, 0, ROWS))},
            {write("n.tsv", table("\t", names, 0, ROWS))},
            {archive},
            {Files.write(folder.resolve("x.npy"), NpyBytes.floats("(40, 3)", floats)), "--label", y},
            {Files.write(folder.resolve("b.npy"), NpyBytes.npy(bytesOf(40, 3), pixels)), "--label", y},
            {
                Files.write(folder.resolve("images"), IdxBytes.idx(0x803, new int[] {40, 1, 3}, pixels)),
                "--label",
                Files.write(folder.resolve("labels"), IdxBytes.labels(labels))
            },
            {write("n.txt", sparse.toString())},
        };
        List<float[]> first = null;
        for (Object[] input : inputs) {
            List<Object> words =
                    new ArrayList<>(List.of("--scale", "pixel", "--lr", 100, "--validation", 0.25, "--data"));
            words.addAll(List.of(input));
            train(words.toArray()).succeeded();
            first = first == null ? weights() : first;
            // Bytes and sparse rows add up in orders of their own: 90 roundings of weights below 64.
            for (int t = 0; t < first.size(); t++) {
                assertThat(weights().get(t)).as(input[0].toString()).containsExactly(first.get(t), within(1.8e-4f));
            }
            assertThat(provenance().classes()).containsExactly("0", "1");
            assertThat(provenance().scaling()).isEqualTo(Scaling.PIXEL);
        }
        assertThat(first.get(0)).doesNotContain(0);
    }

    private static String bytesOf(int rows, int columns) {
        return "{'descr': '|u1', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
    }

    @Test
    void aTableComesFromStandardInput() {
        train("--data", table).succeeded();
        List<float[]> fromFile = weights();
        InputStream before = System.in;
        try {
            byte[] text = table(",", List.of("ant", "bee"), 0, ROWS).getBytes(US_ASCII);
            Path run = folder.resolve("run");
            System.setIn(new ByteArrayInputStream(text));
            train("--data", "-", "--run", run).succeeded();
            System.setIn(new ByteArrayInputStream(text));
            Run.of("train", "--resume", run).succeeded();
            System.setIn(new ByteArrayInputStream("8,2,5\n".getBytes(US_ASCII)));
            assertThat(Run.of("predict", model, "-").succeeded().out()).contains("\nbee,");
        } finally {
            System.setIn(before);
        }
        assertThat(weights()).usingRecursiveComparison().isEqualTo(fromFile);
    }

    /** The validation file is far from the others, and does not reach the scaling. */
    @Test
    void theScalingIsFittedOnTheRowsToLearnAlone() throws IOException {
        Path other = write("other.csv", "x,y,z,kind\n1000,0,0,ant\n0,1000,7,bee\n");
        Run run = train("--data", table, "--validation", other, "--scale", "minmax")
                .succeeded();
        assertThat(run.err()).doesNotContain("kept for validation");
        Scaling scaling = provenance().scaling();
        assertThat(scaling.offset(0)).isEqualTo(2);
        assertThat(scaling.factor(0)).isEqualTo(1.0 / 8);
        assertThat(scaling.offset(2)).isEqualTo(5);
        assertThat(scaling.factor(2)).isEqualTo(1);
    }

    @Test
    void theDefaultsOfScalingAreThoseOfTheFormat() throws IOException {
        train("--data", table).succeeded();
        assertThat(provenance().scaling()).isEqualTo(Scaling.NONE);
        IdxBytes.writeFolder(folder);
        train("--data", folder).succeeded();
        assertThat(provenance().scaling()).isEqualTo(Scaling.PIXEL);
        train("--data", folder, "--scale", "none", "--lr", "1e-6").succeeded();
        assertThat(provenance().scaling()).isEqualTo(Scaling.NONE);
        train("--data", folder, "--scale", "standard").succeeded();
        assertThat(provenance().scaling().kind()).isEqualTo(Scaling.Kind.STANDARD);
    }

    /** The same images as a table, or as images beside a table, are the same test. */
    @Test
    void aValidationFileIsScaledAsTheRowsToLearn() throws IOException {
        IdxBytes.writeFolder(folder);
        Path numbers = folder.resolve("x.csv");
        Path archive = folder.resolve("a.npz");
        Object images = folder.resolve("t10k-images-idx3-ubyte");
        Run.of("data", "convert", images, numbers, "--label", folder.resolve("t10k-labels-idx1-ubyte"))
                .succeeded();
        Run.of("data", "convert", folder, archive).succeeded();
        for (String scale : new String[] {null, "none", "pixel", "minmax", "standard"}) {
            double ofFolder = testLoss(folder, folder, scale);
            assertThat(testLoss(folder, numbers, scale)).as("%s", scale).isCloseTo(ofFolder, within(1e-6));
            double ofNumbers = testLoss(archive, numbers, scale);
            assertThat(testLoss(archive, folder, scale)).as("%s", scale).isCloseTo(ofNumbers, within(1e-6));
        }
    }

    private double testLoss(Path data, Path validation, String scale) {
        List<Object> words = new ArrayList<>(List.of(
                "--data", data, "--validation", validation, "--lr", "1e-4", "--momentum", "0.9", "--json", "-"));
        words.addAll(scale == null ? List.of() : List.of("--scale", scale));
        String[] lines = train(words.toArray()).succeeded().out().split("\n");
        return Double.parseDouble(lines[2].replaceAll(".*\"test_loss\":([^,]+),.*", "$1"));
    }

    /** With a fraction, the files to test with stay unseen. */
    @Test
    void aFolderKeepsItsTestFiles() throws IOException {
        IdxBytes.writeFolder(folder);
        assertThat(train("--data", folder).succeeded().err()).doesNotContain("kept for validation");
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
        assertThat(train("--data", folder, "--validation", "0.4").succeeded().err())
                .contains("note: 2 of 5 rows are kept for validation\n");
        train("--data", folder)
                .failed(NO_INPUT, folder.resolve("t10k-labels-idx1-ubyte") + ": no such file, plain or .gz");
    }

    @Test
    void sparseRowsAreAsWideAsTheWidestOfBothFiles() throws IOException {
        Path narrow = write("narrow.svm", "1 1:1 2:3\n2 2:1\n1 1:2\n2 2:4\n");
        Path wide = write("wide.svm", "1 1:1 5:3\n2 2:1\n");
        train("--data", narrow, "--validation", wide).succeeded();
        assertThat(weights().get(0)).hasSize(2 * 5);
        train("--data", wide, "--validation", narrow).succeeded();
        assertThat(weights().get(0)).hasSize(2 * 5);
        Run.of("evaluate", model, "--data", wide).succeeded();
        Path zero = write("zero.svm", "1 0:1 3:3\n2 2:1\n");
        assertFailed(
                train("--data", narrow, "--validation", zero),
                BAD_DATA,
                zero + ": an index is 0 (expected indices from 1, as in the training rows, found 0)");
        train("--data", zero, "--validation", narrow).succeeded();
        assertThat(weights().get(0)).hasSize(2 * 4);
    }

    /** Sparse rows have zeros behind them, and the rows of a table end. */
    @Test
    void aTableToMeasureByHasAllFeaturesOfSparseRows() throws IOException {
        Path sparse = write("sparse.svm", "1 1:1 3:3\n2 2:1\n1 1:2\n2 2:4\n");
        Path narrow = write("narrow.csv", "a,b,label\n1,0,1\n0,1,2\n");
        assertFailed(
                train("--data", sparse, "--validation", narrow),
                BAD_DATA,
                narrow + ": rows of another width than the training rows (expected at least 3 features, found 2)");
        Path wide = write("wide.csv", "a,b,c,d,label\n1,0,3,0,1\n0,1,0,0,2\n");
        train("--data", sparse, "--validation", wide).succeeded();
        assertThat(weights().get(0)).hasSize(2 * 4);
    }

    /** The width of a model is not that of the largest index in the next rows it is to learn. */
    @Test
    void sparseRowsAreAsWideAsTheModelToStartFrom() throws IOException {
        Path wide = write("wide.svm", "1 1:1 5:3\n2 2:1\n1 1:2\n2 2:4\n".repeat(3));
        Path narrow = write("narrow.svm", "1 1:1 2:3\n2 2:1\n1 1:2\n2 2:4\n".repeat(3));
        train("--data", wide).succeeded();
        Path init = Files.copy(model, folder.resolve("init"));
        train("--data", narrow, "--init", init).succeeded();
        assertThat(weights().get(0)).hasSize(2 * 5);
        train("--data", wide, "--validation", narrow, "--init", init).succeeded();
        Run.of("cv", "--data", narrow, "--init", init, "--bias", "--folds", 2).succeeded();
        Run.of("lr-find", "--data", narrow, "--init", init, "--bias").succeeded();

        train("--data", narrow).succeeded();
        Files.copy(model, init, StandardCopyOption.REPLACE_EXISTING);
        String line = wide + ": more features than the model takes (expected indices up to 2, found 5)";
        assertFailed(train("--data", wide, "--init", init), BAD_DATA, line);
        assertFailed(train("--data", narrow, "--validation", wide, "--init", init), BAD_DATA, line);
        assertFailed(Run.of("cv", "--data", wide, "--init", init, "--bias"), BAD_DATA, line);
    }

    /** To read the data may take long. */
    @ParameterizedTest
    @ValueSource(strings = {"train", "cv", "lr-find"})
    void aModelToStartFromIsLookedAtBeforeTheData(String command) throws IOException {
        Path none = folder.resolve("none");
        Path data = folder.resolve("data");
        assertFailed(Run.of(command, "--data", data, "--init", none), NO_INPUT, none + ": no such file");
        Path text = write("text", "no model");
        assertFailed(
                Run.of(command, "--data", data, "--init", text),
                BAD_DATA,
                text + ": offset 0: not the header of a safetensors file (expected a length of at most 0, found "
                        + ByteBuffer.wrap("no model".getBytes(US_ASCII))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong()
                        + ")");
    }

    /** Without an index of 0 a file does not tell how it counts: the rows that were learned do. */
    @Test
    void aModelRemembersHowSparseRowsCount() throws IOException {
        Path zero = write("zero.svm", "1 0:1 3:3\n2 2:1\n");
        Path telling = write("telling.svm", "1 0:0 1:2 2:1\n2 2:1\n");
        Path silent = write("silent.svm", "1 1:2 2:1\n2 2:1\n");
        train("--data", zero, "--validation", zero).succeeded();
        for (Object[] words : new Object[][] {{"predict", model}, {"evaluate", model, "--data"}}) {
            String told = Run.of(words(words, telling)).succeeded().out();
            assertThat(Run.of(words(words, silent)).succeeded().out()).isEqualTo(told);
        }

        Path copy = folder.resolve("copy.svm");
        Run.of("data", "convert", telling, copy).succeeded();
        assertThat(copy).content().startsWith("1 0:0 1:2 2:1\n");
        assertThat(Run.of("predict", model, copy).out())
                .isEqualTo(Run.of("predict", model, telling).out());
        Run.of("data", "convert", write("single.svm", "1 0:0\n"), copy).succeeded();
        assertThat(copy).hasContent("1 0:0\n");

        train("--data", silent, "--validation", silent).succeeded();
        String line = telling + ": an index is 0 (expected indices from 1, as in the training rows, found 0)";
        assertFailed(Run.of("predict", model, telling), BAD_DATA, line);
        assertFailed(Run.of("evaluate", model, "--data", telling), BAD_DATA, line);
    }

    /** A model to start from tells it too; without it these rows would be a feature too narrow. */
    @Test
    void aModelToStartFromKnowsHowSparseRowsCount() throws IOException {
        Path zero = write("zero.svm", "1 0:1 3:3\n2 2:1\n");
        Path silent = write("silent.svm", "1 1:2 3:1\n2 2:1\n");
        train("--data", zero, "--validation", zero).succeeded();
        Path init = Files.copy(model, folder.resolve("init"));
        Run run =
                train("--data", silent, "--validation", silent, "--init", init).succeeded();
        assertThat(run.err()).containsOnlyOnce("silent.svm: sparse rows, indices from 0\n");
        assertThat(weights().get(0)).hasSize(2 * 4);
        assertThat(provenance().firstIndex()).isZero();
    }

    private static Object[] words(Object[] first, Object last) {
        return Stream.concat(Stream.of(first), Stream.of(last)).toArray();
    }

    /** An evaluation widens 128 rows: more than an array holds, whatever the heap. */
    @Test
    void rowsTooWideToBeEvaluatedAreToldBeforeTheyAreLearned() throws IOException {
        Path wide = write("wide.svm", "1 1:1 20000000:1\n2 2:1\n");
        Run run = Run.of(
                "train",
                "--data",
                wide,
                "--max-features",
                20_000_000,
                "--hidden",
                2,
                "--batch",
                1,
                "--validation",
                wide);
        assertThat(run.err())
                .contains("lanewise: " + wide
                        + ": too large for one array (expected at most 2147483639 values, found 2560000000)\n");
        assertThat(run.status()).isEqualTo(ExitCode.NO_MEMORY.status());
    }

    /** A column has the name that it has, also where a file is called so. */
    @Test
    void theNameOfAColumnIsNoFile() throws IOException {
        String name = folder.resolve("kinds.npy").toString();
        Path data = write("d.csv", table(",", List.of("1", "2"), 0, ROWS).replace("kind", name));
        Run.of("data", "convert", data, folder.resolve("x.npy"), "--label", name, "--labels-out", name)
                .succeeded();
        assertThat(Path.of(name)).exists();
    }

    @Test
    void aModelToStartFromIsHeldAgainstTheData() throws IOException {
        Path ants = write("ants.csv", table(",", List.of("ant", "bee"), 0, ROWS));
        Path bees = write("bees.csv", table(",", List.of("bee", "cat"), 0, ROWS));
        train("--data", ants, "--scale", "standard").succeeded();
        Path init = Files.copy(model, folder.resolve("init"));
        assertThat(train("--data", ants, "--init", init).succeeded().err())
                .contains("note: the model of --init has learned features of another scaling\n")
                .doesNotContain("other classes");
        assertThat(train("--data", bees, "--init", init, "--scale", "standard")
                        .succeeded()
                        .err())
                .contains("note: the model of --init has learned other classes: ant, bee\n");
    }

    /** Each of two arrays has labels of its own, and one file has those of one. */
    @Test
    void aFileOfLabelsIsForOneArray() throws IOException {
        Path x = Files.write(folder.resolve("x.npy"), NpyBytes.floats("(4, 1)", 1, 2, 3, 4));
        Path y = Files.write(folder.resolve("y.npy"), NpyBytes.floats("(4,)", 0, 1, 0, 1));
        Path other = write("other.csv", "a,label\n1,0\n2,1\n");
        for (Path validation : List.of(x, other)) {
            assertFailed(
                    train("--data", x, "--label", y, "--validation", validation),
                    USAGE,
                    "--label: a file of labels is for one array, and not for --data and --validation"
                            + " (expected data with labels of their own, such as NPZ, found " + y + ")");
        }
        assertFailed(
                train("--data", other, "--label", y, "--validation", x),
                USAGE,
                "--label: a file of labels is for one array, and not for --data and --validation"
                        + " (expected data with labels of their own, such as NPZ, found " + y + ")");
        train("--data", x, "--label", y, "--validation", "0.5").succeeded();
    }

    @Test
    void sparseRowsAreEvaluatedUnderAnyScaling() throws IOException {
        train("--data", write("n.csv", table(",", List.of("1", "2"), 0, ROWS)), "--scale", "standard")
                .succeeded();
        Path sparse = write("s.svm", "1 1:2 2:8 3:5\n2 1:8 2:2 3:5\n");
        assertThat(Run.of("evaluate", model, "--data", sparse).succeeded().out())
                .contains("error     0.00000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"minmax", "standard"})
    void sparseRowsAreNotFilled(String scale) throws IOException {
        // They are refused before they are read as far as the damage.
        Path sparse = write("t.svm", "1 1:1\n2 2:1\n1 1:1\n2 3:one\n");
        Path dense = write("d.csv", table(",", List.of("1", "2"), 0, ROWS));
        String line = sparse + ": --scale: sparse data would not stay sparse (expected none or pixel, found " + scale
                + "). lanewise data convert makes a table of them.";
        assertFailed(train("--data", sparse, "--scale", scale, "--validation", 0.5), USAGE, line);
        assertFailed(train("--data", dense, "--scale", scale, "--validation", sparse), USAGE, line);
        assertFailed(Run.of("cv", "--data", sparse, "--scale", scale), USAGE, line);
        Path none = folder.resolve("none");
        assertFailed(train("--data", none, "--scale", scale), NO_INPUT, none + ": no such file or folder");
        assertThat(model).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            1,2,7/3,4,7/     > there is only one class to learn (expected at least 2, found 7). --label names the column of the classes.
            1,2,a/           > too few rows to keep some for validation (expected a class of at least 2 rows and a share of at least one, found 1 row)
            1,2,a/3,4,b/     > too few rows to keep some for validation (expected a class of at least 2 rows and a share of at least one, found 2 rows)
            """)
    void rowsThatCannotBeLearned(String text, String line) throws IOException {
        Path file = write("t.csv", text.replace('/', '\n'));
        assertFailed(train("--data", file, "--validation", "0.5"), BAD_DATA, file + ": " + line);
        assertThat(model).doesNotExist();
    }

    @Test
    void aSingleRowIsEvaluatedAndPredicted() throws IOException {
        Path one = write("one.csv", "x,y,z,kind\n8,2,5,bee\n");
        train("--data", table, "--validation", one).succeeded();
        assertThat(Run.of("evaluate", model, "--data", one).succeeded().out())
                .contains("rows      1\n", "error     0.00000\n");
        assertThat(Run.of("predict", model, one).succeeded().out())
                .hasLineCount(2)
                .contains("\nbee,");
    }

    @Test
    void aClassThatWasNotLearnedIsRefused() throws IOException {
        Path other = write("other.csv", "x,y,z,kind\n1,2,3,ant\n1,2,3,cow\n");
        Run run = train("--data", table, "--validation", other);
        assertThat(run.err())
                .endsWith(
                        "lanewise: " + other
                                + ": line 3, column 4 (kind): the label is not among the classes (expected ant, bee, found cow)\n");
        assertThat(run.status()).isEqualTo(BAD_DATA.status());
    }

    /** A name of a column can hold anything. */
    @Test
    void notesDoNotMoveTheCursor() throws IOException {
        Path file = write("t.csv", "a,b\u001b[2J\n1,0\n2,1\n1,0\n2,1\n");
        assertThat(train("--data", file, "--validation", 0.5).succeeded().err())
                .contains("column 2 (b\\x1b[2J)")
                .doesNotContain("\u001b");
    }

    @Test
    void aModelOfNumbersKnowsThemByValue() throws IOException {
        train("--data", write("n.csv", table(",", List.of("-1", "+1"), 0, ROWS)))
                .succeeded();
        assertThat(provenance().classes()).containsExactly("-1", "1");
        Path other = write("other.csv", "x,y,z,kind\n2,8,5,-1.0\n8,2,5,1\n");
        assertThat(Run.of("evaluate", model, "--data", other).succeeded().out()).contains("rows      2");
    }
}
