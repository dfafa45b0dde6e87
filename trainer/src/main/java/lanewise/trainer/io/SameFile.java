package lanewise.trainer.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether two names mean one file, also through links and before the file is there. */
public final class SameFile {
    /** Longer chains of links are loops. */
    private static final int MOST_LINKS = 40;

    private SameFile() {}

    /**
     * Whether writing to one file would change the other.
     *
     * @param a a file, there or not
     * @param b a file, there or not
     * @return true if they are the same file
     */
    public static boolean are(Path a, Path b) {
        try {
            if (Files.exists(a) && Files.exists(b)) {
                return Files.isSameFile(a, b);
            }
        } catch (IOException e) {
            // What cannot be looked at is compared by name, and refused later if it cannot be used.
        }
        return target(a).equals(target(b));
    }

    /** Where a file would be created: its links followed, the folder as it really is. */
    private static Path target(Path file) {
        // Not normalised: what .. leads out of may be a link.
        Path path = file.toAbsolutePath();
        try {
            for (int links = 0; Files.isSymbolicLink(path) && links < MOST_LINKS; links++) {
                path = path.resolveSibling(Files.readSymbolicLink(path));
            }
            return path.getParent() == null
                    ? path
                    : path.getParent().toRealPath().resolve(path.getFileName());
        } catch (IOException e) {
            return path;
        }
    }
}
