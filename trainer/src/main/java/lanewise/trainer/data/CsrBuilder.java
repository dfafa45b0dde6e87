package lanewise.trainer.data;

import java.util.Arrays;

/** Sparse rows with their labels, which are added one entry after the other. */
final class CsrBuilder implements SparseSink {
    private final Room room;
    private int[] labels;
    private int[] rowStart;
    private int[] columns;
    private float[] values;
    private int rows;
    private int entries;

    /** Begins with room for so many entries, and an eighth as many rows. */
    CsrBuilder(int first, Room room) {
        this.room = room;
        labels = new int[first / 8 + 1];
        rowStart = new int[labels.length + 1];
        columns = new int[first];
        values = new float[first];
    }

    /** The next size of arrays that are full. */
    @FunctionalInterface
    interface Room {
        /**
         * Says how long they are to be.
         *
         * @param needed how many items they must hold
         * @param bytes what an item takes in all of them
         */
        int next(long needed, int bytes);
    }

    /** Begins anew in the same memory. */
    void clear() {
        rows = 0;
        entries = 0;
    }

    @Override
    public void add(int column, float value) {
        if (entries == columns.length) {
            int size = room.next(entries + 1L, Integer.BYTES + Float.BYTES);
            columns = Arrays.copyOf(columns, size);
            values = Arrays.copyOf(values, size);
        }
        columns[entries] = column;
        values[entries++] = value;
    }

    @Override
    public void endRow(int label) {
        if (rows == labels.length) {
            int size = room.next(rows + 1L, 2 * Integer.BYTES);
            labels = Arrays.copyOf(labels, size);
            rowStart = Arrays.copyOf(rowStart, size + 1);
        }
        labels[rows++] = label;
        rowStart[rows] = entries;
    }

    int rows() {
        return rows;
    }

    int entries() {
        return entries;
    }

    /** The labels so far, in a copy. */
    int[] labels() {
        return Arrays.copyOf(labels, rows);
    }

    /** The rows so far, in copies, whose columns count from this one. */
    Csr rowsFrom(int first) {
        int[] counted = Arrays.copyOf(columns, entries);
        for (int i = 0; first > 0 && i < entries; i++) {
            counted[i] -= first;
        }
        return new Csr(Arrays.copyOf(rowStart, rows + 1), counted, Arrays.copyOf(values, entries));
    }
}
