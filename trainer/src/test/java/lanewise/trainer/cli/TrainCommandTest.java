package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.DIVERGED;
import static lanewise.trainer.ExitCode.NO_MEMORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lanewise.trainer.data.IdxBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("own-mode")
class TrainCommandTest {
    private static final String HEADER = "| Epoch | Train Loss | Train Err | Test Loss | Test Err |";
    private static final String ROW =
            "\\|     \\d \\|    \\d\\.\\d{5} \\|   \\d\\.\\d{5} \\|   \\d\\.\\d{5} \\|  \\d\\.\\d{5} \\|";

    @TempDir
    Path folder;

    private Path data;
    private Path model;
    private Path log;

    @BeforeEach
    void writeData() throws IOException {
        data = folder.resolve("data");
        model = folder.resolve("model.safetensors");
        log = folder.resolve("log.jsonl");
        IdxBytes.writeFolder(data);
    }

    private Run train(Object... more) {
        List<Object> words = new ArrayList<>(List.of("train", "--data", data));
        words.addAll(List.of(more));
        return Run.of(words.toArray());
    }

    private static List<JsonNode> json(String lines) {
        return lines.lines().map(JsonMapper.shared()::readTree).toList();
    }

    @Test
    void printsTheTableOfTheCourseAndCountsFromZero() {
        List<String> lines = train("--epochs", 3).succeeded().out().lines().toList();

        assertThat(lines.get(0)).isEqualTo(HEADER);
        assertThat(lines.subList(1, 4)).allMatch(line -> line.matches(ROW));
        assertThat(lines.subList(1, 4)).extracting(line -> line.charAt(6)).containsExactly('0', '1', '2');
        assertThat(lines).hasSize(4);
    }

    @Test
    void whatIsNotFiniteStandsThereByItsName() {
        assertThat(Text.fixed(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
    }

    @Test
    void trainsTenEpochsByDefault() {
        assertThat(train().succeeded().out()).hasLineCount(11);
    }

    @Test
    void notesTheSeedAndTheBackend() {
        assertThat(train("--seed", 7, "--threads", 1).succeeded().err())
                .containsPattern("(?m)^note: seed 7$")
                .containsPattern("(?m)^note: backend (scalar|simd of (128|256|512) bits), threads 1$");
    }

    @Test
    void trainsWhereAFlagComesBeforeItsName() {
        assertThat(Run.of("--debug", "train", "--data", data).succeeded().out()).hasLineCount(11);
    }

    @Test
    void quietLeavesTheTableAlone() {
        Run run = train("--quiet").succeeded();

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith(HEADER);
    }

    @Test
    void writesALineOfJsonForEachEpochBesideTheTable() throws IOException {
        Files.writeString(log, "from an earlier run\n");
        Run run = train("--epochs", 2, "--json", log).succeeded();
        List<JsonNode> epochs = json(Files.readString(log));

        assertThat(run.out()).startsWith(HEADER).hasLineCount(3);
        assertThat(epochs).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonNode epoch = epochs.get(i);
            assertThat(epoch.propertyNames())
                    .containsExactly(
                            "epoch",
                            "train_loss",
                            "train_error",
                            "test_loss",
                            "test_error",
                            "lr",
                            "seconds",
                            "samples_per_second");
            assertThat(epoch.get("epoch").intValue()).isEqualTo(i + 1);
            assertThat(epoch.get("lr").asString()).isEqualTo("0.2");
            assertThat(epoch.get("samples_per_second").doubleValue()
                            * epoch.get("seconds").doubleValue())
                    .isBetween(5 - 1e-9, 5 + 1e-9);
            String row = run.out().lines().toList().get(i + 1);
            assertThat(row).contains(" " + Text.fixed(epoch.get("train_loss").doubleValue()) + " |");
            assertThat(row).endsWith(" " + Text.fixed(epoch.get("test_error").doubleValue()) + " |");
        }
    }

    @Test
    void jsonOnStdoutStandsThereAlone() {
        assertThat(json(train("--epochs", 4, "--json", "-").succeeded().out())).hasSize(4);
    }

    @Test
    void trainsOnFromAFileAsIfItHadNotStopped() {
        String whole =
                train("--epochs", 4, "--bias", "--lr", "0.05").succeeded().out();
        train("--epochs", 2, "--bias", "--lr", "0.05", "--out", model).succeeded();
        String rest = train("--epochs", 2, "--bias", "--lr", "0.05", "--init", model)
                .succeeded()
                .out();

        List<String> expected = whole.lines().map(row -> row.substring(8)).toList();
        List<String> actual = rest.lines().map(row -> row.substring(8)).toList();
        assertThat(actual.subList(1, 3)).isEqualTo(expected.subList(3, 5));
    }

    @Test
    void everyOptionReachesTheTrainer() throws IOException {
        train(
                        "--hidden",
                        "3,2",
                        "--epochs",
                        2,
                        "--lr",
                        "0.125",
                        "--schedule",
                        "step",
                        "--step-size",
                        7,
                        "--gamma",
                        "0.5",
                        "--warmup-epochs",
                        1,
                        "--batch",
                        2,
                        "--momentum",
                        "0.5",
                        "--nesterov",
                        "--weight-decay",
                        "0.25",
                        "--label-smoothing",
                        "0.0625",
                        "--class-weight",
                        "balanced",
                        "--clip-norm",
                        8,
                        "--accumulate",
                        3,
                        "--bias",
                        "--shuffle",
                        "--patience",
                        5,
                        "--seed",
                        -9,
                        "--threads",
                        1,
                        "--out",
                        model)
                .succeeded();
        JsonNode inspected =
                json(Run.of("inspect", model, "--json", "-").succeeded().out()).get(0);

        assertThat(inspected.get("tensors").findValuesAsString("name"))
                .containsExactly("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias");
        assertThat(inspected.get("metadata").get("lanewise").stringValue())
                .contains("\"schedule\":\"step\"", "\"step_size\":7", "\"gamma\":0.5", "\"warmup_epochs\":1")
                .contains(
                        "\"label_smoothing\":0.0625",
                        "\"class_weight\":\"balanced\"",
                        "\"clip_norm\":8",
                        "\"patience\":5")
                .contains("\"epochs\":2", "\"lr\":0.125", "\"batch\":2", "\"momentum\":0.5", "\"nesterov\":true")
                .contains("\"weight_decay\":0.25", "\"accumulate\":3", "\"shuffle\":true", "\"seed\":-9");
    }

    @Test
    void theOppositeOfASwitchLeavesItOff() {
        train("--no-bias", "--no-shuffle", "--epochs=1", "--out=" + model).succeeded();

        assertThat(Run.of("inspect", "--", model).succeeded().out())
                .containsPattern("shuffle +false")
                .contains("0.weight")
                .doesNotContain("0.bias");
    }

    @Test
    void hiddenUnitsMakeANetworkAndANetworkHas400() {
        train("--model", "mlp", "--epochs", 1, "--out", model).succeeded();
        assertThat(Run.of("inspect", model).succeeded().out()).contains("[400, 6]", "[3, 400]");

        train("--hidden", 5, "--epochs", 1, "--out", model).succeeded();
        assertThat(Run.of("inspect", model).succeeded().out()).contains("[5, 6]", "[3, 5]");
    }

    @Test
    void patienceEndsTheRunWithTheModelOfTheBestRow() {
        Run run = train("--epochs", 100, "--lr", 100, "--patience", 2, "--out", model)
                .succeeded();
        int rows = (int) run.out().lines().count() - 1;
        assertThat(rows).isLessThan(100);
        assertThat(run.err())
                .endsWith("note: the model is that of row " + (rows - 3) + ", which has the lowest test loss\n");
        String loss = run.out().lines().toList().get(rows - 2).split("\\|")[4].strip();
        assertThat(Run.of("evaluate", model, "--data", data).out()).contains("loss      " + loss);
        assertThat(Run.of("inspect", model).out())
                .containsPattern("patience +2\n")
                .containsPattern("epoch +" + (rows - 2) + "\n");
    }

    /** Two epochs of one step each, with a warm-up over both. */
    @Test
    void theLearningRateFollowsTheSchedule() throws IOException {
        train("--epochs", 4, "--lr", "0.5", "--warmup-epochs", 2, "--schedule", "cosine", "--json", log)
                .succeeded();
        assertThat(json(Files.readString(log)))
                .extracting(epoch -> epoch.get("lr").asString())
                .containsExactly("0.25", "0.5", "0.5", "0.25");
    }

    @Test
    void theExponentReachesTheSchedule() throws IOException {
        train("--epochs", 4, "--lr", "0.5", "--schedule", "invscaling", "--power-t", 2, "--json", log)
                .succeeded();
        assertThat(json(Files.readString(log)))
                .extracting(epoch -> epoch.get("lr").asString())
                .containsExactly("0.5", "0.125", "0.055555556", "0.03125");
    }

    /** In the order of the data, so that nothing else is drawn. */
    @Test
    void theSeedDrawsTheFirstWeights() {
        String first =
                train("--hidden", 3, "--epochs", 1, "--seed", 1).succeeded().out();
        assertThat(train("--hidden", 3, "--epochs", 1, "--seed", 1).out()).isEqualTo(first);
        assertThat(train("--hidden", 3, "--epochs", 1, "--seed", 2).out()).isNotEqualTo(first);
    }

    @Test
    void divergenceEndsTheRunWithoutAModel() throws IOException {
        Files.writeString(model, "old");
        Run run = train("--lr", 1000, "--weight-decay", 1000, "--out", model);

        assertThat(run.err().lines().filter(line -> !line.startsWith("note: ")))
                .singleElement()
                .asString()
                .startsWith("lanewise: epoch ");
        assertThat(run.status()).isEqualTo(DIVERGED.status());
        assertThat(model).hasContent("old");
    }

    @Test
    void foreseesThatARunWillNotFitTheHeap() {
        Run run = train("--hidden", "1000000,2000", "--out", model);

        assertThat(run.err()).contains("lanewise: the run does not fit the heap (expected at most ");
        assertThat(run.status()).isEqualTo(NO_MEMORY.status());
        assertThat(model).doesNotExist();
    }

    /** Of all weights their gradients, their momentum, the best, the last and, for the checkpoint, a copy of each. */
    @Test
    void theForecastCountsEveryCopyOfTheWeights() {
        double copy = 1.5 * 4 * (6 * 1e6 + 2000 * 1e6 + 3 * 2000) / (1 << 20);
        double plain = forecast();
        assertThat(plain).isGreaterThan(2 * copy);
        assertThat(forecast("--momentum", "0.9") - plain).isCloseTo(copy, within(2.0));
        assertThat(forecast("--patience", 1) - plain).isCloseTo(copy, within(2.0));
        assertThat(forecast("--run", folder.resolve("run")) - plain).isCloseTo(6 * copy, within(2.0));
    }

    /** The MiB that a run would take. */
    private double forecast(Object... more) {
        List<Object> words = new ArrayList<>(List.of("--hidden", "1000000,2000"));
        words.addAll(List.of(more));
        return Double.parseDouble(train(words.toArray()).err().replaceAll("(?s).*, found (\\d+) MiB.*", "$1"));
    }

    /** 90 % were done before, and the next 1 % took two seconds: the last 9 % take nine times as long. */
    @Test
    void theBarOfARunThatGoesOnCountsWhatItDidItself() throws InterruptedException {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        ProgressBar bar = new ProgressBar(new PrintStream(terminal, true, US_ASCII), 1);
        bar.update(1, 90, 100);
        Thread.sleep(2_100);
        bar.update(1, 91, 100);
        assertThat(terminal.toString(US_ASCII)).startsWith("[###########################...] 91 %, epoch 1 of 1, ");
        assertThat(Double.parseDouble(terminal.toString(US_ASCII).replaceAll(".*, (\\d+) s left", "$1")))
                .isGreaterThanOrEqualTo(18);
    }

    @Test
    void refusesALayerLargerThanAnArray() {
        assertThat(train("--hidden", "1000000,1000000").err())
                .endsWith("lanewise: --hidden: a layer of 1000000 x 1000000 weights is larger than an array can be\n");
    }

    /** Nobody asked for a layer then: the data are too large. */
    @Test
    void refusesDataWhoseSoftmaxRegressionIsLargerThanAnArray() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int c = 0; c < 3_000; c++) {
            rows.append(c).append(" 1000000:1\n");
        }
        Path wide = Files.writeString(folder.resolve("wide.svm"), rows.toString());
        for (String command : new String[] {"train", "lr-find"}) {
            Run run = Run.of(command, "--data", wide, "--validation", wide);
            assertThat(run.err())
                    .endsWith("lanewise: " + wide
                            + ": a layer of 1000000 x 3000 weights is larger than an array can be\n");
            assertThat(run.status()).isEqualTo(NO_MEMORY.status());
        }
    }

    @Test
    void findsOutBeforeTheTrainingThatAnOutputCannotBeCreated() {
        for (String option : new String[] {"--out", "--json"}) {
            train(option, folder.resolve("none/x"))
                    .failed(CANNOT_CREATE, folder.resolve("none/x") + ": there is no such folder");
            train(option, folder).failed(CANNOT_CREATE, folder + ": a folder, not a file");
        }
        assertThat(folder.resolve("none")).doesNotExist();
    }

    /** The quotes of a name have a backslash in JSON, and that and they another one in the JSON around it. */
    @Test
    void findsOutBeforeTheTrainingThatAModelSaysTooMuch() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int c = 0; c < 25_600; c++) {
            rows.append(c).append("\"".repeat(990)).append(" 1:1\n");
        }
        Path names = Files.writeString(folder.resolve("names.svm"), rows);
        Path run = folder.resolve("run");
        for (Object[] to : new Object[][] {{"--out", model, model}, {"--run", run, run.resolve("last.safetensors")}}) {
            Run refused = Run.of("train", "--data", names, "--validation", names, "--epochs", 1, to[0], to[1]);
            assertThat(refused.err())
                    .contains("lanewise: " + to[2] + ": the metadata are longer than any reader takes"
                            + " (expected at most 100000000 bytes, found ");
            assertThat(refused.out()).isEmpty();
            assertThat(refused.status()).isEqualTo(CANNOT_CREATE.status());
        }
        assertThat(run.resolve("config.json")).doesNotExist();
    }

    @Test
    void aLogThatFailsLosesNoModel() {
        Run run = train("--json", "/dev/full", "--out", model);

        assertThat(run.err()).endsWith("lanewise: /dev/full: No space left on device\n");
        assertThat(run.status()).isEqualTo(74);
        assertThat(model).exists();
    }

    /** No copy is made of data that fit the heap, and what the folder of copies should be is left alone. */
    @Test
    void aTemporaryFolderThatIsAFileIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("precious"), "kept");
        String usual = System.setProperty("java.io.tmpdir", file.toString());
        try {
            train("--epochs", 1).succeeded();
            System.setProperty("java.io.tmpdir", file.resolve("inside").toString());
            train("--epochs", 1).succeeded();
        } finally {
            System.setProperty("java.io.tmpdir", usual);
        }
        assertThat(file).hasContent("kept");
    }
}
