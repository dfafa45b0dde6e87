package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import lanewise.kernels.Workers;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Heap;
import lanewise.trainer.io.InputFile;

/**
 * Labelled rows in a packed file, read a block at a time by a thread that stays ahead. However large the file is, no more
 * than a few blocks of it are in memory.
 */
public final class DiskRows implements Rows, AutoCloseable {
    private static final int CHECKED = 1 << 20;

    private final FileChannel channel;
    private final Path name;
    private final RowsHeader header;
    private final BlockReader reader;
    private final boolean ownsFile;

    /** Rows that have just been written, or checked. */
    DiskRows(FileChannel channel, Path name, RowsHeader header, BlockReader reader) {
        this(channel, name, header, reader, true);
    }

    private DiskRows(FileChannel channel, Path name, RowsHeader header, BlockReader reader, boolean ownsFile) {
        this.channel = channel;
        this.name = name;
        this.header = header;
        this.reader = reader;
        this.ownsFile = ownsFile;
    }

    /**
     * Opens a packed file, and reads it once to see that it is sound.
     *
     * @param file the file
     * @param reader reads its blocks
     * @return the rows, to be closed
     * @throws LanewiseException if there is no such file (66), it is none or damaged (65), or it cannot be read (74)
     */
    public static DiskRows open(Path file, BlockReader reader) {
        try {
            FileChannel channel = InputFile.open(file);
            try {
                return new DiskRows(channel, file, checked(channel), reader);
            } catch (Throwable t) {
                channel.close();
                throw t;
            }
        } catch (EOFException e) {
            throw new LanewiseException(BAD_DATA, "the packed rows are cut short").in(file);
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(file);
        } catch (LanewiseException e) {
            throw e.in(file);
        }
    }

    private static RowsHeader checked(FileChannel channel) throws IOException {
        long end = channel.size() - RowsWriter.TRAILER;
        if (end < 0) {
            throw new EOFException();
        }
        ByteBuffer trailer = ByteBuffer.allocate(RowsWriter.TRAILER).order(ByteOrder.LITTLE_ENDIAN);
        read(channel, trailer, end);
        int length = trailer.getInt(0);
        if (trailer.getLong(8) != RowsWriter.MAGIC || length < 0 || length > end) {
            throw new EOFException();
        }
        CRC32C checksum = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHECKED, end + Integer.BYTES));
        for (long at = 0; at < end + Integer.BYTES; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end + Integer.BYTES - at));
            read(channel, buffer, at);
            checksum.update(buffer.flip());
        }
        if ((int) checksum.getValue() != trailer.getInt(4)) {
            throw notSound();
        }
        ByteBuffer json = ByteBuffer.allocate(length);
        read(channel, json, end - length);
        RowsHeader header = RowsHeader.parse(json.array());
        if (header.length() != end - length) {
            throw notSound();
        }
        return header;
    }

    static LanewiseException notSound() {
        return new LanewiseException(BAD_DATA, "the packed rows are damaged");
    }

    /** That the file is no longer what it was when it was opened. */
    LanewiseException damaged() {
        return notSound().in(name);
    }

    /**
     * Fills a buffer. A read by a thread that is interrupted would close the file for all: the interrupt is put off until it
     * is done. One that comes while it reads still closes the file, and this and all later reads fail.
     */
    static void read(FileChannel channel, ByteBuffer to, long at) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            int start = to.position();
            while (to.hasRemaining()) {
                if (channel.read(to, at + to.position() - start) < 0) {
                    throw new EOFException();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    FileChannel channel() {
        return channel;
    }

    RowsHeader header() {
        return header;
    }

    LanewiseException failed(IOException e) {
        return e instanceof EOFException
                ? new LanewiseException(BAD_DATA, "the packed rows are cut short").in(name)
                : new LanewiseException(IO_FAILED, e).in(name);
    }

    @Override
    public int rows() {
        return header.rows();
    }

    @Override
    public int features() {
        return header.form().features();
    }

    @Override
    public List<String> classNames() {
        return header.classNames();
    }

    @Override
    public List<String> featureNames() {
        return header.form().names();
    }

    @Override
    public int[] classCounts() {
        return header.classCounts().clone();
    }

    @Override
    public boolean isLabelled() {
        return true;
    }

    @Override
    public Scaling scaling() {
        return header.scaling();
    }

    @Override
    public boolean holdsFloats() {
        return header.form().kind() == RowForm.Kind.FLOATS;
    }

    @Override
    public boolean holdsPixels() {
        return holdsTiles();
    }

    @Override
    public boolean holdsTiles() {
        return header.form().tiled();
    }

    @Override
    public boolean holdsSparse() {
        return header.form().sparse();
    }

    @Override
    public int firstIndex() {
        return header.form().firstIndex();
    }

    /** The form of the rows, whose blocks come in the layout that is faster, and are brought to another one if need be. */
    @Override
    public PixelRows pixelRows(PixelLayout layout, Workers workers) {
        if (!header.form().tiled()) {
            throw new IllegalStateException("the features are not in the layout of the kernels");
        }
        return PixelRows.of(header.form().order(), header.scaling().ofBytes());
    }

    /** They were looked at when they were written. */
    @Override
    public void requireFinite() {}

    @Override
    public String fingerprint() {
        return header.fingerprint();
    }

    @Override
    public int blockRows() {
        return reader.blockRows(header);
    }

    /**
     * The rows as they would be read in another heap, to see what they would take of it.
     *
     * @param heap its bytes
     * @return the same rows in other blocks, which do not close the file
     */
    public DiskRows in(long heap) {
        return as(header, name, new BlockReader(BlockReader.mostBytes(heap)));
    }

    /** Other rows on the same file, which they do not close. */
    DiskRows as(RowsHeader other, Path otherName, BlockReader otherReader) {
        return new DiskRows(channel, otherName, other, otherReader, false);
    }

    /**
     * What all rows would take in memory.
     *
     * @return their bytes
     */
    public long bytes() {
        return header.length();
    }

    /**
     * What the blocks of a pass take in memory.
     *
     * @return their bytes
     */
    public long blockBytes() {
        long rows = (long) blockRows() * (header.form().blockRowBytes() + Integer.BYTES);
        return BlockReader.BLOCKS * (rows + (long) reader.blockEntries(header) * RowsHeader.ENTRY_BYTES);
    }

    /** The reader is shared: a pass ends that of any other rows that it reads. */
    @Override
    public Pass pass(Shuffle.Order order, int row) {
        return reader.begin(this, order, row);
    }

    /** Read by the caller, row by row: a pass that is under way goes on. */
    @Override
    public Dataset subset(int[] chosen) {
        if (chosen.length > Shuffle.CHUNK) {
            throw new IllegalArgumentException(chosen.length + " rows are more than " + Shuffle.CHUNK);
        }
        Dataset.requireRows(chosen, rows());
        RowForm form = header.form();
        Chunk chunk = new Chunk(this, null, new Piece(), 0, 0);
        try {
            long entries = 0;
            for (int i = 0; form.sparse() && i < chosen.length; i++) {
                entries += chunk.entries(chosen[i]);
            }
            // Tiles have an odd row padded.
            long bytes =
                    (chosen.length + 2L) * (form.blockRowBytes() + Integer.BYTES) + entries * RowsHeader.ENTRY_BYTES;
            long longest = form.sparse() ? entries : bytes / (form.bytes() ? 1 : Float.BYTES);
            if (!Heap.fits(bytes, longest)) {
                throw Heap.shortage(bytes, longest, name);
            }
            BlockBuffer copy = BlockBuffer.of(form, chosen.length, (int) entries);
            for (int i = 0; i < chosen.length; i++) {
                chunk.copy(chosen[i], copy, i);
            }
            return copy.data(this);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Closes the reader, and the file unless these are rows of {@link #in} or {@link RawPart#packed}. */
    @Override
    public void close() {
        reader.close();
        if (ownsFile) {
            InputFile.close(channel);
        }
    }
}
