package lanewise.trainer.data;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import lanewise.kernels.Workers;

/**
 * Rows of features, with a class for each row. The features are kept as floats, as bytes or sparse. Safe for use by many
 * threads; the arrays it hands out are its own and must not be changed.
 */
public final class Dataset implements Rows {
    /** What the labels are called that have no other name. */
    static final String LABEL = "label";

    private final int[] labels;
    private final List<String> classNames;
    private final List<String> featureNames;
    private final String labelName;
    private final Optional<ImageShape> image;
    private final Features features;

    /** The features as floats, once they have been asked for. */
    private float[] values;

    /** The features in a layout of the kernels, the one that was asked for last, or null. */
    private volatile LaidOut laidOut;

    private record LaidOut(PixelLayout layout, PixelRows rows) {}

    private Dataset(
            int[] labels,
            List<String> classNames,
            List<String> featureNames,
            String labelName,
            Optional<ImageShape> image,
            Features features) {
        this.labels = labels;
        this.classNames = classNames;
        this.featureNames = featureNames;
        this.labelName = labelName;
        this.image = image;
        this.features = features;
    }

    /** Makes sure that labels and names belong to the features. */
    private Dataset checked() {
        if (labels.length != rows() && labels.length != 0) {
            throw new IllegalArgumentException(labels.length + " labels for " + rows() + " rows");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classNames.size()) {
                throw new IllegalArgumentException(
                        "label " + labels[i] + " at row " + i + " is outside 0.." + (classNames.size() - 1));
            }
        }
        if (!featureNames.isEmpty() && featureNames.size() != features()) {
            throw new IllegalArgumentException(featureNames.size() + " names for " + features() + " features");
        }
        return this;
    }

    /** Features without names, with a class for each row or for none. */
    private static Dataset of(Features features, int[] labels, List<String> classNames, Optional<ImageShape> image) {
        return new Dataset(labels, classNames, List.of(), LABEL, image, features).checked();
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
        List<String> names = ClassNames.counted(classes);
        return of(new FloatFeatures(values, rows, features, Scaling.NONE), labels, names, Optional.empty());
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
        long features = (long) image.height() * image.width();
        if (features > pixels.length) {
            throw new IllegalArgumentException("an image of " + features + " pixels in " + pixels.length);
        }
        List<String> names = ClassNames.counted(classes);
        return of(new ByteFeatures(pixels, rows, (int) features, Scaling.PIXEL), labels, names, Optional.of(image));
    }

    /** Bytes that are in the layout of the kernels, where alone they can be used. The labels are not looked at. */
    static Dataset ofTiles(Features tiles, int[] labels, List<String> classNames) {
        return new Dataset(labels, classNames, List.of(), LABEL, Optional.empty(), tiles);
    }

    /** Rows of bytes with a class for each. */
    static Dataset ofBlock(byte[] bytes, int rows, int width, int[] labels, List<String> classNames, Scaling scaling) {
        return of(new ByteFeatures(bytes, rows, width, scaling), labels, classNames, Optional.empty());
    }

    /** Rows of floats, scaled or as they come, with a class for each. */
    static Dataset ofBlock(
            float[] values, int rows, int width, int[] labels, List<String> classNames, Scaling scaling) {
        return of(new FloatFeatures(values, rows, width, scaling), labels, classNames, Optional.empty());
    }

    /** Sparse rows, scaled or as they come, with a class for each. */
    static Dataset ofBlock(Csr sparse, int width, int[] labels, List<String> classNames, Scaling scaling) {
        return of(new SparseFeatures(sparse, width, scaling), labels, classNames, Optional.empty());
    }

    /** Bytes as they come, which may be images, without labels. */
    static Dataset ofBytes(byte[] bytes, int rows, int features, Optional<ImageShape> image) {
        return of(new ByteFeatures(bytes, rows, features, Scaling.NONE), new int[0], List.of(), image);
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
        List<String> names = ClassNames.counted(classes);
        return of(new SparseFeatures(sparse, features, Scaling.NONE), labels, names, Optional.empty());
    }

    /**
     * The same rows with labels in place of those they have.
     *
     * @param labels the class of each row; of length 0 when the rows are not to be labelled
     * @param classNames a name for each class
     * @return a data set over the same arrays
     * @throws IllegalArgumentException if there are labels, but fewer or more than rows, or one is not the index of a name
     */
    public Dataset withLabels(int[] labels, List<String> classNames) {
        return new Dataset(labels, ClassNames.copyOf(classNames), featureNames, labelName, image, features).checked();
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
        return new Dataset(labels, classNames, ClassNames.copyOf(names), labelName, image, features).checked();
    }

    /** The same rows with a name for the labels. */
    Dataset withLabelName(String name) {
        return new Dataset(labels, classNames, featureNames, name, image, features);
    }

    /**
     * The same sparse rows with zeros behind them.
     *
     * @param wider the number of features, at least as many as there are
     * @return a data set over the same arrays
     * @throws IllegalArgumentException if there are more features already
     */
    public Dataset widened(int wider) {
        if (wider == features()) {
            return this;
        }
        if (!(features instanceof SparseFeatures sparse) || wider < features()) {
            throw new IllegalArgumentException(features() + " features are not to become " + wider);
        }
        List<String> names = featureNames instanceof ClassNames.Counted counted
                ? new ClassNames.Counted(counted.first(), wider)
                : List.of();
        return new Dataset(labels, classNames, names, labelName, image, sparse.widened(wider)).checked();
    }

    /** Makes sure that there are such rows. */
    static void requireRows(int[] chosen, int rows) {
        for (int row : chosen) {
            if (row < 0 || row >= rows) {
                throw new IllegalArgumentException("row " + row + " is outside 0.." + (rows - 1));
            }
        }
    }

    @Override
    public Dataset subset(int[] chosen) {
        requireRows(chosen, rows());
        int[] chosenLabels = new int[labels.length == 0 ? 0 : chosen.length];
        for (int i = 0; i < chosenLabels.length; i++) {
            chosenLabels[i] = labels[chosen[i]];
        }
        return new Dataset(chosenLabels, classNames, featureNames, labelName, image, features.subset(chosen)).checked();
    }

    /**
     * The same rows, scaled. Bytes stay bytes unless the scaling is a fitted one, and sparse rows stay sparse.
     *
     * @param wanted the scaling, which for bytes takes the place of the one they have
     * @return the data set, over the same arrays where that is possible
     * @throws IllegalArgumentException if floats have been scaled already, the scaling is for another number of features,
     *     or sparse rows would not stay sparse
     * @throws IllegalStateException if the rows are {@linkplain #holdsTiles tiles}
     */
    public Dataset scaled(Scaling wanted) {
        return wanted.equals(scaling()) ? this : with(features.scaled(wanted));
    }

    /** As {@link #scaled}, of rows that nobody else has, whose floats are changed. */
    Dataset scaledInPlace(Scaling wanted) {
        return wanted.equals(scaling()) ? this : with(features.scaledInPlace(wanted));
    }

    /**
     * The same rows, kept as floats.
     *
     * @return the data set, which takes four bytes of heap for each feature of each row
     * @throws IllegalArgumentException if these are more than an array can have
     * @throws IllegalStateException if the rows are {@linkplain #holdsTiles tiles}
     */
    public Dataset dense() {
        return holdsFloats() ? this : with(new FloatFeatures(values(), rows(), features(), scaling()));
    }

    private Dataset with(Features others) {
        return new Dataset(labels, classNames, featureNames, labelName, image, others).checked();
    }

    @Override
    public int rows() {
        return features.rows;
    }

    @Override
    public int features() {
        return features.width;
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
    @Override
    public List<String> featureNames() {
        return featureNames;
    }

    /** What the labels are called. */
    String labelName() {
        return labelName;
    }

    @Override
    public Scaling scaling() {
        return features.scaling;
    }

    /** The features as they are kept, when that is as bytes, whatever their scaling. */
    Optional<byte[]> bytes() {
        return features.bytes();
    }

    /**
     * The rows as they are kept, when that is sparse.
     *
     * @return the rows, or empty
     */
    public Optional<Csr> sparse() {
        return features.sparse();
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
     * @throws IllegalArgumentException if they are more than an array can have
     * @throws IllegalStateException if the rows are {@linkplain #holdsTiles tiles}
     */
    public synchronized float[] values() {
        if (values == null) {
            values = features.floats();
        }
        return values;
    }

    @Override
    public boolean holdsFloats() {
        return features instanceof FloatFeatures;
    }

    @Override
    public boolean holdsPixels() {
        return features instanceof ByteFeatures || holdsTiles();
    }

    @Override
    public boolean holdsTiles() {
        return features instanceof TiledFeatures;
    }

    @Override
    public boolean holdsSparse() {
        return features instanceof SparseFeatures;
    }

    @Override
    public int firstIndex() {
        return holdsSparse() && featureNames instanceof ClassNames.Counted counted ? counted.first() : -1;
    }

    /**
     * The rows in the layout of the kernels of bytes. The first call copies them, and later ones of the same layout return
     * the copy; of several first calls at once each may make its own.
     *
     * @param layout the layout
     * @param workers share the copying
     * @return the rows
     * @throws IllegalStateException if the features are not bytes
     */
    @Override
    public PixelRows pixelRows(PixelLayout layout, Workers workers) {
        LaidOut known = laidOut;
        if (known == null || known.layout != layout) {
            // Under no lock: the workers may be at work for a thread that waits for these rows.
            known = new LaidOut(layout, features.pixelRows(image, layout, workers));
            laidOut = known;
        }
        return known.rows;
    }

    @Override
    public int blockRows() {
        return rows();
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
        return labels.length == rows();
    }

    /**
     * Copies the features of some rows, as {@link #values} has them.
     *
     * @param first the first row
     * @param count how many rows
     * @param to receives them, without gaps
     * @param at index of the first feature of the first row
     * @throws IllegalArgumentException if there are no such rows, or the array has no room for them
     * @throws IllegalStateException if the rows are {@linkplain #holdsTiles tiles}
     */
    public void copyRows(int first, int count, float[] to, int at) {
        if (first < 0 || count < 0 || count > rows() - first) {
            throw new IllegalArgumentException(
                    count + " rows from row " + first + " on are outside 0.." + (rows() - 1));
        }
        if (at < 0 || (long) count * features() > to.length - at) {
            throw new IllegalArgumentException(count + " rows of " + features() + " features do not fit " + to.length
                    + " values from " + at + " on");
        }
        features.copyRows(first, count, to, at);
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
        features.requireFinite(before);
    }

    /**
     * Names the content: the SHA-256 of the set in IDX form, the features followed by the labels. For a set that was
     * read from IDX files it is what {@code gzip -dc IMAGES.gz LABELS.gz | sha256sum} prints. Pixels and classes up to
     * 256 are unsigned bytes (type 08), other features floats (0D) as scaled, other labels ints (0C). Sparse rows begin
     * as ints would, and then have of each row how many entries it has, their columns and their values. Takes about a
     * millisecond for each megabyte.
     *
     * @return 64 hexadecimal digits
     * @throws IllegalStateException if the rows are {@linkplain #holdsTiles tiles}
     */
    @Override
    public String fingerprint() {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.begin(RowForm.of(this), rows());
        fingerprint.add(this);
        if (labels.length > 0) {
            fingerprint.beginLabels(rows(), classes());
            fingerprint.labels(labels, rows());
        }
        return fingerprint.toString();
    }
}
