package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import lanewise.trainer.ExitCode;

/**
 * A command that has ended.
 *
 * @param status its exit status
 * @param out what it wrote to stdout
 * @param err what it wrote to stderr
 */
record Run(int status, String out, String err) {
    static Run of(Object... words) {
        String[] args = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            args[i] = words[i].toString();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        return new Run(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** The command has done its work. */
    Run succeeded() {
        assertThat(err).doesNotContain("lanewise:");
        assertThat(status).isZero();
        return this;
    }

    /** The command ended with one line and nothing else. */
    void failed(ExitCode code, String line) {
        assertThat(err).isEqualTo("lanewise: " + line + "\n");
        assertThat(out).isEmpty();
        assertThat(status).isEqualTo(code.status());
    }
}
