package lanewise.trainer.data.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The bytes of a packed file, and the little-endian numbers and texts among them. What ends early is an {@link EOFException}
 * with a message of the file's kind, or none.
 */
final class PackedBytes implements AutoCloseable {
    private final InputStream in;
    private final String endsEarly;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;

    /** How many bytes came before those of the buffer. */
    private long offset;

    PackedBytes(InputStream in, String endsEarly) {
        this.in = in;
        this.endsEarly = endsEarly;
    }

    /** How many bytes have been taken. */
    long position() {
        return offset + position;
    }

    boolean atEnd() throws IOException {
        return position == limit && !refill();
    }

    int nextShort() throws IOException {
        return next() | next() << 8;
    }

    int nextInt() throws IOException {
        return nextShort() | nextShort() << 16;
    }

    long nextUnsigned() throws IOException {
        return Integer.toUnsignedLong(nextInt());
    }

    long nextLong() throws IOException {
        long low = nextUnsigned();
        return positive(low | nextUnsigned() << 32);
    }

    /** A size, which a damaged archive can make negative. */
    static long positive(long size) throws ZipException {
        if (size < 0) {
            throw new ZipException("a size is negative: the file is damaged");
        }
        return size;
    }

    String text(int length) throws IOException {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) next();
        }
        return bytes;
    }

    /** Takes one byte at least. */
    int read(byte[] target, int at, int length) throws IOException {
        if (position < limit) {
            int n = Math.min(length, limit - position);
            System.arraycopy(buffer, position, target, at, n);
            position += n;
            return n;
        }
        // Past the buffer, which would only slow it down.
        int n = in.read(target, at, length);
        if (n < 0) {
            throw new EOFException(endsEarly);
        }
        offset += n;
        return n;
    }

    /** Gives the inflater what is in the buffer, and returns how much that is. */
    int feed(Inflater inflater) throws IOException {
        if (position == limit) {
            fill();
        }
        int n = limit - position;
        inflater.setInput(buffer, position, n);
        position = limit;
        return n;
    }

    /** Takes back the last bytes that were fed. */
    void putBack(int n) {
        position -= n;
    }

    void skip(long n) throws IOException {
        long inBuffer = Math.min(n, limit - position);
        position += (int) inBuffer;
        for (long left = n - inBuffer; left > 0; ) {
            long skipped = in.skip(left);
            if (skipped > 0) {
                offset += skipped;
                left -= skipped;
            } else {
                fill();
                position = (int) Math.min(left, limit);
                left -= position;
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    int next() throws IOException {
        if (position == limit) {
            fill();
        }
        return buffer[position++] & 0xff;
    }

    private void fill() throws IOException {
        if (!refill()) {
            throw new EOFException(endsEarly);
        }
    }

    private boolean refill() throws IOException {
        offset += limit;
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }
}
