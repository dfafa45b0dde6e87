package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.Folds;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.data.Split;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.History;
import lanewise.trainer.train.Trainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lr-find}, {@code cv} and the presets. */
@Tag("own-mode")
class TuneCommandsTest {
    @TempDir
    Path folder;

    private Path table;

    @BeforeEach
    void writeTable() throws IOException {
        Random random = new Random(1);
        StringBuilder rows = new StringBuilder("a,b,label\n");
        for (int i = 0; i < 60; i++) {
            String label = i % 3 == 0 ? "yes" : "no";
            double a = 100 * random.nextGaussian() + (i % 3 == 0 ? 150 : 0);
            rows.append(a)
                    .append(',')
                    .append(random.nextGaussian())
                    .append(',')
                    .append(label)
                    .append('\n');
        }
        table = Files.writeString(folder.resolve("table.csv"), rows.toString());
    }

    private static JsonNode json(Run run) {
        return JsonMapper.shared().readTree(run.succeeded().out());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void theSeedIsPrinted() {
        Run cv = Run.of("cv", "--data", table, "--scale", "standard", "--epochs", 1, "--seed", 7);
        assertThat(cv.succeeded().err()).contains("note: seed 7\n");
        Run lrFind = Run.of("lr-find", "--data", table, "--scale", "standard", "--seed", 8);
        assertThat(lrFind.succeeded().err()).contains("note: seed 8\n");
    }

    @Test
    void lrFindHasNoSuggestionWhereNoLossIsFinite() throws IOException {
        String rows = "3e38,x\n-3e38,y\n2e38,x\n-2e38,y\n".repeat(9);
        Path huge = Files.writeString(folder.resolve("huge.csv"), "a,label\n" + rows);
        Run run = Run.of("lr-find", "--data", huge, "--batch", 1);
        assertThat(run.err()).endsWith("lanewise: " + huge + ": the loss is not finite at any learning rate\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(ExitCode.DIVERGED.status());
    }

    @Test
    void lrFindPrintsTheCurveAndASuggestionAndLeavesNothing() throws IOException {
        Object[] words = {"lr-find", "--data", table, "--scale", "standard", "--bias", "--batch", 10};
        List<String> lines = Run.of(words).succeeded().out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("| Learning Rate | Train Loss |");
        assertThat(lines.get(1)).matches("\\|     1\\.\\d{3}e-06 \\|    0\\.69315 \\|");
        assertThat(lines.get(lines.size() - 1)).matches("suggestion  --lr \\d[-.\\de]*");
        assertThat(files()).containsExactly("table.csv");

        Object[] asJson =
                Stream.concat(Stream.of(words), Stream.of("--json", "-")).toArray();
        JsonNode curve = json(Run.of(asJson));
        assertThat(curve.get("points").size()).isEqualTo(lines.size() - 2);
        for (int i = 0; i < curve.get("points").size(); i++) {
            JsonNode point = curve.get("points").get(i);
            float rate = point.get("lr").floatValue();
            double loss = point.get("loss").doubleValue();
            assertThat(lines.get(i + 1)).isEqualTo(String.format(Locale.ROOT, "|%14.3e |%11.5f |", rate, loss));
        }
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("suggestion  --lr " + curve.get("suggestion").floatValue());
    }

    /** A first step at the lowest rate already goes far too far. */
    @Test
    void lrFindSaysThatItHasNotTriedWhatItSuggests() throws IOException {
        Random random = new Random(1);
        StringBuilder rows = new StringBuilder("a,label\n");
        for (int i = 0; i < 60; i++) {
            rows.append(1e5 * (random.nextGaussian() + i % 2)).append(i % 2 == 0 ? ",x\n" : ",y\n");
        }
        Path unscaled = Files.writeString(folder.resolve("unscaled.csv"), rows.toString());
        Run run = Run.of("lr-find", "--data", unscaled, "--batch", 1).succeeded();
        assertThat(run.out()).matches("(?s).*\nsuggestion  --lr \\d\\.\\de-7\n");
        String note =
                "note: the suggestion is lower than any rate that was tried, since the loss climbs almost at once:"
                        + " features of one scale may help (--scale)\n";
        assertThat(run.err()).contains(note);
        assertThat(Run.of("lr-find", "--data", unscaled, "--batch", 1, "--scale", "standard")
                        .succeeded()
                        .err())
                .doesNotContain(note);
    }

    /** Too long for its column, a figure is told with a power of ten. */
    @Test
    void largeFiguresKeepTheWidthOfTheTable() throws IOException {
        String rows = "3e14,x\n-2e13,y\n1e14,x\n-3e13,y\n1,y\n".repeat(9);
        Path large = Files.writeString(folder.resolve("large.csv"), "a,label\n" + rows);
        Object[] words = {"--data", large, "--epochs", 2, "--batch", 1};
        List<String> lines = new ArrayList<>();
        for (String command : List.of("train", "cv")) {
            Object[] line = Stream.concat(Stream.of(command), Stream.of(words)).toArray();
            lines.addAll(Run.of(line).succeeded().out().lines().toList());
        }
        assertThat(lines)
                .allMatch(line -> line.length() == lines.get(0).length())
                .anyMatch(line -> line.matches("\\|     1 \\| *\\d\\.\\d{4}e\\+\\d\\d \\|.*"));
    }

    /** Scaled by what is learned alone, each fold is what the library makes of it. */
    @Test
    void cvTrainsOncePerFoldAndPrintsMeanAndDeviation() throws IOException {
        Object[] words = {
            "cv",
            "--data",
            table,
            "--folds",
            4,
            "--scale",
            "standard",
            "--bias",
            "--epochs",
            2,
            "--batch",
            10,
            "--seed",
            3
        };
        List<String> lines = Run.of(words).succeeded().out().lines().toList();
        assertThat(lines).hasSize(7);
        assertThat(lines.get(1))
                .matches("\\|     0 \\|    0\\.\\d{5} \\|   0\\.\\d{5} \\|   0\\.\\d{5} \\|  0\\.\\d{5} \\|");
        assertThat(lines.get(5)).startsWith("|  mean |");
        assertThat(lines.get(6)).startsWith("|   std |");
        assertThat(files()).containsExactly("table.csv");

        JsonNode json = json(
                Run.of(Stream.concat(Stream.of(words), Stream.of("--json", "-")).toArray()));
        Dataset data = DataReader.builder().build().readBoth(table).train();
        Folds folds = Folds.stratified(data, 4, 3);
        double sum = 0;
        double squares = 0;
        for (int fold = 0; fold < 4; fold++) {
            Split split = folds.split(fold);
            Scaling scaling = Scaling.fit(Scaling.Kind.STANDARD, split.train());
            EpochReport report = Trainer.builder()
                    .epochs(2)
                    .batch(10)
                    .build()
                    .fit(
                            Model.softmaxRegression(2, 2, true),
                            split.train().scaled(scaling),
                            split.validation().scaled(scaling))
                    .last();
            JsonNode told = json.get("folds").get(fold);
            assertThat(told.get("test_loss").doubleValue()).isEqualTo(report.testLoss());
            assertThat(told.get("train_error").doubleValue()).isEqualTo(report.trainError());
            assertThat(told.get("train_loss").doubleValue()).isEqualTo(report.trainLoss());
            assertThat(told.get("test_error").doubleValue()).isEqualTo(report.testError());
            assertThat(lines.get(fold + 1)).endsWith(" " + Text.fixed(report.testError()) + " |");
            sum += report.testLoss();
            squares += report.testLoss() * report.testLoss();
        }
        assertThat(json.get("mean").get("test_loss").doubleValue()).isCloseTo(sum / 4, within(1e-15));
        assertThat(json.get("std").get("test_loss").doubleValue())
                .isCloseTo(Math.sqrt((squares - sum * sum / 4) / 3), within(1e-9));
    }

    @Test
    void cvNamesTheFoldThatDiverges() throws IOException {
        String rows = "3e38,x\n-3e38,y\n2e38,x\n-2e38,y\n".repeat(9);
        Path huge = Files.writeString(folder.resolve("huge.csv"), "a,label\n" + rows);
        Run run = Run.of("cv", "--data", huge, "--epochs", 2, "--lr", 1e6);
        assertThat(run.err()).contains("\nlanewise: fold 0, epoch 1: training diverged: ");
        assertThat(run.status()).isEqualTo(ExitCode.DIVERGED.status());
    }

    /** As train does, and not for every fold. */
    @Test
    void aModelThatHasLearnedOtherClassesIsNoted() throws IOException {
        Path model = folder.resolve("model");
        Path other = Files.writeString(folder.resolve("other.csv"), "a,b,label\n1,2,x\n2,1,y\n1,3,x\n3,1,y\n");
        Run.of("train", "--data", other, "--epochs", 1, "--out", model).succeeded();
        String note = "note: the model of --init has learned other classes: x, y\n";
        for (String command : List.of("train --epochs 1", "cv --epochs 1", "lr-find")) {
            List<Object> words = new ArrayList<>(List.of(command.split(" ")));
            words.addAll(List.of("--data", table, "--init", model));
            assertThat(Run.of(words.toArray()).succeeded().err()).as(command).containsOnlyOnce(note);
        }
    }

    /** The last epochs are worse: a fold counts the one whose model is kept. */
    @Test
    void cvWithAPatienceCountsTheBestEpoch() {
        Object[] words = {
            "cv", "--data", table, "--folds", 3, "--epochs", 40, "--lr", 5, "--batch", 4, "--patience", 2, "--json", "-"
        };
        Run run = Run.of(words);
        assertThat(run.err())
                .contains("note: with a patience a fold counts its best epoch,"
                        + " which the rows it is measured by have chosen\n");
        JsonNode told = json(run).get("folds");
        Folds folds = Folds.stratified(DataReader.builder().build().read(table), 3, 0);
        for (int fold = 0; fold < 3; fold++) {
            Split split = folds.split(fold);
            History history = Trainer.builder()
                    .epochs(40)
                    .learningRate(5)
                    .batch(4)
                    .build()
                    .fit(Model.softmaxRegression(2, 2, false), split.train(), split.validation());
            List<Double> losses =
                    history.epochs().stream().map(EpochReport::testLoss).toList();
            int best = 0;
            for (int epoch = 1; epoch < best + 3; epoch++) {
                best = losses.get(epoch) < losses.get(best) ? epoch : best;
            }
            assertThat(told.get(fold).get("test_loss").doubleValue()).isEqualTo(losses.get(best));
        }
    }

    @Test
    void cvNeedsARowForEachFold() {
        Run run = Run.of("cv", "--data", table, "--folds", 61);
        assertThat(run.err())
                .endsWith(
                        "lanewise: " + table + ": there are fewer rows than folds (expected at least 61, found 60)\n");
        assertThat(run.status()).isEqualTo(BAD_DATA.status());
    }

    @ParameterizedTest
    @CsvSource({
        "train, false, false",
        "train --bias, false, true",
        "train --hidden 9 --no-bias, true, false",
        "train --model mlp, true, false",
        "train --preset hw0-softmax, false, false",
        "train --preset hw0-mlp --bias, true, true",
        "train --preset=mnist-best, true, true",
        "train --preset fashion-best, true, true",
        "train --preset mnist-best --model softmax, false, true",
        "train --model=softmax --preset mnist-best, false, true"
    })
    void whatIsTrainedIsForeseen(String words, boolean network, boolean bias) {
        assertThat(WarmUpGuess.of(List.of(words.split(" ")))).isEqualTo(new WarmUpGuess(network, bias));
    }

    /** As docs/accuracy.md has them. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            --preset hw0-softmax > --model softmax
            --preset hw0-mlp     > --hidden 400 --epochs 20
            --preset mnist-best  > --hidden 800 --bias --epochs 20 --lr 0.2 --schedule cosine --momentum 0.9 --label-smoothing 0.1 --clip-norm 1 --shuffle
            --preset mnist-best --model softmax > --bias --epochs 30 --lr 0.1 --schedule cosine --momentum 0.9 --weight-decay 1e-4 --shuffle
            --preset fashion-best > --hidden 800 --bias --epochs 40 --lr 0.05 --schedule cosine --momentum 0.9 --label-smoothing 0.1 --weight-decay 3e-4 --shuffle
            """)
    void aPresetIsWhatTheDocumentationSays(String preset, String options) throws IOException {
        Path data = folder.resolve("data");
        IdxBytes.writeFolder(data);
        assertThat(config(data, "a", preset)).isEqualTo(config(data, "b", options));
    }

    private String config(Path data, String name, String words) throws IOException {
        Path run = folder.resolve(name);
        Run.of((Object[]) ("train --data " + data + " --run " + run + " " + words).split(" "))
                .succeeded();
        return Files.readString(run.resolve("config.json"));
    }

    @Test
    void aPresetIsASetOfDefaults() throws IOException {
        Path data = folder.resolve("data");
        IdxBytes.writeFolder(data);
        String usual = Run.of("train", "--data", data).succeeded().out();
        assertThat(Run.of("train", "--data", data, "--preset", "hw0-softmax")
                        .succeeded()
                        .out())
                .isEqualTo(usual);

        String course = Run.of("train", "--data", data, "--preset", "hw0-mlp")
                .succeeded()
                .out();
        assertThat(course).hasLineCount(21);
        assertThat(Run.of("train", "--data", data, "--hidden", 400, "--epochs", 20)
                        .out())
                .isEqualTo(course);

        assertThat(Run.of("train", "--data", data, "--preset", "hw0-mlp", "--epochs", 1, "--model", "softmax")
                        .out())
                .isEqualTo(Run.of("train", "--data", data, "--epochs", 1).out());
        for (Preset preset : Preset.values()) {
            String name = Option.plain(preset);
            Path run = folder.resolve(name);
            Run.of("train", "--data", data, "--preset", name, "--epochs", 1, "--run", run)
                    .succeeded();
            assertThat(run.resolve("config.json")).content().contains("\"epochs\" : 1,");
        }
        String softmax = "train --preset mnist-best --model softmax --epochs 1 --data";
        String written =
                "train --bias --lr 0.1 --schedule cosine --momentum 0.9 --weight-decay 1e-4 --shuffle --epochs 1 --data";
        assertThat(Run.of((Object[]) (softmax + " " + data).split(" "))
                        .succeeded()
                        .out())
                .isEqualTo(Run.of((Object[]) (written + " " + data).split(" "))
                        .succeeded()
                        .out());
    }
}
