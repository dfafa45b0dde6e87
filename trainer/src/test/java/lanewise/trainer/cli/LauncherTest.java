package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code lanewise} at the root, as a process, between a Maven and a JVM that only pretend: the Maven writes the
 * jar and a line to the file {@code builds}, the JVM prints what it was given.
 */
@Tag("own-mode")
@Timeout(60)
class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "lanewise");
    /** All that the script may ask of the system; besides these the path leads to nothing. */
    private static final List<String> TOOLS =
            List.of("dirname", "find", "head", "ln", "mkdir", "mv", "readlink", "rm", "sed", "sleep", "tail", "touch");

    private static final Instant PAST = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    Path temporary;

    private Path root;
    private Path jdk;
    private Path jar;
    private Path lock;

    @BeforeEach
    void layOut() throws IOException {
        root = temporary.resolve("a folder's name; $HOME");
        jdk = temporary.resolve("jdk 17");
        jar = root.resolve("trainer/target/lanewise.jar");
        lock = root.resolve(".lanewise-build.lock");
        for (String source : List.of("pom.xml", "kernels/pom.xml", "kernels/src/main/A.java", "trainer/pom.xml")) {
            write(root.resolve(source), "");
        }
        write(root.resolve("trainer/src/main/B.java"), "");
        try (var sources = Files.walk(root)) {
            for (Path source : sources.toList()) {
                Files.setLastModifiedTime(source, FileTime.from(PAST));
            }
        }
        Files.copy(SCRIPT, root.resolve("lanewise"));
        for (String tool : TOOLS) {
            writeProgram(temporary.resolve("bin").resolve(tool), "exec " + find(tool) + " \"$@\"");
        }
        writeProgram(jdk.resolve("bin/java"), "for a in \"$@\"; do echo \"<$a>\"; done; exit ${STATUS:-0}");
        write(jdk.resolve("release"), "IMPLEMENTOR=\"N. N.\"\nJAVA_VERSION=\"17.0.15\"\n");
        writeMaven(":");
    }

    @Test
    void buildsAMissingJarAndSaysSoInOneLine() throws Exception {
        Ended ended = run("train", "--lr", "0.1");

        assertThat(ended.err).isEqualTo("note: building trainer/target/lanewise.jar\n");
        assertThat(ended.out)
                .isEqualTo("<--add-modules=jdk.incubator.vector>\n<-XX:CompileCommand=quiet>\n"
                        + "<-XX:CompileCommand=CompileThresholdScaling,lanewise.kernels.*::*,0.02>\n"
                        + "<-XX:CompileCommand=dontinline,lanewise.kernels.*::*>\n"
                        + "<-XX:Tier4BackEdgeThreshold=4000000>\n"
                        + "<-Dlanewise.home=" + root + ">\n"
                        + "<-Dlanewise.terminal=false>\n<-jar>\n<" + jar + ">\n<train>\n<--lr>\n<0.1>\n");
        assertThat(ended.status).isZero();
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void leavesForLaterWhatStandsInForVectorsButOnJdk17() throws Exception {
        write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");

        assertThat(run("train").out)
                .contains("\n<-XX:Tier4BackEdgeThreshold=4000000>\n"
                        + "<-XX:CompileCommand=CompileThresholdScaling,jdk.in*::*,4.0>\n<-Dlanewise.home=");
    }

    @Test
    void runsAJarThatIsNewerThanTheSourcesAtOnce() throws Exception {
        write(jar, "");

        assertThat(run("train").err).isEmpty();
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

        assertThat(run().err).startsWith("note: building");
    }

    @Test
    void buildsAgainAfterASourceIsDeleted() throws Exception {
        run();
        Files.setLastModifiedTime(jar, FileTime.from(PAST.plusSeconds(1)));
        Files.delete(root.resolve("kernels/src/main/A.java"));

        assertThat(run().err).startsWith("note: building");
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
    void passesEveryArgumentOnAsItIs() throws Exception {
        write(jar, "");

        assertThat(run("a b", "", "*", "$HOME", "'\"", "--", "ü\n").out)
                .endsWith("<a b>\n<>\n<*>\n<$HOME>\n<'\">\n<-->\n<ü\n>\n");
    }

    @Test
    void givesTheExitStatusOfTheTrainer() throws Exception {
        write(jar, "");

        assertThat(start(Map.of("STATUS", "65"), root.resolve("lanewise")).ended().status)
                .isEqualTo(65);
    }

    @Test
    void becomesTheJvmSoThatSignalsReachIt() throws Exception {
        write(jar, "");
        writeProgram(jdk.resolve("bin/java"), "echo $$");
        Running running = start(Map.of(), root.resolve("lanewise"));

        assertThat(running.ended().out).isEqualTo(running.process.pid() + "\n");
    }

    @Test
    void leavesTheWorkingDirectoryAlone() throws Exception {
        writeProgram(jdk.resolve("bin/java"), "pwd -P");

        assertThat(run().out).isEqualTo(temporary.toRealPath() + "\n");
    }

    @Test
    void findsItselfThroughSymbolicLinks() throws Exception {
        Path absolute = Files.createSymbolicLink(temporary.resolve("absolute"), root.resolve("lanewise"));
        Path relative = Files.createSymbolicLink(temporary.resolve("relative"), absolute.getFileName());

        assertThat(start(Map.of(), relative).ended().out).contains("<-Dlanewise.home=" + root + ">");
    }

    /** In a locale that knows ASCII alone Java could name no other file. */
    @ParameterizedTest
    @CsvSource({
        "'', '', '', C.UTF-8",
        "'', '', C, C.UTF-8",
        "'', C, de_DE.UTF-8, C.UTF-8",
        "POSIX, de_DE.UTF-8, '', C.UTF-8",
        "'', '', de_DE.UTF-8, ''",
        "'', en_US.UTF-8, C, ''",
        "de_DE.UTF-8, C, C, de_DE.UTF-8"
    })
    void givesTheJvmALocaleThatCanNameEveryFile(String all, String type, String lang, String given) throws Exception {
        write(jar, "");
        writeProgram(jdk.resolve("bin/java"), "echo \"$LC_ALL\"");

        assertThat(start(Map.of("LC_ALL", all, "LC_CTYPE", type, "LANG", lang), root.resolve("lanewise"))
                        .ended()
                        .out)
                .isEqualTo(given + "\n");
    }

    @Test
    void putsTemporaryFilesWhereTheEnvironmentSays() throws Exception {
        write(jar, "");

        assertThat(start(Map.of("TMPDIR", "/a b"), root.resolve("lanewise")).ended().out)
                .contains("\n<-Djava.io.tmpdir=/a b>\n<-jar>\n");
        Map<String, String> both = Map.of("TMPDIR", "/a", "JDK_JAVA_OPTIONS", "-Xmx8g -Djava.io.tmpdir=/b");
        assertThat(start(both, root.resolve("lanewise")).ended().out).doesNotContain("java.io.tmpdir");
    }

    @Test
    void asksARuntimeWithoutVectorsForNone() throws Exception {
        write(jar, "");
        write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\nMODULES=\"java.base java.logging\"\n");
        Ended ended = run("train");

        assertThat(ended.err)
                .isEqualTo("note: " + jdk + " lacks the module jdk.incubator.vector: a whole JDK is much faster\n");
        assertThat(ended.out).startsWith("<-XX:CompileCommand=quiet>\n").endsWith("<train>\n");
    }

    @Test
    void asksARuntimeWithVectorsForThem() throws Exception {
        write(jar, "");
        write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\nMODULES=\"java.base jdk.incubator.vector jdk.jfr\"\n");
        Ended ended = run("train");

        assertThat(ended.err).isEmpty();
        assertThat(ended.out).startsWith("<--add-modules=jdk.incubator.vector>\n");
    }

    @Test
    void takesNamesThatBeginWithADash() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("-link"), root.resolve("lanewise"));

        assertThat(start(Map.of(), Path.of("--"), link.getFileName().toString()).ended().out)
                .contains("<-Dlanewise.home=" + root + ">");
    }

    @Test
    void takesTheJavaOnThePathWithoutAJavaHome() throws Exception {
        write(jar, "");
        Files.createSymbolicLink(temporary.resolve("bin/java"), jdk.resolve("bin/java"));

        assertThat(start(Map.of("JAVA_HOME", ""), root.resolve("lanewise")).ended().out)
                .contains("<-jar>");
    }

    @Test
    void refusesAnOlderJava() throws Exception {
        write(jdk.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");

        assertRefused(jdk + "/bin/java: not recent enough (expected Java 17 or later, found 11.0.2). "
                + "Set JAVA_HOME to a newer JDK.");
    }

    @Test
    void asksAJavaWithoutAReleaseFileForItsVersion() throws Exception {
        Files.delete(jdk.resolve("release"));
        writeProgram(jdk.resolve("bin/java"), "echo 'NOTE: Picked up' >&2; echo 'java version \"1.8.0_392\"' >&2");

        assertRefused(jdk + "/bin/java: not recent enough (expected Java 17 or later, found 1.8.0_392). "
                + "Set JAVA_HOME to a newer JDK.");
    }

    @Test
    void refusesAJavaHomeWithoutJava() throws Exception {
        Files.delete(jdk.resolve("bin/java"));

        assertRefused(jdk + "/bin/java: no such program. Set JAVA_HOME to a JDK, 17 or later.");
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Files.delete(temporary.resolve("bin/mvn"));

        assertThat(run().err)
                .endsWith(
                        "lanewise: mvn: not found. Install Maven 3.8 or later: it builds the trainer on first use.\n");
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void showsTheEndOfABuildThatFails() throws Exception {
        writeProgram(
                temporary.resolve("bin/mvn"), "i=0; while [ $i -lt 99 ]; do i=$((i + 1)); echo line $i; done; exit 1");
        Ended ended = run("train");

        assertThat(ended.err)
                .startsWith("note: building trainer/target/lanewise.jar\nline 70\n")
                .endsWith("line 99\nlanewise: the build failed. The lines above end " + root
                        + "/trainer/target/build.log.\n");
        assertThat(ended.out).isEmpty();
        assertThat(ended.status).isEqualTo(1);
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

        assertThat(second.err)
                .isEqualTo("note: waiting for process " + first.process.pid()
                        + ", which is building (if it is not, remove " + lock + ")\n");
        assertThat(second.out).contains("<train>");
        assertThat(first.ended().status).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void takesTheLockOfADeadProcess() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createSymbolicLink(lock, Path.of(Long.toString(dead.pid())));

        assertThat(run("train").err).isEqualTo("note: building trainer/target/lanewise.jar\n");
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    /** In a container ids start anew, and the next command may get that of the one whose lock was left behind. */
    @Test
    void takesALockWithItsOwnId() throws Exception {
        Path shell = temporary.resolve("shell");
        write(shell, "ln -s $$ \"${1%/*}/.lanewise-build.lock\"; exec /bin/sh \"$@\"");

        assertThat(start(Map.of(), shell, root.resolve("lanewise").toString()).ended().err)
                .isEqualTo("note: building trainer/target/lanewise.jar\n");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void waitsForAMavenWhoseLauncherWasKilled() throws Exception {
        Path pid = temporary.resolve("mvn.pid");
        writeMaven("echo $$ >'" + pid + "'; while [ ! -e go ]; do sleep 0.1; done");
        Running killed = start(Map.of(), root.resolve("lanewise"));
        awaitLine(pid);
        String maven = Files.readString(pid).strip();
        while (!Files.readSymbolicLink(lock).endsWith(killed.process.pid() + " " + maven)) {
            Thread.sleep(10);
        }
        killed.process.destroyForcibly().waitFor();
        Running second = start(Map.of(), root.resolve("lanewise"), "train");
        awaitLine(second.err);
        write(root.resolve("go"), "");

        Ended ended = second.ended();
        assertThat(ended.err)
                .isEqualTo("note: waiting for process " + maven + ", which is building (if it is not, remove " + lock
                        + ")\n");
        assertThat(ended.out).contains("<train>");
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
        running.process.destroy();

        assertThat(running.ended().status).isEqualTo(143);
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
        long maven =
                Long.parseLong(Files.readString(temporary.resolve("mvn.pid")).strip());
        assertThat(ProcessHandle.of(maven).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private void assertRefused(String line) throws Exception {
        Ended ended = run("train");
        assertThat(ended.err).isEqualTo("lanewise: " + line + "\n");
        assertThat(ended.out).isEmpty();
        assertThat(ended.status).isEqualTo(1);
        assertThat(builds()).isZero();
    }

    private void awaitLock() throws InterruptedException {
        while (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
            Thread.sleep(10);
        }
    }

    private static void awaitLine(Path file) throws Exception {
        while (!Files.exists(file) || !Files.readString(file).endsWith("\n")) {
            Thread.sleep(10);
        }
    }

    private long builds() throws IOException {
        Path builds = root.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    private void writeMaven(String more) throws IOException {
        writeProgram(
                temporary.resolve("bin/mvn"),
                "[ \"$2\" = -f ] && cd \"${3%/*}\" || exit 9; " + more
                        + "; echo x >>builds; : >trainer/target/lanewise.jar");
    }

    private static Path find(String tool) {
        return Stream.of("/usr/bin", "/bin")
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static void writeProgram(Path file, String body) throws IOException {
        write(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Ended run(String... arguments) throws Exception {
        return start(Map.of(), root.resolve("lanewise"), arguments).ended();
    }

    private Running start(Map<String, String> environment, Path script, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", temporary.resolve("bin").toString());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().putAll(environment);
        Path out = Files.createTempFile(temporary, "out", "");
        Path err = Files.createTempFile(temporary, "err", "");
        builder.directory(temporary.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        return new Running(builder.start(), out, err);
    }

    private record Running(Process process, Path out, Path err) {
        Ended ended() throws Exception {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        }
    }

    private record Ended(int status, String out, String err) {}
}
