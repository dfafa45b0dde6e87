package lanewise.trainer.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lanewise.trainer.ExitCode;
import lanewise.trainer.Refusal;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.Scaling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ONNX Runtime makes of the files. */
class OnnxFileTest {
    private static final double U = 0x1p-24;

    @TempDir
    Path folder;

    private int decided;

    /** What ran: the outputs for some rows. */
    private record Outputs(float[][] probabilities, Object labels, Map<String, String> metadata) {}

    private Outputs run(Path file, float[] x, int rows) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor input = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(x), new long[] {rows, x.length / Math.max(1, rows)});
                OrtSession.Result result = session.run(Map.of("X", input))) {
            return new Outputs(
                    (float[][]) result.get("probabilities").orElseThrow().getValue(),
                    result.get("label").orElseThrow().getValue(),
                    session.getMetadata().getCustomMetadata());
        }
    }

    /** Both compute in float, in orders of their own; the bound of each is worked out in double beside the exact result. */
    @Test
    void onnxRuntimeGetsTheSameProbabilitiesAndClasses() throws OrtException {
        Path file = folder.resolve("model.onnx");
        List<List<Integer>> hidden = List.of(List.of(), List.of(5), List.of(40), List.of(33, 7, 20));
        for (int features : new int[] {1, 37, 784}) {
            for (List<Integer> units : hidden) {
                for (boolean bias : new boolean[] {false, true}) {
                    Architecture sizes = new Architecture(features, units, features == 1 ? 1 : 10, bias);
                    Model model = ModelTest.random(sizes, features + units.size());
                    model.exportOnnx(file, Map.of(), Scaling.NONE, List.of());
                    for (int rows : new int[] {1, 2, 30}) {
                        float[] x = ModelTest.normal(rows * features, new Random(rows));
                        assertAgree(sizes.toString(), model, x, rows, run(file, x, rows));
                    }
                }
            }
        }
        assertThat(decided).as("rows whose class is beyond doubt").isGreaterThan(760);
    }

    private void assertAgree(String name, Model model, float[] x, int rows, Outputs onnx) {
        int features = model.architecture().features();
        int classes = model.architecture().classes();
        Prediction ours = model.predict(x, rows);
        long[] labels = (long[]) onnx.labels;
        for (int row = 0; row < rows; row++) {
            Exact exact = Exact.of(model, Arrays.copyOfRange(x, row * features, (row + 1) * features));
            for (int c = 0; c < classes; c++) {
                float p = ours.probabilities()[row * classes + c];
                assertThat((double) onnx.probabilities[row][c])
                        .as("%s, row %d, class %d", name, row, c)
                        .isCloseTo(p, within(2 * exact.probabilityError(c)));
            }
            if (exact.isDecided()) {
                assertThat(labels[row]).as("%s, row %d", name, row).isEqualTo(ours.classes()[row]);
                decided++;
            }
        }
    }

    /** The logits of a row in double, and how far off float arithmetic can be in any order of summation. */
    private record Exact(double[] logits, double error) {
        static Exact of(Model model, float[] row) {
            double[] a = new double[row.length];
            double[] off = new double[row.length];
            for (int i = 0; i < a.length; i++) {
                a[i] = row[i];
            }
            for (Dense layer : model.layers()) {
                float[] weights = layer.byOutput(layer.stored());
                double[] z = new double[layer.outputs()];
                double[] zOff = new double[z.length];
                boolean first = layer == model.layers().get(0);
                for (int o = 0; o < z.length; o++) {
                    z[o] = layer.bias().length == 0 ? 0 : layer.bias()[o];
                    double magnitude = Math.abs(z[o]);
                    for (int i = 0; i < a.length; i++) {
                        double w = weights[o * a.length + i];
                        double input = first ? a[i] : Math.max(0, a[i]);
                        z[o] += w * input;
                        magnitude += Math.abs(w) * (Math.abs(input) + off[i]);
                        zOff[o] += Math.abs(w) * off[i];
                    }
                    zOff[o] += (a.length + 2) * U * magnitude;
                }
                a = z;
                off = zOff;
            }
            return new Exact(a, Arrays.stream(off).max().orElseThrow());
        }

        /** Logits that are off by e make a probability off by a factor of at most exp(2 e); softmax itself adds a little. */
        double probabilityError(int c) {
            double max = Arrays.stream(logits).max().orElseThrow();
            double sum = Arrays.stream(logits).map(z -> Math.exp(z - max)).sum();
            double p = Math.exp(logits[c] - max) / sum;
            return p * (Math.expm1(2 * error) + U * (2 * Math.abs(logits[c] - max) + logits.length + 12)) + 0x1p-126;
        }

        /** Whether the largest logit is ahead by more than both can be off. */
        boolean isDecided() {
            double[] sorted = logits.clone();
            Arrays.sort(sorted);
            int n = sorted.length;
            return n == 1 || sorted[n - 1] - sorted[n - 2] > 2 * error;
        }
    }

    @Test
    void equalLogitsGoToTheLowestClass() throws OrtException {
        Path file = folder.resolve("model.onnx");
        Model.softmaxRegression(2, 3, true).exportOnnx(file, Map.of(), Scaling.NONE, List.of());
        Outputs outputs = run(file, new float[] {1, 2}, 1);
        assertThat((long[]) outputs.labels).containsExactly(0);
        assertThat(outputs.probabilities[0]).containsOnly(1f / 3);
    }

    @Test
    void pixelsAreScaled() throws OrtException {
        Path file = folder.resolve("model.onnx");
        Model model = ModelTest.random(new Architecture(8, List.of(), 3, false), 1);
        model.exportOnnx(file, Map.of(), Scaling.PIXEL, List.of());
        float[] pixels = {0, 1, 2, 127, 128, 200, 254, 255};
        float[] scaled = new float[8];
        for (int i = 0; i < 8; i++) {
            scaled[i] = pixels[i] * (1f / 255);
        }
        assertAgree("pixels", model, scaled, 1, run(file, pixels, 1));
    }

    /** Seconds since 1970, which float arithmetic would lose. */
    @Test
    void aFittedScalingRunsInDouble() throws OrtException {
        Path file = folder.resolve("model.onnx");
        float[] x = {1.7e9f, .25f, 2e-3f, 1.7e9f + 128, .5f, 3e-3f, 1.7e9f + 1024, -.25f, 5e-3f};
        Dataset data = Dataset.of(x, 3, 3, new int[] {0, 1, 2}, 3);
        Model model = ModelTest.random(new Architecture(3, List.of(5), 3, true), 1);
        for (Scaling.Kind kind : List.of(Scaling.Kind.MINMAX, Scaling.Kind.STANDARD)) {
            Scaling scaling = Scaling.fit(kind, data);
            float[] scaled = x.clone();
            scaling.apply(scaled, 0, 3, 3);
            model.exportOnnx(file, Map.of(), scaling, List.of());
            assertAgree(kind.toString(), model, scaled, 3, run(file, x, 3));
        }
    }

    @Test
    void whatDoesNotBelongToTheModelIsRefused() {
        Path file = folder.resolve("model.onnx");
        Model model = Model.softmaxRegression(2, 3, false);
        Dataset other = Dataset.of(new float[] {1, 2, 3}, 1, 3, new int[0], 0);
        Scaling scaling = Scaling.fit(Scaling.Kind.STANDARD, other);
        assertThatThrownBy(() -> model.exportOnnx(file, Map.of(), scaling, List.of()))
                .hasMessage("the scaling is not for 2 features");
        assertThatThrownBy(() -> model.exportOnnx(file, Map.of(), Scaling.NONE, List.of("a")))
                .hasMessage("1 names for 3 classes");
        assertThatThrownBy(() -> model.exportOnnx(file, Map.of(), Scaling.NONE, List.of("a", "\ud800", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not text: \\ud800");
        assertThat(file).doesNotExist();
    }

    @Test
    void classesWithNamesComeBackAsText() throws OrtException {
        Path file = folder.resolve("model.onnx");
        List<String> names = List.of("setosa", "vers,\"icolor", "\u5f4c");
        Model model = ModelTest.random(new Architecture(4, List.of(), 3, true), 1);
        model.exportOnnx(file, Map.of(), Scaling.NONE, names);
        float[] x = ModelTest.normal(50 * 4, new Random(1));
        Outputs outputs = run(file, x, 50);
        int[] classes = model.predict(x, 50).classes();
        assertThat(Arrays.stream(classes).distinct().count()).isEqualTo(3);
        assertThat((Object[]) outputs.labels)
                .isEqualTo(Arrays.stream(classes).mapToObj(names::get).toArray());
        assertThat(outputs.metadata).containsOnly(Map.entry("classes", "[\"setosa\",\"vers,\\\"icolor\",\"\u5f4c\"]"));
    }

    /** Any number of rows of as many floats as there are classes; ONNX Runtime only warns of an output of another shape. */
    @Test
    void theProbabilitiesHaveTheirShape() throws IOException {
        Path file = folder.resolve("model.onnx");
        Model.mlp(4, List.of(5), 3, true, 1).exportOnnx(file, Map.of(), Scaling.NONE, List.of());
        String type = "\n\r\b\u0001\u0012\t\n\u0003\u0012\u0001N\n\u0002\b\u0003";
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1)).contains("\n\rprobabilities\u0012\u000f" + type);
    }

    @Test
    void theMetadataAreThoseThatAreGiven() throws Exception {
        Path saved = folder.resolve("model.safetensors");
        ModelTest.random(new Architecture(4, List.of(), 3, true), 1).save(saved, Map.of("lanewise", "{\"epoch\":1}"));
        Path one = folder.resolve("one.onnx");
        Path two = folder.resolve("two.onnx");
        Map<String, String> metadata = Map.of("lanewise", "{\"epoch\":2}", "by", "hand");
        Model.load(saved).exportOnnx(one, metadata, Scaling.NONE, List.of());
        Model.load(saved).exportOnnx(two, metadata, Scaling.NONE, List.of());
        assertThat(run(one, new float[4], 1).metadata).isEqualTo(metadata);
        assertThat(Files.mismatch(one, two)).isEqualTo(-1);
    }

    @Test
    void aModelThatHasDivergedIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), new byte[] {1});
        Model model = Model.mlp(4, List.of(20), 3, true, 1);
        model.layers().get(1).bias()[2] = Float.POSITIVE_INFINITY;
        Refusal.assertRefused(
                () -> model.exportOnnx(file, Map.of(), Scaling.NONE, List.of()),
                ExitCode.DIVERGED,
                file + ": tensor 2.bias: element 2 is not finite (expected a finite number, found Infinity)");
        model.layers().get(0).stored()[1] = Float.NaN;
        Refusal.assertRefused(
                () -> model.exportOnnx(file, Map.of(), Scaling.NONE, List.of()),
                ExitCode.DIVERGED,
                file + ": tensor 0.weight: element 4 is not finite (expected a finite number, found NaN)");
        assertThat(file).hasBinaryContent(new byte[] {1});
    }
}
