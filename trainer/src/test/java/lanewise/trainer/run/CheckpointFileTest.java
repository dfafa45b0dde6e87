package lanewise.trainer.run;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.DIVERGED;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.ClassNames;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Tensor;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.ClassWeight;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.Hyperparameters;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Schedule;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.TrainingState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("no-kernel")
class CheckpointFileTest {
    private static final Architecture ARCHITECTURE = new Architecture(2, List.of(3), 2, true);
    private static final Provenance PROVENANCE = new Provenance(
            ClassNames.counted(2),
            Scaling.NONE,
            Trainer.builder().build().hyperparameters(),
            "00ff",
            -1,
            List.of("a", "b"));
    private static final List<EpochReport> REPORTS = List.of(
            new EpochReport(1, 1 / 3.0, .5, Double.MIN_VALUE, .25, .1f, 1e-9, 1e9),
            new EpochReport(2, Math.nextUp(1), .1, Double.POSITIVE_INFINITY, 0, Float.MIN_VALUE, 12.75, 3));

    private static final Architecture SMALL = new Architecture(2, List.of(), 2, false);
    private static final TrainingState SMALL_STATE = new TrainingState(
            2, 10, .5, REPORTS.subList(0, 1), List.of(new float[] {1, -2, 3.5f, 0}), List.of(), List.of());

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("checkpoint");
    }

    private static List<float[]> tensors(float first) {
        float[][] tensors = {new float[6], new float[3], new float[6], new float[2]};
        float value = first;
        for (float[] tensor : tensors) {
            for (int i = 0; i < tensor.length; i++) {
                tensor[i] = value;
                value = value * 1.25f + .1f;
            }
        }
        tensors[0][1] = -0f;
        return Arrays.asList(tensors);
    }

    private static TrainingState state(List<EpochReport> reports, List<float[]> momentum, List<float[]> best) {
        return new TrainingState(3, 1_000, .125, reports, tensors(1), momentum, best);
    }

    private void assertComesBack(TrainingState state) {
        CheckpointFile.write(file, state, ARCHITECTURE, PROVENANCE);
        assertThat(CheckpointFile.read(file, ARCHITECTURE, PROVENANCE))
                .usingRecursiveComparison()
                .isEqualTo(state);
    }

    @Test
    void aStateComesBackToTheBit() {
        assertComesBack(state(List.of(), List.of(), List.of()));
        assertComesBack(state(REPORTS, List.of(), List.of()));
        assertComesBack(state(REPORTS, tensors(2), List.of()));
        assertComesBack(state(REPORTS, List.of(), tensors(3)));
        assertComesBack(state(REPORTS, tensors(2), tensors(3)));
    }

    /** Were each epoch a line of the metadata, they would be longer than a file of this kind may have. */
    @Test
    void theLongestRunComesBack() {
        List<EpochReport> reports = IntStream.rangeClosed(1, 1_000_000)
                .mapToObj(epoch -> new EpochReport(epoch, 1 / 3.0, epoch / 7.0, .1 + epoch, .7, .1f, 1e-9, 1e9 / epoch))
                .toList();
        TrainingState state =
                new TrainingState(1_000_000, 1_000, .5, reports, SMALL_STATE.weights(), List.of(), List.of());
        CheckpointFile.write(file, state, SMALL, PROVENANCE);
        assertThat(CheckpointFile.read(file, SMALL, PROVENANCE).reports()).isEqualTo(reports);
    }

    /** Row i of the reports is epoch i + 1. */
    @Test
    void anEpochWithoutAReportIsRefused() {
        List<EpochReport> later = List.of(REPORTS.get(1));
        assertThatThrownBy(
                        () -> CheckpointFile.write(file, state(later, List.of(), List.of()), ARCHITECTURE, PROVENANCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no report of epoch 1");
        assertThat(file).doesNotExist();
    }

    /** Whatever a disk does to a byte is told, or is without meaning. */
    @Test
    void everyChangedByteIsTold() throws IOException {
        byte[] sound = small();
        int told = 0;
        for (int at = 0; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= (byte) (1 << at % 7);
            told += isTold(damaged) ? 1 : 0;
        }
        assertThat(told).isGreaterThan(sound.length * 99 / 100);
    }

    @Test
    void everyTruncationAndAnythingBehindIsTold() throws IOException {
        byte[] sound = small();
        for (int length = 0; length < sound.length; length++) {
            assertThat(isTold(Arrays.copyOf(sound, length))).isTrue();
        }
        assertThat(isTold(Arrays.copyOf(sound, sound.length + 1))).isTrue();
    }

    private byte[] small() throws IOException {
        CheckpointFile.write(file, SMALL_STATE, SMALL, PROVENANCE);
        return Files.readAllBytes(file);
    }

    private boolean isTold(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try {
            TrainingState read = CheckpointFile.read(file, SMALL, PROVENANCE);
            assertThat(read.weights().get(0)).isEqualTo(SMALL_STATE.weights().get(0));
            assertThat(read.reports()).isEqualTo(SMALL_STATE.reports());
            assertThat(read.epoch()).isEqualTo(SMALL_STATE.epoch());
            assertThat(read.rowsDone()).isEqualTo(SMALL_STATE.rowsDone());
            return false;
        } catch (LanewiseException e) {
            assertThat(e.exitCode()).isEqualTo(BAD_DATA);
            assertThat(e).hasMessageStartingWith(file + ": ");
            return true;
        }
    }

    @Test
    void aDamagedWeightIsToldByTheChecksum() throws IOException {
        CheckpointFile.write(file, state(REPORTS, List.of(), List.of()), ARCHITECTURE, PROVENANCE);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 4] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> CheckpointFile.read(file, ARCHITECTURE, PROVENANCE))
                .hasMessageMatching(file + ": the checkpoint is damaged \\(expected SHA-256 [0-9a-f]{64},"
                        + " found [0-9a-f]{64}\\)");
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() {
        CheckpointFile.write(file, state(REPORTS, tensors(2), List.of()), ARCHITECTURE, PROVENANCE);
        assertRefused(
                () -> CheckpointFile.read(file, ARCHITECTURE, provenance("ff00", -1, List.of())),
                BAD_DATA,
                file + ": the checkpoint is of other data (expected SHA-256 ff00, found 00ff)");
        assertRefused(
                () -> CheckpointFile.read(file, new Architecture(2, List.of(4), 2, true), PROVENANCE),
                BAD_DATA,
                file + ": tensor 0.weight: the checkpoint is of another model (expected [4, 2], found [3, 2])");
        assertRefused(
                () -> CheckpointFile.read(file, new Architecture(2, List.of(3, 2), 2, true), PROVENANCE),
                BAD_DATA,
                file + ": the checkpoint is of another model (expected 6 tensors *, found 4)");
        assertRefused(
                () -> CheckpointFile.read(file, new Architecture(2, List.of(3), 2, false), PROVENANCE),
                BAD_DATA,
                file + ": tensor 0.bias: the checkpoint is of another model");
    }

    private static Provenance provenance(String sha256, int firstIndex, List<String> features) {
        return new Provenance(
                PROVENANCE.classes(), Scaling.NONE, PROVENANCE.hyperparameters(), sha256, firstIndex, features);
    }

    /** The fingerprint of the data has no part in what they mean; names may be more than a line takes. */
    @Test
    void aCheckpointOfDataThatMeanSomethingElseIsRefused() {
        List<String> many = IntStream.range(0, 100).mapToObj(i -> "column " + i).toList();
        List<String> last = new ArrayList<>(many);
        last.set(99, "another");
        assertOther(
                provenance("00ff", -1, many),
                provenance("00ff", -1, last),
                "feature 99: the checkpoint is of features of other names (expected another, found column 99)");
        assertOther(
                PROVENANCE,
                provenance("00ff", -1, List.of()),
                "feature 0: the checkpoint is of features of other names (expected no name, found a)");
        assertOther(
                provenance("00ff", -1, List.of()),
                PROVENANCE,
                "feature 0: the checkpoint is of features of other names (expected a, found no name)");
        assertOther(
                provenance("00ff", 0, List.of()),
                provenance("00ff", 1, List.of()),
                "the checkpoint is of features that are counted otherwise (expected indices from 1, found indices"
                        + " from 0)");
        assertOther(
                provenance("00ff", -1, List.of()),
                provenance("00ff", 0, List.of()),
                "the checkpoint is of features that are counted otherwise (expected indices from 0, found no indices)");
        List<Provenance> others = Stream.of(List.of("0", "b"), List.of("0", "1", "2"))
                .map(classes -> new Provenance(
                        classes, Scaling.NONE, PROVENANCE.hyperparameters(), "00ff", -1, PROVENANCE.featureNames()))
                .toList();
        assertOther(PROVENANCE, others.get(0), "class 1: the checkpoint is of other classes (expected b, found 1)");
        assertOther(
                PROVENANCE, others.get(1), "class 2: the checkpoint is of other classes (expected 2, found no name)");
        assertOther(
                PROVENANCE,
                new Provenance(
                        PROVENANCE.classes(),
                        Scaling.PIXEL,
                        PROVENANCE.hyperparameters(),
                        "00ff",
                        -1,
                        PROVENANCE.featureNames()),
                "the checkpoint is of features that are scaled otherwise");
    }

    /** The name is that of the command line and of the file. */
    @Test
    void aCheckpointOfAnotherRecipeSaysWhatIsAnother() {
        assertOther(b -> b.epochs(11), "epochs", "11, found 10");
        assertOther(b -> b.learningRate(.1f), "lr", "0.1, found 0.2");
        assertOther(b -> b.schedule(Schedule.COSINE), "schedule", "cosine, found constant");
        assertOther(b -> b.schedule(Schedule.CONSTANT.withWarmup(2)), "warmup-epochs", "2, found 0");
        assertOther(b -> b.batch(99), "batch", "99, found 100");
        assertOther(b -> b.momentum(.5f).nesterov(true), "momentum", "0.5, found 0");
        assertOther(b -> b.weightDecay(.25f), "weight-decay", "0.25, found 0");
        assertOther(b -> b.labelSmoothing(.25f), "label-smoothing", "0.25, found 0");
        assertOther(b -> b.classWeight(ClassWeight.BALANCED), "class-weight", "balanced, found none");
        assertOther(b -> b.clipNorm(2), "clip-norm", "2, found 0");
        assertOther(b -> b.accumulate(2), "accumulate", "2, found 1");
        assertOther(b -> b.shuffle(true), "shuffle", "true, found false");
        assertOther(b -> b.patience(3), "patience", "3, found 0");
        assertOther(b -> b.seed(Long.MIN_VALUE), "seed", "-9223372036854775808, found 0");
    }

    private void assertOther(UnaryOperator<Trainer.Builder> change, String name, String values) {
        Hyperparameters recipe = change.apply(Trainer.builder()).build().hyperparameters();
        assertOther(
                PROVENANCE,
                new Provenance(PROVENANCE.classes(), Scaling.NONE, recipe, "00ff", -1, PROVENANCE.featureNames()),
                name + ": the checkpoint is of another recipe (expected " + values + ")");
    }

    private void assertOther(Provenance written, Provenance run, String line) {
        CheckpointFile.write(file, state(REPORTS, tensors(2), List.of()), ARCHITECTURE, written);
        assertRefused(() -> CheckpointFile.read(file, ARCHITECTURE, run), BAD_DATA, file + ": " + line);
    }

    /** Whole, with a checksum that is right, but with fields that this version may not know. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aCheckpointOfAnotherVersionIsRefused(int format) throws Exception {
        small();
        Safetensors content = Safetensors.read(file);
        TreeMap<String, String> metadata = new TreeMap<>(content.metadata());
        metadata.remove("sha256");
        metadata.merge(
                "lanewise_checkpoint",
                "",
                (json, none) -> json.replaceFirst("\"format\":2,", "\"format\":" + format + ","));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        metadata.forEach((key, value) -> digest.update((key + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8)));
        for (Tensor tensor : content.tensors()) {
            digest.update((tensor.name() + Arrays.toString(tensor.shape())).getBytes(StandardCharsets.UTF_8));
            for (float value : tensor.data()) {
                digest.update(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(value)
                        .array());
            }
        }
        metadata.put("sha256", HexFormat.of().formatHex(digest.digest()));
        new Safetensors(metadata, content.tensors()).write(file);
        assertRefused(
                () -> CheckpointFile.read(file, SMALL, PROVENANCE),
                BAD_DATA,
                file + ": the checkpoint is of another version of Lanewise (expected format 2, found format " + format
                        + ")");
    }

    @Test
    void aModelIsNoCheckpoint() {
        Model.zeros(ARCHITECTURE).save(file, PROVENANCE.toMetadata());
        assertRefused(
                () -> CheckpointFile.read(file, ARCHITECTURE, PROVENANCE),
                BAD_DATA,
                file + ": not a checkpoint of Lanewise");
    }

    @Test
    void whatIsNotFiniteIsNotSaved() {
        CheckpointFile.write(file, state(REPORTS, List.of(), List.of()), ARCHITECTURE, PROVENANCE);
        List<float[]> momentum = tensors(1);
        momentum.get(2)[5] = Float.NaN;
        assertRefused(
                () -> CheckpointFile.write(file, state(REPORTS, momentum, List.of()), ARCHITECTURE, PROVENANCE),
                DIVERGED,
                file + ": tensor momentum.2.weight: element 5 is not finite (expected a finite number, found NaN)");
        assertThat(CheckpointFile.read(file, ARCHITECTURE, PROVENANCE).momentum())
                .isEmpty();
    }
}
