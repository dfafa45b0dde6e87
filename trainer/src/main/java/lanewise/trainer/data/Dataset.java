package lanewise.trainer.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import lanewise.kernels.Pixels;

/**
 * Rows of features, with a class for each row. Safe for use by many threads; the arrays it hands out are its own and
 * must not be changed.
 */
public final class Dataset {
    /** What a pixel is multiplied by to lie in 0..1. */
    private static final float PIXEL_SCALE = 1f / 255;

    private final int rows;
    private final int features;
    private final int[] labels;
    private final int classes;
    private final Optional<ImageShape> image;

    /** The bytes that the values come from, row-major, or null when there are none. */
    private final byte[] pixels;

    private float[] values;

    private Dataset(
            int rows,
            int features,
            int[] labels,
            int classes,
            Optional<ImageShape> image,
            byte[] pixels,
            float[] values) {
        if (rows < 1 || features < 1) {
            throw new IllegalArgumentException("a data set of " + rows + " rows and " + features + " features");
        }
        int length = pixels == null ? values.length : pixels.length;
        if ((long) rows * features != length) {
            throw new IllegalArgumentException(
                    rows + " rows of " + features + " features are not " + length + " values");
        }
        if (labels.length != rows && labels.length != 0) {
            throw new IllegalArgumentException(labels.length + " labels for " + rows + " rows");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "label " + labels[i] + " at row " + i + " is outside 0.." + (classes - 1));
            }
        }
        this.rows = rows;
        this.features = features;
        this.labels = labels;
        this.classes = classes;
        this.image = image;
        this.pixels = pixels;
        this.values = values;
    }

    /**
     * A data set over plain arrays, which are not copied.
     *
     * @param values rows x features, row-major, without gaps
     * @param rows number of rows, at least 1
     * @param features number of features, at least 1
     * @param labels the class of each row, in 0..classes-1; of length 0 when the rows are not labelled
     * @param classes number of classes
     * @return the data set
     * @throws IllegalArgumentException if the lengths do not agree or a label is outside its range
     */
    public static Dataset of(float[] values, int rows, int features, int[] labels, int classes) {
        return new Dataset(rows, features, labels, classes, Optional.empty(), null, values);
    }

    /**
     * A data set of images, whose values are the pixels as unsigned bytes times the float nearest to 1/255. The arrays are
     * not copied.
     *
     * @param pixels rows x height x width unsigned bytes, without gaps
     * @param rows number of images, at least 1
     * @param image the shape of one image
     * @param labels the class of each image, in 0..classes-1; of length 0 when the images are not labelled
     * @param classes number of classes
     * @return the data set
     * @throws IllegalArgumentException if the lengths do not agree or a label is outside its range
     */
    public static Dataset ofPixels(byte[] pixels, int rows, ImageShape image, int[] labels, int classes) {
        int features = Math.multiplyExact(image.height(), image.width());
        return new Dataset(rows, features, labels, classes, Optional.of(image), pixels, null);
    }

    /**
     * The number of rows.
     *
     * @return at least 1
     */
    public int rows() {
        return rows;
    }

    /**
     * The number of features of a row.
     *
     * @return at least 1
     */
    public int features() {
        return features;
    }

    /**
     * The number of classes; some may have no row.
     *
     * @return every label is less
     */
    public int classes() {
        return classes;
    }

    /**
     * The shape of a row, when it is an image.
     *
     * @return height and width, whose product is the number of features
     */
    public Optional<ImageShape> image() {
        return image;
    }

    /**
     * The features, rows x features, row-major and without gaps; pixels are scaled to 0..1. The first call on pixels
     * takes four bytes of heap for each; {@link #copyRows} does without.
     *
     * @return the array itself, not to be changed
     */
    public synchronized float[] values() {
        if (values == null) {
            float[] widened = new float[pixels.length];
            Pixels.widen(pixels.length, pixels, 0, PIXEL_SCALE, widened, 0);
            values = widened;
        }
        return values;
    }

    /**
     * Whether the features are kept as floats, so that {@link #values} costs nothing.
     *
     * @return false for pixels
     */
    public boolean holdsFloats() {
        return pixels == null;
    }

    /**
     * Copies the features of some rows, as {@link #values} has them.
     *
     * @param first the first row
     * @param count how many rows
     * @param to receives them, without gaps
     * @param at index of the first feature of the first row
     */
    public void copyRows(int first, int count, float[] to, int at) {
        if (pixels == null) {
            System.arraycopy(values, first * features, to, at, count * features);
        } else {
            Pixels.widen(count * features, pixels, first * features, PIXEL_SCALE, to, at);
        }
    }

    /**
     * The class of each row.
     *
     * @return the array itself, not to be changed; of length 0 when the rows are not labelled
     */
    public int[] labels() {
        return labels;
    }

    /**
     * Names the content: the SHA-256 of the set in IDX form, the features followed by the labels. For a set that was
     * read from IDX files it is what {@code gzip -dc IMAGES.gz LABELS.gz | sha256sum} prints. Pixels and classes up to
     * 256 are unsigned bytes (type 08), other features floats (0D), other labels ints (0C). Takes about a millisecond
     * for each megabyte.
     *
     * @return 64 hexadecimal digits
     */
    public String fingerprint() {
        MessageDigest digest = sha256();
        if (pixels == null) {
            digest.update(header(0x0D, rows, features));
            ByteBuffer row = ByteBuffer.allocate(Math.multiplyExact(features, Float.BYTES));
            for (int i = 0; i < rows; i++) {
                row.asFloatBuffer().put(values, i * features, features);
                digest.update(row.array());
            }
        } else {
            ImageShape shape = image.orElseThrow();
            digest.update(header(0x08, rows, shape.height(), shape.width()));
            digest.update(pixels);
        }
        if (labels.length > 0) {
            boolean bytes = classes <= 256;
            digest.update(header(bytes ? 0x08 : 0x0C, rows));
            ByteBuffer encoded = ByteBuffer.allocate(bytes ? rows : Math.multiplyExact(rows, Integer.BYTES));
            for (int label : labels) {
                if (bytes) {
                    encoded.put((byte) label);
                } else {
                    encoded.putInt(label);
                }
            }
            digest.update(encoded.array());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] header(int type, int... shape) {
        ByteBuffer header = ByteBuffer.allocate(4 + 4 * shape.length).putInt(type << 8 | shape.length);
        for (int size : shape) {
            header.putInt(size);
        }
        return header.array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
