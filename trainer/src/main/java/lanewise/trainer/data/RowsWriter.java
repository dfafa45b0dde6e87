package lanewise.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import lanewise.trainer.io.Heap;

/**
 * Writes rows to a packed file, from which {@link DiskRows} takes them:
 *
 * <pre>
 *   of each chunk of 8,192 rows
 *     features   bytes or floats, little-endian, row by row; or
 *     entries    of sparse rows, row by row: the columns as ints, and then the values as floats
 *     lengths    of sparse rows: ints, how many entries each has
 *     labels     ints, little-endian
 *   header       JSON: format, rows, features, kind, where chunks of sparse rows end, names, classes, scaling, SHA-256
 *   16 bytes     the length of the header, the CRC-32C of all before, the magic
 * </pre>
 *
 * What tells that the file is one stands at its end: a file that ends early is none.
 */
final class RowsWriter {
    /** The last eight bytes. */
    static final long MAGIC = 0x4c4e5753524f5753L;

    /** The bytes behind the header. */
    static final int TRAILER = 16;

    private final FileChannel channel;
    private final RowForm form;
    private final PixelOrder order;
    private final byte[] tile;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C checksum = new CRC32C();
    private final int[] labels = new int[Shuffle.CHUNK];

    // Of sparse rows: of each of the chunk how many entries it has, and how many there are.
    private final int[] lengths;
    private final EntryCount entries = new EntryCount();

    private int[] counts = {};
    private int rows;

    RowsWriter(FileChannel channel, RowForm form) {
        this.channel = channel;
        this.form = form;
        this.order = form.tiled() ? form.order() : null;
        this.tile = new byte[form.tiled() ? form.rowBytes() : 0];
        this.lengths = new int[form.sparse() ? Shuffle.CHUNK : 0];
    }

    /** Appends rows, of the kind that the form says. */
    void add(Dataset block) throws IOException {
        if (block.rows() > Integer.MAX_VALUE - rows) {
            throw Heap.tooMany("rows");
        }
        for (int done = 0, count; done < block.rows(); done += count) {
            int inChunk = rows % Shuffle.CHUNK;
            count = Math.min(block.rows() - done, Shuffle.CHUNK - inChunk);
            addFeatures(block, done, count);
            for (int i = 0; i < count; i++) {
                int label = block.labels()[done + i];
                labels[inChunk + i] = label;
                counts = label < counts.length ? counts : Arrays.copyOf(counts, 2 * label + 1);
                counts[label]++;
            }
            rows += count;
            if (rows % Shuffle.CHUNK == 0) {
                endChunk(Shuffle.CHUNK);
            }
        }
    }

    private void addFeatures(Dataset block, int first, int count) throws IOException {
        int n = form.features();
        switch (form.kind()) {
            case BYTES -> add(block.bytes().orElseThrow(), first * n, count * n);
            case TILES -> {
                for (int row = first; row < first + count; row++) {
                    order.copy(block.bytes().orElseThrow(), row * n, tile, 0);
                    add(tile, 0, tile.length);
                }
            }
            case FLOATS -> add(block.values(), first * n, count * n);
            case SPARSE -> {
                for (int i = 0; i < count; i++) {
                    addSparse(block.sparse().orElseThrow(), first + i, rows + i);
                }
            }
        }
    }

    private void addSparse(Csr from, int row, int number) throws IOException {
        int at = from.rowStart()[row];
        int length = from.rowStart()[row + 1] - at;
        add(from.columns(), at, length);
        add(from.values(), at, length);
        lengths[number % Shuffle.CHUNK] = length;
        entries.add(length);
    }

    private void add(int[] items, int at, int count) throws IOException {
        for (int done = 0, n; done < count; done += n) {
            n = Math.min(count - done, room(Integer.BYTES));
            buffer.asIntBuffer().put(items, at + done, n);
            buffer.position(buffer.position() + n * Integer.BYTES);
        }
    }

    private void add(float[] items, int at, int count) throws IOException {
        for (int done = 0, n; done < count; done += n) {
            n = Math.min(count - done, room(Float.BYTES));
            buffer.asFloatBuffer().put(items, at + done, n);
            buffer.position(buffer.position() + n * Float.BYTES);
        }
    }

    private void add(byte[] items, int at, int count) throws IOException {
        for (int done = 0, n; done < count; done += n) {
            n = Math.min(count - done, room(1));
            buffer.put(items, at + done, n);
        }
    }

    private void endChunk(int count) throws IOException {
        if (form.sparse()) {
            add(lengths, 0, count);
        }
        add(labels, 0, count);
    }

    /** Room for so many items of a size, at least one. */
    private int room(int size) throws IOException {
        if (buffer.remaining() < size) {
            flush();
        }
        return buffer.remaining() / size;
    }

    private void flush() throws IOException {
        buffer.flip();
        checksum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** One more than the largest label so far. */
    int standIns() {
        int most = counts.length;
        while (most > 0 && counts[most - 1] == 0) {
            most--;
        }
        return most;
    }

    /**
     * Ends the rows, so that they can be read.
     *
     * @param classNames the names of the classes, or of more
     * @return the header but for the fingerprint
     */
    RowsHeader end(List<String> classNames, Scaling scaling) throws IOException {
        if (rows % Shuffle.CHUNK != 0) {
            endChunk(rows % Shuffle.CHUNK);
        }
        flush();
        RowsHeader.Entries all = form.sparse() ? entries.all() : RowsHeader.Entries.NONE;
        return new RowsHeader(rows, form, all, classNames, Arrays.copyOf(counts, classNames.size()), scaling, "");
    }

    /** Writes the header, which makes a file of the rows. */
    void add(RowsHeader header) throws IOException {
        byte[] json = header.toJson();
        add(json, 0, json.length);
        room(Integer.BYTES);
        buffer.putInt(json.length);
        flush();
        buffer.putInt((int) checksum.getValue()).putLong(MAGIC);
        flush();
    }
}
