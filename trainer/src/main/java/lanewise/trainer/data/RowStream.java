package lanewise.trainer.data;

import java.util.List;

/**
 * The labelled rows of an input from its start to its end, a few at a time, in memory that does not depend on how many there
 * are.
 */
interface RowStream extends AutoCloseable {
    /** How many features are read at a time. */
    int VALUES = 1 << 19;

    /** Stands for the names of the classes, which are known at the end. */
    List<String> NOT_YET = ClassNames.counted(Integer.MAX_VALUE);

    /** How a row is; of sparse rows the number of features is one that is not reached. */
    RowsHeader.Form form();

    /** What is done to the features when nobody says otherwise. */
    default Scaling usualScaling() {
        return Scaling.NONE;
    }

    /**
     * The next rows.
     *
     * @return the rows, not scaled, labelled with stand-ins; null behind the last
     * @throws lanewise.trainer.LanewiseException if the input is damaged (65), or cannot be read (74)
     */
    Dataset next();

    /**
     * Orders the classes, when all rows have been read.
     *
     * @param standIns become classes
     * @return the names of the classes
     * @throws lanewise.trainer.LanewiseException if the labels are no classes (65)
     */
    List<String> settle(int[] standIns);

    /** What the columns of sparse rows have turned out to be, when all have been read. */
    default Columns columns() {
        return new Columns(0, form().features());
    }

    /**
     * What the columns of all rows are.
     *
     * @param first the number of the first one, by which sparse rows count them
     * @param features how many there are
     */
    record Columns(int first, int features) {}

    /** How many rows of a form are read at a time. */
    static int rowsAtOnce(RowsHeader.Form form) {
        return Math.max(1, Math.min(Shuffle.CHUNK, VALUES / form.features()));
    }

    /** Closes the input. */
    @Override
    void close();
}
