package lanewise.trainer.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import lanewise.trainer.io.InputFile;

/** The rows of an array of NumPy, whose labels are a column of it or come from another place. */
final class ArrayStream implements RowStream {
    private final Source source;
    private final Closeable content;
    private final NpyArray array;
    private final RowsHeader.Form form;

    /** The labels, or null where they are a column, which counts from 1. */
    private final LabelStream labels;

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
        boolean bytes = array.isBytes() && labels != null;
        int features = array.rowLength() - (labels == null ? 1 : 0);
        this.form = new RowsHeader.Form(
                features, bytes ? image : Optional.empty(), bytes ? RowsHeader.Kind.BYTES : RowsHeader.Kind.FLOATS);
    }

    @Override
    public RowsHeader.Form form() {
        return form;
    }

    @Override
    public Dataset next() {
        Dataset block = source.reading(this::read);
        if (block != null) {
            row += block.rows();
        }
        return block;
    }

    private Dataset read() throws IOException {
        int width = array.rowLength();
        int most = RowStream.rowsAtOnce(form);
        byte[] bytes = new byte[form.bytes() ? most * width : 0];
        float[] floats = new float[form.bytes() ? 0 : most * width];
        int count = form.bytes() ? array.readRowBytes(bytes, most) : array.readRows(floats, most);
        if (count == 0) {
            return null;
        }
        Object exact = form.bytes() ? Arrays.copyOf(bytes, count * width) : Arrays.copyOf(floats, count * width);
        if (labels == null) {
            Dataset all = Dataset.ofBlock(exact, count, width, new int[0], List.of(), Scaling.NONE);
            return NpyFile.splitOff(all, column, table, row);
        }
        int[] standIns = new int[count];
        labels.read(standIns, count);
        return Dataset.ofBlock(exact, count, width, standIns, NOT_YET, Scaling.NONE);
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
