package lanewise.trainer.data;

import lanewise.trainer.random.SplitMix64;

/**
 * The order in which an epoch goes through the rows: chunks of 8,192 rows in random order, and the rows of each chunk in
 * random order. So a reader that holds one chunk at a time can follow it, and the order is the same whether the rows are in
 * memory or not. It depends on the seed, the epoch and the number of rows alone.
 *
 * <p><b>Source.</b> Fisher and Yates, in Durstenfeld's form, Algorithm 235 (1964).
 */
public final class Shuffle {
    /** How many rows a chunk has, but for the last one. */
    static final int CHUNK = 8_192;

    private final long seed;
    private final int rows;

    /** The whole order, for those who have all rows at once. */
    private int[] whole = {};

    /**
     * The orders of some rows.
     *
     * @param seed names the random choices
     * @param rows how many rows, at least 1
     * @throws IllegalArgumentException if there are fewer
     */
    public Shuffle(long seed, int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("an order of " + rows + " rows");
        }
        this.seed = seed;
        this.rows = rows;
    }

    /**
     * The order of an epoch.
     *
     * @param epoch which epoch
     * @return the order, to be followed once
     */
    public Order epoch(int epoch) {
        return new Order(SplitMix64.of(seed, SplitMix64.Stream.SHUFFLE, epoch));
    }

    /** How many rows a chunk has. */
    static int chunkRows(int chunk, int rows) {
        return Math.min(CHUNK, rows - chunk * CHUNK);
    }

    /** How many chunks the rows make. */
    static int chunks(int rows) {
        return (rows - 1) / CHUNK + 1;
    }

    private static void permute(int[] values, int from, int to, SplitMix64 random) {
        for (int last = to - 1; last > from; last--) {
            int other = from + random.nextInt(last - from + 1);
            int kept = values[last];
            values[last] = values[other];
            values[other] = kept;
        }
    }

    /** The order of one epoch, drawn as it is followed. */
    public final class Order {
        private final SplitMix64 random;
        private final int[] chunks = new int[Shuffle.chunks(rows)];

        private Order(SplitMix64 random) {
            this.random = random;
            for (int i = 0; i < chunks.length; i++) {
                chunks[i] = i;
            }
            permute(chunks, 0, chunks.length, random);
        }

        /** The chunks in their order. */
        int[] chunks() {
            return chunks;
        }

        /** Draws the order of the rows of a chunk, as they count in it; to be asked for each chunk in its turn. */
        void draw(int chunk, int[] to) {
            int count = fill(to, 0, 0, chunkRows(chunk, rows));
            permute(to, 0, count, random);
        }

        /** All rows in their order; the array is used again for the next epoch. */
        int[] all() {
            if (whole.length == 0) {
                whole = new int[rows];
            }
            int at = 0;
            for (int chunk : chunks) {
                int start = at;
                at = fill(whole, at, chunk * CHUNK, chunkRows(chunk, rows));
                permute(whole, start, at, random);
            }
            return whole;
        }

        private static int fill(int[] to, int at, int first, int count) {
            for (int i = 0; i < count; i++) {
                to[at + i] = first + i;
            }
            return at + count;
        }
    }
}
