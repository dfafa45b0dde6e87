package lanewise.trainer.data;

import java.util.List;

/**
 * The rows of an input from its start to its end, a few at a time, in memory that does not depend on how many there are. They
 * are labelled where that was asked for.
 *
 * <p>The classes may be known only when all labels have been seen: numbers are sorted, and so are texts. Until then a label
 * is a stand-in, the number of its text in the order in which the texts appear, and rows are labelled with stand-ins under
 * the names {@link #NOT_YET}. {@link #settle} tells which class each stand-in is for. Where the classes are known before, a
 * stand-in is the class.
 */
interface RowStream extends AutoCloseable {
    /** Stands for the names of the classes, which are known at the end: long enough for any stand-in. */
    List<String> NOT_YET = ClassNames.counted(Integer.MAX_VALUE);

    /** How a row is; while the columns of sparse rows are not known, the number of features is one that is not reached. */
    RowForm form();

    /** What is done to the features when nobody says otherwise. */
    default Scaling usualScaling() {
        return Scaling.NONE;
    }

    /** What it takes to read {@link Rows#UNIT} rows, cut to their length and scaled, while those before are in use. */
    default long unitBytes() {
        return 4L * Rows.UNIT * form().rowBytes();
    }

    /**
     * The next rows. The end of the input is looked for along with its last row, so that damage there is told before that row
     * is used.
     *
     * @param most how many rows at most
     * @return the rows, not scaled, labelled with stand-ins: fewer than asked for only at the end, or where sparse ones have
     *     many entries; null behind the last
     * @throws lanewise.trainer.LanewiseException if the input is damaged (65), or cannot be read (74)
     */
    Dataset next(int most);

    /**
     * The features of the next rows, as {@link #next} gives them.
     *
     * @param x receives them, without gaps
     * @param at where the first one begins
     * @param most how many rows at most, at least 1
     * @return how many rows there were; 0 behind the last
     */
    default int read(float[] x, int at, int most) {
        Dataset block = next(most);
        if (block == null) {
            return 0;
        }
        block.copyRows(0, block.rows(), x, at);
        return block.rows();
    }

    /**
     * Orders the classes, when all rows have been read.
     *
     * @param standIns become classes
     * @return the names of the classes
     * @throws lanewise.trainer.LanewiseException if the labels are not classes (65)
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

    /** Closes the input. */
    @Override
    void close();
}
