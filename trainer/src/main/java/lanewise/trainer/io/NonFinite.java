package lanewise.trainer.io;

import lanewise.kernels.Level1;

/** Finds a NaN or an infinity. */
public final class NonFinite {
    private static final int CHUNK = 1 << 14;

    private NonFinite() {}

    /**
     * Finds the first of some values that is NaN or infinite.
     *
     * @param values the values
     * @param from index of the first one
     * @param to index behind the last one
     * @return the index of the one that is found, or -1
     */
    public static int first(float[] values, int from, int to) {
        for (int chunk = from, n; chunk < to; chunk += n) {
            n = Math.min(CHUNK, to - chunk);
            if (Float.isFinite(Level1.sumOfSquares(n, values, chunk))) {
                continue;
            }
            // One of them is not finite, or the sum alone overflows.
            for (int i = chunk; i < chunk + n; i++) {
                if (!Float.isFinite(values[i])) {
                    return i;
                }
            }
        }
        return -1;
    }
}
