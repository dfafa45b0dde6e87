package lanewise.kernels.backend;

/** The few constants that the bits of a result depend on; every backend shares them. */
public final class Bits {
    /** A dot product is summed in this many lanes at every vector width, then by one fixed tree. */
    public static final int LANES = 16;

    /** A shorter row of softmax is summed in order; from here on in lanes, as a dot product. */
    public static final int LONG_ROW = 48;

    /** A long row is summed in float by stretches of this many elements, and the stretches in double. */
    public static final int STRETCH = 1024;

    /** The weights of pixels are stored for a multiple of this many classes. */
    public static final int CLASSES = 5;

    /** The entries of a sparse row are summed in this many chains, taken in turn. */
    public static final int CHAINS = 4;

    private Bits() {}

    /**
     * How many classes the weights of pixels are stored for.
     *
     * @throws ArithmeticException if that is more than an int can hold
     */
    public static int paddedClasses(int classes) {
        return Math.multiplyExact(Math.floorDiv(classes - 1, CLASSES) + 1, CLASSES);
    }

    /** What a classifier should give the label: 1 - smoothing + smoothing / classes. */
    public static float targetOfLabel(int classes, float smoothing) {
        return (float) (1.0 - smoothing + (double) smoothing / classes);
    }

    /** What a classifier should give any other class: smoothing / classes. */
    public static float targetOfOthers(int classes, float smoothing) {
        return (float) ((double) smoothing / classes);
    }

    /**
     * Whether a product of this kind is computed as dot products rather than as one chain of k: where C has fewer columns
     * than a dot product has lanes, whatever the vector, and the rows of A are long: the more so the more columns there are,
     * since the lanes of each are added at the end, where as chains they share a vector; unless B is transposed, whose
     * columns dot products read where they stand. Never a question of m, so that a row has the same bits in any batch.
     */
    public static boolean dotShaped(boolean transA, boolean transB, int n, int k) {
        return !transA && n < LANES && k >= 2 * LANES && (transB || k >= LANES / 2 * n);
    }
}
