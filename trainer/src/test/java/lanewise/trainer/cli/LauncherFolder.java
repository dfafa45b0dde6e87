package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code lanewise} at the root, as a process, between a Maven and a JVM that only pretend: the Maven writes the
 * jar and a line to the file {@code builds}, the JVM prints what it was given.
 */
@Tag("own-mode")
@Timeout(60)
abstract class LauncherFolder {
    private static final Path SCRIPT = Path.of("..", "lanewise");
    /** All that the script may ask of the system; besides these the path leads to nothing. */
    private static final List<String> TOOLS = List.of(
            "dirname", "find", "head", "ln", "mkdir", "mv", "readlink", "rm", "sed", "sleep", "tail", "touch", "uname");

    static final Instant PAST = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    Path temporary;

    Path root;
    Path jdk;
    Path jar;
    Path lock;

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

    void assertRefused(String line) throws Exception {
        Ended ended = run("train");
        assertThat(ended.err).isEqualTo("lanewise: " + line + "\n");
        assertThat(ended.out).isEmpty();
        assertThat(ended.status).isEqualTo(1);
        assertThat(builds()).isZero();
    }

    long builds() throws IOException {
        Path builds = root.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    void writeMaven(String more) throws IOException {
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

    static void writeProgram(Path file, String body) throws IOException {
        write(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    static void awaitLine(Path file) throws Exception {
        while (!Files.exists(file) || !Files.readString(file).endsWith("\n")) {
            Thread.sleep(10);
        }
    }

    Ended run(String... arguments) throws Exception {
        return start(Map.of(), root.resolve("lanewise"), arguments).ended();
    }

    Running start(Map<String, String> environment, Path script, String... arguments) throws IOException {
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

    record Running(Process process, Path out, Path err) {
        Ended ended() throws Exception {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        }
    }

    record Ended(int status, String out, String err) {}
}
