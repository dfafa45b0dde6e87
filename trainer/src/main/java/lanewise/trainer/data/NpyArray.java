package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Heap;

/** The items of a NumPy array, read behind its header to the end of the stream. */
final class NpyArray {
    private static final int CHUNK = 1 << 16;

    private final NpyHeader header;
    private final InputStream in;
    private final ByteBuffer buffer;
    private long itemsRead;

    NpyArray(NpyHeader header, InputStream in) {
        this.header = header;
        this.in = in;
        this.buffer = ByteBuffer.allocate(CHUNK).order(header.order());
    }

    /** Makes sure that the heap holds what is made of the items. If it does not, damage is told first: no heap would help. */
    void requireHeap(long bytes, Path file) throws IOException {
        if (!Heap.fits(bytes, header.items())) {
            copyTo(OutputStream.nullOutputStream());
            throw Heap.shortage(bytes, header.items(), file);
        }
    }

    /** How many rows there are. */
    int rows() {
        return (int) header.shape()[0];
    }

    /** Whether the items are unsigned bytes. */
    boolean isBytes() {
        return header.type() == NpyHeader.Type.U1;
    }

    /** How many items a row has. */
    int rowLength() {
        return (int) (header.items() / header.shape()[0]);
    }

    /** The bytes of an array of unsigned bytes, row by row. */
    byte[] bytes() throws IOException {
        byte[] items = new byte[(int) header.items()];
        if (!header.fortran()) {
            int n = in.readNBytes(items, 0, items.length);
            if (n < items.length) {
                throw cutShort(n);
            }
            requireEnd();
            return items;
        }
        FortranOrder order = new FortranOrder(header.shape());
        while (fill() > 0) {
            for (int i = 0; i < buffer.limit(); i++) {
                items[order.next()] = buffer.get(i);
            }
        }
        return items;
    }

    /** How many rows have not been read, or so many if there are more. */
    int rowsLeft(int most) {
        return (int) Math.min(most, header.shape()[0] - itemsRead / rowLength());
    }

    /** Reads the next rows of an array in C's order, which are there: as floats, without gaps. */
    void readRows(float[] x, int rows) throws IOException {
        int n = rowLength();
        long firstRow = itemsRead / n;
        float[] chunk = new float[CHUNK / header.type().size()];
        for (int at = 0; at < rows * n; ) {
            int count = fill(rows * n - at);
            convert(count, chunk);
            System.arraycopy(chunk, 0, x, at, count);
            at += count;
        }
        if (itemsRead == header.items()) {
            requireEnd();
        }
        requireFinite(x, rows * n, firstRow, false);
    }

    /** Reads the next rows of an array of unsigned bytes in C's order, as {@link #readRows}. */
    void readRowBytes(byte[] x, int rows) throws IOException {
        int n = rowLength();
        int bytes = in.readNBytes(x, 0, rows * n);
        if (bytes < rows * n) {
            throw cutShort(itemsRead + bytes);
        }
        itemsRead += bytes;
        if (itemsRead == header.items()) {
            requireEnd();
        }
    }

    /**
     * The items as floats, row by row.
     *
     * @param keepNaN whether a NaN is taken; an infinity and a number too large for a float never are
     */
    float[] floats(boolean keepNaN) throws IOException {
        float[] items = new float[(int) header.items()];
        float[] chunk = new float[CHUNK / header.type().size()];
        FortranOrder order = new FortranOrder(header.shape());
        int at = 0;
        for (int n = fill(); n > 0; n = fill()) {
            convert(n, chunk);
            if (!header.fortran()) {
                System.arraycopy(chunk, 0, items, at, n);
            } else {
                for (int i = 0; i < n; i++) {
                    items[order.next()] = chunk[i];
                }
            }
            at += n;
        }
        requireFinite(items, items.length, 0, keepNaN);
        return items;
    }

    /** Copies the items as they lie. */
    void copyTo(OutputStream out) throws IOException {
        for (int n = fill(); n > 0; n = fill()) {
            out.write(buffer.array(), 0, buffer.limit());
        }
    }

    private void convert(int n, float[] to) {
        switch (header.type()) {
            case U1 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = buffer.get(i) & 0xff;
                }
            }
            case I4 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = buffer.getInt(4 * i);
                }
            }
            case I8 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = buffer.getLong(8 * i);
                }
            }
            case F4 -> buffer.asFloatBuffer().get(to, 0, n);
            case F8 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = (float) buffer.getDouble(8 * i);
                }
            }
        }
    }

    private void requireFinite(float[] items, int count, long firstRow, boolean keepNaN) {
        int n = rowLength();
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(items[i]) && !(keepNaN && Float.isNaN(items[i]))) {
                throw new LanewiseException(BAD_DATA, "the value is not a finite float")
                        .at("row " + (firstRow + i / n) + ", column " + i % n)
                        .expected("a finite number", items[i]);
            }
        }
    }

    /** Reads the next classes of an array of labels, one a row, which are there. */
    void readLabels(LabelTable table, int[] to, int count) throws IOException {
        for (int at = 0, n; at < count; at += n) {
            long first = itemsRead;
            n = fill(count - at);
            for (int i = 0; i < n; i++) {
                long row = first + i;
                to[at + i] = table.standInOf(text(i), () -> "row " + row);
            }
        }
        if (itemsRead == header.items()) {
            requireEnd();
        }
    }

    /** An item of the buffer as a label. */
    private String text(int i) {
        return switch (header.type()) {
            case U1 -> Integer.toString(buffer.get(i) & 0xff);
            case I4 -> Integer.toString(buffer.getInt(4 * i));
            case I8 -> Long.toString(buffer.getLong(8 * i));
            case F4 -> number(buffer.getFloat(4 * i));
            case F8 -> number(buffer.getDouble(8 * i));
        };
    }

    /** A number as a label: whole ones as people write them. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) <= 0x1p53
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** Reads items into the buffer; returns how many, 0 when all have been read and nothing follows. */
    private int fill() throws IOException {
        if (itemsRead == header.items()) {
            requireEnd();
            return 0;
        }
        return fill(CHUNK);
    }

    /** Reads so many items at most. */
    private int fill(int most) throws IOException {
        int size = header.type().size();
        int n = (int) Math.min(Math.min(most, CHUNK / size), header.items() - itemsRead);
        int bytes = in.readNBytes(buffer.array(), 0, n * size);
        if (bytes < n * size) {
            throw cutShort(itemsRead * size + bytes);
        }
        itemsRead += n;
        buffer.limit(n * size);
        return n;
    }

    private LanewiseException cutShort(long bytes) {
        return new LanewiseException(BAD_DATA, "cut short")
                .expected(IdxHeader.count(header.contentLength()), IdxHeader.count(header.length() + bytes));
    }

    private void requireEnd() throws IOException {
        if (in.read() >= 0) {
            throw new LanewiseException(BAD_DATA, "goes on after the last item");
        }
    }
}
