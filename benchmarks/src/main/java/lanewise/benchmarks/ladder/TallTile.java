package lanewise.benchmarks.ladder;

import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PackedB} with tiles of twelve rows, and A copied too, in the order in which such a tile reads it: twelve elements
 * of a column, then twelve of the next.
 *
 * <p>24 sums, two vectors of B and one of A fit 32 registers, and 24 FMAs need 14 loads. Twelve rows of A where they stand
 * would need twelve addresses, and there are 16 registers for these on x86; copied together, one address serves all.
 * Blocks of A stay in L2 while all strips of B pass by, so the whole width of B is copied first and read again for each.
 *
 * <p>With 16 vector registers the tile of six rows is the largest, and this step is {@link PackedB}.
 */
final class TallTile implements MatmulStep {
    private static final VectorSpecies<Float> S = Vectors.FLOAT;
    private static final int V = S.length();
    private static final int NR = Tile.NR;

    /** Rows of a tile. */
    private static final int MR = 12;

    /** AVX-512 and AArch64 have 32 vector registers, whatever the width in use. */
    private static final boolean FITS = FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512
            || !Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

    /**
     * Columns of a block of A. What a tile reads, 24 KB of A and 64 KB of B, may come from L2: it takes 6,144 cycles, 15
     * bytes a cycle.
     */
    private static final int KC = 512;

    /** Rows of a block of A: it takes 240 KB, and leaves L2 room for B and C. */
    private static final int MC = 10 * MR;

    private final float[] block = new float[MC * KC];
    private float[] strips = new float[0];
    private final PackedB packedB = new PackedB();

    @Override
    public String idea() {
        return "copy A too, so that twelve rows need one address: 24 chains fill 32 registers";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        if (!FITS) {
            packedB.multiply(m, n, k, a, b, c);
            return;
        }
        int rows = m - m % MR;
        int cols = n - n % NR;
        if (strips.length < KC * cols) {
            strips = new float[KC * cols];
        }
        for (int p = 0; p < k; p += KC) {
            int depth = Math.min(KC, k - p);
            for (int j = 0; j < cols; j += NR) {
                PackedB.pack(depth, b, p * n + j, n, strips, j * depth);
            }
            for (int i = 0; i < rows; i += MC) {
                int height = Math.min(MC, rows - i);
                for (int r = 0; r < height; r += MR) {
                    pack(depth, a, (i + r) * k + p, k, block, r * depth);
                }
                for (int j = 0; j < cols; j += NR) {
                    multiplyStrip(height, depth, j * depth, p == 0, c, i * n + j, n);
                }
            }
        }
        FourRows.restOfColumns(0, rows, cols, n, k, a, b, c);
        Tile.rows(rows, m, n, k, a, b, c);
    }

    /** Copies the rows of a tile column by column. */
    private static void pack(int depth, float[] a, int aAt, int lda, float[] block, int at) {
        for (int r = 0; r < MR; r++) {
            for (int p = 0; p < depth; p++) {
                block[at + p * MR + r] = a[aAt + r * lda + p];
            }
        }
    }

    /** A block of A times a strip of B. */
    private void multiplyStrip(int height, int depth, int bAt, boolean first, float[] c, int cAt, int ldc) {
        for (int r = 0; r < height; r += MR) {
            int at = cAt + r * ldc;
            float[] from = first ? Tile.ZEROS : c;
            tile(depth, block, r * depth, strips, bAt, from, first ? 0 : at, first ? 0 : ldc, c, at, ldc);
        }
    }

    /** c = from + A B for one tile of copied operands. */
    private static void tile(
            int k,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            float[] from,
            int fromAt,
            int ldFrom,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c0 = FloatVector.fromArray(S, from, fromAt);
        FloatVector d0 = FloatVector.fromArray(S, from, fromAt + V);
        FloatVector c1 = FloatVector.fromArray(S, from, fromAt + ldFrom);
        FloatVector d1 = FloatVector.fromArray(S, from, fromAt + ldFrom + V);
        FloatVector c2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom);
        FloatVector d2 = FloatVector.fromArray(S, from, fromAt + 2 * ldFrom + V);
        FloatVector c3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom);
        FloatVector d3 = FloatVector.fromArray(S, from, fromAt + 3 * ldFrom + V);
        FloatVector c4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom);
        FloatVector d4 = FloatVector.fromArray(S, from, fromAt + 4 * ldFrom + V);
        FloatVector c5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom);
        FloatVector d5 = FloatVector.fromArray(S, from, fromAt + 5 * ldFrom + V);
        FloatVector c6 = FloatVector.fromArray(S, from, fromAt + 6 * ldFrom);
        FloatVector d6 = FloatVector.fromArray(S, from, fromAt + 6 * ldFrom + V);
        FloatVector c7 = FloatVector.fromArray(S, from, fromAt + 7 * ldFrom);
        FloatVector d7 = FloatVector.fromArray(S, from, fromAt + 7 * ldFrom + V);
        FloatVector c8 = FloatVector.fromArray(S, from, fromAt + 8 * ldFrom);
        FloatVector d8 = FloatVector.fromArray(S, from, fromAt + 8 * ldFrom + V);
        FloatVector c9 = FloatVector.fromArray(S, from, fromAt + 9 * ldFrom);
        FloatVector d9 = FloatVector.fromArray(S, from, fromAt + 9 * ldFrom + V);
        FloatVector c10 = FloatVector.fromArray(S, from, fromAt + 10 * ldFrom);
        FloatVector d10 = FloatVector.fromArray(S, from, fromAt + 10 * ldFrom + V);
        FloatVector c11 = FloatVector.fromArray(S, from, fromAt + 11 * ldFrom);
        FloatVector d11 = FloatVector.fromArray(S, from, fromAt + 11 * ldFrom + V);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + p * NR);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + p * NR + V);
            FloatVector a0 = FloatVector.broadcast(S, a[aAt + p * MR]);
            c0 = a0.fma(b0, c0);
            d0 = a0.fma(b1, d0);
            FloatVector a1 = FloatVector.broadcast(S, a[aAt + p * MR + 1]);
            c1 = a1.fma(b0, c1);
            d1 = a1.fma(b1, d1);
            FloatVector a2 = FloatVector.broadcast(S, a[aAt + p * MR + 2]);
            c2 = a2.fma(b0, c2);
            d2 = a2.fma(b1, d2);
            FloatVector a3 = FloatVector.broadcast(S, a[aAt + p * MR + 3]);
            c3 = a3.fma(b0, c3);
            d3 = a3.fma(b1, d3);
            FloatVector a4 = FloatVector.broadcast(S, a[aAt + p * MR + 4]);
            c4 = a4.fma(b0, c4);
            d4 = a4.fma(b1, d4);
            FloatVector a5 = FloatVector.broadcast(S, a[aAt + p * MR + 5]);
            c5 = a5.fma(b0, c5);
            d5 = a5.fma(b1, d5);
            FloatVector a6 = FloatVector.broadcast(S, a[aAt + p * MR + 6]);
            c6 = a6.fma(b0, c6);
            d6 = a6.fma(b1, d6);
            FloatVector a7 = FloatVector.broadcast(S, a[aAt + p * MR + 7]);
            c7 = a7.fma(b0, c7);
            d7 = a7.fma(b1, d7);
            FloatVector a8 = FloatVector.broadcast(S, a[aAt + p * MR + 8]);
            c8 = a8.fma(b0, c8);
            d8 = a8.fma(b1, d8);
            FloatVector a9 = FloatVector.broadcast(S, a[aAt + p * MR + 9]);
            c9 = a9.fma(b0, c9);
            d9 = a9.fma(b1, d9);
            FloatVector a10 = FloatVector.broadcast(S, a[aAt + p * MR + 10]);
            c10 = a10.fma(b0, c10);
            d10 = a10.fma(b1, d10);
            FloatVector a11 = FloatVector.broadcast(S, a[aAt + p * MR + 11]);
            c11 = a11.fma(b0, c11);
            d11 = a11.fma(b1, d11);
        }
        c0.intoArray(c, cAt);
        d0.intoArray(c, cAt + V);
        c1.intoArray(c, cAt + ldc);
        d1.intoArray(c, cAt + ldc + V);
        c2.intoArray(c, cAt + 2 * ldc);
        d2.intoArray(c, cAt + 2 * ldc + V);
        c3.intoArray(c, cAt + 3 * ldc);
        d3.intoArray(c, cAt + 3 * ldc + V);
        c4.intoArray(c, cAt + 4 * ldc);
        d4.intoArray(c, cAt + 4 * ldc + V);
        c5.intoArray(c, cAt + 5 * ldc);
        d5.intoArray(c, cAt + 5 * ldc + V);
        c6.intoArray(c, cAt + 6 * ldc);
        d6.intoArray(c, cAt + 6 * ldc + V);
        c7.intoArray(c, cAt + 7 * ldc);
        d7.intoArray(c, cAt + 7 * ldc + V);
        c8.intoArray(c, cAt + 8 * ldc);
        d8.intoArray(c, cAt + 8 * ldc + V);
        c9.intoArray(c, cAt + 9 * ldc);
        d9.intoArray(c, cAt + 9 * ldc + V);
        c10.intoArray(c, cAt + 10 * ldc);
        d10.intoArray(c, cAt + 10 * ldc + V);
        c11.intoArray(c, cAt + 11 * ldc);
        d11.intoArray(c, cAt + 11 * ldc + V);
    }
}
