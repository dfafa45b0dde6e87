package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.USAGE;

import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;

/** Images in IDX form, whose labels are in a file of their own that {@code --label} names: all at once, or one by one. */
final class ImageFile {
    private ImageFile() {}

    static Dataset read(Source source, Reading reading) {
        requireLabel(source, reading);
        Dataset images = IdxFolder.loadImages(source);
        reading.requireWidth(images.features(), source.name());
        return reading.label() == null || reading.withoutLabel()
                ? images
                : LabelFile.label(images, reading.labelFile(), reading);
    }

    /** Opens the images and their labels, to go through them once. */
    static RowStream stream(Source source, Reading reading) {
        requireLabel(source, reading);
        IdxFile images = open(source, reading);
        Source labels = Source.of(reading.labelFile());
        return new ImageStream(images, LabelStream.open(labels, reading.newLabelTable(), images.size(0)));
    }

    /** Opens the images alone, to go through them once. */
    static RowStream streamUnlabelled(Source source, Reading reading) {
        return new ImageStream(open(source, reading), null);
    }

    private static IdxFile open(Source source, Reading reading) {
        IdxFile images = IdxFile.open(source, 3);
        reading.requireWidth(images.size(1) * images.size(2), source.name());
        return images;
    }

    private static void requireLabel(Source source, Reading reading) {
        if (reading.label() == null && reading.labelled()) {
            throw new LanewiseException(USAGE, "a file of images has no labels")
                    .in(source.name())
                    .expected("--label with the file of the labels", "none");
        }
    }
}
