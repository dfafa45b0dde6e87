package lanewise.trainer.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.io.InputFile;

/** The rows of an array of NumPy, whose labels are a column of it or come from another place, if they are wanted. */
final class ArrayStream implements RowStream {
    private final Source source;
    private final Closeable content;
    private final NpyArray array;
    private final RowForm form;

    /** The labels, or null where they are a column or nobody wants them. */
    private final LabelStream labels;

    /** The column of the labels, which counts from 1, or 0. */
    private final int column;

    private final LabelTable table;
    private int row;

    ArrayStream(
            Source source,
            Closeable content,
            NpyArray array,
            Optional<ImageShape> image,
            LabelStream labels,
            int column,
            LabelTable table) {
        this.source = source;
        this.content = content;
        this.array = array;
        this.labels = labels;
        this.column = column;
        this.table = table;
        boolean bytes = array.isBytes() && column == 0;
        int features = array.rowLength() - (column == 0 ? 0 : 1);
        this.form = bytes ? RowForm.ofBytes(features, image) : RowForm.ofFloats(features, List.of());
    }

    @Override
    public RowForm form() {
        return form;
    }

    @Override
    public Dataset next(int most) {
        Dataset block = source.reading(() -> read(most));
        return block == null || labels == null ? block : labels.label(block);
    }

    private Dataset read(int most) throws IOException {
        int width = array.rowLength();
        int count = array.rowsLeft(most);
        if (count == 0) {
            return null;
        }
        if (form.bytes()) {
            byte[] bytes = new byte[Math.multiplyExact(count, width)];
            array.readRowBytes(bytes, count);
            return Dataset.ofBytes(bytes, count, width, Optional.empty());
        }
        float[] values = new float[Math.multiplyExact(count, width)];
        array.readRows(values, count);
        Dataset block = Dataset.of(values, count, width, new int[0], 0);
        if (column == 0) {
            return block;
        }
        Dataset labelled = NpyFile.splitOff(block, column, table, row);
        row += count;
        return labelled;
    }

    @Override
    public List<String> settle(int[] standIns) {
        return labels == null ? source.reading(() -> table.settle(standIns)) : labels.settle(standIns);
    }

    @Override
    public void close() {
        InputFile.close(content);
        if (labels != null) {
            labels.close();
        }
    }
}
