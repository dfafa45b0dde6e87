package lanewise.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.Refusal;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Tensor;
import lanewise.trainer.train.Provenance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    private static final Architecture NETWORK = new Architecture(5, List.of(20, 4), 3, true);

    @TempDir
    Path folder;

    @Test
    void aModelComesBackBitForBit() {
        // The last one has tensors that take several reads, which end inside of rows.
        for (Architecture sizes : List.of(
                NETWORK,
                new Architecture(5, List.of(), 3, false),
                new Architecture(1_009, List.of(33, 2), 20_000, true))) {
            Model model = ModelTest.random(sizes, 1);
            Path file = folder.resolve("model.safetensors");
            model.save(file, Map.of("lanewise", "{}"));
            for (Model loaded : List.of(Model.load(file), Model.load(file, sizes))) {
                assertThat(loaded.architecture()).isEqualTo(sizes);
                assertThat(loaded.metadata()).containsOnly(Map.entry("lanewise", "{}"));
                for (int l = 0; l < sizes.layers(); l++) {
                    assertThat(loaded.layers().get(l).stored())
                            .isEqualTo(model.layers().get(l).stored());
                    assertThat(loaded.layers().get(l).bias())
                            .isEqualTo(model.layers().get(l).bias());
                }
            }
        }
    }

    @Test
    void tensorsHaveTheNamesAndShapesOfPyTorch() {
        Path file = folder.resolve("model.safetensors");
        Model model = ModelTest.random(NETWORK, 1);
        model.save(file, Map.of());
        List<Tensor> tensors = Safetensors.read(file).tensors();
        assertThat(tensors.stream().map(Tensor::name))
                .containsExactly("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias");
        assertThat(tensors.get(0).shape()).containsExactly(20, 5);
        assertThat(tensors.get(1).shape()).containsExactly(20);
        assertThat(tensors.get(2).shape()).containsExactly(4, 20);
        assertThat(tensors.get(4).shape()).containsExactly(3, 4);
        // Wide, so stored the other way round: the file has input 1 of output 0 second.
        assertThat(tensors.get(0).data()[1]).isEqualTo(model.layers().get(0).stored()[20]);
    }

    @Test
    void theSameModelGivesTheSameBytes() throws Exception {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        ModelTest.random(NETWORK, 1).save(one, Map.of("a", "b"));
        ModelTest.random(NETWORK, 1).save(two, Map.of("a", "b"));
        assertThat(two).hasSameBinaryContentAs(one);
        ModelTest.random(NETWORK, 2).save(two, Map.of("a", "b"));
        assertThat(Files.mismatch(one, two)).isNotEqualTo(-1);
    }

    /** A file that no reader takes is not written, and no character becomes another one. */
    @Test
    void metadataThatCannotBeReadBackAreRefused() {
        Path file = folder.resolve("model.safetensors");
        Model model = ModelTest.random(NETWORK, 1);
        String longest = "k".repeat(50_000);
        model.save(file, Map.of(longest, "\ud83d\ude00"));
        assertThat(Model.load(file).metadata()).isEqualTo(Map.of(longest, "\ud83d\ude00"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.save(file, Map.of(longest + "k", "")))
                .withMessage("a name in the metadata is too long (expected at most 50000 characters, found 50001)");
        for (Map<String, String> half : List.of(Map.of("\ud800", "x"), Map.of("\ud800", "\ude00"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.save(file, half))
                    .withMessage("half of a surrogate pair is missing in the metadata \\ud800");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.save(file, Map.of("a", "x\ude00")))
                .withMessage("half of a surrogate pair is missing in the metadata a");
        Map<String, String> nothing = new HashMap<>();
        nothing.put("a", null);
        assertThatNullPointerException()
                .isThrownBy(() -> model.save(file, nothing))
                .withMessage("the metadata a");
        assertThat(Model.load(file).metadata()).containsKey(longest);
    }

    /** Made by the first version of Lanewise; its predictions worked out apart, in double. */
    @Test
    void aFileOfTheFirstFormatIsRead() throws Exception {
        Path file = folder.resolve("format-1.safetensors");
        try (InputStream golden = ModelFileTest.class.getResourceAsStream("format-1.safetensors")) {
            Files.copy(golden, file);
        }
        Model model = Model.load(file);
        assertThat(model.architecture()).isEqualTo(new Architecture(6, List.of(4), 3, true));
        assertThat(ModelFormat.of(model.metadata())).isEqualTo(1);

        Provenance provenance = Provenance.of(model.metadata()).orElseThrow();
        assertThat(provenance.classes()).containsExactly("0", "1", "2");
        assertThat(provenance.scaling()).isEqualTo(Scaling.PIXEL);
        assertThat(provenance.hyperparameters().epochs()).isEqualTo(3);
        assertThat(provenance.hyperparameters().seed()).isEqualTo(7);
        assertThat(provenance.dataSha256()).startsWith("2f7523f7");

        float[] x = new float[18];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        provenance.scaling().apply(x, 0, 3, 6);
        Prediction prediction = model.predict(x, 3);
        assertThat(prediction.classes()).containsExactly(0, 0, 1);
        assertThat(prediction.probabilities())
                .containsExactly(
                        new float[] {
                            .36054889f,
                            .35563241f,
                            .28381870f,
                            .35938771f,
                            .35551104f,
                            .28510125f,
                            .35269943f,
                            .35797622f,
                            .28932435f
                        },
                        within(2e-7f));
    }

    @Test
    void aFileOfANewerFormatIsRefused() {
        assertNewer("3");
        assertNewer("4294967296");
        assertNewer("9".repeat(30));
    }

    private void assertNewer(String format) {
        Path file = folder.resolve("model.safetensors");
        String said = "{\"data\":{\"format\":1},\"format\":" + format + ",\"tensors\":\"elsewhere\"}";
        ModelTest.random(NETWORK, 1).save(file, Map.of("lanewise", said));
        String line = file + ": __metadata__.lanewise: the model is of a newer version of Lanewise "
                + "(expected format 2, found format " + format + "). Update Lanewise to use it.";
        Refusal.assertRefused(() -> Model.load(file), ExitCode.BAD_DATA, line);
        Refusal.assertRefused(() -> Model.load(file, NETWORK), ExitCode.BAD_DATA, line);
    }

    @Test
    void metadataMayBeAbsent() {
        assertThat(load(softmax(), null).metadata()).isEmpty();
    }

    @Test
    void tensorsThatDoNotFitAreNamed() {
        Architecture softmax = new Architecture(4, List.of(), 3, false);
        Architecture biased = new Architecture(4, List.of(), 3, true);
        Architecture network = new Architecture(4, List.of(7), 3, false);
        assertRefused(softmax(), biased, "tensor 0.bias: the tensor is missing (expected shape [3], found nothing)");
        assertRefused(
                softmax(), network, "tensor 0.weight: the tensor has another shape (expected [7, 4], found [3, 4])");
        assertRefused(
                with(softmax(), "0.bias", 3),
                softmax,
                "tensor 0.bias: the model has no such tensor (expected 0.weight, found 0.bias)");
        assertRefused(
                with(softmax(), "2.weight", 3, 3),
                softmax,
                "tensor 2.weight: the model has no such tensor (expected 0.weight, found 2.weight)");
        assertRefused(
                with(List.of(), "0.weight", 3, 5),
                softmax,
                "tensor 0.weight: the tensor has another shape (expected [3, 4], found [3, 5])");
    }

    @Test
    void tensorsThatMakeNoModelAreNamed() {
        assertRefused(
                List.of(),
                null,
                "tensor 0.weight: the tensor is missing (expected shape [outputs, inputs], found nothing)");
        assertRefused(
                with(List.of(), "0.weight", 12),
                null,
                "tensor 0.weight: the tensor has another shape (expected [outputs, inputs], found [12])");
        assertRefused(
                with(List.of(), "0.weight", 0, 4),
                null,
                "tensor 0.weight: the tensor has another shape (expected [outputs, inputs], found [0, 4])");
        assertRefused(
                with(softmax(), "4.weight", 3, 3),
                null,
                "tensor 2.weight: the tensor is missing (expected shape [outputs, inputs], found nothing)");
        assertRefused(
                with(softmax(), "2.weight", 2, 4),
                null,
                "tensor 2.weight: the tensor has another shape (expected [2, 3], found [2, 4])");
        assertRefused(
                with(with(softmax(), "2.weight", 2, 3), "2.bias", 2),
                null,
                "tensor 0.bias: the tensor is missing (expected shape [3], found nothing)");
        assertRefused(
                with(softmax(), "extra", 1),
                null,
                "tensor extra: the model has no such tensor (expected 0.weight, found extra)");
        assertRefused(
                with(with(List.of(), "0.weight", 100_000, 1), "2.weight", 100_000, 1),
                null,
                "the shapes make no model: a layer of 100000 x 100000 weights is larger than an array can be");
    }

    private void assertRefused(List<Tensor> tensors, Architecture expected, String message) {
        assertThatThrownBy(() -> load(tensors, expected))
                .isInstanceOfSatisfying(
                        LanewiseException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessage(folder.resolve("model.safetensors") + ": " + message);
    }

    private Model load(List<Tensor> tensors, Architecture expected) {
        Path file = folder.resolve("model.safetensors");
        new Safetensors(Map.of(), tensors).write(file);
        return expected == null ? Model.load(file) : Model.load(file, expected);
    }

    private static List<Tensor> softmax() {
        return with(List.of(), "0.weight", 3, 4);
    }

    private static List<Tensor> with(List<Tensor> tensors, String name, int... shape) {
        int elements = 1;
        for (int size : shape) {
            elements *= size;
        }
        List<Tensor> all = new ArrayList<>(tensors);
        all.add(new Tensor(name, shape, new float[elements]));
        return all;
    }
}
