package lanewise.trainer.data;

import lanewise.trainer.io.Heap;

/**
 * Rows that are mostly zeros, as compressed sparse rows: of each row only the features that are not zero, by ascending
 * column. The arrays are not copied and must not be changed; columns and values may go on behind the last row.
 *
 * <p>Two are equal only if they have the same arrays, not for equal content: compare the arrays.
 *
 * @param rowStart where each row starts in the other two arrays, and where the last one ends: rows + 1 numbers from 0 on
 * @param columns the column of each entry, a feature that is kept, ascending within a row
 * @param values the value of each entry
 */
public record Csr(int[] rowStart, int[] columns, float[] values) {
    /**
     * Checks that the arrays agree.
     *
     * @param rowStart rows + 1 numbers that start at 0 and never fall
     * @param columns ascending within a row, from 0 to 2,147,483,646
     * @param values as long an array as columns, and both as long as the rows at least
     * @throws IllegalArgumentException if they do not
     */
    public Csr {
        if (rowStart.length == 0 || rowStart[0] != 0) {
            throw new IllegalArgumentException("the first row does not start at 0");
        }
        if (columns.length != values.length || rowStart[rowStart.length - 1] > values.length) {
            throw new IllegalArgumentException(columns.length + " columns and " + values.length
                    + " values for rows that end at " + rowStart[rowStart.length - 1]);
        }
        for (int row = 0; row < rowStart.length - 1; row++) {
            requireAscending(row, rowStart[row], rowStart[row + 1], columns);
        }
    }

    private static void requireAscending(int row, int from, int to, int[] columns) {
        if (to < from || to > columns.length) {
            throw new IllegalArgumentException("row " + row + " ends at " + to + " and starts at " + from);
        }
        int last = -1;
        for (int i = from; i < to; i++) {
            if (columns[i] <= last) {
                throw new IllegalArgumentException(
                        "column " + columns[i] + " follows column " + last + " in row " + row);
            }
            last = columns[i];
        }
        if (last == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("column " + last + " in row " + row + " is too large");
        }
    }

    /**
     * The number of rows.
     *
     * @return at least 0
     */
    public int rows() {
        return rowStart.length - 1;
    }

    /**
     * The number of entries of all rows.
     *
     * @return at least 0
     */
    public int entries() {
        return rowStart[rows()];
    }

    /**
     * How many features a row needs to hold every column.
     *
     * @return the largest column + 1, or 0 if nothing is kept
     */
    public int width() {
        int width = 0;
        for (int row = 0; row < rows(); row++) {
            if (rowStart[row + 1] > rowStart[row]) {
                width = Math.max(width, columns[rowStart[row + 1] - 1] + 1);
            }
        }
        return width;
    }

    /**
     * Some of the rows, in the given order.
     *
     * @param chosen the rows to take
     * @return a copy of them
     */
    Csr subset(int[] chosen) {
        return subset(chosen, 0);
    }

    /**
     * Some of the rows, in the given order, with columns that count from another one on.
     *
     * @param chosen the rows to take
     * @param firstColumn which column becomes column 0
     * @return a copy of them
     */
    Csr subset(int[] chosen, int firstColumn) {
        int[] starts = new int[chosen.length + 1];
        for (int i = 0; i < chosen.length; i++) {
            int count = rowStart[chosen[i] + 1] - rowStart[chosen[i]];
            if (count > Heap.LONGEST_ARRAY - starts[i]) {
                throw new IllegalArgumentException(
                        chosen.length + " sparse rows have more than " + Heap.LONGEST_ARRAY + " entries");
            }
            starts[i + 1] = starts[i] + count;
        }
        int[] keptColumns = new int[starts[chosen.length]];
        float[] keptValues = new float[starts[chosen.length]];
        for (int i = 0; i < chosen.length; i++) {
            int count = starts[i + 1] - starts[i];
            System.arraycopy(columns, rowStart[chosen[i]], keptColumns, starts[i], count);
            System.arraycopy(values, rowStart[chosen[i]], keptValues, starts[i], count);
        }
        for (int i = 0; i < keptColumns.length; i++) {
            keptColumns[i] -= firstColumn;
        }
        return new Csr(starts, keptColumns, keptValues);
    }
}
