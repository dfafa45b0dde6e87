package lanewise.trainer.data;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Heap;

/**
 * Labelled rows of an input, which go by once, a block at a time, in memory that does not depend on how many there are. For
 * one thread.
 *
 * <p>{@link DataReader#labelledRows} opens them.
 */
public final class LabelledRows implements Rows.Pass, AutoCloseable {
    private final RowStream rows;
    private final Path name;
    private final List<String> classNames;
    private final Scaling scaling;
    private final RowForm form;
    private final int most;
    private int before;

    /** Takes rows of known classes. */
    LabelledRows(RowStream rows, Path name, Reading reading, UnaryOperator<Scaling> scaling) {
        this.rows = rows;
        this.name = name;
        this.classNames = reading.classes();
        this.scaling = scaling.apply(reading.scalingOr(rows.usualScaling()));
        this.form = this.scaling.isFitted() ? RowForm.ofFloats(rows.form().features(), List.of()) : rows.form();
        this.most = BlockReader.rowsAtOnce(BlockReader.mostBytes(), form, Rows.UNIT);
    }

    /**
     * Whether the rows come sparse.
     *
     * @return false where the scaling fills them
     */
    public boolean holdsSparse() {
        return form.sparse();
    }

    /**
     * Sees that a few rows fit the heap.
     *
     * @param besides the bytes of what else is to be on the heap
     * @param longestArray how long an array among that is
     * @throws LanewiseException if they do not (71)
     */
    public void requireRoom(long besides, long longestArray) {
        // Where the scaling makes floats of them, these are more.
        long bytes = besides + Math.max(rows.unitBytes(), 4L * Rows.UNIT * form.rowBytes());
        if (longestArray > Heap.LONGEST_ARRAY) {
            throw Heap.shortage(bytes, longestArray, name);
        }
        if (!Heap.fits(bytes, form.sparse() ? 0 : (long) Rows.UNIT * form.features())) {
            throw Heap.shortage(bytes, "a block of the rows ").in(name);
        }
    }

    @Override
    public Rows.Block next() {
        Dataset read = rows.next(most);
        if (read == null) {
            return null;
        }
        if (read.rows() > Integer.MAX_VALUE - before) {
            throw Heap.tooMany("rows").in(name);
        }
        Rows.Block block = new Rows.Block(scaled(labelled(read)), before, null);
        before = block.end();
        return block;
    }

    /** Bytes that are images are so from here on: that decides the order in which they are added up. */
    private Dataset labelled(Dataset read) {
        return read.bytes()
                .map(bytes -> Dataset.ofBytes(
                        bytes, read.rows(), read.features(), rows.form().image()))
                .orElse(read)
                .withLabels(read.labels(), classNames);
    }

    /** A scaling of each feature leaves no row sparse, and may leave one that is finite no longer so. */
    private Dataset scaled(Dataset block) {
        if (!scaling.isFitted()) {
            return block.scaled(scaling);
        }
        Dataset scaled = (block.holdsSparse() ? block.dense() : block).scaled(scaling);
        try {
            scaled.requireFinite(before);
        } catch (LanewiseException e) {
            throw e.in(name).hint("It is too far from what the scaling was fitted on.");
        }
        return scaled;
    }

    /** Closes the input. */
    @Override
    public void close() {
        rows.close();
    }
}
