package lanewise.trainer.data;

import java.util.List;
import java.util.Optional;
import lanewise.trainer.io.Heap;

/** The images of an IDX file, as bytes, with their labels from another file, if they are wanted. */
final class ImageStream implements RowStream {
    private final IdxItems pixels;
    private final RowForm form;

    /** The labels, or null where nobody wants them. */
    private final LabelStream labels;

    /** Takes labels that are open, and closes them if the images cannot be opened. */
    ImageStream(IdxFile images, LabelStream labels) {
        this.labels = labels;
        try {
            this.form = form(images);
            this.pixels = new IdxItems(images);
        } catch (RuntimeException e) {
            closeLabels();
            throw e;
        }
    }

    private static RowForm form(IdxFile images) {
        long pixelsOfOne = images.size(1) * images.size(2);
        if (pixelsOfOne > Heap.LONGEST_ARRAY) {
            throw Heap.shortage(pixelsOfOne, pixelsOfOne, images.path());
        }
        ImageShape shape = new ImageShape((int) images.size(1), (int) images.size(2));
        return RowForm.ofBytes((int) pixelsOfOne, Optional.of(shape));
    }

    @Override
    public RowForm form() {
        return form;
    }

    @Override
    public Scaling usualScaling() {
        return Scaling.PIXEL;
    }

    @Override
    public Dataset next(int most) {
        int count = (int) Math.min(most, pixels.left() / form.features());
        if (count == 0) {
            return null;
        }
        byte[] bytes = new byte[Math.multiplyExact(count, form.features())];
        pixels.readFully(bytes, bytes.length);
        Dataset block = Dataset.ofBytes(bytes, count, form.features(), Optional.empty());
        return labels == null ? block : labels.label(block);
    }

    @Override
    public List<String> settle(int[] standIns) {
        return labels == null ? List.of() : labels.settle(standIns);
    }

    @Override
    public void close() {
        pixels.close();
        closeLabels();
    }

    private void closeLabels() {
        if (labels != null) {
            labels.close();
        }
    }
}
