package lanewise.trainer.data;

import java.util.Arrays;
import java.util.List;
import lanewise.kernels.Workers;

/**
 * Rows to learn or to measure by, which are gone through in blocks: a {@link Dataset} is in memory as a whole and is one
 * block, {@link DiskRows} come from the disk a block at a time. No result depends on where the blocks begin and end.
 *
 * <p>A <i>unit</i> is 128 rows, a <i>chunk</i> the 8,192 rows that are shuffled together and lie together in a packed file, and
 * a <i>block</i> the rows that a pass gives at a time.
 */
public interface Rows {
    /** Every block but the last of a pass in the order of the data has a multiple of this many rows. */
    int UNIT = 128;

    /**
     * The number of rows.
     *
     * @return at least 1
     */
    int rows();

    /**
     * The number of features of a row.
     *
     * @return at least 1
     */
    int features();

    /**
     * The number of classes; some may have no row.
     *
     * @return every label is less
     */
    default int classes() {
        return classNames().size();
    }

    /**
     * The names of the classes.
     *
     * @return 0, 1, 2 and so on for classes that have no other names
     */
    List<String> classNames();

    /**
     * The names of the features, as the header of a table has them.
     *
     * @return a name for each feature, or nothing at all
     */
    List<String> featureNames();

    /**
     * How many rows each class has.
     *
     * @return a number for each class, all 0 when the rows are not labelled
     */
    int[] classCounts();

    /**
     * Weights under which every class counts alike, as scikit-learn's {@code balanced}: rows / (classes that occur * rows of
     * the class), in double and rounded to float once.
     *
     * @return a weight for each class; 0 for one that does not occur
     */
    default float[] balancedClassWeights() {
        int[] counts = classCounts();
        long occurring = Arrays.stream(counts).filter(count -> count > 0).count();
        float[] weights = new float[counts.length];
        for (int c = 0; c < counts.length; c++) {
            weights[c] = counts[c] == 0 ? 0 : (float) (rows() / ((double) occurring * counts[c]));
        }
        return weights;
    }

    /**
     * Whether each row has a class.
     *
     * @return false if none has
     */
    boolean isLabelled();

    /**
     * What has been done to the features since they were read.
     *
     * @return the scaling
     */
    Scaling scaling();

    /**
     * Whether the features are kept as floats.
     *
     * @return false for pixels and sparse rows
     */
    boolean holdsFloats();

    /**
     * Whether the features are bytes, as they come or times 1/255, which {@link #pixelRows} can give to the kernels.
     *
     * @return false for floats and sparse rows, and for packed bytes that are not {@linkplain #holdsTiles tiles}
     */
    boolean holdsPixels();

    /**
     * Whether the features are bytes in the order of the kernels alone, which softmax regression of few classes reads and
     * no other model.
     *
     * @return true for bytes that {@link RawPart#write} has packed for such a model
     */
    boolean holdsTiles();

    /**
     * Whether the rows are sparse, with their entries alone.
     *
     * @return false for floats and pixels
     */
    boolean holdsSparse();

    /**
     * By which number the file of sparse rows counts its first column.
     *
     * @return 0 or 1; -1 if the rows are not sparse, or of no file
     */
    int firstIndex();

    /**
     * The rows in the layout of the kernels of bytes; if they are on the disk, their form alone.
     *
     * @param layout the layout
     * @param workers share the work
     * @return the rows
     * @throws IllegalStateException if the features are not bytes
     */
    PixelRows pixelRows(PixelLayout layout, Workers workers);

    /**
     * Checks that every feature is a number, as training needs it.
     *
     * @throws lanewise.trainer.LanewiseException if one is NaN or infinite (65)
     */
    void requireFinite();

    /**
     * Names the content.
     *
     * @return 64 hexadecimal digits, as {@link Dataset#fingerprint} says
     */
    String fingerprint();

    /**
     * How many rows a block has at most.
     *
     * @return at least 1
     */
    int blockRows();

    /**
     * Begins to go through the rows. One pass is under way at a time: another one ends it, over rows on the disk, whose blocks
     * give way to those of the new pass.
     *
     * @param order the order of the rows, or null for that in which they are
     * @param row the row of this order to begin at; the first block holds it
     * @return the pass
     */
    Pass pass(Shuffle.Order order, int row);

    /**
     * Some of the rows. Of those on the disk, to interrupt the thread while it reads closes the file, as it does with any
     * channel: no rows can be read after that. An interrupt from before stays, and does no harm.
     *
     * @param chosen the rows to take, in this order; at least one, and no more than 8,192 of those on the disk
     * @return a copy of them in memory
     * @throws IllegalArgumentException if there is no such row, none is chosen, more of those on the disk are, or the copy
     *     would take arrays that are too long
     * @throws IllegalStateException if they are {@linkplain #holdsTiles tiles} in memory
     * @throws lanewise.trainer.LanewiseException if rows on the disk cannot be read (74), are damaged (65), or do not fit the
     *     heap (71)
     */
    Dataset subset(int[] chosen);

    /** The blocks of a pass, for one thread. */
    interface Pass {
        /**
         * The next block, which takes the place of the one before.
         *
         * @return the block, or null behind the last one
         * @throws lanewise.trainer.LanewiseException if the rows cannot be read (74), or are damaged (65)
         * @throws IllegalStateException if the pass is ended
         */
        Block next();

        /**
         * Whether this pass can go no further since another one has begun, or what reads the rows is closed. The block that
         * {@link #next} gave last may be overwritten then. To come to the last row does not end a pass in this sense.
         *
         * @return false for rows in memory
         */
        default boolean isEnded() {
            return false;
        }
    }

    /**
     * Some rows of a pass. Two are equal only if they have the same array and data set, not for equal content: compare what
     * they hold.
     *
     * @param data the rows
     * @param first how many rows of the pass come before
     * @param order the order in which the pass goes through them, or null for that in which they are
     */
    record Block(Dataset data, int first, int[] order) {
        /**
         * Where the next block begins.
         *
         * @return how many rows of the pass come before it
         */
        public int end() {
            return first + data.rows();
        }
    }
}
