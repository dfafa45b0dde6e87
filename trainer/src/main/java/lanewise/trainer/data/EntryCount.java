package lanewise.trainer.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntPredicate;
import lanewise.trainer.io.Heap;

/** Counts the entries of sparse rows, one row after the other. */
final class EntryCount implements SparseSink {
    private long[] ends = {};
    private long entries;
    private int ofUnit;
    private int ofLargestUnit;
    private int rows;

    // The entries of the row that has begun, and one more than the largest label.
    private int length;
    private int labels;

    /** Counts those rows of a file whose labels are wanted, without a look at their entries; nothing where it has none. */
    static RowsHeader.Entries of(DiskRows file, IntPredicate isWanted) {
        RowsHeader header = file.header();
        if (!header.form().sparse()) {
            return RowsHeader.Entries.NONE;
        }
        EntryCount count = new EntryCount();
        int[] labels = new int[Shuffle.CHUNK];
        int[] lengths = new int[Shuffle.CHUNK];
        try {
            for (int chunk = 0; chunk < Shuffle.chunks(header.rows()); chunk++) {
                header.readLabels(file.channel(), chunk, labels);
                header.readLengths(file.channel(), chunk, lengths);
                for (int row = 0; row < Shuffle.chunkRows(chunk, header.rows()); row++) {
                    if (isWanted.test(labels[row])) {
                        count.add(lengths[row]);
                    }
                }
            }
        } catch (IOException e) {
            throw file.failed(e);
        }
        return count.all();
    }

    @Override
    public void add(int column, float value) {
        length++;
    }

    @Override
    public void endRow(int label) {
        add(length);
        length = 0;
        labels = Math.max(labels, label + 1);
    }

    /** Adds a row. */
    void add(int length) {
        if (rows == Integer.MAX_VALUE) {
            throw Heap.tooMany("rows");
        }
        entries += length;
        int before = rows % Rows.UNIT == 0 ? 0 : ofUnit;
        if (length > Integer.MAX_VALUE - before) {
            throw Heap.tooMany("entries in " + Rows.UNIT + " rows");
        }
        ofUnit = before + length;
        ofLargestUnit = Math.max(ofLargestUnit, ofUnit);
        int chunk = rows / Shuffle.CHUNK;
        rows++;
        ends = chunk < ends.length ? ends : Arrays.copyOf(ends, 2 * chunk + 1);
        ends[chunk] = entries;
    }

    int rows() {
        return rows;
    }

    /** One more than the largest label. */
    int labels() {
        return labels;
    }

    /** What the rows have, of which there is one at least. */
    RowsHeader.Entries all() {
        return new RowsHeader.Entries(Arrays.copyOf(ends, Shuffle.chunks(rows)), ofLargestUnit);
    }
}
