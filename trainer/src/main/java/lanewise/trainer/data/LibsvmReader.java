package lanewise.trainer.data;

import java.io.IOException;
import lanewise.trainer.io.InputFile;

/** Sparse rows of text without their labels, which are looked through before: the last row may tell how columns count. */
final class LibsvmReader implements RowReader {
    private final Source source;
    private final RowStream.Columns columns;
    private final Unpacked content;
    private final LibsvmRows rows;
    private final CsrBuilder block;

    LibsvmReader(Source source, Reading reading) throws IOException {
        this.source = source;
        try (Unpacked all = source.open()) {
            LibsvmRows look = new LibsvmRows(source, reading, all);
            CsrBuilder seen = look.newBlock();
            do {
                look.read(seen, Shuffle.CHUNK);
            } while (seen.rows() > 0);
            columns = look.columns();
            look.settle(new int[0]);
        }
        content = source.open();
        rows = new LibsvmRows(source, reading, content);
        block = rows.newBlock();
    }

    @Override
    public int features() {
        return columns.features();
    }

    @Override
    public Scaling usualScaling() {
        return Scaling.NONE;
    }

    @Override
    public boolean holdsSparse() {
        return true;
    }

    @Override
    public Dataset readSparse(int most) {
        return source.reading(() -> {
            rows.read(block, most);
            return block.rows() == 0
                    ? null
                    : Dataset.ofSparse(block.rowsFrom(columns.first()), columns.features(), new int[0], 0);
        });
    }

    @Override
    public int read(float[] x, int most) {
        int done = 0;
        while (done < most) {
            Dataset next = readSparse(most - done);
            if (next == null) {
                return done;
            }
            next.copyRows(0, next.rows(), x, done * columns.features());
            done += next.rows();
        }
        return done;
    }

    @Override
    public void close() {
        InputFile.close(content);
    }
}
