package lanewise.trainer.train;

import lanewise.trainer.random.SplitMix64;

/**
 * The order in which an epoch goes through the rows: chunks of 8,192 rows in random order, and the rows of each chunk in
 * random order. So a reader that holds one chunk at a time can follow it, and the order is the same whether the rows are in
 * memory or not. It depends on the seed, the epoch and the number of rows alone.
 *
 * <p><b>Source.</b> Fisher and Yates, in Durstenfeld's form, Algorithm 235 (1964).
 */
final class Shuffle {
    private static final int CHUNK = 8_192;

    private final long seed;
    private final int[] chunks;
    private final int[] rows;

    Shuffle(long seed, int rows) {
        this.seed = seed;
        this.chunks = new int[(rows - 1) / CHUNK + 1];
        this.rows = new int[rows];
    }

    /** The rows in the order of an epoch; the array is used again for the next one. */
    int[] order(int epoch) {
        SplitMix64 random = SplitMix64.of(seed, SplitMix64.Stream.SHUFFLE, epoch);
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = i;
        }
        permute(chunks, 0, chunks.length, random);
        int at = 0;
        for (int chunk : chunks) {
            int start = at;
            int end = Math.min((chunk + 1) * CHUNK, rows.length);
            for (int row = chunk * CHUNK; row < end; row++) {
                rows[at++] = row;
            }
            permute(rows, start, at, random);
        }
        return rows;
    }

    private static void permute(int[] values, int from, int to, SplitMix64 random) {
        for (int last = to - 1; last > from; last--) {
            int other = from + random.nextInt(last - from + 1);
            int kept = values[last];
            values[last] = values[other];
            values[other] = kept;
        }
    }
}
