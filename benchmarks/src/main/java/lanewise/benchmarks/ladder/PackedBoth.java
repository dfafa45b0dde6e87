package lanewise.benchmarks.ladder;

/**
 * {@link PackedB} with A copied too, in the order in which tiles read it: six elements of a column, then six of the next.
 *
 * <p>A tile reads A through one pointer then, not through six that are k elements apart. Blocks of A stay in L2 while all
 * strips of B pass by, so the whole width of B is packed first, and read again for each block.
 */
final class PackedBoth implements MatmulStep {
    private static final int KC = PackedB.KC;

    /** Rows of a block of A: with KC columns it takes 192 KB, and leaves most of an L2 to B and C. */
    private static final int MC = 32 * Tile.MR;

    private final float[] block = new float[MC * KC];
    private float[] strips = new float[0];

    @Override
    public String idea() {
        return "copy blocks of A too, in the order in which tiles read";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        int rows = m - m % Tile.MR;
        int cols = n - n % Tile.NR;
        if (strips.length < KC * cols) {
            strips = new float[KC * cols];
        }
        for (int p = 0; p < k; p += KC) {
            int depth = Math.min(KC, k - p);
            for (int j = 0; j < cols; j += Tile.NR) {
                PackedB.pack(depth, b, p * n + j, n, strips, j * depth);
            }
            for (int i = 0; i < rows; i += MC) {
                int height = Math.min(MC, rows - i);
                for (int r = 0; r < height; r += Tile.MR) {
                    packTile(depth, a, (i + r) * k + p, k, block, r * depth);
                }
                for (int j = 0; j < cols; j += Tile.NR) {
                    multiplyStrip(height, depth, j * depth, p == 0, c, i * n + j, n);
                }
            }
        }
        Tile.rest(rows, cols, m, n, k, a, b, c);
    }

    /** A block of A times a strip of B. */
    private void multiplyStrip(int height, int depth, int bAt, boolean first, float[] c, int cAt, int ldc) {
        for (int r = 0; r < height; r += Tile.MR) {
            int at = cAt + r * ldc;
            float[] from = first ? Tile.ZEROS : c;
            Tile.tile(
                    depth,
                    block,
                    r * depth,
                    1,
                    Tile.MR,
                    strips,
                    bAt,
                    Tile.NR,
                    from,
                    first ? 0 : at,
                    first ? 0 : ldc,
                    c,
                    at,
                    ldc);
        }
    }

    /** Copies the rows of a tile column by column. */
    private static void packTile(int depth, float[] a, int aAt, int lda, float[] block, int at) {
        for (int r = 0; r < Tile.MR; r++) {
            for (int p = 0; p < depth; p++) {
                block[at + p * Tile.MR + r] = a[aAt + r * lda + p];
            }
        }
    }
}
