package lanewise.trainer.data;

import java.util.List;
import java.util.Optional;

/** The images of an IDX file, as bytes, with their labels from another file. */
final class ImageStream implements RowStream {
    private final IdxRows rows;
    private final LabelStream labels;
    private final RowsHeader.Form form;

    /** Takes labels that are open, and closes them if the images cannot be opened. */
    ImageStream(IdxFile images, LabelStream labels) {
        this.rows = open(images, labels);
        this.labels = labels;
        ImageShape shape = new ImageShape((int) images.size(1), (int) images.size(2));
        this.form = new RowsHeader.Form(rows.features(), Optional.of(shape), RowsHeader.Kind.BYTES);
    }

    private static IdxRows open(IdxFile images, LabelStream labels) {
        try {
            return new IdxRows(images);
        } catch (RuntimeException e) {
            labels.close();
            throw e;
        }
    }

    @Override
    public RowsHeader.Form form() {
        return form;
    }

    @Override
    public Scaling usualScaling() {
        return Scaling.PIXEL;
    }

    @Override
    public Dataset next(int most) {
        int count = rows.rowsLeft(most);
        if (count == 0) {
            return null;
        }
        byte[] bytes = new byte[count * form.features()];
        rows.readBytes(bytes, count);
        int[] standIns = new int[count];
        labels.read(standIns, count);
        return Dataset.ofBlock(bytes, count, form.features(), standIns, NOT_YET, Scaling.NONE);
    }

    @Override
    public List<String> settle(int[] standIns) {
        return labels.settle(standIns);
    }

    @Override
    public void close() {
        rows.close();
        labels.close();
    }
}
