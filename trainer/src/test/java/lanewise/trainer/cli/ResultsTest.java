package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import lanewise.trainer.data.DataWriter;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Tensor;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What evaluate and inspect say about a model and data small enough to know the answers: two pixels, two classes,
 * and the logit of class c is pixel c.
 */
class ResultsTest {
    private static final double ODDS = Math.E / (1 + Math.E);

    @TempDir
    Path folder;

    private Path model;
    private Path images;

    @BeforeEach
    void writeFiles() throws IOException {
        model = folder.resolve("model.safetensors");
        images = folder.resolve("t10k-images-idx3-ubyte");
        Tensor weights = new Tensor("0.weight", new int[] {2, 2}, new float[] {1, 0, 0, 1});
        new Safetensors(Map.of("origin", "by hand"), List.of(weights)).write(model);
        byte on = (byte) 255;
        Files.write(
                images,
                IdxBytes.gzip(
                        IdxBytes.idx(0x803, new int[] {4, 1, 2}, on, (byte) 0, (byte) 0, on, on, (byte) 0, on, on)));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(0, 1, 1, 1));
        Files.write(folder.resolve("train-images-idx3-ubyte"), IdxBytes.idx(0x803, new int[] {1, 1, 2}, on, on));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), IdxBytes.labels(1));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void evaluatePrintsTheFiguresTheConfusionAndTheClasses() {
        assertThat(Run.of("evaluate", model, "--data", folder).succeeded().out())
                .isEqualTo("""
                        rows      4
                        loss      0.65823
                        error     0.50000
                        accuracy  0.50000

                        Confusion: each row a class, each column how often it is predicted.
                        class      0      1
                            0      1      0
                            1      2      1

                        class  precision   recall       F1     rows
                            0    0.33333  1.00000  0.50000        1
                            1    1.00000  0.33333  0.50000        3
                        """);
    }

    @Test
    void evaluateWritesTheSameAsJson() throws IOException {
        Path file = folder.resolve("evaluation.json");
        Run beside = Run.of("evaluate", model, "--data", folder, "--json", file).succeeded();
        Run alone = Run.of("evaluate", model, "--data", folder, "--json", "-").succeeded();
        JsonNode json = json(alone.out());

        assertThat(beside.out()).startsWith("rows");
        assertThat(file).hasContent(alone.out());
        assertThat(json.get("rows").intValue()).isEqualTo(4);
        double loss = (-2 * Math.log(ODDS) - Math.log(1 - ODDS) + Math.log(2)) / 4;
        assertThat(json.get("loss").doubleValue()).isCloseTo(loss, within(1e-7));
        assertThat(json.get("error").doubleValue()).isEqualTo(0.5);
        assertThat(json.get("accuracy").doubleValue()).isEqualTo(0.5);
        assertThat(json.get("confusion").toString()).isEqualTo("[[1,0],[2,1]]");
        assertThat(json.get("classes").get(1).toString())
                .isEqualTo("{\"class\":1,\"precision\":1.0,\"recall\":0.3333333333333333,\"f1\":0.5,\"rows\":3}");
    }

    @Test
    void aFileThatCannotBeCreatedIsToldBeforeTheWork() {
        Path nowhere = folder.resolve("none/evaluation.json");
        Run.of("evaluate", model, "--data", folder, "--json", nowhere)
                .failed(CANNOT_CREATE, nowhere + ": there is no such folder");
    }

    /** The logits of the last image are infinite, and so is no loss that would be told. */
    @Test
    void aLossThatIsNotFiniteIsTold() {
        for (float weight : new float[] {3e38f, -3e38f}) {
            Tensor weights = new Tensor("0.weight", new int[] {2, 2}, new float[] {0, 1, weight, weight});
            new Safetensors(Map.of(), List.of(weights)).write(model);
            Run.of("evaluate", model, "--data", folder)
                    .failed(
                            BAD_DATA,
                            model + ": the weights are too large: the loss is " + (weight > 0 ? "NaN" : "Infinity"));
        }
    }

    /** What overflows is to be told of the rows, and not of the weights. */
    @Test
    void aRowTooFarForTheScalingIsTold() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "x,y,label\n0,0,a\n1,1e-10,b\n");
        Path far = Files.writeString(folder.resolve("far.csv"), "x,y,label\n0,0,a\n1,3e38,b\n");
        Run.of("train", "--data", table, "--validation", table, "--scale", "minmax", "--epochs", 1, "--out", model)
                .succeeded();
        Run run = Run.of("evaluate", model, "--data", far);
        assertThat(run.err())
                .endsWith("lanewise: " + far + ": row 1, feature 1: a value is not finite"
                        + " (expected a number, found Infinity). It is too far from what the scaling was fitted on.\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(BAD_DATA.status());
    }

    @Test
    void aLongNameOfAClassIsCut() {
        Dataset data = Dataset.of(new float[] {1, 0, 0, 1}, 2, 2, new int[] {0, 1}, 2)
                .withClassNames(List.of("0", "n".repeat(25)));
        Tensor weights = new Tensor("0.weight", new int[] {2, 2}, new float[] {1, 0, 0, 1});
        new Safetensors(Provenance.of(Trainer.builder().build(), data).toMetadata(), List.of(weights)).write(model);
        Path table = folder.resolve("t.csv");
        DataWriter.to(table, null).write(data);
        Run run = Run.of("evaluate", model, "--data", table).succeeded();
        assertThat(run.out()).contains("n".repeat(24)).doesNotContain("n".repeat(25));
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void inspectTellsWhatAModelHolds() throws Exception {
        assertThat(Run.of("inspect", model).succeeded().out()).isEqualTo("""
                        layers          2-2
                        parameters      4
                        sha256          %s
                        metadata.origin by hand

                        tensor          shape             norm          min          max
                        0.weight        [2, 2]          1.4142       0.0000       1.0000
                        """.formatted(sha256(model)));
        assertThat(json(Run.of("inspect", model, "--json", "-").succeeded().out())
                        .toString())
                .isEqualTo("{\"layers\":{\"features\":2,\"hidden\":[],\"classes\":2,\"bias\":false},"
                        + "\"parameters\":4,\"sha256\":\"" + sha256(model)
                        + "\",\"metadata\":{\"origin\":\"by hand\"},\"tensors\":[{\"name\":\"0.weight\","
                        + "\"shape\":[2,2],\"norm\":1.4142135623730951,\"min\":0.0,\"max\":1.0}]}");
    }

    @Test
    void inspectTellsWhereAModelComesFrom() throws Exception {
        Model network = Model.mlp(20, List.of(16, 3), 3, true, 1);
        float[] x = new float[60];
        x[0] = 1;
        Dataset data = Dataset.of(x, 3, 20, new int[] {0, 1, 2}, 3).withClassNames(List.of("a", "b", "c"));
        Dataset scaled = data.scaled(Scaling.fit(Scaling.Kind.MINMAX, data));
        Trainer trainer = Trainer.builder().epochs(3).learningRate(.1f).seed(7).build();
        network.save(model, Provenance.of(trainer, scaled).toMetadata());

        assertThat(Run.of("inspect", model).succeeded().out().split("\n"))
                .contains(
                        "layers          20-16-3-3 with biases",
                        "parameters      399",
                        "format          2",
                        "class_names     a, b, c",
                        "scaling.kind    minmax",
                        "scaling.offset  0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ... (20)",
                        "data_sha256     " + scaled.fingerprint(),
                        "epochs          3",
                        "lr              0.1",
                        "seed            7");
        JsonNode provenance =
                json(Run.of("inspect", model, "--json", "-").succeeded().out()).get("provenance");
        assertThat(provenance.get("format").intValue()).isEqualTo(2);
        assertThat(provenance.get("class_names").size()).isEqualTo(3);
    }

    /** Tensors of something else, a file of the future, and a provenance that is not JSON. */
    @Test
    void inspectTellsWhatCannotBeUsedToo() {
        Tensor vector = new Tensor("running_mean", new int[] {2}, new float[] {-1, -2});
        new Safetensors(Map.of("lanewise", "{\"format\":9,\n\"trees\":[1,2,3,4,5,6,7,8,9,8,7,6]}"), List.of(vector))
                .write(model);
        assertThat(Run.of("inspect", model).succeeded().out().split("\n"))
                .contains(
                        "layers          not those of a model",
                        "format          9",
                        "trees           1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6",
                        "running_mean    [2]             2.2361      -2.0000      -1.0000");
        assertThat(Run.of("inspect", model, "--json", "-").succeeded().out()).hasLineCount(1);

        new Safetensors(Map.of("lanewise", "{\"format\":"), List.of(vector)).write(model);
        assertThat(Run.of("inspect", model).succeeded().out()).contains("metadata.lanewise {\"format\":\n");
        assertThat(json(Run.of("inspect", model, "--json", "-").succeeded().out())
                        .has("provenance"))
                .isFalse();
    }

    @Test
    void inspectLeavesDataToDescribe() throws IOException {
        String hint = ". lanewise data describe tells what data hold.";
        Run.of("inspect", folder).failed(NO_INPUT, folder + ": a folder, not a file" + hint);
        Run run = Run.of("inspect", images);
        assertThat(run.err())
                .startsWith("lanewise: " + images + ": offset 0: not the header of a safetensors file (")
                .endsWith(")" + hint + "\n");
        assertThat(run.status()).isEqualTo(BAD_DATA.status());
        Path named = Files.copy(images, folder.resolve("images.safetensors"));
        assertThat(Run.of("inspect", named).err())
                .contains(": not the header of a safetensors file (")
                .doesNotContain(hint);
        Path cut = Files.writeString(folder.resolve("cut"), "\b\1\0\0\0\0\0\0{\"");
        Run.of("inspect", cut)
                .failed(BAD_DATA, cut + ": offset 8: cut short (expected a header of 264 bytes, found 2)");
    }
}
