package lanewise.trainer.data;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * A thread that reads the blocks of {@link DiskRows} ahead of whoever goes through them. There are three blocks: one is in
 * use, one is ready, and one is being filled. They come in the order of the pass, so a block of a shuffled pass has its rows
 * in their new order.
 *
 * <p>A block is a chunk of 8,192 rows, or as many rows of one as fit a sixteenth of the heap; of sparse rows some have more
 * entries than others, so such blocks differ in their rows.
 */
public final class BlockReader implements AutoCloseable {
    static final int BLOCKS = 3;

    private static final long MOST_BYTES = 1 << 26;
    private static final int SHARE_OF_HEAP = 16;

    private final long blockBytes;
    private final int unit;

    // Guarded by this.
    private Thread thread;
    private RunningPass pass;
    private boolean idle = true;
    private boolean closed;

    /** Of the thread alone. */
    private Piece piece;

    /** Makes a reader, whose thread starts with the first pass. */
    public BlockReader() {
        this(mostBytes());
    }

    /** Makes a reader of blocks of so many bytes. */
    BlockReader(long blockBytes) {
        this(blockBytes, Rows.UNIT);
    }

    /** As the other one, of a multiple of so many rows that are not sparse. */
    BlockReader(long blockBytes, int unit) {
        this.blockBytes = blockBytes;
        this.unit = unit;
    }

    /** What a block takes at most, unless 128 rows take more; other readers read as much at a time. */
    static long mostBytes() {
        return mostBytes(Runtime.getRuntime().maxMemory());
    }

    /** As {@link #mostBytes()}, in a heap of so many bytes. */
    static long mostBytes(long heap) {
        return Math.min(MOST_BYTES, heap / SHARE_OF_HEAP);
    }

    /** How many rows of a form there are in so many bytes: whole units, one at least, and no more than a chunk. */
    static int rowsAtOnce(long bytes, RowForm form, int unit) {
        long units = Math.max(1, bytes / unit / form.blockRowBytes());
        return (int) Math.min(Shuffle.CHUNK, units * unit);
    }

    int blockRows(RowsHeader header) {
        return Math.min(header.rows(), rowsAtOnce(blockBytes, header.form(), unit));
    }

    /** How many entries a block of sparse rows has at most: a unit fits, whatever it has. */
    int blockEntries(RowsHeader header) {
        long most =
                Math.max(blockBytes / RowsHeader.ENTRY_BYTES, header.entries().largestUnit());
        return (int) Math.min(header.entries().largestChunk(), most);
    }

    /** Ends the pass that is under way, and begins another one. */
    synchronized Rows.Pass begin(DiskRows rows, Shuffle.Order order, int row) {
        requireOpen();
        // Another thread may begin a pass of its own meanwhile, which is then to be called off as well.
        await(() -> {
            callOff();
            return closed || idle;
        });
        requireOpen();
        if (thread == null) {
            Thread started = new Thread(this::run, "lanewise-reader");
            started.setDaemon(true);
            // It may not start for want of memory; then nothing has changed.
            started.start();
            thread = started;
        }
        pass = new RunningPass(rows, order, row, pass == null ? new ArrayDeque<>() : pass.giveUpBuffers());
        idle = false;
        notifyAll();
        return pass;
    }

    /** To be called with the lock. */
    private void callOff() {
        if (pass != null && !pass.calledOff) {
            pass.calledOff = true;
            notifyAll();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the reader is closed");
        }
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
                now.finished = true;
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
            callOff();
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

    /**
     * The blocks of one pass, which waits for the reader's thread, is being read, and then is finished or called off. What
     * changes is guarded by the reader; each method is for its thread or for the caller's.
     */
    private final class RunningPass implements Rows.Pass {
        private final DiskRows rows;
        private final RowsHeader header;
        private final Shuffle.Order order;
        private final int start;
        private final int blockRows;
        private final int blockEntries;
        private final Deque<BlockBuffer> buffers;
        private final Deque<Filled> ready = new ArrayDeque<>();
        private int made;
        private BlockBuffer inUse;
        private boolean calledOff;
        private boolean finished;
        private Throwable failure;

        private record Filled(BlockBuffer buffer, Rows.Block block) {}

        RunningPass(DiskRows rows, Shuffle.Order order, int start, Deque<BlockBuffer> buffers) {
            this.rows = rows;
            this.header = rows.header();
            this.order = order;
            this.start = start;
            this.blockRows = blockRows(header);
            this.blockEntries = blockEntries(header);
            this.buffers = buffers;
            this.made = buffers.size();
        }

        /** Caller's thread: the memory of a pass that has been called off, for the next one. */
        private Deque<BlockBuffer> giveUpBuffers() {
            ready.forEach(filled -> buffers.add(filled.buffer));
            ready.clear();
            if (inUse != null) {
                buffers.add(inUse);
                inUse = null;
            }
            return buffers;
        }

        /** Caller's thread. */
        @Override
        public boolean isEnded() {
            synchronized (BlockReader.this) {
                return closed || calledOff;
            }
        }

        /** Caller's thread. */
        private void requireUnderWay() {
            requireOpen();
            if (calledOff) {
                throw new IllegalStateException("another pass over rows of the same reader has ended this one");
            }
        }

        /** Caller's thread: gives the block before back, and waits for one that is ready. */
        @Override
        public Rows.Block next() {
            synchronized (BlockReader.this) {
                requireUnderWay();
                if (inUse != null) {
                    buffers.add(inUse);
                    inUse = null;
                    BlockReader.this.notifyAll();
                }
                await(() -> calledOff || finished || !ready.isEmpty());
                requireUnderWay();
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

        /** Reader's thread. */
        private void read() {
            piece = piece == null ? new Piece() : piece;
            Chunk chunk = new Chunk(rows, order, piece, blockRows, blockEntries);
            int[] chunks = order == null ? null : order.chunks();
            int first = 0;
            for (int i = 0; i < Shuffle.chunks(header.rows()); i++) {
                chunk.go(chunks == null ? i : chunks[i]);
                if (first + chunk.rows() > start && !read(chunk, first)) {
                    return;
                }
                first += chunk.rows();
            }
        }

        /**
         * Reader's thread: reads a chunk, from the block on that holds the first row of the pass. Returns false if it is called
         * off.
         */
        private boolean read(Chunk chunk, int first) {
            try {
                chunk.open();
                for (int from = 0, count; from < chunk.rows(); from += count) {
                    count = chunk.blockRows(from);
                    if (first + from + count <= start) {
                        continue;
                    }
                    BlockBuffer buffer = take(count);
                    if (buffer == null) {
                        return false;
                    }
                    chunk.fill(buffer, from);
                    Rows.Block block = new Rows.Block(buffer.data(rows), first + from, null);
                    synchronized (BlockReader.this) {
                        ready.add(new Filled(buffer, block));
                        BlockReader.this.notifyAll();
                    }
                }
                return true;
            } catch (IOException e) {
                throw rows.failed(e);
            }
        }

        /** Reader's thread: a buffer to fill, or null when the pass is called off. */
        private BlockBuffer take(int count) {
            synchronized (BlockReader.this) {
                await(() -> calledOff || !buffers.isEmpty() || made < BLOCKS);
                if (calledOff) {
                    return null;
                }
                BlockBuffer free = buffers.poll();
                made += free == null ? 1 : 0;
                return free != null && free.takes(header.form(), count, blockEntries)
                        ? free
                        : BlockBuffer.of(header.form(), count, blockEntries);
            }
        }
    }
}
