package lanewise.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are there as a whole or not at all. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Whether a file can be written or replaced; tried, since a folder that lets itself be written to may be on a disk that
     * does not.
     *
     * @param file to be
     * @return false for a folder, a device, and in a folder that is not there
     */
    public static boolean canWrite(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return false;
        }
        Path draft = draft(file);
        try {
            Files.writeString(draft, "");
            Files.delete(draft);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Writes beside the file first, and then puts that in its place.
     *
     * @param file what to write or replace, in a folder that is there
     * @param text its content
     */
    public static void write(Path file, String text) {
        Path draft = draft(file);
        try {
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path draft(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }
}
