package lanewise.trainer.io;

import static lanewise.trainer.ExitCode.NO_INPUT;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import lanewise.trainer.LanewiseException;

/** Files to read. */
public final class InputFile {
    private InputFile() {}

    /**
     * Opens a regular file. Nothing else is opened, since that alone could wait forever, as on a FIFO.
     *
     * @param path the file
     * @return the open file, at its start
     * @throws LanewiseException if there is no such regular file, or it may not be read
     * @throws IOException if the operating system fails otherwise
     */
    public static FileChannel open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            String what = Files.isDirectory(path) ? "a folder, not a file" : "not a regular file";
            throw new LanewiseException(NO_INPUT, Files.exists(path) ? what : "no such file").in(path);
        }
        try {
            return FileChannel.open(path);
        } catch (AccessDeniedException | NoSuchFileException e) {
            throw new LanewiseException(NO_INPUT, e).in(path);
        }
    }

    /**
     * Closes a file that has been read. What has been read is sound even if this fails, which is not told.
     *
     * @param input what to close
     */
    public static void close(Closeable input) {
        try {
            input.close();
        } catch (IOException e) {
            // What has been read is sound.
        }
    }
}
