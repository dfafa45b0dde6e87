package lanewise.trainer.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.data.source.Source;

/** The rows of a table of text, with their labels unless nobody asks for those. */
final class TableStream implements RowStream {
    private final Source source;
    private final LabelTable table;
    private final CsvRows rows;
    private final RowForm form;

    TableStream(Source source, Reading reading, LabelTable table) throws IOException {
        CsvLayout layout = CsvLayout.of(source, reading);
        this.source = source;
        this.table = table;
        this.rows = new CsvRows(source, reading, layout, table);
        this.form = RowForm.ofFloats(layout.features(), layout.featureNames());
    }

    @Override
    public RowForm form() {
        return form;
    }

    @Override
    public Dataset next(int most) {
        if (!rows.hasNext()) {
            return null;
        }
        float[] values = new float[Math.multiplyExact(most, form.features())];
        int[] standIns = new int[most];
        int count = rows.read(values, 0, standIns, most);
        return Dataset.ofBlock(
                count == most ? values : Arrays.copyOf(values, count * form.features()),
                count,
                form.features(),
                Arrays.copyOf(standIns, count),
                NOT_YET,
                Scaling.NONE);
    }

    @Override
    public int read(float[] x, int at, int most) {
        return rows.read(x, at, null, most);
    }

    @Override
    public List<String> settle(int[] standIns) {
        return source.reading(() -> table.settle(standIns));
    }

    @Override
    public void close() {
        rows.close();
    }
}
