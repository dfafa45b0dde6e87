package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What no command foresees still ends in one line and a status of its own. */
@Tag("no-kernel")
class MainTest {
    @Test
    void aFullHeapIsOneLine() {
        OutOfMemoryError full = new OutOfMemoryError("Java heap space");
        String line = "lanewise: the heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MiB is full. Raise it with JDK_JAVA_OPTIONS=-Xmx and a size.\n";
        assertThat(endOf(full)).isEqualTo("71 " + line);
        assertThat(endOf(full, "--debug"))
                .startsWith("71 " + line + "java.lang.OutOfMemoryError: Java heap space\n\tat ");
    }

    @Test
    void aDefectIsOneLine() {
        for (Throwable defect : new Throwable[] {new IllegalStateException("a\nb"), new AssertionError("a\nb")}) {
            String name = defect.getClass().getName();
            String line = "lanewise: a defect of Lanewise: " + name + ": a\\x0ab. --debug shows where.\n";
            assertThat(endOf(defect)).isEqualTo("1 " + line);
            assertThat(endOf(defect, "--debug")).startsWith("1 " + line + name + ": a\nb\n\tat ");
        }
    }

    /** The status, and what goes to stderr, when a result is to be written. */
    private static String endOf(Throwable failure, String... words) {
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            }
        };
        String[] args = new String[words.length + 1];
        args[0] = "--version";
        System.arraycopy(words, 0, args, 1, words.length);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(args, out, new PrintStream(err, true, UTF_8));
        return status + " " + err.toString(UTF_8);
    }
}
