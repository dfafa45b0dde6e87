package lanewise.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import lanewise.kernels.Pixels;

/**
 * A thread that reads the blocks of {@link DiskRows} ahead of whoever goes through them. There are three blocks: one is in
 * use, one is ready, and one is being filled. They come in the order of the pass, so a block of a shuffled pass has its rows
 * in their new order.
 *
 * <p>A block is a chunk of 8,192 rows, or as many rows of one as fit a sixteenth of the heap.
 */
public final class BlockReader implements AutoCloseable {
    static final int BLOCKS = 3;

    private static final long MOST_BYTES = 1 << 26;
    private static final int SHARE_OF_HEAP = 16;

    /** How much is read at a time: it is still in the cache when it is copied to its place. */
    private static final int PIECE = 1 << 18;

    private final long blockBytes;

    // Guarded by this.
    private Thread thread;
    private RunningPass pass;
    private boolean idle = true;
    private boolean closed;

    /** Of the thread alone. */
    private ByteBuffer piece;

    /** Makes a reader, whose thread starts with the first pass. */
    public BlockReader() {
        this(Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** Makes a reader of blocks of so many bytes. */
    BlockReader(long blockBytes) {
        this.blockBytes = blockBytes;
    }

    int blockRows(RowsHeader header) {
        long units = Math.max(1, blockBytes / Rows.UNIT / header.form().rowBytes());
        return (int) Math.min(header.rows(), Math.min(Shuffle.CHUNK, units * Rows.UNIT));
    }

    /** Ends the pass that is under way, and begins another one. */
    synchronized Rows.Pass begin(DiskRows rows, Shuffle.Order order, int row) {
        if (closed) {
            throw new IllegalStateException("the reader is closed");
        }
        Deque<Buffer> buffers = new ArrayDeque<>();
        if (pass != null) {
            pass.ended = true;
            notifyAll();
            await(() -> idle);
            buffers = pass.allBuffers();
        }
        pass = new RunningPass(rows, order, row, buffers);
        idle = false;
        if (thread == null) {
            thread = new Thread(this::run, "lanewise-reader");
            thread.setDaemon(true);
            thread.start();
        }
        notifyAll();
        return pass;
    }

    private void run() {
        while (true) {
            RunningPass now;
            synchronized (this) {
                await(() -> closed || !idle);
                if (closed) {
                    return;
                }
                now = pass;
            }
            Throwable failure = null;
            try {
                now.read();
            } catch (Throwable t) {
                failure = t;
            }
            synchronized (this) {
                now.failure = failure;
                now.ended = true;
                idle = true;
                notifyAll();
            }
        }
    }

    /** Waits, to be called with the lock. An interrupt is for others to see. */
    private void await(BooleanSupplier condition) {
        boolean interrupted = false;
        while (!condition.getAsBoolean()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            if (pass != null) {
                pass.ended = true;
            }
            notifyAll();
            ending = thread;
        }
        if (ending == null) {
            return;
        }
        try {
            ending.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A block's memory. */
    private static final class Buffer {
        private final RowsHeader.Form form;
        private final int rows;
        private final Object features;
        private final int[] labels;

        /** Of rows that are not tiled it is as long as they are, since a data set has no gaps. */
        Buffer(RowsHeader.Form form, int rows) {
            this.form = form;
            this.rows = rows;
            int length = Math.multiplyExact(rows, form.bytes() ? form.rowBytes() : form.features());
            int slack = form.tiled() ? rows % 2 * form.rowBytes() + Pixels.SLACK : 0;
            features = form.bytes() ? new byte[length + slack] : new float[length];
            labels = new int[rows];
        }

        /** Whether it can be filled with so many rows of a form. */
        boolean suits(RowsHeader.Form other, int count) {
            return rows == count && form.equals(other);
        }
    }

    /** The blocks of one pass. */
    private final class RunningPass implements Rows.Pass {
        private final DiskRows rows;
        private final RowsHeader header;
        private final Shuffle.Order order;
        private final int start;
        private final int blockRows;
        private final Deque<Buffer> buffers;
        private final Deque<Filled> ready = new ArrayDeque<>();
        private int made;
        private Buffer inUse;
        private boolean ended;
        private Throwable failure;

        // Of the thread that reads.
        private final int[] chunkLabels = new int[Shuffle.CHUNK];
        private final int[] permuted = new int[Shuffle.CHUNK];
        private final int[] position = new int[Shuffle.CHUNK];

        private record Filled(Buffer buffer, Rows.Block block) {}

        RunningPass(DiskRows rows, Shuffle.Order order, int start, Deque<Buffer> buffers) {
            this.rows = rows;
            this.header = rows.header();
            this.order = order;
            this.start = start;
            this.blockRows = blockRows(header);
            this.buffers = buffers;
            this.made = buffers.size();
        }

        /** The memory of a pass that has ended. */
        private Deque<Buffer> allBuffers() {
            ready.forEach(filled -> buffers.add(filled.buffer));
            if (inUse != null) {
                buffers.add(inUse);
            }
            return buffers;
        }

        @Override
        public Rows.Block next() {
            synchronized (BlockReader.this) {
                if (inUse != null) {
                    buffers.add(inUse);
                    inUse = null;
                    BlockReader.this.notifyAll();
                }
                await(() -> ended || !ready.isEmpty());
                if (!ready.isEmpty()) {
                    Filled filled = ready.poll();
                    inUse = filled.buffer;
                    return filled.block;
                }
                if (failure instanceof RuntimeException e) {
                    throw e;
                }
                if (failure instanceof Error e) {
                    throw e;
                }
                return null;
            }
        }

        private void read() {
            if (piece == null || piece.capacity() < header.form().rowBytes()) {
                piece = ByteBuffer.allocateDirect(Math.max(PIECE, header.form().rowBytes()))
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            int[] chunks = order == null ? null : order.chunks();
            int first = 0;
            for (int i = 0; i < Shuffle.chunks(header.rows()); i++) {
                int chunk = chunks == null ? i : chunks[i];
                int count = Shuffle.chunkRows(chunk, header.rows());
                if (order != null) {
                    order.draw(chunk, permuted);
                }
                if (first + count > start) {
                    if (!read(chunk, count, first)) {
                        return;
                    }
                }
                first += count;
            }
        }

        /** Reads a chunk, from the block on that holds the first row of the pass. Returns false if it is called off. */
        private boolean read(int chunk, int chunkRows, int first) {
            boolean labelled = false;
            for (int from = 0, count; from < chunkRows; from += count) {
                count = Math.min(blockRows, chunkRows - from);
                if (first + from + count <= start) {
                    continue;
                }
                Buffer buffer = take(count);
                if (buffer == null) {
                    return false;
                }
                try {
                    if (!labelled) {
                        header.readLabels(rows.channel(), chunk, chunkLabels);
                        labelled = true;
                    }
                    fill(buffer, chunk, from, count);
                } catch (IOException e) {
                    throw rows.failed(e);
                }
                Rows.Block block = new Rows.Block(data(buffer), first + from, null);
                synchronized (BlockReader.this) {
                    ready.add(new Filled(buffer, block));
                    BlockReader.this.notifyAll();
                }
            }
            return true;
        }

        /** A buffer to fill, or null when the pass is called off. */
        private Buffer take(int count) {
            synchronized (BlockReader.this) {
                await(() -> ended || !buffers.isEmpty() || made < BLOCKS);
                if (ended) {
                    return null;
                }
                Buffer free = buffers.poll();
                made += free == null ? 1 : 0;
                return free != null && free.suits(header.form(), count) ? free : new Buffer(header.form(), count);
            }
        }

        private Dataset data(Buffer buffer) {
            RowsHeader.Form form = header.form();
            if (form.tiled()) {
                PixelRows tiles =
                        PixelRows.ofTiles(form.order(), rows.pixelScale(), (byte[]) buffer.features, buffer.rows);
                return Dataset.ofTiles(
                        tiles, buffer.rows, form.features(), buffer.labels, header.classNames(), header.scaling());
            }
            return Dataset.ofBlock(
                    buffer.features,
                    buffer.rows,
                    form.features(),
                    buffer.labels,
                    header.classNames(),
                    header.scaling());
        }

        /** Fills a block: with all rows of a chunk in one go, or, if there are more of them, with one after another. */
        private void fill(Buffer buffer, int chunk, int from, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                buffer.labels[i] = chunkLabels[order == null ? from + i : permuted[from + i]];
            }
            if (order == null) {
                read(buffer, chunk, from, count, 0, null);
            } else if (count == Shuffle.chunkRows(chunk, header.rows())) {
                for (int i = 0; i < count; i++) {
                    position[permuted[i]] = i;
                }
                read(buffer, chunk, 0, count, 0, position);
            } else {
                for (int i = 0; i < count; i++) {
                    read(buffer, chunk, permuted[from + i], 1, i, null);
                }
            }
        }

        /** Reads rows that lie one behind the other to where they belong: in their order, or each to a place of its own. */
        private void read(Buffer buffer, int chunk, int from, int count, int to, int[] places) throws IOException {
            int rowBytes = header.form().rowBytes();
            int atOnce = piece.capacity() / rowBytes;
            for (int done = 0, n; done < count; done += n) {
                n = Math.min(atOnce, count - done);
                piece.clear().limit(n * rowBytes);
                DiskRows.read(rows.channel(), piece, header.featuresAt(chunk) + (long) (from + done) * rowBytes);
                if (places == null) {
                    copy(buffer, 0, to + done, n);
                } else {
                    for (int i = 0; i < n; i++) {
                        copy(buffer, i, places[from + done + i], 1);
                    }
                }
            }
        }

        private void copy(Buffer buffer, int row, int to, int count) {
            int rowBytes = header.form().rowBytes();
            if (buffer.features instanceof byte[] bytes) {
                piece.get(row * rowBytes, bytes, to * rowBytes, count * rowBytes);
            } else {
                int n = header.form().features();
                piece.clear().asFloatBuffer().get(row * n, (float[]) buffer.features, to * n, count * n);
            }
        }
    }
}
