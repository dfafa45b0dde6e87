package lanewise.trainer.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import lanewise.kernels.Level1;
import lanewise.kernels.Pixels;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;

/**
 * Rows of features, with a class for each row. The features are kept as floats, as bytes or sparse. Safe for use by many
 * threads; the arrays it hands out are its own and must not be changed.
 */
public final class Dataset implements Rows {
    private static final int CHUNK = 1 << 14;

    private final int rows;
    private final int features;
    private final int[] labels;
    private final List<String> classNames;
    private final List<String> featureNames;
    private final Optional<ImageShape> image;

    /** What has been done to the features: to bytes when they are asked for, to others already. */
    private final Scaling scaling;

    /** The bytes that the values come from, row-major, or null when there are none. */
    private final byte[] pixels;

    /** The sparse rows that the values come from, or null. */
    private final Csr sparse;

    private float[] values;

    /** The bytes in the layout of the kernels: made of the others, or all that there are in a block from the disk. */
    private PixelRows pixelRows;

    private PixelLayout pixelLayout;

    /** A block of bytes that are in the layout of the kernels already. */
    private Dataset(PixelRows tiles, int rows, int features, int[] labels, List<String> classNames, Scaling scaling) {
        this.rows = rows;
        this.features = features;
        this.labels = labels;
        this.classNames = classNames;
        this.featureNames = List.of();
        this.image = Optional.empty();
        this.scaling = scaling;
        this.pixels = null;
        this.sparse = null;
        this.pixelRows = tiles;
    }

    private Dataset(
            int rows,
            int features,
            int[] labels,
            List<String> classNames,
            List<String> featureNames,
            Optional<ImageShape> image,
            Scaling scaling,
            byte[] pixels,
            Csr sparse,
            float[] values) {
        if (rows < 1 || features < 1) {
            throw new IllegalArgumentException("a data set of " + rows + " rows and " + features + " features");
        }
        if (sparse != null) {
            if (sparse.rows() != rows || sparse.width() > features) {
                throw new IllegalArgumentException(sparse.rows() + " sparse rows of " + sparse.width()
                        + " features are not " + rows + " rows of " + features);
            }
        } else {
            int length = pixels == null ? values.length : pixels.length;
            if ((long) rows * features != length) {
                throw new IllegalArgumentException(
                        rows + " rows of " + features + " features are not " + length + " values");
            }
        }
        if (labels.length != rows && labels.length != 0) {
            throw new IllegalArgumentException(labels.length + " labels for " + rows + " rows");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classNames.size()) {
                throw new IllegalArgumentException(
                        "label " + labels[i] + " at row " + i + " is outside 0.." + (classNames.size() - 1));
            }
        }
        if (!featureNames.isEmpty() && featureNames.size() != features) {
            throw new IllegalArgumentException(featureNames.size() + " names for " + features + " features");
        }
        this.rows = rows;
        this.features = features;
        this.labels = labels;
        this.classNames = classNames;
        this.featureNames = featureNames;
        this.image = image;
        this.scaling = scaling;
        this.pixels = pixels;
        this.sparse = sparse;
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
        return new Dataset(
                rows,
                features,
                labels,
                ClassNames.counted(classes),
                List.of(),
                Optional.empty(),
                Scaling.NONE,
                null,
                null,
                values);
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
        return new Dataset(
                rows,
                features,
                labels,
                ClassNames.counted(classes),
                List.of(),
                Optional.of(image),
                Scaling.PIXEL,
                pixels,
                null,
                null);
    }

    /** Bytes that are in the layout of the kernels, where alone they can be used. */
    static Dataset ofTiles(
            PixelRows tiles, int rows, int features, int[] labels, List<String> classNames, Scaling scaling) {
        return new Dataset(tiles, rows, features, labels, classNames, scaling);
    }

    /** Bytes or floats, scaled or as they come, with a class for each. */
    static Dataset ofBlock(
            Object features, int rows, int width, int[] labels, List<String> classNames, Scaling scaling) {
        return new Dataset(
                rows,
                width,
                labels,
                classNames,
                List.of(),
                Optional.empty(),
                scaling,
                features instanceof byte[] bytes ? bytes : null,
                null,
                features instanceof float[] floats ? floats : null);
    }

    /** Bytes as they come, which may be images, without labels. */
    static Dataset ofBytes(byte[] bytes, int rows, int features, Optional<ImageShape> image) {
        return new Dataset(rows, features, new int[0], List.of(), List.of(), image, Scaling.NONE, bytes, null, null);
    }

    /**
     * A data set of sparse rows, which are not copied.
     *
     * @param sparse the rows, at least 1
     * @param features number of features, more than the largest column
     * @param labels the class of each row, in 0..classes-1; of length 0 when the rows are not labelled
     * @param classes number of classes
     * @return the data set
     * @throws IllegalArgumentException if the lengths do not agree or a label is outside its range
     */
    public static Dataset ofSparse(Csr sparse, int features, int[] labels, int classes) {
        return new Dataset(
                sparse.rows(),
                features,
                labels,
                ClassNames.counted(classes),
                List.of(),
                Optional.empty(),
                Scaling.NONE,
                null,
                sparse,
                null);
    }

    /**
     * The same rows with labels in place of those they have.
     *
     * @param labels the class of each row
     * @param classNames a name for each class
     * @return a data set over the same arrays
     * @throws IllegalArgumentException if there are fewer or more labels than rows, or one is no index of a name
     */
    public Dataset withLabels(int[] labels, List<String> classNames) {
        return with(labels, List.copyOf(classNames), featureNames, scaling, pixels, sparse, floatsOrNull());
    }

    /**
     * The same rows with names for the classes.
     *
     * @param names a name for each class
     * @return a data set over the same arrays
     * @throws IllegalArgumentException if there are fewer or more names than classes
     */
    public Dataset withClassNames(List<String> names) {
        if (names.size() != classes()) {
            throw new IllegalArgumentException(names.size() + " names for " + classes() + " classes");
        }
        return withLabels(labels, names);
    }

    /**
     * The same rows with names for the features.
     *
     * @param names a name for each feature, or none at all
     * @return a data set over the same arrays
     * @throws IllegalArgumentException if there are fewer or more names than features
     */
    public Dataset withFeatureNames(List<String> names) {
        List<String> kept = names instanceof ClassNames.Counted ? names : List.copyOf(names);
        return with(labels, classNames, kept, scaling, pixels, sparse, floatsOrNull());
    }

    /**
     * The same sparse rows with zeros behind them.
     *
     * @param wider the number of features, at least as many as there are
     * @return a data set over the same arrays
     * @throws IllegalArgumentException if there are more features already
     */
    public Dataset widened(int wider) {
        if (wider == features) {
            return this;
        }
        if (sparse == null || wider < features) {
            throw new IllegalArgumentException(features + " features are not to become " + wider);
        }
        List<String> names = featureNames instanceof ClassNames.Counted counted
                ? new ClassNames.Counted(counted.first(), wider)
                : List.of();
        return new Dataset(rows, wider, labels, classNames, names, image, scaling, null, sparse, null);
    }

    /**
     * Some of the rows.
     *
     * @param chosen the rows to take, in this order; at least one
     * @return a copy of them
     */
    public Dataset subset(int[] chosen) {
        int[] chosenLabels = new int[labels.length == 0 ? 0 : chosen.length];
        for (int i = 0; i < chosenLabels.length; i++) {
            chosenLabels[i] = labels[chosen[i]];
        }
        Object from = pixels == null ? values : pixels;
        Object to = null;
        if (sparse == null) {
            int length = Math.multiplyExact(chosen.length, features);
            to = pixels == null ? new float[length] : new byte[length];
            for (int i = 0; i < chosen.length; i++) {
                System.arraycopy(from, chosen[i] * features, to, i * features, features);
            }
        }
        return new Dataset(
                chosen.length,
                features,
                chosenLabels,
                classNames,
                featureNames,
                image,
                scaling,
                pixels == null ? null : (byte[]) to,
                sparse == null ? null : sparse.subset(chosen),
                pixels == null ? (float[]) to : null);
    }

    /**
     * The same rows, scaled. Bytes stay bytes unless the scaling is a fitted one, and sparse rows stay sparse.
     *
     * @param wanted the scaling, which for bytes takes the place of the one they have
     * @return the data set, over the same arrays where that is possible
     * @throws IllegalArgumentException if floats have been scaled already, the scaling is for another number of features,
     *     or sparse rows would not stay sparse
     */
    public Dataset scaled(Scaling wanted) {
        if (wanted.equals(scaling)) {
            return this;
        }
        if (pixels == null && scaling.kind() != Scaling.Kind.NONE) {
            throw new IllegalArgumentException("the features have been scaled already");
        }
        if (sparse != null) {
            float[] scaledValues = sparse.values().clone();
            if (wanted.isFitted()) {
                throw new IllegalArgumentException("sparse data would not stay sparse");
            }
            wanted.apply(scaledValues, 0, scaledValues.length, 1);
            return with(wanted, null, new Csr(sparse.rowStart(), sparse.columns(), scaledValues), null);
        }
        if (pixels != null && !wanted.isFitted()) {
            return with(wanted, pixels, null, null);
        }
        float[] scaledValues = new float[Math.multiplyExact(rows, features)];
        copyRaw(0, rows, scaledValues, 0);
        wanted.apply(scaledValues, 0, rows, features);
        return with(wanted, null, null, scaledValues);
    }

    /**
     * The same rows, kept as floats.
     *
     * @return the data set, which takes four bytes of heap for each feature of each row
     */
    public Dataset dense() {
        return holdsFloats() ? this : with(scaling, null, null, values());
    }

    private Dataset with(Scaling newScaling, byte[] newPixels, Csr newSparse, float[] newValues) {
        return with(labels, classNames, featureNames, newScaling, newPixels, newSparse, newValues);
    }

    private Dataset with(
            int[] newLabels,
            List<String> newClassNames,
            List<String> newFeatureNames,
            Scaling newScaling,
            byte[] newPixels,
            Csr newSparse,
            float[] newValues) {
        return new Dataset(
                rows,
                features,
                newLabels,
                newClassNames,
                newFeatureNames,
                image,
                newScaling,
                newPixels,
                newSparse,
                newValues);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int[] classCounts() {
        int[] counts = new int[classes()];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /**
     * The names of the features; those of sparse rows are the numbers by which their file counts them.
     *
     * @return a name for each, or nothing at all
     */
    public List<String> featureNames() {
        return featureNames;
    }

    @Override
    public Scaling scaling() {
        return scaling;
    }

    /** The features as they are kept, when that is as bytes, whatever their scaling. */
    Optional<byte[]> bytes() {
        return Optional.ofNullable(pixels);
    }

    @Override
    public Optional<Csr> sparse() {
        return Optional.ofNullable(sparse);
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
     * The features, rows x features, row-major and without gaps, scaled. The first call on bytes or sparse rows takes four
     * bytes of heap for each; {@link #copyRows} does without.
     *
     * @return the array itself, not to be changed
     */
    public synchronized float[] values() {
        if (values == null) {
            float[] widened = new float[Math.multiplyExact(rows, features)];
            copyRows(0, rows, widened, 0);
            values = widened;
        }
        return values;
    }

    @Override
    public boolean holdsFloats() {
        return !holdsPixels() && sparse == null;
    }

    @Override
    public boolean holdsPixels() {
        return pixels != null || isTiled();
    }

    /**
     * The rows in the layout of the kernels of bytes. The first call copies them, and later ones of the same layout return
     * the copy.
     *
     * @param layout the layout
     * @param workers share the copying
     * @return the rows
     * @throws IllegalStateException if the features are no bytes
     */
    @Override
    public synchronized PixelRows pixelRows(PixelLayout layout, Workers workers) {
        if (isTiled()) {
            return pixelRows;
        }
        if (pixels == null) {
            throw new IllegalStateException("the features are no bytes");
        }
        if (pixelRows == null || pixelLayout != layout) {
            float factor = scaling.kind() == Scaling.Kind.PIXEL ? Scaling.PIXEL_FACTOR : 1;
            pixelRows = PixelRows.of(pixels, rows, features, image, factor, layout, workers);
            pixelLayout = layout;
        }
        return pixelRows;
    }

    /** Whether the bytes are there in the layout of the kernels alone. */
    private boolean isTiled() {
        return pixels == null && pixelRows != null;
    }

    @Override
    public int blockRows() {
        return rows;
    }

    /** All rows are one block. */
    @Override
    public Pass pass(Shuffle.Order order, int row) {
        Iterator<Block> whole =
                List.of(new Block(this, 0, order == null ? null : order.all())).iterator();
        return () -> whole.hasNext() ? whole.next() : null;
    }

    @Override
    public boolean isLabelled() {
        return labels.length == rows;
    }

    /** The floats that the features are kept as; what {@link #values} made of bytes can be made again. */
    private float[] floatsOrNull() {
        return holdsFloats() ? values : null;
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
        if (pixels != null && scaling.kind() == Scaling.Kind.PIXEL) {
            Pixels.widen(count * features, pixels, first * features, Scaling.PIXEL_FACTOR, to, at);
            return;
        }
        copyRaw(first, count, to, at);
    }

    private void copyRaw(int first, int count, float[] to, int at) {
        if (pixels != null) {
            Pixels.widen(count * features, pixels, first * features, 1, to, at);
        } else if (sparse == null) {
            System.arraycopy(values, first * features, to, at, count * features);
        } else {
            Arrays.fill(to, at, at + count * features, 0);
            for (int row = 0; row < count; row++) {
                int start = at + row * features;
                for (int i = sparse.rowStart()[first + row]; i < sparse.rowStart()[first + row + 1]; i++) {
                    to[start + sparse.columns()[i]] = sparse.values()[i];
                }
            }
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

    @Override
    public void requireFinite() {
        requireFinite(0);
    }

    /** As {@link #requireFinite()}, where so many rows come before these. */
    void requireFinite(int before) {
        if (holdsPixels()) {
            return;
        }
        float[] kept = sparse == null ? values : sparse.values();
        for (int from = 0; from < kept.length; from += CHUNK) {
            int n = Math.min(CHUNK, kept.length - from);
            if (!Float.isFinite(Level1.sumOfSquares(n, kept, from))) {
                requireFinite(kept, from, n, before);
            }
        }
    }

    /** The sum of squares of some features is not finite: one of them is not, or the sum alone overflows. */
    private void requireFinite(float[] kept, int from, int n, int before) {
        for (int i = from; i < from + n; i++) {
            if (!Float.isFinite(kept[i])) {
                int row = i / features;
                int feature = i % features;
                if (sparse != null) {
                    feature = sparse.columns()[i];
                    row = 0;
                    while (sparse.rowStart()[row + 1] <= i) {
                        row++;
                    }
                }
                throw new LanewiseException(ExitCode.BAD_DATA, "a value is not finite")
                        .at("row " + (before + row) + ", feature " + feature)
                        .expected("a number", kept[i]);
            }
        }
    }

    /**
     * Names the content: the SHA-256 of the set in IDX form, the features followed by the labels. For a set that was
     * read from IDX files it is what {@code gzip -dc IMAGES.gz LABELS.gz | sha256sum} prints. Pixels and classes up to
     * 256 are unsigned bytes (type 08), other features floats (0D) as scaled, other labels ints (0C); of sparse rows the
     * starts, the columns and the values are written one after another. Takes about a millisecond for each megabyte.
     *
     * @return 64 hexadecimal digits
     */
    @Override
    public String fingerprint() {
        Fingerprint fingerprint = new Fingerprint();
        if (pixels != null) {
            int[] shape =
                    image.map(i -> new int[] {rows, i.height(), i.width()}).orElse(new int[] {rows, features});
            fingerprint.addBytes(pixels, shape);
        } else if (sparse != null) {
            fingerprint.addInts(sparse.rowStart());
            fingerprint.addInts(sparse.columns());
            fingerprint.addFloats(sparse.values(), sparse.values().length);
        } else {
            fingerprint.addFloats(values, rows, features);
        }
        if (labels.length > 0) {
            fingerprint.beginLabels(rows, classes());
            fingerprint.labels(labels, rows);
        }
        return fingerprint.toString();
    }
}
