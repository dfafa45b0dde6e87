package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.InputFile;
import lanewise.trainer.io.NamelessFile;

/** Some of the rows of {@link RawRows}, in their order: to be scaled and packed. */
public final class RawPart implements Iterable<Dataset> {
    private final RawRows raw;
    private final int features;
    private final int rows;
    private final Supplier<IntPredicate> draw;

    /** So many rows, for which a draw over all of them in their order, given the class of each, says yes. */
    RawPart(RawRows raw, int features, int rows, Supplier<IntPredicate> draw) {
        this.raw = raw;
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
        return raw.areSparse();
    }

    /**
     * The same rows, as {@link Dataset#widened}.
     *
     * @param wider the number of features, at least as many as there are
     * @return the rows with zeros behind them
     * @throws IllegalArgumentException if there are more features already, or the rows are not sparse
     */
    public RawPart widened(int wider) {
        if (wider < features || wider > features && !holdsSparse()) {
            throw new IllegalArgumentException(features + " features are not to become " + wider);
        }
        return new RawPart(raw, wider, rows, draw);
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
        Rows.Pass pass = raw.file().pass(null, 0);
        IntPredicate isOurs = draw.get();
        return Stream.generate(pass::next)
                .takeWhile(block -> block != null)
                .map(block -> ours(block.data(), isOurs))
                .filter(block -> block != null)
                .iterator();
    }

    private Dataset ours(Dataset block, IntPredicate isOurs) {
        int[] rows = IntStream.range(0, block.rows())
                .filter(row -> isOurs.test(raw.classOf(block.labels()[row])))
                .toArray();
        if (rows.length == 0) {
            return null;
        }
        int[] labels =
                Arrays.stream(rows).map(row -> raw.classOf(block.labels()[row])).toArray();
        if (!holdsSparse()) {
            return block.subset(rows).withLabels(labels, raw.classNames());
        }
        Csr entries = block.sparse().orElseThrow().subset(rows, raw.firstColumn());
        return Dataset.ofBlock(entries, features, labels, raw.classNames(), Scaling.NONE);
    }

    /**
     * Writes the rows to a packed file.
     *
     * @param target the file, which is there as a whole or not at all, or a folder for a file without a name, which
     *     goes when the rows are closed
     * @param scaling what to do to the features
     * @param tiles whether bytes that stay bytes are packed for {@link Rows#holdsTiles the kernels of softmax regression},
     *     so that any other model refuses them, as that one does if they are not
     * @param reader is to read the rows
     * @return the rows, to be closed
     * @throws IllegalArgumentException if the scaling is for another number of features, or sparse rows would not stay sparse
     * @throws LanewiseException if a value does not stay finite (65), or the file cannot be written (73, 74)
     */
    public DiskRows write(Path target, Scaling scaling, boolean tiles, BlockReader reader) {
        try {
            if (Files.isDirectory(target)) {
                FileChannel channel = NamelessFile.in(target);
                try {
                    return new DiskRows(channel, target, write(channel, scaling, tiles), reader);
                } catch (Throwable t) {
                    channel.close();
                    throw t;
                }
            }
            RowsHeader[] header = new RowsHeader[1];
            AtomicFile.writeChannel(target, channel -> header[0] = write(channel, scaling, tiles));
            return new DiskRows(InputFile.open(target), target, header[0], reader);
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(target);
        }
    }

    /**
     * The rows as {@link #write} would pack them, to see what they would take: there are none to be read.
     *
     * @param fitted whether they are to be scaled by what is fitted on them
     * @param tiles whether bytes that stay bytes are packed for {@link Rows#holdsTiles the kernels of softmax regression}
     * @return the rows without their features and labels
     */
    public DiskRows packed(boolean fitted, boolean tiles) {
        IntPredicate isOurs = draw.get();
        RowsHeader.Entries entries = rows == raw.rows()
                ? raw.file().header().entries()
                : EntryCount.of(raw.file(), standIn -> isOurs.test(raw.classOf(standIn)));
        RowsHeader header =
                new RowsHeader(rows, form(fitted, tiles), entries, raw.classNames(), raw.counts(), Scaling.NONE, "");
        return raw.file().as(header, Path.of(""), new BlockReader());
    }

    /**
     * What it takes to pack them: the blocks of the file, and one that is cut and then scaled.
     *
     * @return bytes
     */
    public long packingBytes() {
        return 2 * raw.blockBytes();
    }

    private RowForm form(boolean fitted, boolean tiles) {
        RowForm read = raw.file().header().form();
        if (read.sparse()) {
            return RowForm.ofSparse(features, raw.firstColumn());
        }
        if (!read.bytes()) {
            return read;
        }
        if (fitted) {
            return RowForm.ofFloats(features, List.of());
        }
        return tiles ? RowForm.ofTiles(features, read.image()) : read;
    }

    private RowsHeader write(FileChannel channel, Scaling scaling, boolean tiles) throws IOException {
        RowForm form = form(scaling.isFitted(), tiles);
        RowsWriter writer = new RowsWriter(channel, form);
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.begin(form, rows());
        int before = 0;
        for (Dataset unscaled : this) {
            Dataset block = unscaled.scaled(scaling);
            block.requireFinite(before);
            fingerprint.add(block);
            writer.add(block);
            before += block.rows();
        }
        RowsHeader header = writer.end(raw.classNames(), scaling);
        fingerprint.beginLabels(header.rows(), raw.classNames().size());
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
