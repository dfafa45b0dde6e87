package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.NamelessFile;

/**
 * Labelled rows as they were read, in a file that has no name and goes when it is closed. They are cut and scaled on the way
 * to the packed files that are trained on.
 */
public final class RawRows implements AutoCloseable {
    private static final long BLOCK_BYTES = 1 << 18;

    private final DiskRows file;
    private final Scaling usual;

    /** The class of each stand-in, and the names of the classes. */
    private final int[] classOf;

    private final List<String> classNames;

    private final RowStream.Columns columns;

    /** Takes rows that a file has or, if they have been counted and not copied, has not. */
    RawRows(
            FileChannel channel,
            Path folder,
            RowsHeader header,
            Scaling usual,
            int[] classOf,
            List<String> classNames,
            RowStream.Columns columns) {
        this.file = new DiskRows(channel, folder, header, new BlockReader(BLOCK_BYTES, 1));
        this.usual = usual;
        this.classOf = classOf;
        this.classNames = classNames;
        this.columns = columns;
    }

    /** Copies rows, and closes where they come from. */
    static RawRows copy(RowStream rows, Reading reading, Path folder) {
        try (rows) {
            FileChannel channel = NamelessFile.in(folder);
            try {
                RowsWriter writer = new RowsWriter(channel, rows.form());
                int most = BlockReader.rowsAtOnce(BLOCK_BYTES, rows.form(), 1);
                for (Dataset block = rows.next(most); block != null; block = rows.next(most)) {
                    writer.add(block);
                }
                RowStream.Columns columns = rows.columns();
                int[] classOf = IntStream.range(0, writer.standIns()).toArray();
                List<String> names = rows.settle(classOf);
                RowsHeader header = writer.end(RowStream.NOT_YET.subList(0, classOf.length), Scaling.NONE);
                Scaling usual = reading.scalingOr(rows.usualScaling());
                return new RawRows(channel, folder, header, usual, classOf, names, columns);
            } catch (Throwable t) {
                channel.close();
                throw t;
            }
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(folder);
        }
    }

    /**
     * The number of rows.
     *
     * @return at least 1
     */
    public int rows() {
        return file.rows();
    }

    /**
     * The number of features of a row.
     *
     * @return at least 1
     */
    public int features() {
        return columns.features();
    }

    /**
     * What the blocks of a part take in memory.
     *
     * @return their bytes
     */
    public long blockBytes() {
        return file.blockBytes();
    }

    /** The file, whose rows are labelled with stand-ins. */
    DiskRows file() {
        return file;
    }

    /** The class that a stand-in is for. */
    int classOf(int standIn) {
        return classOf[standIn];
    }

    /** Whether the rows are sparse. */
    boolean areSparse() {
        return file.holdsSparse();
    }

    /** The number of the first column, by which sparse rows count. */
    int firstColumn() {
        return columns.first();
    }

    /**
     * The names of the classes.
     *
     * @return at least one
     */
    public List<String> classNames() {
        return classNames;
    }

    /** As {@link Rows#featureNames}. */
    List<String> featureNames() {
        return file.featureNames();
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
     * All rows.
     *
     * @return one part
     */
    public RawPart all() {
        return new RawPart(this, features(), rows(), () -> c -> true);
    }

    /**
     * The training rows, and those to measure by, as {@link Split#stratified} cuts a data set.
     *
     * @param fraction what part of them is for validation, more than 0 and less than 1
     * @param seed names the draw
     * @return both parts, in this order
     * @throws IllegalArgumentException if the fraction is none
     * @throws LanewiseException if a part would be empty (65)
     */
    public List<RawPart> split(double fraction, long seed) {
        int[] counts = counts();
        int chosen =
                Arrays.stream(new Split.Draw(counts, fraction, seed).quotas()).sum();
        return List.of(
                new RawPart(this, features(), rows() - chosen, () -> {
                    Split.Draw draw = new Split.Draw(counts, fraction, seed);
                    return c -> !draw.isChosen(c);
                }),
                new RawPart(this, features(), chosen, () -> new Split.Draw(counts, fraction, seed)::isChosen));
    }

    /**
     * What it takes to deal the rows out.
     *
     * @return bytes
     */
    public long foldsBytes() {
        // As many numbers of folds as labels, and the numbers of the rows of a class.
        return 4L * Integer.BYTES * rows();
    }

    /**
     * The training rows, and those to measure by, once for each part that {@link Folds#stratified} deals a data set out to.
     *
     * @param folds how many parts, at least 2
     * @param seed names the deal
     * @return for each part all the others, and the part, in this order
     * @throws IllegalArgumentException if there are fewer than 2 parts
     * @throws LanewiseException if there are fewer rows than parts (65)
     */
    public List<List<RawPart>> folds(int folds, long seed) {
        int[] foldOf = Folds.deal(labels(), classNames.size(), folds, seed);
        return IntStream.range(0, folds)
                .mapToObj(fold -> {
                    int inside = (rows() - 1 - fold) / folds + 1;
                    return List.of(
                            part(rows() - inside, foldOf, of -> of != fold), part(inside, foldOf, of -> of == fold));
                })
                .toList();
    }

    /** The rows whose fold is one that is wanted, of which there are so many. */
    private RawPart part(int rows, int[] foldOf, IntPredicate wanted) {
        return new RawPart(this, features(), rows, () -> {
            PrimitiveIterator.OfInt folds = Arrays.stream(foldOf).iterator();
            return c -> wanted.test(folds.nextInt());
        });
    }

    private int[] labels() {
        int[] labels = new int[rows()];
        int[] chunk = new int[Shuffle.CHUNK];
        try {
            for (int i = 0; i < Shuffle.chunks(rows()); i++) {
                file.header().readLabels(file.channel(), i, chunk);
                for (int j = 0; j < Shuffle.chunkRows(i, rows()); j++) {
                    labels[i * Shuffle.CHUNK + j] = classOf[chunk[j]];
                }
            }
        } catch (IOException e) {
            throw file.failed(e);
        }
        return labels;
    }

    /** How many rows each class has. */
    int[] counts() {
        int[] counts = new int[classNames.size()];
        int[] standIns = file.classCounts();
        for (int i = 0; i < standIns.length; i++) {
            counts[classOf[i]] += standIns[i];
        }
        return counts;
    }

    /** Removes the file. */
    @Override
    public void close() {
        file.close();
    }
}
