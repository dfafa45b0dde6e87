package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.LOCKED;
import static lanewise.trainer.ExitCode.NO_INPUT;
import static lanewise.trainer.ExitCode.USAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxBytes;
import lanewise.trainer.data.NpyBytes;
import lanewise.trainer.model.Model;
import lanewise.trainer.run.RunFolder;
import lanewise.trainer.train.History;
import lanewise.trainer.train.Trainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code train} in a folder: what it keeps, how it goes on, and how it is repeated. */
@Tag("own-mode")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunCommandTest {
    private static final List<Object> RECIPE = List.of(
            "--hidden",
            "4,3",
            "--epochs",
            3,
            "--lr",
            "0.05",
            "--batch",
            2,
            "--momentum",
            "0.5",
            "--shuffle",
            "--seed",
            7);

    @TempDir
    Path folder;

    private Path data;
    private Path run;
    private Path model;

    @BeforeEach
    void writeData() throws IOException {
        data = folder.resolve("data");
        run = folder.resolve("run");
        model = folder.resolve("model");
        IdxBytes.writeFolder(data);
    }

    private Run train(Object... more) {
        List<Object> words = new ArrayList<>(List.of("train"));
        words.addAll(List.of(more));
        return Run.of(words.toArray());
    }

    private Run trainInFolder() {
        List<Object> words = new ArrayList<>(List.of("train", "--data", data, "--run", run, "--out", model));
        words.addAll(RECIPE);
        return Run.of(words.toArray()).succeeded();
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    @Test
    void aFolderHoldsAllOfARun() throws IOException {
        Run trained = trainInFolder();

        assertThat(trained.err()).contains("note: seed 7\n");
        assertThat(run.resolve("last.safetensors")).hasSameBinaryContentAs(model);
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
                .hasSize(3)
                .allMatch(line -> line.startsWith("{\"epoch\":") && line.endsWith("}"));
        JsonNode config = json(run.resolve("config.json"));
        assertThat(config.get("options").get("hidden").stringValue()).isEqualTo("4,3");
        assertThat(config.get("options").get("model").stringValue()).isEqualTo("mlp");
        assertThat(config.get("options").get("shuffle").booleanValue()).isTrue();
        assertThat(config.get("options").get("seed").intValue()).isEqualTo(7);
        assertThat(config.get("options").get("lr").asString()).isEqualTo("0.05");
        assertThat(config.get("sha256").propertyNames()).containsExactly("train", "test");
        assertThat(config.has("version")).isTrue();
        assertThat(run).isDirectoryContaining("glob:**/checkpoint.safetensors").isDirectoryContaining("glob:**/best.*");
    }

    @Test
    void aConfigRepeatsItsRun() throws IOException {
        trainInFolder();
        byte[] first = Files.readAllBytes(model);
        train("--config", run.resolve("config.json"), "--out", model).succeeded();
        assertThat(model).hasBinaryContent(first);

        train("--config", run.resolve("config.json"), "--seed", 8, "--no-shuffle", "--out", model)
                .succeeded();
        assertThat(Run.of("inspect", model).out())
                .containsPattern("shuffle +false")
                .containsPattern("seed +8")
                .containsPattern("momentum +0.5");
        Path softmax = folder.resolve("softmax");
        train("--config", run.resolve("config.json"), "--model", "softmax", "--run", softmax, "--out", model)
                .succeeded();
        assertThat(Run.of("inspect", model).out()).contains("[3, 6]").doesNotContain("2.weight");
        train("--resume", softmax).succeeded();

        Path copy = folder.resolve("copy");
        train("--config", run.resolve("config.json"), "--run", copy).succeeded();
        assertThat(copy.resolve("config.json")).hasSameTextualContentAs(run.resolve("config.json"));
        assertThat(copy.resolve("last.safetensors")).hasBinaryContent(first);
    }

    @Test
    void aConfigWithAWarmUpIsNotRepeatedInFewerEpochs() {
        train("--data", data, "--run", run, "--epochs", 2, "--warmup-epochs", 2).succeeded();

        train("--config", run.resolve("config.json"), "--epochs", 1)
                .failed(
                        USAGE,
                        "--warmup-epochs: the run ends before the learning rate is --lr"
                                + " (expected at most --epochs 1, found 2)");
    }

    /** Each option that decides the result, none as it is by default. */
    @Test
    void everyOptionOfARunComesBack() throws IOException {
        StringBuilder rows = new StringBuilder("x,y,label\n");
        for (int i = 0; i < 60; i++) {
            rows.append(i % 7 + i % 3).append(',').append(i % 5).append(i % 3 == 0 ? ",a\n" : ",b\n");
        }
        Path table = Files.writeString(folder.resolve("t.csv"), rows);
        String options = "--label label --scale standard --validation 0.25 --max-features 9 --hidden 3 --bias"
                + " --epochs 6 --lr 0.05 --batch 7 --momentum 0.5 --nesterov --weight-decay 1e-4 --accumulate 2"
                + " --class-weight balanced --label-smoothing 0.1 --clip-norm 1.5 --patience 3 --warmup-epochs 1"
                + " --shuffle --seed 5";
        List<String> schedules = List.of(
                "--schedule step --step-size 2 --gamma 0.3",
                "--schedule cosine",
                "--schedule invscaling --power-t 0.4",
                "--schedule plateau --step-size 1 --gamma 0.3");
        for (String schedule : schedules) {
            Path first = folder.resolve("first" + schedules.indexOf(schedule));
            Path copy = folder.resolve("copy" + schedules.indexOf(schedule));
            List<Object> words = new ArrayList<>(List.of("--data", table, "--run", first));
            words.addAll(List.of((options + " " + schedule).split(" ")));
            train(words.toArray()).succeeded();
            train("--config", first.resolve("config.json"), "--run", copy).succeeded();
            assertThat(copy.resolve("config.json")).hasSameTextualContentAs(first.resolve("config.json"));
            assertThat(copy.resolve("last.safetensors")).hasSameBinaryContentAs(first.resolve("last.safetensors"));
            JsonNode kept = json(first.resolve("config.json")).get("options");
            for (String option : (options + " " + schedule).substring(2).split(" --")) {
                assertThat(kept.has(option.split(" ")[0])).as(option).isTrue();
            }
        }
    }

    /** The folder as a process leaves it that is killed before its first checkpoint, or between two files. */
    @Test
    void aRunGoesOnWhateverIsMissing() throws IOException {
        trainInFolder();
        byte[] whole = Files.readAllBytes(model);
        Files.delete(run.resolve("last.safetensors"));
        Files.writeString(run.resolve("metrics.jsonl"), "{\"epo");
        Run resumed = train("--resume", run, "--out", model).succeeded();
        assertThat(resumed.err()).contains("note: there is nothing to do after epoch 3\n");
        assertThat(resumed.out()).hasLineCount(1);
        assertThat(run.resolve("last.safetensors")).hasBinaryContent(whole);
        assertThat(run.resolve("metrics.jsonl")).content().hasLineCount(3);

        Files.delete(run.resolve("checkpoint.safetensors"));
        assertThat(train("--resume", run, "--out", model).succeeded().out()).hasLineCount(4);
        assertThat(model).hasBinaryContent(whole);
    }

    @Test
    void dataMayMoveButNotChange() throws IOException {
        trainInFolder();
        Path moved = Files.move(data, folder.resolve("moved"));
        train("--resume", run).failed(NO_INPUT, data + ": no such file or folder");
        train("--resume", run, "--data", moved).succeeded();

        Files.write(moved.resolve("t10k-labels-idx1-ubyte"), IdxBytes.labels(2, 1, 1));
        assertThat(train("--resume", run, "--data", moved).err())
                .containsPattern("lanewise: " + run + "/config.json: sha256.test: the input is not the one of the run"
                        + " \\(expected [0-9a-f]{64}, found [0-9a-f]{64}\\)\n$");
        assertThat(train("--resume", run, "--data", moved).status()).isEqualTo(BAD_DATA.status());
        train("--config", run.resolve("config.json"), "--data", moved).succeeded();
        Files.move(moved, data);
        assertThat(train("--config", run.resolve("config.json")).err()).contains("sha256.test: the input is not");
    }

    /** What a file holds counts, and not its name; other words than names stay those of the run. */
    @Test
    void everyInputMayMoveButNotChange() throws IOException {
        Path x = Files.write(folder.resolve("x.npy"), NpyBytes.floats("(4, 1)", 1, 2, 3, 4));
        Path y = Files.write(folder.resolve("y.npy"), NpyBytes.floats("(4,)", 0, 1, 0, 1));
        train("--data", x, "--label", y, "--epochs", 1, "--out", model).succeeded();
        train("--data", x, "--label", y, "--init", model, "--epochs", 1, "--run", run)
                .succeeded();
        Files.delete(run.resolve("checkpoint.safetensors"));
        x = Files.move(x, folder.resolve("x2.npy"));
        y = Files.move(y, folder.resolve("y2.npy"));
        model = Files.move(model, folder.resolve("model2"));
        train("--resume", run, "--data", x, "--label", y, "--init", model).succeeded();
        String refusal = ": not with --resume, which goes on with the options of the run";
        train("--resume", run, "--data", x, "--label", 0).failed(USAGE, "--label" + refusal);
        train("--resume", run, "--validation", y).failed(USAGE, "--validation" + refusal);
        Files.write(y, NpyBytes.floats("(4,)", 1, 1, 0, 0));
        assertThat(train("--resume", run, "--data", x, "--label", y, "--init", model)
                        .err())
                .contains("sha256.train: the input is not the one of the run");

        Path table = Files.writeString(folder.resolve("t.csv"), "x,label\n1,a\n2,b\n3,a\n4,b\n");
        Path other = Files.writeString(folder.resolve("o.csv"), "x,label\n5,a\n6,b\n");
        Path second = folder.resolve("second");
        train("--data", table, "--validation", other, "--epochs", 1, "--run", second)
                .succeeded();
        other = Files.move(other, folder.resolve("o2.csv"));
        train("--resume", second, "--validation", other).succeeded();
        assertThat(train("--resume", second, "--validation", table).err())
                .contains("sha256.test: the input is not the one of the run");

        Path third = folder.resolve("third");
        train("--data", table, "--validation", "0.5", "--epochs", 1, "--run", third)
                .succeeded();
        train("--resume", third, "--validation", other).failed(USAGE, "--validation" + refusal);
        train("--resume", second, "--validation", "0.5").failed(USAGE, "--validation" + refusal);
        train("--resume", second, "--validation", other, "--init", model).failed(USAGE, "--init" + refusal);
        train("--resume", second, "--validation", other, "--label", "label").failed(USAGE, "--label" + refusal);
    }

    /** A negative zero is none in what a model says of its run. */
    @Test
    void aRunOfNegativeZerosGoesOn() {
        train(
                        "--data",
                        data,
                        "--epochs",
                        1,
                        "--run",
                        run,
                        "--momentum=-0.0",
                        "--weight-decay=-0.0",
                        "--clip-norm=-0.0",
                        "--label-smoothing=-0.0")
                .succeeded();
        train("--resume", run).succeeded();
    }

    /** Rows that are drawn for validation, and a file of them that is named from the working directory. */
    @Test
    void theRowsToMeasureByAreAnInputToo() throws IOException {
        Path table = folder.resolve("table.csv");
        StringBuilder rows = new StringBuilder("x,label\n");
        for (int i = 0; i < 20; i++) {
            rows.append(i % 7).append(i % 2 == 0 ? ",a\n" : ",b\n");
        }
        Files.writeString(table, rows.toString());
        train("--data", table, "--epochs", 1, "--run", run).succeeded();
        train("--resume", run).succeeded();
        train("--config", run.resolve("config.json")).succeeded();
        train("--config", run.resolve("config.json"), "--seed", 1).succeeded();
        train("--config", run.resolve("config.json"), "--validation", "0.5").succeeded();

        Path relative = Path.of("").toAbsolutePath().relativize(table);
        Path other = folder.resolve("other");
        train("--data", relative, "--validation", relative, "--epochs", 1, "--run", other)
                .succeeded();
        assertThat(json(other.resolve("config.json")).get("options").get("data").stringValue())
                .isEqualTo(table.toString());
        assertThat(json(other.resolve("config.json"))
                        .get("options")
                        .get("validation")
                        .stringValue())
                .isEqualTo(table.toString());
    }

    /** What .. leads out of is where the link leads, not where it stands. */
    @Test
    void aNameBehindALinkIsThatOfTheFileThatWasRead() throws IOException {
        Path sets = Files.createDirectories(folder.resolve("disk/sets"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), sets);
        Files.writeString(folder.resolve("disk/t.csv"), "x,label\n1,a\n2,b\n");
        Path data = link.resolve("../t.csv");
        train("--data", data, "--validation", data, "--epochs", 1, "--run", run).succeeded();
        train("--resume", run).succeeded();
    }

    /** A run can be repeated from any folder: a file of labels is found there too, and a column is no file. */
    @Test
    void aFileOfLabelsIsKeptByItsWholeName() throws IOException {
        Path x = Files.write(folder.resolve("x.npy"), NpyBytes.floats("(4, 1)", 1, 2, 3, 4));
        Path y = Files.write(folder.resolve("y.npy"), NpyBytes.floats("(4,)", 0, 1, 0, 1));
        Path relative = Path.of("").toAbsolutePath().relativize(y);
        train("--data", x, "--label", relative, "--epochs", 1, "--run", run).succeeded();
        assertThat(json(run.resolve("config.json")).get("options").get("label").stringValue())
                .isEqualTo(y.toString());
        Path columns = Files.write(folder.resolve("c.npy"), NpyBytes.floats("(4, 2)", 0, 1, 1, 2, 0, 3, 1, 4));
        Path other = folder.resolve("other");
        train("--data", columns, "--label", 1, "--epochs", 1, "--run", other).succeeded();
        assertThat(json(other.resolve("config.json"))
                        .get("options")
                        .get("label")
                        .stringValue())
                .isEqualTo("1");
    }

    @Test
    void aRunOfAnotherVersionIsTold() throws IOException {
        trainInFolder();
        Path config = run.resolve("config.json");
        assertThat(train("--resume", run).succeeded().err()).doesNotContain("the run is of version");
        String version = json(config).get("version").stringValue();
        Files.writeString(config, Files.readString(config).replace("\"" + version + "\"", "\"0.0.0\""));
        for (Object[] words : new Object[][] {{"--resume", run}, {"--config", config}}) {
            assertThat(train(words).succeeded().err())
                    .contains(
                            "note: the run is of version 0.0.0; this is " + version + ", which may learn other bits\n");
        }
    }

    /** A config may come from anybody, and only an error begins with {@code lanewise: }. */
    @Test
    void aVersionIsToldInOneLine() throws IOException {
        trainInFolder();
        Path config = run.resolve("config.json");
        String version = json(config).get("version").stringValue();
        Files.writeString(
                config, Files.readString(config).replace("\"" + version + "\"", "\"1\\nlanewise: \\u001b[31m\""));
        assertThat(train("--resume", run).err())
                .contains("\nnote: the run is of version 1\\x0alanewise: \\x1b[31m; this is " + version);
    }

    /** A process that was killed while it packed rows leaves them beside the file that they were for. */
    @Test
    void rowsThatWereLeftHalfPackedGo() throws IOException {
        Files.createDirectories(run);
        leaveHalfPackedRows();
        trainInFolder();
        assertThat(run).isDirectoryNotContaining("glob:**.tmp");
        leaveHalfPackedRows();
        train("--resume", run).succeeded();
        assertThat(run).isDirectoryNotContaining("glob:**.tmp");
    }

    private void leaveHalfPackedRows() throws IOException {
        for (String name : List.of(RunFolder.TRAIN_ROWS, RunFolder.TEST_ROWS)) {
            Files.writeString(run.resolve("." + name + ".0123456789abcdef.tmp"), "half");
        }
    }

    @Test
    void theFirstModelIsAnInputToo() throws IOException {
        train("--data", data, "--epochs", 1, "--out", model).succeeded();
        train("--data", data, "--epochs", 1, "--init", model, "--run", run).succeeded();
        train("--resume", run).succeeded();
        train("--data", data, "--epochs", 2, "--out", model).succeeded();
        assertThat(train("--resume", run).err()).contains("/config.json: sha256.init: the input is not");
        train("--config", run.resolve("config.json"), "--init", model).succeeded();
    }

    @Test
    void aRunIsNeverOverwritten() throws IOException {
        trainInFolder();
        byte[] checkpoint = Files.readAllBytes(run.resolve("checkpoint.safetensors"));
        train("--data", data, "--run", run)
                .failed(CANNOT_CREATE, run + ": there is a run in the folder. --resume goes on with it.");
        for (String option : new String[] {"--out", "--json"}) {
            for (String name : RunFolder.FILES) {
                train("--resume", run, option, run.resolve(name)).failed(USAGE, option + ": the same file as --resume");
            }
            train("--config", run.resolve("config.json"), option, run.resolve("config.json"))
                    .failed(USAGE, option + ": the same file as --config");
        }
        assertThat(run.resolve("checkpoint.safetensors")).hasBinaryContent(checkpoint);
    }

    @Test
    void anOutputMayBeInTheFolderThatTheRunCreates() throws IOException {
        Path out = run.resolve("model.safetensors");
        Path log = run.resolve("log.jsonl");
        train("--data", data, "--epochs", 1, "--run", run, "--out", out, "--json", log)
                .succeeded();
        assertThat(out).hasSameBinaryContentAs(run.resolve("last.safetensors"));
        assertThat(log).content().hasLineCount(1);
    }

    @Test
    void aFolderIsForOneRunAtATime() throws IOException {
        trainInFolder();
        try (RunFolder other = RunFolder.open(run)) {
            String line = run + ": locked by pid " + ProcessHandle.current().pid();
            train("--resume", run).failed(LOCKED, line);
            train("--data", data, "--run", run).failed(LOCKED, line);
            assertThat(other.holdsRun()).isTrue();
        }
    }

    @Test
    void aFolderWithoutARunIsNotResumed() throws IOException {
        train("--resume", run).failed(NO_INPUT, run.resolve("config.json") + ": no such file");
        assertThat(run).doesNotExist();
        Files.createDirectory(run);
        train("--resume", run).failed(NO_INPUT, run + ": there is no run in the folder. --run begins one.");
        Files.delete(run);
        train("--config", run).failed(NO_INPUT, run + ": no such file");
    }

    /** A word of the config and what it is changed to. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {                   |                     | not the config.json of a run
            "format" : 1        | "format" : 2        | the run is of a newer version of Lanewise (expected format 1, found format 2)
            "format" : 1        | "form" : 1          | not the config.json of a run
            "train" : "         | "train":null,"x":"  | not the config.json of a run
            "lr" : 0.05         | "lr" : -1           | options.lr: bad value (expected a number above 0 and up to 1000000, found -1)
            "lr" : 0.05         | "lr" : [1]          | options.lr: bad value (expected a number above 0 and up to 1000000, found [1])
            "lr" : 0.05         | "lr" : null         | options.lr: bad value (expected a number above 0 and up to 1000000, found null)
            "lr" : 0.05         | "leer" : 0.05       | options.leer: unknown option
            "shuffle" : true    | "shuffle" : "yes"   | options.shuffle: bad value (expected true or false, found "yes")
            "hidden" : "4,3"    | "hidden" : "4;3"    | options.hidden: bad value (expected whole numbers from 1 to 1000000 with commas between them, found "4;3")
            "schedule" : "constant" | "schedule" : "x" | options.schedule: bad value (expected constant or step or cosine or invscaling or plateau, found "x")
            """)
    void aDamagedConfigIsRefused(String word, String changed, String line) throws IOException {
        trainInFolder();
        Path config = run.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace(word, changed == null ? "" : changed));
        train("--resume", run).failed(BAD_DATA, config + ": " + line);
        train("--config", config).failed(BAD_DATA, config + ": " + line);
    }

    @Test
    void aConfigThatIsNoneIsRefused() throws IOException {
        Path config = folder.resolve("config");
        for (byte[] content : new byte[][] {{}, "[]".getBytes(UTF_8), "1".getBytes(UTF_8), {(byte) 0xff, 0}}) {
            Files.write(config, content);
            train("--config", config).failed(BAD_DATA, config + ": not the config.json of a run");
        }
        Files.write(config, new byte[(1 << 20) + 1]);
        train("--config", config)
                .failed(
                        BAD_DATA,
                        config + ": not the config.json of a run (expected at most 1048576 bytes, found 1048577)");
    }

    /** Some data are refused when all that is to be trained is known. */
    @Test
    void dataThatAreRefusedLeaveTheFolderAndTheLogAlone() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "x,label\n0,a\n1e-10,b\n");
        Path far = Files.writeString(folder.resolve("far.csv"), "x,label\n3e38,a\n0,b\n");
        Path log = Files.writeString(folder.resolve("log.jsonl"), "from an earlier run\n");
        Object[] words = {"--data", table, "--scale", "minmax", "--epochs", 1, "--run", run, "--json", log};
        Run refused = train(
                Stream.concat(Stream.of(words), Stream.of("--validation", far)).toArray());
        assertThat(refused.err()).endsWith("a value is not finite (expected a number, found Infinity)\n");
        assertThat(refused.status()).isEqualTo(BAD_DATA.status());
        assertThat(log).hasContent("from an earlier run\n");

        train(Stream.concat(Stream.of(words), Stream.of("--validation", table)).toArray())
                .succeeded();
        assertThat(log).content().startsWith("{\"epoch\":1,").hasLineCount(1);
    }

    @Test
    void aDamagedCheckpointIsTold() throws IOException {
        trainInFolder();
        Path log = Files.writeString(folder.resolve("log.jsonl"), "from an earlier run\n");
        Path checkpoint = run.resolve("checkpoint.safetensors");
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[bytes.length - 2] ^= 1;
        Files.write(checkpoint, bytes);
        Run resumed = train("--resume", run, "--json", log);
        assertThat(resumed.err())
                .contains("lanewise: " + checkpoint + ": the checkpoint is damaged (expected SHA-256 ");
        assertThat(resumed.status()).isEqualTo(BAD_DATA.status());
        assertThat(checkpoint).hasBinaryContent(bytes);
        assertThat(log).hasContent("from an earlier run\n");
    }

    /** The signal is this process's own; it is sent when the run has begun, and the run does not end without it. */
    @Test
    void aSignalSavesTheRunAndTellsHowItEnded() throws Exception {
        // On a thread of its own: the common pool may have only one, which the run reads its data on.
        Runnable task = () -> {
            Path metrics = run.resolve("metrics.jsonl");
            while (!Files.exists(metrics) || metrics.toFile().length() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
            raise("TERM");
        };
        CompletableFuture<Void> sender = CompletableFuture.runAsync(task, sending -> new Thread(sending).start());
        Run stopped = train("--data", data, "--epochs", 1_000_000, "--run", run, "--out", model);
        sender.get(30, SECONDS);

        assertThat(stopped.status()).isEqualTo(ExitCode.TERMINATED.status());
        assertThat(stopped.err()).endsWith("note: interrupted; --resume goes on where it was\n");
        assertThat(run.resolve("checkpoint.safetensors")).exists();
        assertThat(model).doesNotExist();
        int epochs = Files.readAllLines(run.resolve("metrics.jsonl")).size();
        assertThat(stopped.out()).hasLineCount(1 + epochs);
    }

    /**
     * As while the checkpoint is read: there is no training yet that could be told. SIGINT never comes to what a shell runs in
     * the background.
     */
    @Test
    void aSignalBeforeTheTrainingBeginsEndsIt() {
        Dataset rows = Dataset.of(new float[] {1, 2}, 2, 1, new int[] {0, 1}, 2);
        Trainer trainer = Trainer.builder().threads(1).build();
        try (Signals signals = Signals.handled()) {
            raise("TERM");
            while (signals.received().isEmpty()) {
                Thread.onSpinWait();
            }
            History history = trainer.fit(Model.softmaxRegression(1, 2, false), rows, rows, signals);
            assertThat(history.epochs()).isEmpty();
            assertThat(signals.received()).contains(ExitCode.TERMINATED);
        }
    }

    private static void raise(String name) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Object signal = type.getConstructor(String.class).newInstance(name);
            type.getMethod("raise", type).invoke(null, signal);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
