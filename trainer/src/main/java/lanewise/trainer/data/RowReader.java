package lanewise.trainer.data;

import java.util.List;

/**
 * The rows of an input one block after the other, in memory that does not depend on how many there are. The features are
 * as the input has them, not scaled, and finite, but for the values that {@link DataReader.Builder#keepMissing} lets a table
 * lack, which are NaN. For one thread at a time.
 *
 * <p>{@link DataReader#rows} opens one.
 */
public final class RowReader implements AutoCloseable {
    private final RowStream rows;
    private final Scaling usual;

    /** Takes rows whose labels, if they come with some, are left out. */
    RowReader(RowStream rows, Reading reading) {
        this.rows = rows;
        this.usual = reading.scalingOr(rows.usualScaling());
    }

    /**
     * The number of features of a row.
     *
     * @return at least 1
     */
    public int features() {
        return rows.form().features();
    }

    /**
     * What is done to the features when nobody says otherwise.
     *
     * @return the scaling of the rows that these are to be like, or else that which is usual for inputs of this kind
     */
    public Scaling usualScaling() {
        return usual;
    }

    /**
     * Reads the next rows. The end of the input is looked for along with its last row, so that damage there is told before
     * that row is used.
     *
     * @param x receives them, [rows][features], without gaps, from its start; has room for one at least
     * @param most how many rows at most, at least 1; no more are read than x has room for
     * @return how many rows were read: fewer than asked for and than there is room for only at the end, and 0 behind it
     * @throws IllegalArgumentException if no row is asked for, or there is room for none
     * @throws lanewise.trainer.LanewiseException if the input is damaged, or cannot be read
     */
    public int read(float[] x, int most) {
        requireSome(most);
        int room = x.length / features();
        if (room == 0) {
            throw new IllegalArgumentException(x.length + " values are no row of " + features() + " features");
        }
        int wanted = Math.min(most, room);
        int done = 0;
        while (done < wanted) {
            int count = rows.read(x, done * features(), wanted - done);
            if (count == 0) {
                return done;
            }
            done += count;
        }
        return done;
    }

    private static void requireSome(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at most " + most + " rows are none");
        }
    }

    /**
     * Whether the rows are sparse, and {@link #readSparse} can be called.
     *
     * @return false unless the input is sparse
     */
    public boolean holdsSparse() {
        return rows.form().sparse();
    }

    /**
     * Reads the next rows as {@link #read} does, and leaves them sparse.
     *
     * @param most how many rows at most, at least 1
     * @return the rows without labels, fewer than asked for where they have many entries or at the end; null behind it
     * @throws lanewise.trainer.LanewiseException if the input is damaged, or cannot be read
     * @throws IllegalArgumentException if no row is asked for
     * @throws IllegalStateException if the rows are not sparse
     */
    public Dataset readSparse(int most) {
        if (!holdsSparse()) {
            throw new IllegalStateException("the rows are not sparse");
        }
        requireSome(most);
        Dataset read = rows.next(most);
        return read == null ? null : read.withLabels(new int[0], List.of());
    }

    /** Closes the input. */
    @Override
    public void close() {
        rows.close();
    }
}
