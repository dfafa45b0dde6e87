package lanewise.trainer.data;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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
    private static final long BLOCK_BYTES = 1 << 20;

    private final DiskRows file;
    private final Scaling usual;

    /** The class of each stand-in, and the names of the classes. */
    private final int[] classOf;

    private final List<String> classNames;

    private RawRows(DiskRows file, Scaling usual, int[] classOf, List<String> classNames) {
        this.file = file;
        this.usual = usual;
        this.classOf = classOf;
        this.classNames = classNames;
    }

    /** Copies rows, and closes where they come from. */
    static RawRows copy(RowStream rows, Path folder) {
        try (rows) {
            FileChannel channel = nameless(folder);
            try {
                RowsWriter writer = new RowsWriter(channel, rows.form());
                for (Dataset block = rows.next(); block != null; block = rows.next()) {
                    writer.add(block);
                }
                int[] classOf = IntStream.range(0, writer.standIns()).toArray();
                List<String> names = rows.settle(classOf);
                RowsHeader header = writer.end(RowStream.NOT_YET.subList(0, classOf.length), Scaling.NONE);
                DiskRows file = new DiskRows(channel, folder, header, new BlockReader(BLOCK_BYTES));
                return new RawRows(file, rows.usualScaling(), classOf, names);
            } catch (Throwable t) {
                channel.close();
                throw t;
            }
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(folder);
        }
    }

    private static FileChannel nameless(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "lanewise", ".rows");
        return FileChannel.open(file, READ, WRITE, DELETE_ON_CLOSE);
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
        return file.features();
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
        return new Part(counts(), () -> c -> true);
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
        int[] chosen = new Split.Draw(counts, fraction, seed).quotas();
        int[] others = counts.clone();
        Arrays.setAll(others, c -> counts[c] - chosen[c]);
        return List.of(
                new Part(others, () -> {
                    Split.Draw draw = new Split.Draw(counts, fraction, seed);
                    return c -> !draw.isChosen(c);
                }),
                new Part(chosen, () -> new Split.Draw(counts, fraction, seed)::isChosen));
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
        private final int[] counts;
        private final Supplier<IntPredicate> draw;

        private Part(int[] counts, Supplier<IntPredicate> draw) {
            this.counts = counts;
            this.draw = draw;
        }

        /**
         * The number of rows.
         *
         * @return at least 1
         */
        public int rows() {
            return Arrays.stream(counts).sum();
        }

        /**
         * Finds the scaling of the rows, as {@link Scaling#fit(Scaling.Kind, Dataset)}.
         *
         * @param kind how
         * @return the scaling
         * @throws IllegalArgumentException if a value is not finite
         */
        public Scaling fit(Scaling.Kind kind) {
            return Scaling.fit(kind, features(), rows(), this);
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
            return block.subset(rows).withLabels(labels, classNames);
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
                    FileChannel channel = nameless(target);
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

        private RowsHeader write(FileChannel channel, Scaling scaling, boolean forPixels) throws IOException {
            boolean bytes = file.header().form().bytes() && !scaling.isFitted();
            Optional<ImageShape> image = bytes ? file.header().form().image() : Optional.empty();
            RowsHeader.Form form = new RowsHeader.Form(features(), image, bytes, bytes && forPixels);
            RowsWriter writer = new RowsWriter(channel, form);
            Fingerprint fingerprint = new Fingerprint();
            if (bytes) {
                fingerprint.beginBytes(form.shape(rows()));
            } else {
                fingerprint.beginFloats(form.shape(rows()));
            }
            int before = 0;
            for (Dataset raw : this) {
                Dataset block = raw.scaled(scaling);
                block.requireFinite(before);
                block.bytes().ifPresentOrElse(fingerprint::bytes, () -> fingerprint.floats(block.values()));
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
