package lanewise.trainer.data;

import java.io.IOException;
import java.util.List;
import lanewise.trainer.io.InputFile;

/** Sparse rows of text with their labels, their columns as they are counted there. */
final class LibsvmStream implements RowStream {
    private final Source source;
    private final Unpacked content;
    private final LibsvmRows rows;
    private final RowsHeader.Form form;
    private final CsrBuilder block;

    LibsvmStream(Source source, Reading reading) throws IOException {
        this.source = source;
        this.content = source.open();
        this.rows = new LibsvmRows(source, reading, content);
        this.block = rows.newBlock();
        this.form = new RowsHeader.Form(reading.maxFeatures() + 1, RowsHeader.Kind.SPARSE);
    }

    @Override
    public RowsHeader.Form form() {
        return form;
    }

    @Override
    public Dataset next() {
        return source.reading(() -> {
            rows.read(block, Shuffle.CHUNK);
            return block.rows() == 0
                    ? null
                    : Dataset.ofBlock(block.rowsFrom(0), form.features(), block.labels(), NOT_YET, Scaling.NONE);
        });
    }

    @Override
    public Columns columns() {
        return source.reading(rows::columns);
    }

    @Override
    public List<String> settle(int[] standIns) {
        return source.reading(() -> rows.settle(standIns));
    }

    @Override
    public void close() {
        InputFile.close(content);
    }
}
