package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.nio.file.Path;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;

/**
 * A file of images and the file of their labels, checked as far as their headers go.
 *
 * @param images rows x height x width
 * @param labels one for each image
 */
record IdxSet(IdxFile images, IdxFile labels) {
    static IdxSet open(Path images, Path labels) {
        IdxSet set = new IdxSet(IdxFile.open(Source.of(images), 3), IdxFile.open(Source.of(labels), 1));
        if (set.images.size(0) != set.labels.size(0)) {
            throw new LanewiseException(BAD_DATA, "not as many labels as images")
                    .in(labels)
                    .expected(set.images.size(0), set.labels.size(0));
        }
        return set;
    }

    /** Height x width as people write it. */
    String side() {
        return images.size(1) + " x " + images.size(2);
    }

    int[] readLabels() {
        byte[] bytes = labels.read();
        int[] values = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] & 0xff;
        }
        return values;
    }

    void checkLabels(int[] values, int classes) {
        for (int row = 0; row < values.length; row++) {
            if (values[row] >= classes) {
                throw new LanewiseException(
                                BAD_DATA, "label " + values[row] + " at row " + row + " is outside 0.." + (classes - 1))
                        .in(labels.path());
            }
        }
    }

    Dataset readImages(int[] labels, int classes) {
        return readImages(images, labels, classes);
    }

    static Dataset readImages(IdxFile images, int[] labels, int classes) {
        ImageShape shape = new ImageShape((int) images.size(1), (int) images.size(2));
        return Dataset.ofPixels(images.read(), (int) images.size(0), shape, labels, classes);
    }
}
