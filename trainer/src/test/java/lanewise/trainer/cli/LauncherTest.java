package lanewise.trainer.cli;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script at the root asks of the JVM, and of which. */
class LauncherTest extends LauncherFolder {
    @Test
    void buildsAMissingJarAndSaysSoInOneLine() throws Exception {
        Ended ended = run("train", "--lr", "0.1");

        assertThat(ended.err()).isEqualTo("note: building trainer/target/lanewise.jar\n");
        assertThat(ended.out())
                .isEqualTo("<--add-modules=jdk.incubator.vector>\n<-XX:CompileCommand=quiet>\n"
                        + "<-XX:CompileCommand=CompileThresholdScaling,lanewise.kernels.*::*,0.02>\n"
                        + "<-XX:CompileCommand=dontinline,lanewise.kernels.*::*>\n"
                        + "<-XX:Tier4BackEdgeThreshold=4000000>\n"
                        + "<-Dlanewise.home=" + root + ">\n"
                        + "<-Dlanewise.terminal=false>\n<-jar>\n<" + jar + ">\n<train>\n<--lr>\n<0.1>\n");
        assertThat(ended.status()).isZero();
        assertThat(Files.exists(lock, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void leavesForLaterWhatStandsInForVectorsButOnJdk17() throws Exception {
        write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");

        assertThat(run("train").out())
                .contains("\n<-XX:Tier4BackEdgeThreshold=4000000>\n"
                        + "<-XX:CompileCommand=CompileThresholdScaling,jdk.in*::*,4.0>\n<-Dlanewise.home=");
    }

    private static final String ARCHIVING =
            "for a; do case $a in -XX:ArchiveClassesAtExit=*) echo x >\"${a#*=}\";; esac; echo \"<$a>\"; done";

    private Path jdk25(String program) throws IOException {
        write(jar, "");
        write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        writeProgram(jdk.resolve("bin/java"), program);
        return root.resolve("trainer/target/classes-25.0.1.jsa");
    }

    @Test
    void archivesClassesOnceForEachJarWhereTheJvmIsNewEnough() throws Exception {
        Path archive = jdk25(ARCHIVING);
        String note = "note: archiving classes for Java 25.0.1\n";
        String flags = "<--add-modules=jdk.incubator.vector>\n<-XX:SharedArchiveFile=" + archive
                + ">\n<-Xlog:cds=off>\n<-Xlog:cds+dynamic=off>\n<-XX:CompileCommand=quiet>\n";
        Ended first = run("train");
        Ended second = run("train");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(1)));
        Ended third = run("train");
        Ended fourth = run("train");

        assertThat(first.err()).isEqualTo(note);
        assertThat(first.out()).startsWith(flags).endsWith("<train>\n").doesNotContain("ArchiveClassesAtExit");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(third.err()).isEqualTo(note);
        assertThat(fourth.err()).isEmpty();
        assertThat(root.resolve("trainer/target")).isDirectoryNotContaining("glob:**.jsa.*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for a; do echo \"<$a>\"; done",
                ARCHIVING + "; case $* in *ArchiveClassesAtExit*) exit 3;; esac",
            })
    void runsWithoutAnArchiveThatTheJvmDidNotMake(String program) throws Exception {
        jdk25(program);

        assertThat(run("train").out()).startsWith("<--add-modules=jdk.incubator.vector>\n<-XX:CompileCommand=quiet>\n");
        assertThat(run("train").err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xshare:off", "-Xmx1g -XX:SharedArchiveFile=a.jsa", "-XX:AOTCache=a.aot"})
    void leavesArchivesToTheFlagsThatNameOne(String flags) throws Exception {
        Path archive = jdk25(ARCHIVING);

        assertThat(start(Map.of("JDK_JAVA_OPTIONS", flags), root.resolve("lanewise"))
                        .ended()
                        .out())
                .doesNotContain("SharedArchiveFile");
        assertThat(archive).doesNotExist();
    }

    @Test
    void stopsArchivingAndLeavesNoPartOfItWhenItIsTerminated() throws Exception {
        jdk25("case \"$*\" in *ArchiveClassesAtExit*) echo $$ >pid; exec sleep 50;; esac");
        Running running = start(Map.of(), root.resolve("lanewise"));
        awaitLine(temporary.resolve("pid"));
        running.process().destroy();

        assertThat(running.ended().status()).isEqualTo(143);
        assertThat(root.resolve("trainer/target")).isDirectoryNotContaining("glob:**.jsa*");
        long child = Long.parseLong(Files.readString(temporary.resolve("pid")).strip());
        assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void passesEveryArgumentOnAsItIs() throws Exception {
        write(jar, "");

        assertThat(run("a b", "", "*", "$HOME", "'\"", "--", "ü\n").out())
                .endsWith("<a b>\n<>\n<*>\n<$HOME>\n<'\">\n<-->\n<ü\n>\n");
    }

    @Test
    void givesTheExitStatusOfTheTrainer() throws Exception {
        write(jar, "");

        assertThat(start(Map.of("STATUS", "65"), root.resolve("lanewise"))
                        .ended()
                        .status())
                .isEqualTo(65);
    }

    @Test
    void becomesTheJvmSoThatSignalsReachIt() throws Exception {
        write(jar, "");
        writeProgram(jdk.resolve("bin/java"), "echo $$");
        Running running = start(Map.of(), root.resolve("lanewise"));

        assertThat(running.ended().out()).isEqualTo(running.process().pid() + "\n");
    }

    @Test
    void leavesTheWorkingDirectoryAlone() throws Exception {
        writeProgram(jdk.resolve("bin/java"), "pwd -P");

        assertThat(run().out()).isEqualTo(temporary.toRealPath() + "\n");
    }

    @Test
    void findsItselfThroughSymbolicLinks() throws Exception {
        Path absolute = Files.createSymbolicLink(temporary.resolve("absolute"), root.resolve("lanewise"));
        Path relative = Files.createSymbolicLink(temporary.resolve("relative"), absolute.getFileName());

        assertThat(start(Map.of(), relative).ended().out()).contains("<-Dlanewise.home=" + root + ">");
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
                        .out())
                .isEqualTo(given + "\n");
    }

    @Test
    void putsTemporaryFilesWhereTheEnvironmentSays() throws Exception {
        write(jar, "");

        assertThat(start(Map.of("TMPDIR", "/a b"), root.resolve("lanewise"))
                        .ended()
                        .out())
                .contains("\n<-Djava.io.tmpdir=/a b>\n<-jar>\n");
        Map<String, String> both = Map.of("TMPDIR", "/a", "JDK_JAVA_OPTIONS", "-Xmx8g -Djava.io.tmpdir=/b");
        assertThat(start(both, root.resolve("lanewise")).ended().out()).doesNotContain("java.io.tmpdir");
    }

    @Test
    void asksARuntimeWithoutVectorsForNone() throws Exception {
        write(jar, "");
        write(jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\nMODULES=\"java.base java.logging\"\n");
        Ended ended = run("train");

        assertThat(ended.err())
                .isEqualTo("note: " + jdk + " lacks the module jdk.incubator.vector: a whole JDK is much faster\n");
        assertThat(ended.out()).startsWith("<-XX:CompileCommand=quiet>\n").endsWith("<train>\n");
    }

    @Test
    void asksARuntimeWithVectorsForThem() throws Exception {
        write(jar, "");
        write(jdk.resolve("release"), "JAVA_VERSION=\"17.0.15\"\nMODULES=\"java.base jdk.incubator.vector jdk.jfr\"\n");
        Ended ended = run("train");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).startsWith("<--add-modules=jdk.incubator.vector>\n");
    }

    @Test
    void takesNamesThatBeginWithADash() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("-link"), root.resolve("lanewise"));

        assertThat(start(Map.of(), Path.of("--"), link.getFileName().toString())
                        .ended()
                        .out())
                .contains("<-Dlanewise.home=" + root + ">");
    }

    @Test
    void takesTheJavaOnThePathWithoutAJavaHome() throws Exception {
        write(jar, "");
        Files.createSymbolicLink(temporary.resolve("bin/java"), jdk.resolve("bin/java"));

        assertThat(start(Map.of("JAVA_HOME", ""), root.resolve("lanewise"))
                        .ended()
                        .out())
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
}
