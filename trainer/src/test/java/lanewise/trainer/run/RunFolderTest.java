package lanewise.trainer.run;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.DIVERGED;
import static lanewise.trainer.ExitCode.LOCKED;
import static lanewise.trainer.Refusal.assertRefused;
import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.FaultyFileSystem;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Weights;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import lanewise.trainer.train.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path folder;

    @Test
    void theFolderAndThoseAboveItAreCreated() {
        Path deep = folder.resolve("runs/today/1");
        try (RunFolder run = RunFolder.open(deep)) {
            assertThat(run.holdsRun()).isFalse();
            assertThat(deep).isDirectory();
        }
    }

    @Test
    void aFolderIsForOneRunAtATime() {
        long pid = ProcessHandle.current().pid();
        try (RunFolder run = RunFolder.open(folder)) {
            assertRefused(() -> RunFolder.open(folder), LOCKED, folder + ": locked by pid " + pid);
            assertThat(run.file("lock")).hasContent(Long.toString(pid));
        }
        RunFolder.open(folder).close();
    }

    /** Whoever closes the file of a lock gives the lock away, though it was opened to no avail. */
    @Test
    void aRefusalLeavesTheLockToItsOwner() throws Exception {
        try (RunFolder run = RunFolder.open(folder)) {
            for (Path name : List.of(folder, folder.resolve("."))) {
                assertThat(refused(() -> RunFolder.open(name)).exitCode()).isEqualTo(LOCKED);
            }
            assertThat(opensElsewhere()).isEqualTo(LOCKED.status());
            run.close();
            run.close();
            assertThat(opensElsewhere()).isZero();
        }
        RunFolder.open(folder).close();
    }

    /** The exit status of another process that opens the folder. */
    private int opensElsewhere() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        folder.toString())
                .start();
        return process.waitFor();
    }

    /** Opens a folder. */
    static final class Opener {
        public static void main(String[] args) {
            try {
                RunFolder.open(Path.of(args[0])).close();
            } catch (LanewiseException e) {
                System.exit(e.exitCode().status());
            }
        }
    }

    /** The id in the file is of a process that is gone, or is none. */
    @Test
    void aLockThatNobodyHoldsIsTaken() throws IOException {
        for (String left : new String[] {"1", "999999999999", "", "\0\u00ff", "-".repeat(1_000)}) {
            Files.writeString(folder.resolve("lock"), left);
            RunFolder.open(folder).close();
        }
    }

    @Test
    void aFolderThatCannotBeOneIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        assertRefused(() -> RunFolder.open(file), CANNOT_CREATE, file + ": not a folder");
        assertThatThrownBy(() -> RunFolder.open(file.resolve("run")))
                .isInstanceOfSatisfying(
                        LanewiseException.class, e -> assertThat(e.exitCode()).isEqualTo(CANNOT_CREATE));
        assertRefused(() -> RunFolder.open(Path.of("/proc/run")), CANNOT_CREATE, "/proc/run: cannot be created");
        assertThat(file).hasContent("kept");
    }

    /** Nothing is written through a link that somebody has put there, nor into a folder or a device. */
    @Test
    void whatIsNotAFileOfItsOwnIsRefused() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "kept");
        for (String name : RunFolder.FILES) {
            Path run = Files.createDirectories(folder.resolve("run-" + name));
            Path link = Files.createSymbolicLink(run.resolve(name), victim);
            assertRefused(() -> RunFolder.open(run), CANNOT_CREATE, link + ": not a regular file");
            Files.delete(link);
            Files.createDirectory(link);
            assertRefused(() -> RunFolder.open(run), CANNOT_CREATE, link + ": not a regular file");
        }
        assertThat(victim).hasContent("kept");
    }

    /** The folder may be another run's by then. */
    @Test
    void nothingIsWrittenOnceTheFolderIsClosed() {
        RunFolder run = RunFolder.open(folder);
        Trainer trainer = Runs.recipe().build();
        List<String> contents = new ArrayList<>();
        TrainingListener closing = new TrainingListener() {
            @Override
            public void onEpoch(EpochReport report) {
                contents.add(Runs.content(folder).toString());
                run.close();
            }
        };
        TrainingListener keeper = new RunKeeper(run, Provenance.of(trainer, Runs.TRAIN), 0, 0);
        assertThatThrownBy(() -> trainer.fit(Runs.model(), Runs.TRAIN, Runs.TEST, keeper.and(closing)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the folder of the run is closed: " + folder);
        assertThat(contents).containsExactly(Runs.content(folder).toString());
        assertThatThrownBy(() -> trainer.fit(Runs.model(), Runs.TRAIN, Runs.TEST, keeper))
                .isInstanceOf(IllegalStateException.class);
    }

    /** A checkpoint after every step, and who goes through the epochs tells of the start and the end. */
    @Test
    void aTrainingByHandIsKeptToo() {
        Trainer trainer = Runs.recipe().build();
        Model whole = Runs.model();
        try (Training training = trainer.start(whole, Runs.TRAIN)) {
            while (training.epochs() < 9) {
                training.epoch();
            }
        }
        Model driven = Runs.model();
        for (int epochs : new int[] {2, 9}) {
            driven = Runs.model();
            try (RunFolder run = RunFolder.open(folder);
                    Training training = trainer.start(driven, Runs.TRAIN)) {
                TrainingListener keeper = new RunKeeper(run, Provenance.of(trainer, Runs.TRAIN), 0, 0);
                keeper.onStart(training);
                assertThat(training.epochs()).isEqualTo(epochs == 2 ? 0 : 2);
                while (training.epochs() < epochs) {
                    training.epoch(keeper);
                }
                keeper.onEnd(training);
            }
        }
        assertThat(weights(driven)).isDeepEqualTo(weights(whole));
    }

    @Test
    void aListenerThatIsNotToldOfTheStartSaysSo() {
        Trainer trainer = Runs.recipe().build();
        try (RunFolder run = RunFolder.open(folder);
                Training training = trainer.start(Runs.model(), Runs.TRAIN)) {
            TrainingListener keeper = run.listener(Provenance.of(trainer, Runs.TRAIN));
            assertThatThrownBy(() -> training.epoch(keeper))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the listener of a run has not been told that the training starts");
        }
    }

    private static float[][] weights(Model model) {
        return Weights.of(model).toTensors().toArray(float[][]::new);
    }

    @Test
    void otherFilesStayAsTheyAre() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "kept");
        Files.writeString(folder.resolve(".checkpoint.safetensors.0123456789abcdef.tmp"), "left by a killed process");
        Files.writeString(folder.resolve(".checkpoint.safetensors.tmp"), "kept");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));
        Runs.train(folder, Runs.recipe());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "notes.txt",
                            ".checkpoint.safetensors.tmp",
                            "link",
                            "lock",
                            "metrics.jsonl",
                            "best.safetensors",
                            "last.safetensors",
                            "checkpoint.safetensors");
        }
    }

    /** The command line writes the config first; a run of the library has none, but a checkpoint. */
    @Test
    void aConfigOrACheckpointIsARun() throws IOException {
        for (String name : List.of("config.json", "checkpoint.safetensors")) {
            Path one = Files.createDirectory(folder.resolve("of " + name));
            Files.createFile(one.resolve(name));
            try (RunFolder run = RunFolder.open(one)) {
                assertThat(run.holdsRun()).isTrue();
            }
        }
    }

    /** Nothing is saved in the first second, and after a save that took long nothing for twenty times as long. */
    @Test
    void aCheckpointIsWrittenEverySecondUnlessThatTakesLong() {
        Trainer trainer = Runs.recipe().build();
        FaultyFileSystem files = new FaultyFileSystem();
        files.forceTakes(100);
        List<Long> nanos = new ArrayList<>();
        List<Long> saves = new ArrayList<>();
        try (RunFolder run = RunFolder.open(files.path(folder))) {
            TrainingListener look = new TrainingListener() {
                @Override
                public void onStep(int epoch, int rowsDone, int rows) {
                    nanos.add(System.nanoTime());
                    saves.add(files.log().stream()
                            .filter(change -> change.startsWith("move") && change.endsWith(" " + RunFolder.CHECKPOINT))
                            .count());
                    if (saves.size() < 3) {
                        sleep(1_100);
                    }
                }
            };
            TrainingListener keeper = run.listener(Provenance.of(trainer, Runs.TRAIN));
            nanos.add(System.nanoTime());
            trainer.fit(Runs.model(), Runs.TRAIN, Runs.TEST, keeper.and(look));
        }
        // A machine that stands still for the whole second makes the first step late enough.
        assertThat(saves.get(0)).isLessThanOrEqualTo((nanos.get(1) - nanos.get(0)) / 1_000_000_000);
        assertThat(saves.subList(1, 3)).containsExactly(1L, 1L);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Weights that are not finite are not saved. */
    @Test
    void whatDivergesIsTold() {
        Trainer.Builder recipe =
                Trainer.builder().epochs(9).batch(4).learningRate(1e6f).weightDecay(1e6f);
        assertThatThrownBy(() -> Runs.train(folder, recipe))
                .isInstanceOfSatisfying(
                        LanewiseException.class, e -> assertThat(e.exitCode()).isEqualTo(DIVERGED))
                .hasMessageStartingWith("epoch 1: training diverged: 0.weight is the first tensor that is not finite")
                .hasMessageEndingWith("A smaller learning rate may help.");
    }

    @Test
    void aFolderIsResumedByTheSameRecipeAlone() {
        Runs.train(folder, Runs.recipe());
        assertRefused(
                () -> Runs.train(folder, Runs.recipe().seed(5)),
                BAD_DATA,
                folder.resolve("checkpoint.safetensors")
                        + ": seed: the checkpoint is of another recipe (expected 5, found 4)");
    }
}
