package lanewise.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import lanewise.trainer.train.TrainingListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL, ten times at moments of a seed, in the middle of whatever the run does then: it goes on to the byte. */
@Tag("own-mode")
@Timeout(120)
class KilledRunTest {
    private static final int KILLS = 10;

    /** Of the kinds of rows whose steps differ from that of floats only in how they keep the weights. */
    private static final int FEWER_KILLS = 4;

    private static final int LATEST_MILLIS = 100;

    @TempDir
    Path folder;

    @Test
    void aRunKilledTenTimesLeavesWhatItWouldHaveLeft() throws Exception {
        Path packed = folder.resolve("packed");
        KilledRun.pack(folder, packed);
        CompletableFuture<Void> streamed =
                CompletableFuture.runAsync(() -> killAndGoOn("disk", packed.toString(), KILLS));
        for (KilledRun.Kind kind : KilledRun.Kind.values()) {
            int kills = kind == KilledRun.Kind.FLOATS ? KILLS : FEWER_KILLS;
            CompletableFuture<Void> inMemory =
                    CompletableFuture.runAsync(() -> killAndGoOn("memory" + kind, kind.name(), kills));
            Path whole = folder.resolve("whole" + kind);
            KilledRun.train(whole, kind.data.get(), Long.MAX_VALUE, TrainingListener.NONE);
            inMemory.get();
            assertThat(Runs.content(folder.resolve("memory" + kind))).isEqualTo(Runs.content(whole));
        }
        streamed.get();
        assertThat(Runs.content(folder.resolve("disk")))
                .isEqualTo(Runs.content(folder.resolve("whole" + KilledRun.Kind.FLOATS)));
    }

    private void killAndGoOn(String name, String rows, int kills) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx48m", "-Dlanewise.backend=scalar"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KilledRun.class.getName()));
        Random moments = new Random(name.length());
        try {
            for (int kill = 0; kill <= kills; kill++) {
                List<String> words = new ArrayList<>(command);
                words.add(folder.resolve(name).toString());
                words.add(Long.toString(kill < kills ? 0 : Long.MAX_VALUE));
                words.add(rows);
                ProcessBuilder builder = new ProcessBuilder(words).redirectError(Redirect.DISCARD);
                builder.environment().remove("JDK_JAVA_OPTIONS");
                Process process = builder.start();
                assertThat(process.getInputStream().read()).isEqualTo(KilledRun.STARTED);
                if (kill == kills) {
                    assertThat(process.waitFor()).isZero();
                } else {
                    // However slow the machine is, every other run has a checkpoint of its own by then.
                    if (kill % 2 == 1) {
                        assertThat(process.getInputStream().read()).isEqualTo(KilledRun.STEPPED);
                    }
                    Thread.sleep(moments.nextInt(LATEST_MILLIS));
                    assertThat(process.isAlive())
                            .as("kill %d comes too late", kill)
                            .isTrue();
                    process.destroyForcibly().waitFor();
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
