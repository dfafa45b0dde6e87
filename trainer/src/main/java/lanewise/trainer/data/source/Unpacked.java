package lanewise.trainer.data.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The content of a file that may be gzipped, told by its first two bytes and not by its name.
 *
 * @param stream the unpacked bytes
 * @param raw the bytes as they lie on the disk
 * @param gzipped whether there was anything to unpack
 * @param fileSize the size of the file as it lies on the disk
 */
public record Unpacked(InputStream stream, ChannelStream raw, boolean gzipped, long fileSize) implements Closeable {
    /** No deflated stream grows more: its longest match, 258 bytes, costs at least two bits. */
    public static final long LARGEST_RATIO = 1032;

    /** The content of an open file from its start; closing it closes the file if that is its own. */
    static Unpacked of(FileChannel file, boolean own) throws IOException {
        try {
            ByteBuffer magic = ByteBuffer.allocate(2);
            file.read(magic, 0);
            boolean gzipped = magic.getShort(0) == GzipStream.MAGIC;
            ChannelStream raw = new ChannelStream(file, own);
            return new Unpacked(gzipped ? new GzipStream(raw) : raw, raw, gzipped, file.size());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /**
     * The most bytes that can come out of a file of this size.
     *
     * @return the size itself if it is not gzipped
     */
    public long largestContent() {
        return gzipped ? Math.multiplyExact(fileSize, LARGEST_RATIO) : fileSize;
    }

    /**
     * How much of the file has been read.
     *
     * @return from 0 to 1
     */
    public double fractionRead() {
        return fileSize == 0 ? 1 : Math.min(1, (double) raw.position / fileSize);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /** Reads a file from its start, whoever else reads it. */
    public static final class ChannelStream extends InputStream {
        private final FileChannel file;
        private final boolean own;
        private long position;

        private ChannelStream(FileChannel file, boolean own) {
            this.file = file;
            this.own = own;
        }

        /**
         * The file itself.
         *
         * @return the open file, whose position is of no account
         */
        public FileChannel file() {
            return file;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int n = length == 0 ? 0 : file.read(ByteBuffer.wrap(target, offset, length), position);
            position += Math.max(0, n);
            return n;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = Math.max(0, Math.min(n, file.size() - position));
            position += skipped;
            return skipped;
        }

        @Override
        public void close() throws IOException {
            if (own) {
                file.close();
            }
        }
    }
}
