package lanewise.trainer.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.io.Heap;
import lanewise.trainer.io.NamelessFile;

/**
 * The items of an array in Fortran's order, where the features lie one behind the other, as if they were in C's order: some
 * rows at a time, of which each feature is read where it lies. What cannot be read so, since it is packed, is copied to a
 * temporary file first.
 */
final class FortranStream extends InputStream {
    private final NpyHeader header;
    private final FileChannel channel;
    private final long start;
    private final Closeable behind;

    /** Where each feature of a row stands, in the order in which they lie in the file. */
    private final int[] place;

    private final int rowBytes;
    private final ByteBuffer piece;
    private final ByteBuffer rows;
    private long nextRow;

    /** Reads so many bytes at a time, or a row at least. */
    FortranStream(NpyHeader header, FileChannel channel, long start, Closeable behind, long most) {
        this.header = header;
        this.channel = channel;
        this.start = start;
        this.behind = behind;
        long count = header.shape()[0];
        int size = header.type().size();
        long bytes = header.items() / count * size;
        // A row is in the buffer, has its places, and becomes floats.
        if (!Heap.fits(4 * bytes, bytes)) {
            throw Heap.shortage(4 * bytes, "a row ");
        }
        rowBytes = (int) bytes;
        int atOnce = (int) Math.min(count, Math.max(1, most / rowBytes));
        place = new int[rowBytes / size];
        FortranOrder features = new FortranOrder(Arrays.copyOfRange(header.shape(), 1, header.shape().length));
        Arrays.setAll(place, feature -> features.next());
        piece = ByteBuffer.allocate(atOnce * size);
        rows = ByteBuffer.allocate(atOnce * rowBytes).limit(0);
    }

    /** The items behind a header that has been read, in C's order whatever theirs is; closing them closes the file. */
    static InputStream rowByRow(NpyHeader header, Unpacked content) throws IOException {
        return header.fortran() && !content.gzipped()
                ? new FortranStream(
                        header, content.raw().file(), header.length(), content::close, BlockReader.mostBytes())
                : rowByRow(header, content.stream());
    }

    /** As the other method, of content that comes as a stream. */
    static InputStream rowByRow(NpyHeader header, InputStream in) throws IOException {
        if (!header.fortran()) {
            return in;
        }
        FileChannel copy = NamelessFile.temporary(new NpyArray(header, in)::copyTo);
        try {
            return new FortranStream(
                    header,
                    copy,
                    0,
                    () -> {
                        copy.close();
                        in.close();
                    },
                    BlockReader.mostBytes());
        } catch (Throwable t) {
            copy.close();
            throw t;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length > 0 && !rows.hasRemaining() && nextRow < header.shape()[0]) {
            turn();
        }
        int n = Math.min(length, rows.remaining());
        rows.get(target, offset, n);
        return n > 0 || length == 0 ? n : -1;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Reads the next rows, feature by feature. */
    private void turn() throws IOException {
        long all = header.shape()[0];
        int size = header.type().size();
        int count = (int) Math.min(piece.capacity() / size, all - nextRow);
        rows.clear().limit(count * rowBytes);
        for (int feature = 0; feature < place.length; feature++) {
            piece.clear().limit(count * size);
            DiskRows.read(channel, piece, start + (feature * all + nextRow) * size);
            int to = place[feature] * size;
            for (int row = 0; row < count; row++, to += rowBytes) {
                switch (size) {
                    case 1 -> rows.put(to, piece.get(row));
                    case 4 -> rows.putInt(to, piece.getInt(4 * row));
                    default -> rows.putLong(to, piece.getLong(8 * row));
                }
            }
        }
        nextRow += count;
    }

    @Override
    public void close() throws IOException {
        behind.close();
    }
}
