package lanewise.trainer.cli;

import java.io.PrintStream;
import lanewise.kernels.Diagnostics;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;

/** Where a command speaks: results go to stdout, notices and errors to stderr. */
final class Console {
    /** The form of the lines that the kernels log, read once by the logger of the JDK. */
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    private final PrintStream out;
    private final PrintStream err;
    private boolean quiet;

    Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Has the kernels log notices, unless the user has chosen another form. */
    static void formatLog() {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "note: %5$s%n");
        }
    }

    /** No notices from here on, not even those of the kernels. */
    void beQuiet() {
        quiet = true;
        System.setProperty(LOG_FORMAT, "");
    }

    /** A line of the result. */
    void line(String text) {
        out.print(text + "\n");
    }

    /** Where a result goes that is more than lines of text. */
    PrintStream out() {
        return out;
    }

    /** Something that the user may want to know. */
    void note(String text) {
        if (!quiet) {
            err.print("note: " + text + "\n");
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
     * Chooses the kernels, as their first use would.
     *
     * @throws LanewiseException if the properties that choose them make no sense (2)
     */
    static void checkBackend() {
        try {
            Diagnostics.backend();
        } catch (IllegalStateException e) {
            throw new LanewiseException(ExitCode.USAGE, e.getMessage());
        }
    }

    /**
     * Makes sure that all results got out.
     *
     * @throws LanewiseException if stdout is full or closed (74)
     */
    void finish() {
        if (out.checkError()) {
            throw new LanewiseException(ExitCode.IO_FAILED, "the results could not be written").at("stdout");
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
