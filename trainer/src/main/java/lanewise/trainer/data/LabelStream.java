package lanewise.trainer.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.io.InputFile;

/** Labels that come from another place than their rows, a few at a time. */
abstract class LabelStream implements AutoCloseable {
    private final Source source;
    private final Closeable content;
    final LabelTable table;
    private long row;

    private LabelStream(Source source, Closeable content, LabelTable table) {
        this.source = source;
        this.content = content;
        this.table = table;
    }

    /** Opens a file of labels, a NumPy array or an IDX file, for so many rows. */
    static LabelStream open(Source source, LabelTable table, long rows) {
        return source.reading(() -> {
            if (IdxFile.isIdx(source)) {
                IdxFile file = IdxFile.open(source, 1);
                LabelFile.requireRows(file.items(), rows);
                return new OfIdx(source, new IdxItems(file), table);
            }
            Unpacked content = source.open();
            try {
                NpyHeader header = NpyHeader.read(content.stream());
                NpyFile.requireSize(header, content);
                return ofArray(source, content::close, header, content.stream(), table, rows);
            } catch (IOException | RuntimeException e) {
                content.close();
                throw e;
            }
        });
    }

    /** The labels of an array behind its header. */
    static LabelStream ofArray(
            Source source, Closeable content, NpyHeader header, InputStream in, LabelTable table, long rows) {
        LabelFile.requireOneDimension(header);
        LabelFile.requireRows(header.items(), rows);
        return new OfArray(source, content, new NpyArray(header, in), table);
    }

    /** The rows, labelled with the stand-ins that come next: there is one for each row. */
    Dataset label(Dataset rows) {
        int[] standIns = new int[rows.rows()];
        read(standIns, standIns.length);
        return rows.withLabels(standIns, RowStream.NOT_YET);
    }

    /** Reads the next labels, which are there. */
    void read(int[] to, int count) {
        try {
            read(to, count, row);
            row += count;
        } catch (IOException e) {
            throw source.failed(e);
        } catch (LanewiseException e) {
            throw source.placed(e);
        }
    }

    /** Reads so many labels, which are there, and forgets them. */
    void skip(long count) {
        int[] some = new int[Shuffle.CHUNK];
        for (long left = count; left > 0; left -= some.length) {
            read(some, (int) Math.min(some.length, left));
        }
    }

    abstract void read(int[] to, int count, long firstRow) throws IOException;

    /** As {@link LabelTable#settle}. */
    List<String> settle(int[] standIns) {
        return source.reading(() -> table.settle(standIns));
    }

    @Override
    public void close() {
        InputFile.close(content);
    }

    private static final class OfIdx extends LabelStream {
        private final IdxItems items;

        /** The stand-in of each byte that has been seen, which so is looked up as text once, or -1. */
        private final int[] known = new int[1 << Byte.SIZE];

        OfIdx(Source source, IdxItems items, LabelTable table) {
            super(source, items::close, table);
            this.items = items;
            Arrays.fill(known, -1);
        }

        @Override
        void read(int[] to, int count, long firstRow) {
            byte[] bytes = new byte[count];
            items.readFully(bytes, count);
            for (int i = 0; i < count; i++) {
                int label = bytes[i] & 0xff;
                if (known[label] < 0) {
                    long row = firstRow + i;
                    known[label] = table.standInOf(Integer.toString(label), () -> "row " + row);
                }
                to[i] = known[label];
            }
        }
    }

    private static final class OfArray extends LabelStream {
        private final NpyArray array;

        OfArray(Source source, Closeable content, NpyArray array, LabelTable table) {
            super(source, content, table);
            this.array = array;
        }

        @Override
        void read(int[] to, int count, long firstRow) throws IOException {
            array.readLabels(table, to, count);
        }
    }
}
