package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.NO_MEMORY;
import static lanewise.trainer.ExitCode.USAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.data.NpyBytes;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** describe, split and convert. */
class DataCommandTest extends SmallHeap {
    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Dataset read(Path file) {
        return DataReader.builder().build().read(file);
    }

    @Test
    void describeTellsOfEachFeatureAndClass() throws IOException {
        Path file = write("t.csv", "a,b,kind\n1,5,x\n?,5,y\n4,5,x\n");
        Run run = Run.of("data", "describe", file).succeeded();
        assertThat(run.err())
                .isEqualTo(
                        "note: " + file + ": a table with commas, a header in line 1, the label in column 3 (kind)\n");
        assertThat(run.out()).isEqualTo("""
                        format    CSV
                        rows      3
                        features  2, kept as floats
                        constant  1 feature: b
                        missing   1 feature: a
                        sha256    %s
                        class     x: 2
                        class     y: 1
                        feature                        min          max         mean          std  missing
                        a                          1.00000      4.00000      2.50000      1.50000        1
                        b                          5.00000      5.00000      5.00000      0.00000        0
                        """.formatted(
                DataReader.builder().keepMissing(true).build().read(file).fingerprint()));
    }

    @Test
    void describeWritesTheSameAsJson() throws IOException {
        Path file = write("t.csv", "a,b,kind\n1,,x\n3,,y\n");
        JsonNode json = JsonMapper.shared()
                .readTree(Run.of("data", "describe", file, "--json", "-")
                        .succeeded()
                        .out());
        assertThat(json.get("format").stringValue()).isEqualTo("CSV");
        JsonNode rows = json.get("rows");
        assertThat(rows.get("rows").intValue()).isEqualTo(2);
        assertThat(rows.get("storage").stringValue()).isEqualTo("floats");
        assertThat(rows.get("classes").toString())
                .isEqualTo("[{\"class\":\"x\",\"rows\":1},{\"class\":\"y\",\"rows\":1}]");
        assertThat(rows.get("columns").toString())
                .isEqualTo("[{\"name\":\"a\",\"missing\":0,\"min\":1.0,\"max\":3.0,\"mean\":2.0,\"std\":1.0},"
                        + "{\"name\":\"b\",\"missing\":2}]");
    }

    @Test
    void describeKnowsFoldersSparseRowsAndImages() throws IOException {
        IdxBytes.writeFolder(folder);
        assertThat(Run.of("data", "describe", folder).succeeded().out())
                .contains("format    IDX\ntrain     5\nfeatures  6, 2 x 3 pixels, kept as bytes\n")
                .contains("\ntest      3\n")
                .contains("\nclass     2: 1\n");
        assertThat(Run.of("data", "describe", folder.resolve("train-images-idx3-ubyte"))
                        .succeeded()
                        .out())
                .contains("rows      5\nfeatures  6, 2 x 3 pixels, kept as bytes\n")
                .doesNotContain("class");
        assertThat(Run.of("data", "describe", write("t.svm", "1 3:2\n2 7:1\n"))
                        .succeeded()
                        .out())
                .contains("format    LIBSVM\nrows      2\nfeatures  7, kept as sparse rows\n")
                .contains("\n7                          0.00000      1.00000     0.500000     0.500000        0\n");
        Path wide = write("w.csv", "1,".repeat(200) + "x\n" + "2,".repeat(200) + "y\n");
        assertThat(Run.of("data", "describe", wide).succeeded().out()).endsWith("(--json tells of each feature)\n");
        Path narrower = write("n.csv", "1,".repeat(100) + "x\n" + "2,".repeat(100) + "y\n");
        assertThat(Run.of("data", "describe", narrower).succeeded().out())
                .contains("\n100                        1.00000      2.00000");
    }

    /** What is told of each feature takes more than the rows, which fit the heap. */
    @Test
    void describeForeseesWhatItTakes() throws Exception {
        int features = 600_000;
        Path file =
                Files.write(folder.resolve("t.npy"), NpyBytes.floats("(2, " + features + ")", new float[2 * features]));
        Object[] words = {"data", "describe", file, "--label", "none"};
        Process process = start(words);
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("err")).content().contains("lanewise: " + file + ": does not fit the heap (");
        assertThat(process.exitValue()).isEqualTo(NO_MEMORY.status());
        assertSucceeds(startWith(askedFor(), words));
    }

    @Test
    void describeWritesBothPartsAsJson() throws IOException {
        IdxBytes.writeFolder(folder);
        JsonNode json = JsonMapper.shared()
                .readTree(Run.of("data", "describe", folder, "--json", "-")
                        .succeeded()
                        .out());
        assertThat(json.propertyNames()).containsExactly("format", "train", "test");
        for (String part : new String[] {"train", "test"}) {
            JsonNode told = json.get(part);
            assertThat(told.get("rows").intValue()).isEqualTo(part.equals("train") ? 5 : 3);
            assertThat(told.get("features").intValue()).isEqualTo(6);
            assertThat(told.get("storage").stringValue()).isEqualTo("bytes");
            assertThat(told.get("columns").get(5).get("name").stringValue()).isEqualTo("6");
        }
    }

    @Test
    void theLabelsOfSparseRowsAreTakenOrLeft() throws IOException {
        Path file = write("t.svm", "7 1:2 2:3\n8 2:5\n");
        Path out = folder.resolve("t.csv");
        Run.of("data", "convert", file, out).succeeded();
        String whole = Files.readString(out);
        assertThat(whole).contains("7").contains("8");
        Run.of("data", "convert", file, out, "--label", "none").succeeded();
        assertThat(Files.readString(out)).isEqualTo(whole.replaceAll(",[^,\n]*\n", "\n"));
        Run.of("data", "convert", file, out, "--label", "3")
                .failed(
                        USAGE,
                        file + ": the labels of sparse rows are in front of them (expected no --label, found 3)");
        assertThat(Run.of("data", "describe", file, "--label", "none")
                        .succeeded()
                        .out())
                .doesNotContain("class");
    }

    /** No labels of the other rows are known that they could be at odds with. */
    @Test
    void describeTellsOfRowsToTestWithThatAloneHaveLabels() throws IOException {
        byte[] x = NpyBytes.floats("(2, 1)", 1, 2);
        byte[] y = NpyBytes.bytes("(2,)", 5, 6);
        Path file = Files.write(
                folder.resolve("a.npz"), NpyBytes.zip(true, "x_train.npy", x, "x_test.npy", x, "y_test.npy", y));
        assertThat(Run.of("data", "describe", file).succeeded().out())
                .contains("\ntrain     2\n")
                .contains("\ntest      2\n")
                .containsOnlyOnce("\nclass     5: 1\nclass     6: 1\n");
        Files.write(file, NpyBytes.zip(true, "x_train.npy", x, "x_test.npy", x));
        assertThat(Run.of("data", "describe", file).succeeded().out())
                .contains("\ntest      2\n")
                .doesNotContain("class");
    }

    @Test
    void splitKeepsEveryRowOnce() throws IOException {
        StringBuilder text = new StringBuilder("value,kind\n");
        for (int i = 0; i < 20; i++) {
            text.append(i).append(i % 4 == 0 ? ",rare\n" : ",often\n");
        }
        Path file = write("t.csv", text.toString());
        Path train = folder.resolve("train.csv");
        Path test = folder.resolve("test.csv.gz");
        assertThat(Run.of("data", "split", file, train, test, "--fraction", "0.4", "--seed", 5)
                        .succeeded()
                        .out())
                .isEqualTo("12 rows in " + train + "\n8 rows in " + test + "\n");
        assertThat(read(train).classCounts()).containsExactly(9, 3);
        assertThat(read(test).classCounts()).containsExactly(6, 2);
        float[] all = new float[20];
        for (Path part : new Path[] {train, test}) {
            for (float value : read(part).values()) {
                all[(int) value]++;
            }
        }
        assertThat(all).containsOnly(1);
        byte[] first = Files.readAllBytes(train);
        Run.of("data", "split", file, train, test, "--fraction", "0.4", "--seed", 5)
                .succeeded();
        assertThat(Files.readAllBytes(train)).isEqualTo(first);
        Run.of("data", "split", file, train, test, "--fraction", "0.4", "--seed", 6)
                .succeeded();
        assertThat(Files.readAllBytes(train)).isNotEqualTo(first);
    }

    @Test
    void convertTellsWhatIsLost() throws IOException {
        Path file = write("t.csv", "a,b,kind\n1,5,x\n2,5,y\n4,5,x\n");
        Path array = folder.resolve("t.npy");
        assertThat(Run.of("data", "convert", file, array).succeeded().err())
                .endsWith("note: the labels are left out; --labels-out keeps them\n");
        Path labels = folder.resolve("y.npy");
        Run run = Run.of("data", "convert", file, array, "--labels-out", labels).succeeded();
        assertThat(run.err()).endsWith("note: the classes are written as 0, 1 and so on, for x, y\n");
        assertThat(run.out()).isEqualTo("3 rows in " + array + "\n");
        Dataset read = DataReader.builder().label(labels.toString()).build().read(array);
        assertThat(read.labels()).containsExactly(0, 1, 0);
        assertThat(read.values()).containsExactly(1, 5, 2, 5, 4, 5);

        for (int classes : new int[] {10, 12}) {
            String rows = IntStream.range(0, classes)
                    .mapToObj(i -> i + ",c" + i + "\n")
                    .collect(Collectors.joining());
            Path many = write("many.csv", "a,kind\n" + rows);
            assertThat(Run.of("data", "convert", many, array, "--labels-out", labels)
                            .succeeded()
                            .err())
                    .endsWith(
                            classes == 10
                                    ? "for c0, c1, c2, c3, c4, c5, c6, c7, c8, c9\n"
                                    : "for c0, c1, c10, c11, c2, c3, c4, c5, c6, c7, ...\n");
        }
    }

    @Test
    void rowsToTestWithAreNotLeftOutSilently() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        IdxBytes.writeFolder(images);
        Path out = folder.resolve("t.npz");
        String note = "note: %s: the test rows are left out\n";
        Run convert = Run.of("data", "convert", images, out).succeeded();
        assertThat(convert.err()).isEqualTo(note.formatted(images));
        assertThat(convert.out()).isEqualTo("5 rows in " + out + "\n");
        Run split = Run.of("data", "split", images, out, folder.resolve("u.npz"), "--fraction", "0.4");
        assertThat(split.succeeded().err()).isEqualTo(note.formatted(images));
        assertThat(Run.of("data", "convert", out, folder.resolve("v.csv"))
                        .succeeded()
                        .err())
                .doesNotContain("left out");
        Files.delete(images.resolve("t10k-images-idx3-ubyte"));
        assertThat(Run.of("data", "convert", images, out).succeeded().err()).isEmpty();
        Path both = Files.write(
                folder.resolve("both.npz"),
                NpyBytes.zip(
                        true,
                        "x_train.npy",
                        NpyBytes.floats("(2, 1)", 1, 2),
                        "y_train.npy",
                        NpyBytes.bytes("(2,)", 0, 1),
                        "x_test.npy",
                        NpyBytes.floats("(1, 1)", 3),
                        "y_test.npy",
                        NpyBytes.bytes("(1,)", 1)));
        assertThat(Run.of("data", "convert", both, out).succeeded().err()).endsWith(note.formatted(both));
    }

    @Test
    void aSplitKeepsItsLabels() throws IOException {
        Path table = write("t.csv", "a,kind\n1,x\n2,x\n3,y\n4,y\n");
        Path[] out = {folder.resolve("a.npz"), folder.resolve("b.npy")};
        Run run = Run.of("data", "split", table, out[0], out[1], "--fraction", "0.5");
        assertThat(run.err())
                .endsWith("lanewise: TEST: an array has no place for labels"
                        + " (expected CSV, TSV, LIBSVM or NPZ, found NPY or IDX)\n");
        assertThat(run.status()).isEqualTo(USAGE.status());
        assertThat(out[0]).doesNotExist();
    }

    @Test
    void theLabelKeepsItsName() throws IOException {
        Path out = folder.resolve("out.csv");
        Path test = folder.resolve("test.tsv");
        Run.of("data", "convert", write("t.csv", "a,kind,b\n1,x,5\n2,y,5\n"), out, "--label", "kind")
                .succeeded();
        assertThat(out).hasContent("a,b,kind\n1,5,x\n2,5,y\n");
        Run.of("data", "split", write("s.csv", "a,b,Class\n1,5,x\n2,5,x\n"), out, test, "--fraction", "0.5")
                .succeeded();
        assertThat(test).content().startsWith("a\tb\tClass\n");
        Run.of("data", "convert", write("u.csv", "1,2,0\n3,4,1\n"), out).succeeded();
        assertThat(out).content().startsWith("f1,f2,label\n");
    }

    /** Else class would be taken for the label, though it is a feature. */
    @Test
    void theLabelIsCalledSoWhereItsNameWouldMislead() throws IOException {
        Path out = folder.resolve("out.csv");
        Run.of("data", "convert", write("t.csv", "class,kind\n1,x\n2,y\n"), out, "--label", "kind")
                .succeeded();
        assertThat(out).content().startsWith("class,label\n");
        Run.of("data", "convert", write("u.csv", "a,NA\n1,x\n2,y\n"), out, "--label", "NA")
                .succeeded();
        assertThat(out).content().startsWith("a,label\n");
        assertThat(read(out).classNames()).containsExactly("x", "y");
    }

    @Test
    void nothingIsWrittenIfTheInputIsDamaged() throws IOException {
        Path file = write("t.csv", "a,b,kind\n1,5,x\n2,?,y\n");
        Path old = write("old.npz", "old");
        Run run = Run.of("data", "convert", file, old);
        assertThat(run.err())
                .endsWith("lanewise: " + file
                        + ": line 3, column 2 (b): a value is missing (expected a number, found ?)\n");
        assertThat(run.status()).isEqualTo(BAD_DATA.status());
        assertThat(old).hasContent("old");
        Run.of("data", "convert", file, folder.resolve("none/t.npz"))
                .failed(CANNOT_CREATE, folder.resolve("none/t.npz") + ": there is no such folder");
    }
}
