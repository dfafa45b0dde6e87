package lanewise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lanewise.kernels.Diagnostics;
import org.junit.jupiter.api.Test;

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
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        PrintStream usual = System.err;
        System.setErr(new PrintStream(heard, true));
        try {
            for (int jvm = 0; jvm < 2; jvm++) {
                Child child = new Child().before("first").behind("last").environment(Map.of("LINE", "a line"));
                assertThat(child.run(Says.class, List.of("half of it is not to be had")))
                        .containsExactly(
                                "a line",
                                String.join(
                                        File.pathSeparator, "first", System.getProperty("java.class.path"), "last"));
            }
        } finally {
            System.setErr(usual);
        }
        assertThat(heard.toString().lines()).containsExactly("note: half of it is not to be had");
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
