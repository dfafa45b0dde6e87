package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.ClassNames;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
    private static final Dataset PIXELS =
            Dataset.ofPixels(new byte[] {0, 1, 2, 3}, 2, new ImageShape(1, 2), new int[] {0, 1}, 2);

    @Test
    void theTextIsTheSameOnEveryMachine() {
        Trainer trainer =
                Trainer.builder().weightDecay(1e-7f).momentum(.9f).threads(3).build();
        assertThat(Provenance.of(trainer, PIXELS).toMetadata())
                .containsOnly(Map.entry(
                        "lanewise",
                        "{\"format\":2,\"classes\":2,\"scaling\":\"pixel\",\"data_sha256\":\"" + PIXELS.fingerprint()
                                + "\",\"epochs\":10,\"lr\":0.2,\"schedule\":\"constant\",\"step_size\":10,\"gamma\":0.1,"
                                + "\"power_t\":0.5,\"warmup_epochs\":0,\"batch\":100,\"momentum\":0.9,\"nesterov\":false,"
                                + "\"weight_decay\":1E-7,\"label_smoothing\":0,\"class_weight\":\"none\",\"clip_norm\":0,\"accumulate\":1,\"shuffle\":false,"
                                + "\"patience\":0,\"seed\":0}"));
    }

    @Test
    void itComesBackFromAFile(@TempDir Path folder) {
        Trainer trainer = Trainer.builder()
                .epochs(7)
                .learningRate(1.0e-3f)
                .schedule(new Schedule(Schedule.Kind.PLATEAU, 3, .7f, .25f, 2))
                .batch(64)
                .momentum(.95f)
                .nesterov(true)
                .weightDecay(5e-4f)
                .labelSmoothing(.3f)
                .classWeight(ClassWeight.BALANCED)
                .clipNorm(.125f)
                .accumulate(4)
                .patience(3)
                .shuffle(true)
                .seed(Long.MIN_VALUE)
                .build();
        Provenance provenance = new Provenance(
                List.of("ant", "b\"ee"), Scaling.PIXEL, trainer.hyperparameters(), "00ff", 0, List.of("x", "\"y", ""));
        Path file = folder.resolve("model");
        Model.softmaxRegression(3, 2, false).save(file, provenance.toMetadata());
        assertThat(Provenance.of(Model.load(file).metadata())).contains(provenance);
    }

    /** Its scaling was a word, and its classes had no names. */
    @Test
    void formatOneIsRead() {
        Provenance provenance = Provenance.of(Map.of(
                        "lanewise",
                        "{\"format\":1,\"classes\":2,\"scaling\":\"pixel\",\"data_sha256\":\"00ff\",\"epochs\":10,\"lr\":0.2,"
                                + "\"batch\":100,\"momentum\":0.9,\"nesterov\":false,\"weight_decay\":1E-7,"
                                + "\"accumulate\":1,\"shuffle\":false,\"seed\":0}"))
                .orElseThrow();
        assertThat(provenance.classes()).containsExactly("0", "1");
        assertThat(provenance.scaling()).isEqualTo(Scaling.PIXEL);
    }

    @Test
    void aFittedScalingComesBack() {
        Dataset data = Problems.clusters(60, 8, 3, 1);
        Dataset scaled = data.scaled(Scaling.fit(Scaling.Kind.STANDARD, data));
        Provenance provenance = Provenance.of(Trainer.builder().build(), scaled);
        assertThat(provenance.scaling().kind()).isEqualTo(Scaling.Kind.STANDARD);
        assertThat(Provenance.of(provenance.toMetadata())).contains(provenance);
    }

    /** Every checkpoint would have them. */
    @Test
    void namesOfVeryManyCharactersAreNotKept() {
        Dataset data = Problems.clusters(60, 8, 3, 1);
        String name = "x".repeat(250_000);
        for (int n = 3; n < 6; n++) {
            List<String> names = new ArrayList<>(Collections.nCopies(n, name));
            while (names.size() < data.features()) {
                names.add("");
            }
            assertThat(Provenance.of(Trainer.builder().build(), data.withFeatureNames(names))
                            .featureNames())
                    .isEqualTo(n < 5 ? names : List.of());
        }
    }

    @Test
    void everyFloatComesBack() {
        for (int bits = 0x00000001; bits < 0x49742400; bits += 999_983) {
            float lr = Float.intBitsToFloat(bits);
            Hyperparameters recipe = Trainer.builder().learningRate(lr).build().hyperparameters();
            Provenance provenance = new Provenance(ClassNames.counted(2), Scaling.NONE, recipe, "", -1, List.of());
            assertThat(Provenance.of(provenance.toMetadata())).contains(provenance);
        }
    }

    @Test
    void anotherProgramsModelHasNone() {
        assertThat(Provenance.of(Map.of("format", "pt"))).isEmpty();
    }

    @Test
    void damagedAndNewerTextIsRefused() {
        assertRefused("{\"format\":3}", "newer version of Lanewise (expected format 2, found format 3)");
        for (String damaged : List.of("", "{", "[]", "{}", "{\"format\":\"x\"}", "{\"format\":1,\"classes\":3}")) {
            assertRefused(damaged, "the provenance of the model is damaged");
        }
        String whole = whole(Trainer.builder().learningRate(1));
        assertRefused(whole.replace("\"lr\":1", "\"lr\":-1"), "lr is out of range");
        assertRefused(whole.replace("\"classes\":2", "\"classes\":-2"), "-2 classes");
        assertRefused(whole.replace("\"scaling\":\"none\"", "\"scaling\":\"cubic\""), "no scaling is called cubic");
        assertRefused(
                whole.replace("\"scaling\":\"none\"", "\"scaling\":{\"kind\":null,\"offset\":[],\"factor\":[]}"),
                "null is not a string");
        assertRefused(whole.replace("\"scaling\"", "\"class_names\":[\"a\"],\"scaling\""), "1 names for 2 classes");
        assertRefused(
                whole.replace("\"scaling\"", "\"first_index\":2,\"scaling\""),
                "columns are counted from 0 or 1, not 2");
        assertRefused(whole.replace("\"lr\":1", "\"lr\":\"fast\""), "damaged: it is not a JSON object");
        assertRefused(whole.replace("\"schedule\":\"constant\"", "\"schedule\":null"), "damaged: null is not a string");
        assertRefused(whole.replace("\"data_sha256\":\"\"", "\"data_sha256\":null"), "damaged: null is not a string");
        assertRefused(
                whole.replace("\"scaling\"", "\"class_names\":[\"a\",null],\"scaling\""),
                "damaged: null is not a string");
        assertRefused(
                whole.replace("\"scaling\"", "\"class_names\":[\"a\",\"\\ud800\"],\"scaling\""), "is not a string");
        for (String names : List.of("{\"a\":\"x\",\"b\":\"y\"}", "5", "null")) {
            assertRefused(
                    whole.replace("\"scaling\"", "\"class_names\":" + names + ",\"scaling\""),
                    names + " is not an array");
            assertRefused(
                    whole.replace("\"scaling\"", "\"feature_names\":" + names + ",\"scaling\""),
                    names + " is not an array");
        }
    }

    /** What cannot be saved is refused before anything is learned. */
    @Test
    void nothingMayBeMissing() {
        Hyperparameters recipe = Trainer.builder().build().hyperparameters();
        List<String> names = new ArrayList<>(List.of("a", "b"));
        Provenance provenance = new Provenance(names, Scaling.NONE, recipe, "", -1, List.of());
        names.set(0, null);
        assertThat(provenance.classes()).containsExactly("a", "b");
        assertMissing("classes", () -> new Provenance(null, Scaling.NONE, recipe, "", -1, List.of()));
        assertMissing(null, () -> new Provenance(names, Scaling.NONE, recipe, "", -1, List.of()));
        assertMissing("scaling", () -> new Provenance(List.of(), null, recipe, "", -1, List.of()));
        assertMissing("hyperparameters", () -> new Provenance(List.of(), Scaling.NONE, null, "", -1, List.of()));
        assertMissing("dataSha256", () -> new Provenance(List.of(), Scaling.NONE, recipe, null, -1, List.of()));
        assertMissing("schedule", () -> Trainer.builder().schedule(null).build());
        assertMissing("classWeight", () -> Trainer.builder().classWeight(null).build());
        assertMissing("layout", () -> Trainer.builder().layout(null).build());
    }

    private static void assertMissing(String name, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    }

    /** A text of a few bytes may name more classes than fit the heap. */
    @Test
    void namesThatCountAreNotCopied() {
        Hyperparameters recipe = Trainer.builder().build().hyperparameters();
        List<String> names = ClassNames.counted(Integer.MAX_VALUE);
        assertThat(new Provenance(names, Scaling.NONE, recipe, "", -1, List.of()).classes() == names)
                .isTrue();
    }

    private static String whole(Trainer.Builder recipe) {
        return new Provenance(
                        ClassNames.counted(2), Scaling.NONE, recipe.build().hyperparameters(), "", -1, List.of())
                .toMetadata()
                .get("lanewise");
    }

    /** Models of before there were schedules. */
    @Test
    void anOlderTextIsRead() {
        String older = "{\"format\":1,\"classes\":2,\"scaling\":\"none\",\"data_sha256\":\"\",\"epochs\":10,\"lr\":0.2,"
                + "\"batch\":100,\"momentum\":0,\"nesterov\":false,\"weight_decay\":0,\"accumulate\":1,"
                + "\"shuffle\":false,\"seed\":0}";
        assertThat(Provenance.of(Map.of("lanewise", older)))
                .contains(new Provenance(
                        ClassNames.counted(2),
                        Scaling.NONE,
                        Trainer.builder().build().hyperparameters(),
                        "",
                        -1,
                        List.of()));
    }

    private static void assertRefused(String json, String part) {
        assertThatThrownBy(() -> Provenance.of(Map.of("lanewise", json)))
                .isInstanceOfSatisfying(
                        LanewiseException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
                .hasMessageStartingWith("__metadata__.lanewise: ")
                .hasMessageContaining(part);
    }

    /** Saved and loaded, a model goes on from the loss that it had. */
    @Test
    void aSavedModelTrainsOn(@TempDir Path folder) {
        Dataset data = Problems.clusters(60, 8, 3, 1);
        Path file = folder.resolve("model");
        Trainer two = Trainer.builder().epochs(2).batch(8).learningRate(.1f).build();
        Trainer four = Trainer.builder().epochs(4).batch(8).learningRate(.1f).build();
        Model whole = Model.mlp(8, List.of(20), 3, true, 1);
        four.fit(whole, data, data);
        Model first = Model.mlp(8, List.of(20), 3, true, 1);
        double loss = two.fit(first, data, data).last().trainLoss();
        first.save(file, Provenance.of(two, data).toMetadata());
        Model second = Model.load(file, new Architecture(8, List.of(20), 3, true));
        assertThat(Evaluation.of(second, data).loss()).isEqualTo(loss);
        two.fit(second, data, data);
        assertThat(Problems.bits(second)).isEqualTo(Problems.bits(whole));
    }
}
