package lanewise.trainer.cli;

import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import lanewise.kernels.Diagnostics;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;

/** Where a command speaks: results go to stdout, in UTF-8, and notices and errors to stderr. */
final class Console {
    /** The form of the lines that the kernels log, read once by the logger of the JDK. */
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    private static final Path STDOUT = Path.of("/proc/self/fd/1");

    private final Results results;
    private final PrintStream out;
    private final PrintStream err;
    private final Set<String> told = new HashSet<>();
    private boolean quiet;

    Console(OutputStream out, PrintStream err) {
        this.results = new Results(out);
        this.out = new PrintStream(results, false, StandardCharsets.UTF_8);
        this.err = err;
    }

    /** Keeps why a result did not get out, which a PrintStream does not tell. */
    private static final class Results extends FilterOutputStream {
        private IOException failure;

        Results(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        /** The system says so in the language of the user. On Linux a pipe shows, and it fails for no other reason. */
        boolean isClosedPipe() {
            if (failure == null) {
                return false;
            }
            if (String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
                return true;
            }
            try {
                return out instanceof FileOutputStream
                        && Files.readSymbolicLink(STDOUT).toString().startsWith("pipe:");
            } catch (IOException | UnsupportedOperationException e) {
                return false;
            }
        }
    }

    /** Has the kernels log nothing: {@link #checkBackend} says it when it is wanted. */
    static void silenceLog() {
        System.setProperty(LOG_FORMAT, "");
    }

    /** No notices from here on. */
    void beQuiet() {
        quiet = true;
    }

    /** A line of the result. */
    void line(String text) {
        out.print(text + "\n");
    }

    /** Where a result goes that is more than lines of text. */
    PrintStream out() {
        return out;
    }

    /** Something that the user may want to know, once. */
    void note(String text) {
        if (!quiet && told.add(text)) {
            err.print("note: " + LanewiseException.printable(text) + "\n");
        }
    }

    /** The one line of an error. */
    void error(String text) {
        err.print("lanewise: " + text + "\n");
    }

    /** Where an error arose. */
    void trace(Throwable e) {
        e.printStackTrace(err);
    }

    /** The bar of a run, which only a terminal sees. */
    ProgressBar progressBar(int epochs) {
        return new ProgressBar(isTerminal() && !quiet ? err : null, epochs);
    }

    /** Says which kernels are at work. */
    void noteBackend(int threads) {
        String width = Diagnostics.backend().equals("simd") ? " of " + Diagnostics.vectorBits() + " bits" : "";
        note("backend " + Diagnostics.backend() + width + ", threads " + threads);
    }

    /**
     * Chooses the kernels, as their first use would, and says what is to be known of them.
     *
     * @throws LanewiseException if the properties that choose them make no sense (2)
     */
    void checkBackend() {
        try {
            Diagnostics.warnings().forEach(this::note);
        } catch (IllegalStateException e) {
            throw new LanewiseException(ExitCode.USAGE, e.getMessage());
        }
    }

    /**
     * Makes sure that all results so far got out.
     *
     * @throws LanewiseException if nobody reads them any more (141), or stdout is full or closed (74)
     */
    void finish() {
        if (out.checkError()) {
            ExitCode code = results.isClosedPipe() ? ExitCode.CLOSED_PIPE : ExitCode.IO_FAILED;
            throw new LanewiseException(code, "the results could not be written").at("stdout");
        }
    }

    /**
     * Whether stderr is a terminal. The script at the root knows it; otherwise stdin and stdout stand for it, which is all
     * that Java can tell. JDK 22 and later answer without their line editor, which takes long to load.
     */
    private static boolean isTerminal() {
        String known = System.getProperty("lanewise.terminal");
        if (known != null) {
            return Boolean.parseBoolean(known);
        }
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }
}
