package lanewise.trainer.io;

import java.nio.file.Path;

/** {@code -} in place of a file: standard input where it is to be read, standard output where it is to be written. */
public final class Dash {
    private static final Path DASH = Path.of("-");

    private Dash() {}

    /**
     * Whether a path is the dash.
     *
     * @param path what was typed
     * @return true if it stands for standard input or output
     */
    public static boolean is(Path path) {
        return path.equals(DASH);
    }

    /**
     * The file that a path names.
     *
     * @param path what was typed, or null
     * @return the path; null if there is none or it is the dash
     */
    public static Path fileOrNull(Path path) {
        return path == null || is(path) ? null : path;
    }
}
