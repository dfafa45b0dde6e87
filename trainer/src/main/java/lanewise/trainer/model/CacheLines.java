package lanewise.trainer.model;

/**
 * Arrays with an element that begins a line of the cache, where the garbage collector allows. A vector that touches two lines
 * costs two loads: products by few classes take a tenth to a quarter longer when each of their weights is such a vector, and
 * sparse rows, which fetch weights from far away, half as long again.
 *
 * <p>Java tells no address. But G1, which is what a JVM on a server takes unless it is told otherwise, gives an array that is
 * larger than half a region regions of its own, of which it begins the first. So arrays are made that large.
 */
final class CacheLines {
    /** The element that begins a line, behind a header of 16 bytes and what is left of the line. */
    static final int START = 12;

    private static final int LEAST_REGION = 1 << 20;
    private static final int LARGEST_REGION = 1 << 25;
    private static final int REGIONS = 2_048;

    private CacheLines() {}

    /**
     * An array of zeros.
     *
     * @param count how many floats are wanted from {@link #START} on
     * @throws ArithmeticException if an array cannot be as long
     */
    static float[] zeros(long count) {
        return new float[Math.toIntExact(length(count))];
    }

    /** How long an array is of which so many floats are wanted. */
    static long length(long count) {
        return Math.max(START + count, region(Runtime.getRuntime().maxMemory()) / 2 / Float.BYTES);
    }

    /** The bytes of a region of G1 in a heap of so many at most: the power of two above a 2048th of them, within bounds. */
    static long region(long heap) {
        long share = Math.max(LEAST_REGION, Math.min(LARGEST_REGION, heap / REGIONS));
        return 2 * Long.highestOneBit(share - 1);
    }
}
