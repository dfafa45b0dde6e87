package lanewise.trainer.data;

import java.io.IOException;

/**
 * A chunk of packed rows, one after the other in the order of a pass: what is known of its rows before they are read, and how
 * they are read.
 */
final class Chunk {
    private final DiskRows rows;
    private final RowsHeader header;
    private final Piece piece;
    private final int mostRows;
    private final int mostEntries;
    private final Shuffle.Order order;
    private final int[] permuted = new int[Shuffle.CHUNK];
    private final int[] place = new int[Shuffle.CHUNK];
    private final int[] labels = new int[Shuffle.CHUNK];

    // Of sparse rows, as they lie in the file.
    private final int[] lengths;
    private final long[] entriesBefore;

    private int number;
    private int count;

    /** Blocks have at most so many rows and entries. */
    Chunk(DiskRows rows, Shuffle.Order order, Piece piece, int mostRows, int mostEntries) {
        this.rows = rows;
        this.header = rows.header();
        this.order = order;
        this.piece = piece;
        this.mostRows = mostRows;
        this.mostEntries = mostEntries;
        boolean sparse = header.form().sparse();
        lengths = new int[sparse ? Shuffle.CHUNK : 0];
        entriesBefore = new long[sparse ? Shuffle.CHUNK + 1 : 0];
    }

    /** Goes to the next chunk of the pass, which is this one. */
    void go(int chunk) {
        number = chunk;
        count = Shuffle.chunkRows(chunk, header.rows());
        if (order != null) {
            order.draw(chunk, permuted);
        }
    }

    int rows() {
        return count;
    }

    /** Reads what comes before the features. */
    void open() throws IOException {
        header.readLabels(rows.channel(), number, labels);
        if (!header.form().sparse()) {
            return;
        }
        header.readLengths(rows.channel(), number, lengths);
        for (int row = 0; row < count; row++) {
            entriesBefore[row + 1] = entriesBefore[row] + lengths[row];
            if (lengths[row] < 0) {
                throw rows.damaged();
            }
        }
        if (entriesBefore[count] != header.entries().of(number)) {
            throw rows.damaged();
        }
    }

    /** Which row of the chunk comes at a place of the order. */
    private int row(int at) {
        return order == null ? at : permuted[at];
    }

    /** How many rows the block has that begins at a place of the order. */
    int blockRows(int from) {
        int most = Math.min(mostRows, count - from);
        if (!header.form().sparse()) {
            return most;
        }
        long entries = 0;
        for (int i = 0; i < most; i++) {
            entries += lengths[row(from + i)];
            if (entries > mostEntries) {
                int fit = order == null ? i / Rows.UNIT * Rows.UNIT : i;
                if (fit == 0) {
                    // The largest unit has more entries than the header says.
                    throw rows.damaged();
                }
                return fit;
            }
        }
        return most;
    }

    /** Fills a block: with all rows of a chunk in one go, or, if there are more of them, with one after another. */
    void fill(BlockBuffer block, int from) throws IOException {
        int blockRows = block.labels.length;
        for (int i = 0; i < blockRows; i++) {
            block.labels[i] = labels[row(from + i)];
        }
        if (header.form().sparse()) {
            int[] rowStart = block.rowStart();
            for (int i = 0; i < blockRows; i++) {
                rowStart[i + 1] = rowStart[i] + lengths[row(from + i)];
            }
        }
        if (order == null) {
            open(from, blockRows);
            for (int i = 0; i < blockRows; i++) {
                block.read(piece, i);
            }
        } else if (blockRows == count) {
            for (int i = 0; i < count; i++) {
                place[permuted[i]] = i;
            }
            open(0, count);
            for (int row = 0; row < count; row++) {
                block.read(piece, place[row]);
            }
        } else {
            for (int i = 0; i < blockRows; i++) {
                open(permuted[from + i], 1);
                block.read(piece, i);
            }
        }
    }

    /** Goes to the chunk that holds a row of the file, and says which of its rows that is. */
    private int find(int row) throws IOException {
        if (count == 0 || row / Shuffle.CHUNK != number) {
            go(row / Shuffle.CHUNK);
            open();
        }
        return row % Shuffle.CHUNK;
    }

    /** How many entries a sparse row of the file has. */
    int entries(int row) throws IOException {
        return lengths[find(row)];
    }

    /** Reads a row of the file to a place of a block that is filled up to there. */
    void copy(int row, BlockBuffer block, int to) throws IOException {
        int at = find(row);
        block.labels[to] = labels[at];
        if (header.form().sparse()) {
            block.rowStart()[to + 1] = block.rowStart()[to] + lengths[at];
        }
        open(at, 1);
        block.read(piece, to);
    }

    /** Goes to rows that lie one behind the other. */
    private void open(int row, int n) {
        int rowBytes = header.form().rowBytes();
        boolean sparse = header.form().sparse();
        long at = sparse ? entriesBefore[row] * RowsHeader.ENTRY_BYTES : (long) row * rowBytes;
        long end = sparse ? entriesBefore[row + n] * RowsHeader.ENTRY_BYTES : (long) (row + n) * rowBytes;
        piece.open(rows.channel(), header.chunkAt(number) + at, end - at);
    }
}
