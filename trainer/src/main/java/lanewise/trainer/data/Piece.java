package lanewise.trainer.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;

/** Reads what lies one behind the other in a file, so much at a time that it is still in the cache when it is copied. */
final class Piece {
    private static final int BYTES = 1 << 18;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final IntBuffer ints = bytes.asIntBuffer();
    private final FloatBuffer floats = bytes.asFloatBuffer();
    private FileChannel channel;
    private long next;
    private long left;

    /** Goes to so many bytes, all of which are to be read. */
    void open(FileChannel file, long at, long length) {
        channel = file;
        next = at;
        left = length;
        bytes.limit(0);
    }

    /** Reads the next bytes. */
    void read(byte[] to, int at, int count) throws IOException {
        for (int done = 0, n; done < count; done += n) {
            n = Math.min(count - done, available());
            bytes.get(to, at + done, n);
        }
    }

    /** Reads the next ints; what was read before were ints or floats. */
    void read(int[] to, int at, int count) throws IOException {
        for (int done = 0, n; done < count; done += n) {
            n = Math.min(count - done, available() / Integer.BYTES);
            ints.get(bytes.position() / Integer.BYTES, to, at + done, n);
            bytes.position(bytes.position() + n * Integer.BYTES);
        }
    }

    /** Reads the next floats; what was read before were ints or floats. */
    void read(float[] to, int at, int count) throws IOException {
        for (int done = 0, n; done < count; done += n) {
            n = Math.min(count - done, available() / Float.BYTES);
            floats.get(bytes.position() / Float.BYTES, to, at + done, n);
            bytes.position(bytes.position() + n * Float.BYTES);
        }
    }

    private int available() throws IOException {
        if (!bytes.hasRemaining()) {
            if (left == 0) {
                throw new EOFException();
            }
            bytes.clear().limit((int) Math.min(BYTES, left));
            DiskRows.read(channel, bytes, next);
            next += bytes.position();
            left -= bytes.position();
            bytes.flip();
        }
        return bytes.remaining();
    }
}
