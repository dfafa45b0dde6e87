package lanewise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lanewise.kernels.Diagnostics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    /** Says something on both streams, and what it was given. */
    public static final class Says {
        private Says() {}

        /** Says it. */
        public static void main(String[] args) {
            System.err.println("WARNING: nothing that matters");
            System.err.println("note: " + args[0]);
            System.out.println(System.getenv("LINE"));
            System.out.println(System.getProperty("java.class.path"));
        }
    }

    /** Ends as one does that runs into an instruction the CPU does not have. */
    public static final class Crashes {
        private Crashes() {}

        /** Crashes, under {@code -XX:+CrashOnOutOfMemoryError}. */
        public static void main(String[] args) {
            System.out.println(new long[Integer.MAX_VALUE].length);
        }
    }

    /** Fails within a class that cannot be initialised. */
    public static final class Fails {
        private static final int LENGTH = Integer.parseInt("long");

        private Fails() {}

        /** Fails before it is called. */
        public static void main(String[] args) {
            System.out.println(LENGTH);
        }
    }

    @Test
    void aFailureNamesTheExceptionThatCameFirst() {
        assertThatThrownBy(() -> new Child().quiet().run(Fails.class, List.of()))
                .isInstanceOf(Failure.class)
                .hasMessage("Fails ended with status 1: java.lang.NumberFormatException: For input string: \"long\"");
    }

    @Test
    void notesArePassedOnOnceAndNothingElseIs() {
        String heard = Heard.from(() -> {
            for (int jvm = 0; jvm < 2; jvm++) {
                Child child = new Child().before("first").behind("last").environment(Map.of("LINE", "a line"));
                assertThat(child.run(Says.class, List.of("half of it is not to be had")))
                        .containsExactly(
                                "a line",
                                String.join(
                                        File.pathSeparator, "first", System.getProperty("java.class.path"), "last"));
            }
        });
        assertThat(heard.lines()).containsExactly("note: half of it is not to be had");
    }

    /** Says how wide its vectors are. */
    public static final class Width {
        private Width() {}

        /** Says it. */
        public static void main(String[] args) {
            System.out.println(Diagnostics.vectorBits());
        }
    }

    @Test
    void vectorsAreAsWideAsHere() {
        System.setProperty("lanewise.vectorBits", "128");
        try {
            assertThat(new Child().run(Width.class, List.of())).containsExactly("128");
            assertThat(new Child().flags(List.of("-Dlanewise.vectorBits=256")).run(Width.class, List.of()))
                    .containsExactly("256");
        } finally {
            System.clearProperty("lanewise.vectorBits");
        }
    }

    /** Starts a JVM that says who it is and stays, and has a line to say at its end. */
    public static final class Stays {
        private Stays() {}

        /** Starts it, given two files, and stays itself, given one. */
        public static void main(String[] args) throws Exception {
            if (args.length == 1) {
                Path said = Path.of(args[0] + ".part");
                Files.writeString(said, Long.toString(ProcessHandle.current().pid()));
                Files.move(said, Path.of(args[0]));
                Thread.sleep(600_000);
            }
            try (Undo line = new Undo(() -> System.out.println(isAlive(Path.of(args[0])) ? "alive" : "dead"))) {
                new Child().run(Stays.class, List.of(args[0]));
            }
        }

        private static boolean isAlive(Path pid) {
            try {
                return ProcessHandle.of(Long.parseLong(Files.readString(pid)))
                        .map(ProcessHandle::isAlive)
                        .orElse(false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void nothingOutlivesATerminatedJvm(@TempDir Path folder) throws Exception {
        Path pid = folder.resolve("pid");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stays.class.getName(),
                        pid.toString(),
                        "")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (!Files.exists(pid)) {
            assertThat(parent.isAlive()).isTrue();
            Thread.sleep(20);
        }
        parent.toHandle().destroy();
        assertThat(new String(parent.getInputStream().readAllBytes())).isEqualTo("dead" + System.lineSeparator());
        assertThat(Stays.isAlive(pid)).isFalse();
        parent.waitFor();
        assertThat(temporary).isEmptyDirectory();
    }

    /** With what it has started: two JVMs that would stay for ten minutes. */
    @Test
    void whatHangsIsEnded(@TempDir Path folder) throws Exception {
        Path pid = folder.resolve("pid");
        assertThatThrownBy(
                        () -> new Child().limit(Duration.ofSeconds(12)).run(Stays.class, List.of(pid.toString(), "")))
                .isInstanceOf(Failure.class)
                .hasMessage("Stays took longer than 12 s, and was ended");
        // Time enough for two JVMs to start, many times over.
        assertThat(pid).exists();
        Optional<ProcessHandle> started = ProcessHandle.of(Long.parseLong(Files.readString(pid)));
        for (int wait = 0; wait < 1000 && isRunning(started); wait++) {
            Thread.sleep(20);
        }
        assertThat(isRunning(started)).isFalse();
    }

    /** One that has ended without a parent may keep its number, but no command. */
    private static boolean isRunning(Optional<ProcessHandle> process) {
        return process.flatMap(handle -> handle.info().command()).isPresent();
    }

    @Test
    void aQuietCrashLeavesAReasonAndNoFile() throws IOException {
        List<Path> before = files();
        assertThatThrownBy(() -> new Child()
                        .flags(List.of("-XX:+CrashOnOutOfMemoryError"))
                        .quiet()
                        .run(Crashes.class, List.of()))
                .isInstanceOf(Failure.class)
                .hasMessageMatching("Crashes ended with status \\d+: Internal Error .*");
        assertThat(files()).isEqualTo(before);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(""))) {
            return files.sorted().toList();
        }
    }
}
