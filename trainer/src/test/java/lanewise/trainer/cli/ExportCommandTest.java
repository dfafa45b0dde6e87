package lanewise.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Tensor;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    @TempDir
    Path folder;

    /** A model that learned which of two large numbers is larger, exported and asked about numbers as they come. */
    @Test
    void theFileScalesTheFeaturesAndNamesTheClasses() throws OrtException {
        float[] x = {1000, 2000, 2000, 1000, 1500, 1900, 1800, 1600};
        Dataset data = Dataset.of(x, 4, 2, new int[] {1, 0, 1, 0}, 2).withClassNames(List.of("first", "second"));
        Dataset scaled = data.scaled(Scaling.fit(Scaling.Kind.STANDARD, data));
        Trainer trainer = Trainer.builder().epochs(50).batch(4).build();
        Model model = Model.softmaxRegression(2, 2, true);
        trainer.fit(model, scaled, scaled);
        Path saved = folder.resolve("model.safetensors");
        Path onnx = folder.resolve("model.onnx");
        Map<String, String> metadata = Provenance.of(trainer, scaled).toMetadata();
        model.save(saved, metadata);
        Run run = Run.of("export", saved, "--onnx", onnx).succeeded();

        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEmpty();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {4, 2});
                OrtSession.Result result = session.run(Map.of("X", input))) {
            assertThat((String[]) result.get("label").orElseThrow().getValue())
                    .containsExactly("second", "first", "second", "first");
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("lanewise", metadata.get("lanewise"))
                    .containsEntry("classes", "[\"first\",\"second\"]");
        }
    }

    @Test
    void classesThatAreNumbersComeOutAsNumbers() throws OrtException {
        Dataset data = Dataset.of(new float[] {1, 0, 0, 1}, 2, 2, new int[] {0, 1}, 2);
        Path saved = folder.resolve("model.safetensors");
        Path onnx = folder.resolve("model.onnx");
        Map<String, String> metadata =
                Provenance.of(Trainer.builder().build(), data).toMetadata();
        new Safetensors(metadata, List.of(new Tensor("0.weight", new int[] {2, 2}, new float[] {0, 1, 1, 0})))
                .write(saved);
        Run.of("export", saved, "--onnx", onnx).succeeded();

        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx.toString());
                OnnxTensor input =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(data.values()), new long[] {2, 2});
                OrtSession.Result result = session.run(Map.of("X", input))) {
            assertThat((long[]) result.get("label").orElseThrow().getValue()).containsExactly(1, 0);
        }
    }

    @Test
    void aModelThatDoesNotSayItsScalingIsExportedWithANote() throws OrtException {
        Path saved = folder.resolve("model.safetensors");
        Path onnx = folder.resolve("model.onnx");
        new Safetensors(Map.of(), List.of(new Tensor("0.weight", new int[] {2, 2}, new float[] {1, 0, 0, 1})))
                .write(saved);

        assertThat(Run.of("export", saved, "--onnx", onnx).succeeded().err())
                .isEqualTo("note: " + saved
                        + " does not say how its features are scaled: the graph takes them as the model does\n");
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx.toString());
                OnnxTensor input =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(new float[] {1, 3}), new long[] {1, 2});
                OrtSession.Result result = session.run(Map.of("X", input))) {
            float[][] found =
                    (float[][]) result.get("probabilities").orElseThrow().getValue();
            assertThat(found[0][1]).isCloseTo((float) (1 / (1 + Math.exp(-2))), within(1e-6f));
        }
    }

    @Test
    void whatCannotBeExportedIsTold() {
        Path saved = folder.resolve("model.safetensors");
        new Safetensors(Map.of(), List.of(new Tensor("0.weight", new int[] {2, 2}, new float[4]))).write(saved);
        Run.of("export", saved).failed(ExitCode.USAGE, "export: --onnx is missing");
        Run.of("export", saved, "--onnx", saved).failed(ExitCode.USAGE, "--onnx: the same file as MODEL");
        Path nowhere = folder.resolve("none/model.onnx");
        Run.of("export", saved, "--onnx", nowhere)
                .failed(ExitCode.CANNOT_CREATE, nowhere + ": there is no such folder");
    }
}
