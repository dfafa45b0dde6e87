package lanewise.trainer;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A failure that the user can mend, told in one line: {@code FILE: WHERE: WHAT (expected X, found Y). HINT}.
 *
 * <p>Only WHAT is always there; the other parts are added where the failure is thrown:
 *
 * <pre>{@code
 * throw new LanewiseException(BAD_DATA, "wrong magic").in(file).at("offset 2").expected("08", "0d");
 * }</pre>
 *
 * <p>Numbers in parentheses in this API, such as (65), are the {@link ExitCode#status()} of the exception's
 * {@link #exitCode()}.
 *
 * <p>The message holds neither a line break nor any other control character, whatever the file's name or content.
 */
public final class LanewiseException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_PART = 240;

    /** How the command ends. */
    private final ExitCode exitCode;

    /** WHAT: always there. */
    private final String what;

    /** FILE, or null. */
    private String file;

    /** WHERE, or null. */
    private String where;

    /** What stands in parentheses, or null. */
    private String expectation;

    /** HINT, or null. */
    private String hint;

    /**
     * Creates a failure.
     *
     * @param exitCode how the command ends
     * @param what what is wrong, without a full stop
     */
    public LanewiseException(ExitCode exitCode, String what) {
        this.exitCode = exitCode;
        this.what = what;
    }

    /**
     * Tells a failure of the operating system by its reason alone, such as "No space left on device".
     *
     * @param exitCode how the command ends
     * @param cause the failure
     */
    public LanewiseException(ExitCode exitCode, IOException cause) {
        this(exitCode, reason(exitCode, cause));
        initCause(cause);
    }

    /**
     * Names the file, unless it has a name already: who is nearest to the failure knows best.
     *
     * @param path the file
     * @return this
     */
    public LanewiseException in(Path path) {
        if (file == null) {
            file = path.toString();
        }
        return this;
    }

    /**
     * Names the place in the file.
     *
     * @param place such as "offset 4" or "line 12, column 3"
     * @return this
     */
    public LanewiseException at(String place) {
        where = place;
        return this;
    }

    /**
     * The place in the file.
     *
     * @return what {@link #at} was told, or null
     */
    public String where() {
        return where;
    }

    /**
     * Sets what was expected against what was found.
     *
     * @param expected what would have been right
     * @param found what is there instead
     * @return this
     */
    public LanewiseException expected(Object expected, Object found) {
        expectation = "expected " + shorten(expected.toString()) + ", found " + shorten(found.toString());
        return this;
    }

    /**
     * Adds what the user can do.
     *
     * @param advice a sentence with its full stop, or null to leave out what was advised before
     * @return this
     */
    public LanewiseException hint(String advice) {
        hint = advice;
        return this;
    }

    /**
     * How the command ends.
     *
     * @return the exit code
     */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** The one line, without the name of the program in front. */
    @Override
    public String getMessage() {
        StringBuilder line = new StringBuilder();
        if (file != null) {
            line.append(file).append(": ");
        }
        if (where != null) {
            line.append(shorten(where)).append(": ");
        }
        line.append(shorten(what));
        if (expectation != null) {
            line.append(" (").append(expectation).append(')');
        }
        if (hint != null) {
            line.append(". ").append(hint);
        }
        return printable(line.toString());
    }

    /**
     * Writes the characters that could move a terminal's cursor or forge a line as escapes, such as {@code \x1b}:
     * controls, line and paragraph separators, invisible formatting and unpaired surrogates.
     *
     * @param text any text, such as a file's name
     * @return the text on one line
     */
    public static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL -> safe.append(String.format("\\x%02x", c));
                case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    safe.append(String.format("\\u%04x", c));
                default -> safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static String shorten(String part) {
        return part.length() <= LONGEST_PART ? part : part.substring(0, LONGEST_PART) + "...";
    }

    /** A FileSystemException leads with the file's name, which stands in front of the line already. */
    private static String reason(ExitCode exitCode, IOException e) {
        if (e instanceof NoSuchFileException) {
            // A folder that takes no files, such as /proc, says so of a new one.
            return exitCode == ExitCode.CANNOT_CREATE ? "cannot be created" : "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof ClosedByInterruptException || e instanceof FileLockInterruptionException) {
            return "the thread was interrupted";
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
