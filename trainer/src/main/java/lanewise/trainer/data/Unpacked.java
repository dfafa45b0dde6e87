package lanewise.trainer.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import lanewise.trainer.io.InputFile;

/**
 * The content of a regular file that may be gzipped, told by its first two bytes and not by its name.
 *
 * @param stream the unpacked bytes
 * @param gzipped whether there was anything to unpack
 * @param fileSize the size of the file as it lies on the disk
 */
record Unpacked(InputStream stream, boolean gzipped, long fileSize) implements AutoCloseable {
    /** No gzip stream grows more: its longest match, 258 bytes, costs at least two bits. */
    private static final long LARGEST_RATIO = 1032;

    static Unpacked open(Path path) throws IOException {
        FileChannel file = InputFile.open(path);
        try {
            ByteBuffer magic = ByteBuffer.allocate(2);
            file.read(magic, 0);
            boolean gzipped = magic.getShort(0) == GzipStream.MAGIC;
            InputStream stream = Channels.newInputStream(file);
            return new Unpacked(gzipped ? new GzipStream(stream) : stream, gzipped, file.size());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** The most bytes that can come out of a file of this size. */
    long largestContent() {
        return gzipped ? Math.multiplyExact(fileSize, LARGEST_RATIO) : fileSize;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
