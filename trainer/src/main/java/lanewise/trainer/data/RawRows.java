package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.InputFile;

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
    static RawRows copy(RowStream rows, Path folder) {
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
                return new RawRows(channel, folder, header, rows.usualScaling(), classOf, names, columns);
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

    /**
     * What is done to the features when nobody says otherwise.
     *
     * @return the scaling that is usual for inputs of this kind
     */
    public Scaling usualScaling() {
        return usual;
    }

    /**
     * All rows.
     *
     * @return one part
     */
    public Part all() {
        return new Part(features(), rows(), () -> c -> true);
    }

    /**
     * The rows to learn, and those to measure by, as {@link Split#stratified} cuts a data set.
     *
     * @param fraction what part of them is for validation
     * @param seed names the draw
     * @return both parts, in this order
     * @throws LanewiseException if a part would be empty (65)
     */
    public List<Part> split(double fraction, long seed) {
        int[] counts = counts();
        int chosen =
                Arrays.stream(new Split.Draw(counts, fraction, seed).quotas()).sum();
        return List.of(
                new Part(features(), rows() - chosen, () -> {
                    Split.Draw draw = new Split.Draw(counts, fraction, seed);
                    return c -> !draw.isChosen(c);
                }),
                new Part(features(), chosen, () -> new Split.Draw(counts, fraction, seed)::isChosen));
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
     * The rows to learn, and those to measure by, once for each part that {@link Folds#stratified} deals a data set out to.
     *
     * @param folds how many parts, at least 2
     * @param seed names the deal
     * @return for each part all the others, and the part, in this order
     * @throws LanewiseException if there are fewer rows than parts (65)
     */
    public List<List<Part>> folds(int folds, long seed) {
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
    private Part part(int rows, int[] foldOf, IntPredicate wanted) {
        return new Part(features(), rows, () -> {
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

    private int[] counts() {
        int[] counts = new int[classNames.size()];
        int[] standIns = file.classCounts();
        for (int i = 0; i < standIns.length; i++) {
            counts[classOf[i]] += standIns[i];
        }
        return counts;
    }

    /** Some of the rows, in their order. */
    public final class Part implements Iterable<Dataset> {
        private final int features;
        private final int rows;
        private final Supplier<IntPredicate> draw;

        private Part(int features, int rows, Supplier<IntPredicate> draw) {
            this.features = features;
            this.rows = rows;
            this.draw = draw;
        }

        /**
         * The number of rows.
         *
         * @return at least 1
         */
        public int rows() {
            return rows;
        }

        /**
         * The number of features of a row.
         *
         * @return at least 1
         */
        public int features() {
            return features;
        }

        /**
         * Whether the rows are sparse.
         *
         * @return false for floats and bytes
         */
        public boolean holdsSparse() {
            return file.holdsSparse();
        }

        /**
         * The same rows, as {@link Dataset#widened}.
         *
         * @param wider the number of features, at least as many as there are
         * @return the rows with zeros behind them
         * @throws IllegalArgumentException if there are more features already, or the rows are not sparse
         */
        public Part widened(int wider) {
            if (wider < features || wider > features && !holdsSparse()) {
                throw new IllegalArgumentException(features + " features are not to become " + wider);
            }
            return new Part(wider, rows, draw);
        }

        /**
         * Finds the scaling of the rows, as {@link Scaling#fit(Scaling.Kind, Dataset)}.
         *
         * @param kind how
         * @return the scaling
         * @throws IllegalArgumentException if a value is not finite, or sparse rows would not stay sparse
         */
        public Scaling fit(Scaling.Kind kind) {
            return Scaling.fit(kind, features, rows(), this);
        }

        /** The rows a block at a time, in copies. One goes through any part at a time. */
        @Override
        public Iterator<Dataset> iterator() {
            Rows.Pass pass = file.pass(null, 0);
            IntPredicate isOurs = draw.get();
            return Stream.generate(pass::next)
                    .takeWhile(block -> block != null)
                    .map(block -> ours(block.data(), isOurs))
                    .filter(block -> block != null)
                    .iterator();
        }

        private Dataset ours(Dataset block, IntPredicate isOurs) {
            int[] rows = IntStream.range(0, block.rows())
                    .filter(row -> isOurs.test(classOf[block.labels()[row]]))
                    .toArray();
            if (rows.length == 0) {
                return null;
            }
            int[] labels =
                    Arrays.stream(rows).map(row -> classOf[block.labels()[row]]).toArray();
            if (!holdsSparse()) {
                return block.subset(rows).withLabels(labels, classNames);
            }
            Csr entries = block.sparse().orElseThrow().subset(rows, columns.first());
            return Dataset.ofBlock(entries, features, labels, classNames, Scaling.NONE);
        }

        /**
         * Writes the rows to a packed file.
         *
         * @param target the file, which is there as a whole or not at all, or a folder for a file without a name, which
         *     goes when the rows are closed
         * @param scaling what to do to the features
         * @param forPixels whether bytes that stay bytes are for the kernels of pixels alone
         * @param reader is to read the rows
         * @return the rows, to be closed
         * @throws LanewiseException if a value does not stay finite (65), or the file cannot be written (73, 74)
         */
        public DiskRows write(Path target, Scaling scaling, boolean forPixels, BlockReader reader) {
            try {
                if (Files.isDirectory(target)) {
                    FileChannel channel = NamelessFile.in(target);
                    try {
                        return new DiskRows(channel, target, write(channel, scaling, forPixels), reader);
                    } catch (Throwable t) {
                        channel.close();
                        throw t;
                    }
                }
                RowsHeader[] header = new RowsHeader[1];
                AtomicFile.writeChannel(target, channel -> header[0] = write(channel, scaling, forPixels));
                return new DiskRows(InputFile.open(target), target, header[0], reader);
            } catch (IOException e) {
                throw new LanewiseException(IO_FAILED, e).in(target);
            }
        }

        /**
         * The rows as {@link #write} would pack them, to see what they would take: there are none to be read.
         *
         * @param fitted whether they are to be scaled by what is fitted on them
         * @param forPixels whether bytes that stay bytes are for the kernels of pixels alone
         * @return the rows without their features and labels
         */
        public DiskRows packed(boolean fitted, boolean forPixels) {
            IntPredicate isOurs = draw.get();
            RowsHeader.Entries entries = rows == file.rows()
                    ? file.header().entries()
                    : EntryCount.of(file, standIn -> isOurs.test(classOf[standIn]));
            RowsHeader header =
                    new RowsHeader(rows, form(fitted, forPixels), entries, classNames, counts(), Scaling.NONE, "");
            return new DiskRows(file.channel(), Path.of(""), header, new BlockReader());
        }

        /**
         * What it takes to pack them: the blocks of the file, and one that is cut and then scaled.
         *
         * @return bytes
         */
        public long packingBytes() {
            return 2 * blockBytes();
        }

        private RowsHeader.Form form(boolean fitted, boolean forPixels) {
            RowsHeader.Form raw = file.header().form();
            if (raw.sparse()) {
                return RowsHeader.Form.sparse(features, columns.first());
            }
            if (!raw.bytes()) {
                return raw;
            }
            if (fitted) {
                return new RowsHeader.Form(features, RowsHeader.Kind.FLOATS);
            }
            return new RowsHeader.Form(
                    features, raw.image(), forPixels ? RowsHeader.Kind.TILES : RowsHeader.Kind.BYTES);
        }

        private RowsHeader write(FileChannel channel, Scaling scaling, boolean forPixels) throws IOException {
            RowsHeader.Form form = form(scaling.isFitted(), forPixels);
            RowsWriter writer = new RowsWriter(channel, form);
            Fingerprint fingerprint = new Fingerprint();
            fingerprint.begin(form, rows());
            int before = 0;
            for (Dataset raw : this) {
                Dataset block = raw.scaled(scaling);
                block.requireFinite(before);
                fingerprint.add(block);
                writer.add(block);
                before += block.rows();
            }
            RowsHeader header = writer.end(classNames, scaling);
            fingerprint.beginLabels(header.rows(), classNames.size());
            int[] labels = new int[Shuffle.CHUNK];
            for (int chunk = 0; chunk < Shuffle.chunks(header.rows()); chunk++) {
                header.readLabels(channel, chunk, labels);
                fingerprint.labels(labels, Shuffle.chunkRows(chunk, header.rows()));
            }
            RowsHeader signed = header.signed(fingerprint.toString());
            writer.add(signed);
            return signed;
        }
    }

    /** Removes the file. */
    @Override
    public void close() {
        file.close();
    }
}
