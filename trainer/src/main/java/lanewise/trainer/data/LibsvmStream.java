package lanewise.trainer.data;

import java.io.IOException;
import java.util.List;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.io.InputFile;

/** Sparse rows of text with their labels. Where their columns are not known before, they are as they are counted there. */
final class LibsvmStream implements RowStream {
    private final Source source;
    private final Unpacked content;
    private final LibsvmRows rows;
    private final RowForm form;
    private final CsrBuilder block;

    /** What the columns are, or null. */
    private final Columns known;

    /** How many entries a unit has at most, if the rows have been looked through. */
    private final int largestUnit;

    /** How many rows are read at least. */
    private final int unit;

    /** How many rows are still to come, if they have been looked through. */
    private int left;

    /**
     * Opens the rows.
     *
     * @param known what the columns are, or null if the rows have not been looked through
     * @param counted what was counted then, or nothing
     */
    LibsvmStream(Source source, Reading reading, Columns known, EntryCount counted, int unit) throws IOException {
        this.source = source;
        this.content = source.open();
        this.rows = new LibsvmRows(source, reading, content);
        this.block = rows.newBlock();
        this.known = known;
        this.largestUnit = counted.all().largestUnit();
        this.left = counted.rows();
        this.unit = unit;
        this.form = known == null
                ? RowForm.ofSparse(reading.maxFeatures() + 1, -1)
                : RowForm.ofSparse(known.features(), known.first());
    }

    @Override
    public RowForm form() {
        return form;
    }

    @Override
    public Dataset next(int most) {
        return source.reading(() -> {
            rows.read(block, most, unit);
            left -= block.rows();
            if (known != null && (!rows.isWithin(known) || block.rows() == 0 && left != 0)) {
                throw Source.changed();
            }
            if (block.rows() == 0) {
                return null;
            }
            Csr csr = block.rowsFrom(known == null ? 0 : known.first());
            return Dataset.ofBlock(csr, form.features(), block.labels(), NOT_YET, Scaling.NONE);
        });
    }

    /** The memory that is read to doubles as it grows, and they are copied from there. */
    @Override
    public long unitBytes() {
        return 4L * largestUnit * RowsHeader.ENTRY_BYTES;
    }

    @Override
    public Columns columns() {
        return known == null ? source.reading(rows::columns) : known;
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
