package lanewise.trainer.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Files that are replaced as a whole. */
public final class AtomicFile {
    private AtomicFile() {}

    /** What writes the content. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the whole content.
         *
         * @param out takes it; buffered, closed by the caller
         * @throws IOException if the operating system fails to write
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Finds out whether {@link #write} could create the file, before work is spent on what goes into it.
     *
     * @param target the file to be
     * @throws lanewise.trainer.LanewiseException if it could not
     */
    public static void checkWritable(Path target) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes a file.
     *
     * @param target the file, which is replaced if it is there
     * @param content what goes into it
     * @throws lanewise.trainer.LanewiseException if it cannot be created or written
     */
    public static void write(Path target, Content content) {
        throw new UnsupportedOperationException();
    }
}
