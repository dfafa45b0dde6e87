package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the script at the root builds the trainer, and who waits for whom. */
class LauncherBuildTest extends LauncherFolder {
    @Test
    void runsAJarThatIsNewerThanTheSourcesAtOnce() throws Exception {
        write(jar, "");

        assertThat(run("train").err()).isEmpty();
        assertThat(builds()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "kernels/pom.xml",
                "kernels/src/main/A.java",
                "trainer/pom.xml",
                "trainer/src/main/B.java"
            })
    void buildsAgainAfterAChange(String source) throws Exception {
        run();
        Files.setLastModifiedTime(
                root.resolve(source), FileTime.from(Instant.now().plusSeconds(1)));

        assertThat(run().err()).startsWith("note: building");
    }

    @Test
    void buildsAgainAfterASourceIsDeleted() throws Exception {
        run();
        Files.setLastModifiedTime(jar, FileTime.from(PAST.plusSeconds(1)));
        Files.delete(root.resolve("kernels/src/main/A.java"));

        assertThat(run().err()).startsWith("note: building");
    }

    @Test
    void buildsAgainWhatWasSavedDuringABuild() throws Exception {
        writeMaven("sleep 0.1; touch trainer/src/main/B.java");
        run();
        writeMaven(":");
        run();
        run();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Files.delete(temporary.resolve("bin/mvn"));

        assertThat(run().err())
                .endsWith(
                        "lanewise: mvn: not found. Install Maven 3.8 or later: it builds the trainer on first use.\n");
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void showsTheEndOfABuildThatFails() throws Exception {
        writeProgram(
                temporary.resolve("bin/mvn"), "i=0; while [ $i -lt 99 ]; do i=$((i + 1)); echo line $i; done; exit 1");
        Ended ended = run("train");

        assertThat(ended.err())
                .startsWith("note: building trainer/target/lanewise.jar\nline 70\n")
                .endsWith("line 99\nlanewise: the build failed. The lines above end " + root
                        + "/trainer/target/build.log.\n");
        assertThat(ended.out()).isEmpty();
        assertThat(ended.status()).isEqualTo(1);
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void keepsTheFlagsOfTheTrainerFromMaven() throws Exception {
        writeMaven("echo \"$JDK_JAVA_OPTIONS\" >flags");
        start(Map.of("JDK_JAVA_OPTIONS", "-Xmx1m"), root.resolve("lanewise")).ended();

        assertThat(root.resolve("flags")).hasContent("\n");
    }

    @Test
    void buildsOnceWhenTwoStartAtATime() throws Exception {
        writeMaven("sleep 1");
        Running first = start(Map.of(), root.resolve("lanewise"));
        awaitLock();
        Ended second = run("train");

        assertThat(second.err())
                .isEqualTo("note: waiting for process " + first.process().pid()
                        + ", which is building (if it is not, remove " + lock + ")\n");
        assertThat(second.out()).contains("<train>");
        assertThat(first.ended().status()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void takesTheLockOfADeadProcess() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createSymbolicLink(lock, Path.of(host() + " " + dead.pid()));

        assertThat(run("train").err()).isEqualTo("note: building trainer/target/lanewise.jar\n");
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    /** In a container ids start anew, and the next command may get that of the one whose lock was left behind. */
    @Test
    void takesALockWithItsOwnId() throws Exception {
        Path shell = temporary.resolve("shell");
        write(shell, "ln -s \"$(uname -n) $$\" \"${1%/*}/.lanewise-build.lock\"; exec /bin/sh \"$@\"");

        assertThat(start(Map.of(), shell, root.resolve("lanewise").toString())
                        .ended()
                        .err())
                .isEqualTo("note: building trainer/target/lanewise.jar\n");
        assertThat(builds()).isEqualTo(1);
    }

    /** A process of the same id may run in another container, whose build goes on. */
    @Test
    void waitsForTheLockOfAnotherHost() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createSymbolicLink(lock, Path.of("another " + dead.pid()));
        Running waiting = start(Map.of(), root.resolve("lanewise"), "train");
        awaitLine(waiting.err());
        assertThat(builds()).isZero();
        Files.delete(lock);

        assertThat(waiting.ended().err())
                .startsWith("note: waiting for process another " + dead.pid() + ", which is building");
        assertThat(builds()).isEqualTo(1);
    }

    private static String host() throws IOException {
        return new String(
                        new ProcessBuilder("uname", "-n")
                                .start()
                                .getInputStream()
                                .readAllBytes(),
                        UTF_8)
                .strip();
    }

    @Test
    void waitsForAMavenWhoseLauncherWasKilled() throws Exception {
        Path pid = temporary.resolve("mvn.pid");
        writeMaven("echo $$ >'" + pid + "'; while [ ! -e go ]; do sleep 0.1; done");
        Running killed = start(Map.of(), root.resolve("lanewise"));
        awaitLine(pid);
        String maven = Files.readString(pid).strip();
        while (!Files.readSymbolicLink(lock)
                .endsWith(host() + " " + killed.process().pid() + " " + maven)) {
            Thread.sleep(10);
        }
        killed.process().destroyForcibly().waitFor();
        Running second = start(Map.of(), root.resolve("lanewise"), "train");
        awaitLine(second.err());
        write(root.resolve("go"), "");

        Ended ended = second.ended();
        assertThat(ended.err())
                .isEqualTo("note: waiting for process " + maven + ", which is building (if it is not, remove " + lock
                        + ")\n");
        assertThat(ended.out()).contains("<train>");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void saysHowToBuildWhereNoLockCanBeMade() throws Exception {
        writeProgram(temporary.resolve("bin/ln"), "exit 1");

        assertRefused(lock + ": cannot be created, and the trainer must be built first. "
                + "Where no symbolic link can be made, run mvn -pl trainer -am package -DskipTests in that folder.");
    }

    @Test
    void stopsBuildingWhenItIsTerminated() throws Exception {
        writeProgram(temporary.resolve("bin/mvn"), "echo $$ >mvn.pid; exec sleep 50");
        Running running = start(Map.of(), root.resolve("lanewise"));
        awaitLine(temporary.resolve("mvn.pid"));
        running.process().destroy();

        assertThat(running.ended().status()).isEqualTo(143);
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
        long maven =
                Long.parseLong(Files.readString(temporary.resolve("mvn.pid")).strip());
        assertThat(ProcessHandle.of(maven).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private void awaitLock() throws InterruptedException {
        while (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
            Thread.sleep(10);
        }
    }
}
