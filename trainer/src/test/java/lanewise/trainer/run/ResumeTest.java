package lanewise.trainer.run;

import static lanewise.trainer.ExitCode.DIVERGED;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.FaultyFileSystem;
import lanewise.trainer.io.FaultyFileSystem.Killed;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.History;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Schedule;
import lanewise.trainer.train.StopAfter;
import lanewise.trainer.train.Trainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a run is interrupted, what it leaves in the end is what it would have left anyway. */
class ResumeTest {
    @TempDir
    Path folder;

    private final FaultyFileSystem files = new FaultyFileSystem();
    private TreeMap<String, String> whole;
    private String model;
    private int steps;

    @BeforeEach
    void trainWithoutInterruption() {
        StopAfter never = new StopAfter(Integer.MAX_VALUE);
        model = weights(Runs.train(run("whole"), Runs.recipe(), never));
        whole = Runs.content(folder.resolve("whole"));
        steps = never.steps();
    }

    private Path run(String name) {
        return files.path(folder.resolve(name));
    }

    /** Each weight in the fewest digits that tell it from every other float. */
    private static String weights(Model model) {
        return model.layers().stream()
                .map(layer -> Arrays.toString(layer.stored()) + Arrays.toString(layer.bias()))
                .toList()
                .toString();
    }

    private void assertGoesOn(String name, Trainer.Builder recipe) {
        assertThat(weights(Runs.train(run(name), recipe))).as(name).isEqualTo(model);
        assertThat(Runs.content(folder.resolve(name))).as(name).isEqualTo(whole);
    }

    /** The recipe is what it claims to be, or else the other tests show little. */
    @Test
    void theRunUsesAllThatACheckpointHolds() {
        Model plain = Runs.model();
        History history = Runs.recipe().build().fit(plain, Runs.TRAIN, Runs.TEST);
        assertThat(weights(plain)).isEqualTo(model);
        assertThat(history.epochs()).hasSize(history.best().epoch() + 3).hasSizeLessThan(9);
        assertThat(history.last().learningRate()).isLessThan(.2f);
        assertThat(steps).isEqualTo(2 * history.epochs().size());
    }

    @Test
    void aRunStoppedAfterAnyStepGoesOn() {
        for (int step = 1; step <= steps; step++) {
            String name = "stopped after step " + step;
            Runs.train(run(name), Runs.recipe(), new StopAfter(step));
            assertGoesOn(name, Runs.recipe().threads(1 + step % 3));
        }
    }

    @Test
    void aRunStoppedAfterEveryStepGoesOn() {
        for (int step = 1; step <= steps; step++) {
            Runs.train(run("often"), Runs.recipe(), new StopAfter(1));
        }
        assertGoesOn("often", Runs.recipe());
    }

    /** Wherever it is stopped, the last model is that of its last whole epoch. */
    @Test
    void theLastModelIsThatOfTheLastWholeEpoch() throws IOException {
        Runs.train(run("two"), Runs.recipe().epochs(2));
        Runs.train(run("one"), Runs.recipe().epochs(1));
        Runs.train(run("stopped"), Runs.recipe(), new StopAfter(5));
        assertThat(epoch("stopped", RunFolder.LAST)).isEqualTo(2);
        assertThat(weights(Model.load(run("stopped").resolve(RunFolder.LAST))))
                .isEqualTo(weights(Model.load(run("two").resolve(RunFolder.LAST))));
        for (int step = 1; step <= 5; step++) {
            Runs.train(run("often"), Runs.recipe(), new StopAfter(1));
            Path last = run("often").resolve(RunFolder.LAST);
            if (step < 3) {
                assertThat(last).doesNotExist();
            } else {
                assertThat(epoch("often", RunFolder.LAST))
                        .as("after step %d", step)
                        .isEqualTo((step - 1) / 2);
                String whole = step < 5 ? "one" : "two";
                assertThat(weights(Model.load(last)))
                        .isEqualTo(weights(Model.load(run(whole).resolve(RunFolder.LAST))));
            }
        }
    }

    /** The epoch that a model of a run is of. */
    private int epoch(String name, String file) {
        String text = Model.load(folder.resolve(name).resolve(file)).metadata().get("lanewise");
        return Integer.parseInt(text.replaceFirst(".*\"epoch\":(\\d+)}$", "$1"));
    }

    /** It ends where a save finds it, however it was to end, and leaves the checkpoint as it was. */
    @Test
    void aRunThatHasDivergedSaysSo() {
        Trainer.Builder recipe = Runs.recipe()
                .learningRate(1e6f)
                .weightDecay(1e6f)
                .clipNorm(0)
                .batch(1)
                .accumulate(1)
                .shuffle(false);
        String told = "epoch 1: training diverged: 0.weight is the first tensor that is not finite."
                + " A smaller learning rate may help.";
        StopAfter never = new StopAfter(Integer.MAX_VALUE);
        assertRefused(() -> Runs.train(run("saved"), recipe, never, 0), DIVERGED, told);
        assertThat(never.steps()).isLessThan(21);
        assertThat(run("saved").resolve(RunFolder.CHECKPOINT)).exists();
        assertRefused(() -> Runs.train(run("stopped"), recipe, new StopAfter(22)), DIVERGED, told);
        assertThat(run("stopped").resolve(RunFolder.CHECKPOINT)).doesNotExist();
    }

    @Test
    void aRunThatIsOverStaysAsItIs() {
        assertGoesOn("whole", Runs.recipe());
    }

    /** Only the files of the moment count: the checkpoint may be older than the models and the lines beside it. */
    @Test
    void aRunKilledAtAnyChangeOfAFileGoesOn() throws IOException {
        files.failAt(-1);
        Trainer.Builder recipe = Runs.recipe().epochs(2);
        model = weights(Runs.train(run("short"), recipe));
        int changes = files.changes();
        whole = Runs.content(folder.resolve("short"));
        assertThat(changes).isGreaterThan(80);
        for (int change = 0; change < changes; change++) {
            String name = "killed at " + change;
            files.killAt(change);
            assertThatThrownBy(() -> Runs.train(run(name), recipe)).as(name).isInstanceOf(Killed.class);
            files.failAt(-1);
            assertModelsAreNoOlderThanTheCheckpoint(name, recipe);
            assertGoesOn(name, recipe);
            assertNoTemporaryFiles(name);
        }
    }

    /** Nobody needs to go on with a run to have the models that its checkpoint speaks of. */
    private void assertModelsAreNoOlderThanTheCheckpoint(String name, Trainer.Builder recipe) {
        Path checkpoint = folder.resolve(name).resolve(RunFolder.CHECKPOINT);
        if (Files.exists(checkpoint)) {
            Provenance provenance = Provenance.of(recipe.build(), Runs.TRAIN);
            History history =
                    new History(CheckpointFile.read(checkpoint, Runs.model().architecture(), provenance)
                            .reports());
            if (!history.epochs().isEmpty()) {
                assertThat(epoch(name, RunFolder.LAST))
                        .as(name)
                        .isGreaterThanOrEqualTo(history.last().epoch());
                assertThat(epoch(name, RunFolder.BEST))
                        .as(name)
                        .isGreaterThanOrEqualTo(history.best().epoch());
            }
        }
    }

    /** A disk that is full for a moment: one line says so, the old files are whole, and the run can go on. */
    @Test
    void aRunWhoseFileFailsOnceSaysSoAndGoesOn() throws IOException {
        files.failAt(-1);
        Trainer.Builder recipe = Runs.recipe().epochs(1);
        model = weights(Runs.train(run("short"), recipe));
        int changes = files.changes();
        whole = Runs.content(folder.resolve("short"));
        for (int change = 0; change < changes; change++) {
            String name = "failed at " + change;
            files.failAt(change);
            try {
                Runs.train(run(name), recipe);
            } catch (LanewiseException e) {
                assertThat(e.exitCode()).as(name).isIn(ExitCode.IO_FAILED, ExitCode.CANNOT_CREATE);
                assertThat(e).hasMessageMatching(folder + "/.*: No space left on device");
            }
            files.failAt(-1);
            assertGoesOn(name, recipe);
            assertNoTemporaryFiles(name);
        }
    }

    private void assertNoTemporaryFiles(String name) throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve(name))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .as(name)
                    .containsExactlyInAnyOrder(
                            RunFolder.CHECKPOINT, RunFolder.BEST, RunFolder.LAST, RunFolder.METRICS, "lock");
        }
    }

    /** Without momentum, patience and an order of their own the epochs still have a place. */
    @Test
    void aPlainRunGoesOnToo() {
        Trainer.Builder recipe = Trainer.builder().epochs(3).batch(7).schedule(Schedule.COSINE);
        model = weights(Runs.train(run("plain"), recipe));
        whole = Runs.content(folder.resolve("plain"));
        Runs.train(run("again"), recipe, new StopAfter(6));
        assertGoesOn("again", recipe);
    }

    @Test
    void theBestModelIsThatOfTheBestEpoch() {
        Model best = Model.load(folder.resolve("whole").resolve(RunFolder.BEST));
        assertThat(weights(best)).isEqualTo(model);
        assertThat(epoch("whole", RunFolder.BEST)).isEqualTo(steps / 2 - 3);
        assertThat(epoch("whole", RunFolder.LAST)).isEqualTo(steps / 2);
    }
}
