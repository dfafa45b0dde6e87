package lanewise.benchmarks.ladder;

/**
 * {@link Tile} on blocks of B that fit into L1: a strip of KC rows, as wide as a tile, is copied together and serves every
 * row of A before the next strip is touched.
 *
 * <p>Where B stands, the rows of a strip are n elements apart: each in a page and often in the same few sets of the cache,
 * so that not even a small block stays. Copied together they are neighbours, and the copy costs an element one load and one
 * store, for m uses.
 */
final class PackedB implements MatmulStep {
    /** Rows of a strip: with two vectors of 64 bytes a row it takes 16 KB, half of an L1 of 32 KB. */
    private static final int KC = 128;

    private final float[] strip = new float[KC * Tile.NR];

    @Override
    public String idea() {
        return "copy a strip of B into one piece that stays in L1";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        int rows = m - m % Tile.MR;
        int cols = n - n % Tile.NR;
        for (int p = 0; p < k; p += KC) {
            int depth = Math.min(KC, k - p);
            for (int j = 0; j < cols; j += Tile.NR) {
                pack(depth, b, p * n + j, n, strip, 0);
                for (int i = 0; i < rows; i += Tile.MR) {
                    int at = i * n + j;
                    boolean first = p == 0;
                    float[] from = first ? Tile.ZEROS : c;
                    Tile.tile(depth, a, i * k + p, k, strip, 0, Tile.NR, from, first ? 0 : at, first ? 0 : n, c, at, n);
                }
            }
        }
        FourRows.restOfColumns(0, rows, cols, n, k, a, b, c);
        Tile.rows(rows, m, n, k, a, b, c);
    }

    /** Copies rows of B, as wide as a tile, one behind the other. */
    static void pack(int depth, float[] b, int bAt, int ldb, float[] strip, int at) {
        for (int p = 0; p < depth; p++) {
            System.arraycopy(b, bAt + p * ldb, strip, at + p * Tile.NR, Tile.NR);
        }
    }
}
