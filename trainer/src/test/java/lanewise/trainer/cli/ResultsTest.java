package lanewise.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Tensor;
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
    void inspectTellsWhatAModelHolds() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(model));
        String sha256 = HexFormat.of().formatHex(digest);
        assertThat(Run.of("inspect", model).succeeded().out()).isEqualTo("""
                        tensor          shape             norm          min          max
                        0.weight        [2, 2]          1.4142       0.0000       1.0000
                        parameters      4
                        sha256          %s
                        metadata origin = by hand
                        """.formatted(sha256));
        assertThat(json(Run.of("inspect", model, "--json", "-").succeeded().out())
                        .toString())
                .isEqualTo(
                        "{\"tensors\":[{\"name\":\"0.weight\",\"shape\":[2,2],\"norm\":1.4142135623730951,\"min\":0.0,"
                                + "\"max\":1.0}],\"parameters\":4,\"sha256\":\"" + sha256
                                + "\",\"metadata\":{\"origin\":\"by hand\"}}");
    }

    @Test
    void inspectTellsWhatADataSetHolds() {
        assertThat(Run.of("inspect", folder).succeeded().out().replaceAll("[0-9a-f]{64}", "SHA"))
                .isEqualTo("""
                        train: 1 rows of 1 x 2 pixels
                          sha256  SHA
                          class 0         0
                          class 1         1
                        test: 4 rows of 1 x 2 pixels
                          sha256  SHA
                          class 0         1
                          class 1         3
                        """);
        JsonNode json =
                json(Run.of("inspect", folder, "--json", "-").succeeded().out());
        assertThat(json.get("test").get("classes").toString()).isEqualTo("[1,3]");
        assertThat(json.get("test").get("features").intValue()).isEqualTo(2);
    }

    @Test
    void inspectTellsWhatAFileOfImagesHolds() {
        assertThat(Run.of("inspect", images).succeeded().out()).startsWith("images: 4 rows of 1 x 2 pixels\n");
    }
}
