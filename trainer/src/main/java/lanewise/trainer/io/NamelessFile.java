package lanewise.trainer.io;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import lanewise.trainer.LanewiseException;

/** Files for copies of data, which have no name and go when they are closed, or with the process. */
public final class NamelessFile {
    private NamelessFile() {}

    /**
     * Makes one in a folder.
     *
     * @param folder where there is room for it
     * @return the file, empty, to be read and written
     * @throws LanewiseException if the folder takes no file (73)
     */
    public static FileChannel in(Path folder) {
        try {
            Path file = Files.createTempFile(folder, "lanewise", ".rows");
            try {
                return FileChannel.open(file, READ, WRITE, DELETE_ON_CLOSE);
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        } catch (IOException e) {
            throw refusal(folder, e);
        }
    }

    /** The system tells the reason of the file, of which nobody has heard. */
    private static LanewiseException refusal(Path folder, IOException e) {
        LanewiseException refusal = new LanewiseException(CANNOT_CREATE, "no copy of the data can be made there")
                .in(folder)
                .expected("a folder that can be written", found(folder, e));
        refusal.initCause(e);
        return refusal;
    }

    private static String found(Path folder, IOException e) {
        if (!Files.isDirectory(folder)) {
            return Files.exists(folder) ? "a file" : "nothing";
        }
        // Such as /proc.
        return e instanceof NoSuchFileException
                ? "one that takes no files"
                : new LanewiseException(CANNOT_CREATE, e).getMessage();
    }

    /**
     * Makes one in the temporary folder.
     *
     * @param content writes it
     * @return the file, to be read
     * @throws LanewiseException if the folder takes no file (73), or not so large a one (74): it is named, and not what is
     *     copied
     * @throws IOException if what is copied cannot be read
     */
    public static FileChannel temporary(AtomicFile.Content content) throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        FileChannel channel = in(folder);
        try {
            content.writeTo(new Copy(channel, folder));
            return channel;
        } catch (Throwable t) {
            channel.close();
            throw t;
        }
    }

    /** Writes to a file, and names the folder if that fails. */
    private static final class Copy extends OutputStream {
        private final FileChannel channel;
        private final Path folder;

        Copy(FileChannel channel, Path folder) {
            this.channel = channel;
            this.folder = folder;
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            try {
                for (ByteBuffer rest = ByteBuffer.wrap(source, offset, length); rest.hasRemaining(); ) {
                    channel.write(rest);
                }
            } catch (IOException e) {
                throw new LanewiseException(IO_FAILED, e).in(folder);
            }
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }
    }
}
