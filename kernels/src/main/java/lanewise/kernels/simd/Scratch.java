package lanewise.kernels.simd;

/**
 * Working memory that a kernel needs for the length of one call and would not allocate each time: an array for each slot
 * and thread, which grows to the largest size asked for, and stays until the thread dies: {@link lanewise.kernels} says how
 * much that is. Its contents are whatever the last user of the slot left.
 */
final class Scratch {
    /** The row kernels: see {@link ClassMajor} and {@link LongRow}. */
    static final int ROWS = 0;

    /** The lanes of a sum. */
    static final int SUMS = 1;

    /** The gradient of logits, sample by sample. */
    static final int FACTORS = 2;

    /** sgemm: packed A, packed B, and a tile. */
    static final int SGEMM_A = 3;

    static final int SGEMM_B = 4;
    static final int SGEMM_TILE = 5;

    /** op(B) by columns. */
    static final int COLUMNS = 6;

    /** A row of a class-major matrix of many classes. */
    static final int LONG_ROW = 7;

    /** A few columns of pixels, widened. */
    static final int PIXELS = 8;

    private static final int SLOTS = 9;
    private static final ThreadLocal<float[][]> ARRAYS = ThreadLocal.withInitial(() -> new float[SLOTS][0]);

    private static final ThreadLocal<int[][]> INTS = ThreadLocal.withInitial(() -> new int[1][0]);

    private Scratch() {}

    /** The slot's array, of at least n elements. */
    static float[] floats(int slot, int n) {
        float[][] arrays = ARRAYS.get();
        if (arrays[slot].length < n) {
            arrays[slot] = new float[n];
        }
        return arrays[slot];
    }

    /** The steps of sparse tiles: an array of at least n elements. */
    static int[] ints(int n) {
        int[][] holder = INTS.get();
        if (holder[0].length < n) {
            holder[0] = new int[n];
        }
        return holder[0];
    }
}
