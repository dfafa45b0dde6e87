package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;

/**
 * Copies a block of rows to class-major order and back.
 *
 * <p><b>Layout.</b> Element j of row i is x[xAt + i * ldx + j] row-major, and y[yAt + j * pitch + i] class-major.
 *
 * <p><b>Tile.</b> Sixteen rows by sixteen classes, where a vector holds sixteen floats: the matrix of four quarters is
 * transposed when the upper right has changed places with the lower left, and each quarter is transposed the same way. So
 * vectors i and i + 8 exchange halves, then i and i + 4 quarters of these, in registers; then, by way of a tile in L1, 2
 * apart and 1 apart.
 *
 * <pre>
 *   a = [a0 a1]              u = [b0 a1]              swapped = [a1 b0]
 *   b = [b0 b1]   one blend              one shuffle                      two blends: [a0 b0] and [a1 b1]
 * </pre>
 *
 * <p>Sixteen shuffles and 48 blends a pass, some 70 cycles in all for 256 elements, where a store of each would take 256.
 * Where a vector holds eight floats, eight rows by eight classes are transposed in the last three of these steps without
 * leaving the registers: 55 cycles for 64 elements on a Zen 3, where they took 150 one by one.
 *
 * <p><b>Tail.</b> Element by element, as where vectors are narrower, on JDK 17, where there are fewer than {@value #FEWEST}
 * classes, and, back from vectors of sixteen, where rows have fewer classes than that and gaps between them.
 *
 * <p><b>Source.</b> J. O. Eklundh, "A fast computer method for matrix transposing", IEEE Trans. Comput. C-21 (1972).
 */
final class Transposition {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Bits.LANES;
    private static final int FEWEST = 8;

    /** Rows and columns of a tile that stays in registers. */
    private static final int SIDE = 8;

    /** The elements of a tile. */
    static final int TILE = LANES * LANES;

    /** Whether it is more than moving one element after the other. */
    static final boolean IN_REGISTERS = Lanes.WHOLE || Lanes.HALVES;

    private Transposition() {}

    /** Row-major to class-major; the rows may be filled up to a multiple of 16 with what does not matter. */
    static void toClasses(
            int rows, int cols, float[] x, int xAt, int ldx, float[] y, int yAt, int pitch, float[] tile, int tileAt) {
        int whole = cols + LANES - 1 & -LANES;
        int i = 0;
        if (Lanes.HALVES && cols >= FEWEST) {
            for (; i <= rows - SIDE; i += SIDE) {
                for (int next = 0; next < cols; next += SIDE) {
                    int j = Math.min(next, cols - SIDE);
                    exchange(x, xAt + i * ldx + j, ldx, y, yAt + j * pitch + i, pitch);
                }
            }
        } else if (Lanes.WHOLE && cols >= FEWEST) {
            // As long as the array goes on to the end of the last vector.
            for (; i < rows && xAt + (i + LANES - 1L) * ldx + whole <= x.length; i += LANES) {
                for (int j = 0; j < cols; j += LANES) {
                    exchangeFar(x, xAt + i * ldx + j, ldx, tile, tileAt);
                    exchangeNear(Math.min(LANES, cols - j), tile, tileAt, y, yAt + j * pitch + i, pitch);
                }
            }
        }
        for (int j = 0; j < cols; j++) {
            int from = xAt + i * ldx + j;
            int to = yAt + j * pitch;
            for (int row = i; row < rows; row++) {
                y[to + row] = x[from];
                from += ldx;
            }
        }
    }

    /** Class-major to row-major; there must be room for 16 classes to be read. */
    static void toRows(
            int rows, int cols, float[] y, int yAt, int pitch, float[] x, int xAt, int ldx, float[] tile, int tileAt) {
        int i = 0;
        if (Lanes.HALVES && cols >= FEWEST) {
            for (; i <= rows - SIDE; i += SIDE) {
                for (int next = 0; next < cols; next += SIDE) {
                    int j = Math.min(next, cols - SIDE);
                    exchange(y, yAt + j * pitch + i, pitch, x, xAt + i * ldx + j, ldx);
                }
            }
        } else if (Lanes.WHOLE && cols >= FEWEST && (cols >= LANES || ldx == cols)) {
            // A vector that is wider than a row is written into the next ones, before these are.
            int spilled = Math.max(0, LANES - cols);
            for (; (i + (long) LANES) * ldx + spilled <= (long) rows * ldx; i += LANES) {
                for (int next = 0; next < cols; next += LANES) {
                    int j = Math.max(0, Math.min(next, cols - LANES));
                    exchangeFar(y, yAt + j * pitch + i, pitch, tile, tileAt);
                    exchangeNear(LANES, tile, tileAt, x, xAt + i * ldx + j, ldx);
                }
            }
        }
        for (int j = 0; j < cols; j++) {
            int from = yAt + j * pitch;
            int to = xAt + i * ldx + j;
            for (int row = i; row < rows; row++) {
                x[to] = y[from + row];
                to += ldx;
            }
        }
    }

    /** From a matrix to the tile: halves, then quarters. */
    private static void exchangeFar(float[] x, int at, int ld, float[] tile, int tileAt) {
        for (int i = 0; i < 4; i++) {
            int from = at + i * ld;
            int to = tileAt + i * LANES;
            FloatVector a = FloatVector.fromArray(S, x, from);
            FloatVector b = FloatVector.fromArray(S, x, from + 4 * ld);
            FloatVector c = FloatVector.fromArray(S, x, from + 8 * ld);
            FloatVector d = FloatVector.fromArray(S, x, from + 12 * ld);
            FloatVector ac = c.blend(a, Lanes.UPPER8).rearrange(Lanes.SWAP8);
            FloatVector bd = d.blend(b, Lanes.UPPER8).rearrange(Lanes.SWAP8);
            a = a.blend(ac, Lanes.UPPER8);
            b = b.blend(bd, Lanes.UPPER8);
            c = ac.blend(c, Lanes.UPPER8);
            d = bd.blend(d, Lanes.UPPER8);
            FloatVector ab = b.blend(a, Lanes.UPPER4).rearrange(Lanes.SWAP4);
            FloatVector cd = d.blend(c, Lanes.UPPER4).rearrange(Lanes.SWAP4);
            a.blend(ab, Lanes.UPPER4).intoArray(tile, to);
            ab.blend(b, Lanes.UPPER4).intoArray(tile, to + 4 * LANES);
            c.blend(cd, Lanes.UPPER4).intoArray(tile, to + 8 * LANES);
            cd.blend(d, Lanes.UPPER4).intoArray(tile, to + 12 * LANES);
        }
    }

    /** From the tile to the first vectors of a matrix, one after the other: pairs, then single elements. */
    private static void exchangeNear(int vectors, float[] tile, int tileAt, float[] y, int at, int ld) {
        for (int i = 0; i < vectors; i += 4) {
            int from = tileAt + i * LANES;
            int to = at + i * ld;
            FloatVector a = FloatVector.fromArray(S, tile, from);
            FloatVector b = FloatVector.fromArray(S, tile, from + LANES);
            FloatVector c = FloatVector.fromArray(S, tile, from + 2 * LANES);
            FloatVector d = FloatVector.fromArray(S, tile, from + 3 * LANES);
            FloatVector ac = c.blend(a, Lanes.UPPER2).rearrange(Lanes.SWAP2);
            FloatVector bd = d.blend(b, Lanes.UPPER2).rearrange(Lanes.SWAP2);
            a = a.blend(ac, Lanes.UPPER2);
            b = b.blend(bd, Lanes.UPPER2);
            c = ac.blend(c, Lanes.UPPER2);
            d = bd.blend(d, Lanes.UPPER2);
            FloatVector ab = b.blend(a, Lanes.UPPER1).rearrange(Lanes.SWAP1);
            FloatVector cd = d.blend(c, Lanes.UPPER1).rearrange(Lanes.SWAP1);
            a.blend(ab, Lanes.UPPER1).intoArray(y, to);
            if (i + 1 < vectors) {
                ab.blend(b, Lanes.UPPER1).intoArray(y, to + ld);
            }
            if (i + 2 < vectors) {
                c.blend(cd, Lanes.UPPER1).intoArray(y, to + 2 * ld);
            }
            if (i + 3 < vectors) {
                cd.blend(d, Lanes.UPPER1).intoArray(y, to + 3 * ld);
            }
        }
    }

    /** From matrix to matrix, eight by eight, where a vector holds eight floats: halves, then pairs, then single elements. */
    private static void exchange(float[] x, int at, int ldx, float[] y, int to, int ldy) {
        FloatVector a = FloatVector.fromArray(S, x, at);
        FloatVector b = FloatVector.fromArray(S, x, at + ldx);
        FloatVector c = FloatVector.fromArray(S, x, at + 2 * ldx);
        FloatVector d = FloatVector.fromArray(S, x, at + 3 * ldx);
        FloatVector e = FloatVector.fromArray(S, x, at + 4 * ldx);
        FloatVector f = FloatVector.fromArray(S, x, at + 5 * ldx);
        FloatVector g = FloatVector.fromArray(S, x, at + 6 * ldx);
        FloatVector h = FloatVector.fromArray(S, x, at + 7 * ldx);
        FloatVector ae = e.blend(a, Lanes.UPPER4).rearrange(Lanes.SWAP4);
        FloatVector bf = f.blend(b, Lanes.UPPER4).rearrange(Lanes.SWAP4);
        FloatVector cg = g.blend(c, Lanes.UPPER4).rearrange(Lanes.SWAP4);
        FloatVector dh = h.blend(d, Lanes.UPPER4).rearrange(Lanes.SWAP4);
        a = a.blend(ae, Lanes.UPPER4);
        b = b.blend(bf, Lanes.UPPER4);
        c = c.blend(cg, Lanes.UPPER4);
        d = d.blend(dh, Lanes.UPPER4);
        e = ae.blend(e, Lanes.UPPER4);
        f = bf.blend(f, Lanes.UPPER4);
        g = cg.blend(g, Lanes.UPPER4);
        h = dh.blend(h, Lanes.UPPER4);
        FloatVector ac = c.blend(a, Lanes.UPPER2).rearrange(Lanes.SWAP2);
        FloatVector bd = d.blend(b, Lanes.UPPER2).rearrange(Lanes.SWAP2);
        FloatVector eg = g.blend(e, Lanes.UPPER2).rearrange(Lanes.SWAP2);
        FloatVector fh = h.blend(f, Lanes.UPPER2).rearrange(Lanes.SWAP2);
        a = a.blend(ac, Lanes.UPPER2);
        b = b.blend(bd, Lanes.UPPER2);
        c = ac.blend(c, Lanes.UPPER2);
        d = bd.blend(d, Lanes.UPPER2);
        e = e.blend(eg, Lanes.UPPER2);
        f = f.blend(fh, Lanes.UPPER2);
        g = eg.blend(g, Lanes.UPPER2);
        h = fh.blend(h, Lanes.UPPER2);
        FloatVector ab = b.blend(a, Lanes.UPPER1).rearrange(Lanes.SWAP1);
        FloatVector cd = d.blend(c, Lanes.UPPER1).rearrange(Lanes.SWAP1);
        FloatVector ef = f.blend(e, Lanes.UPPER1).rearrange(Lanes.SWAP1);
        FloatVector gh = h.blend(g, Lanes.UPPER1).rearrange(Lanes.SWAP1);
        a.blend(ab, Lanes.UPPER1).intoArray(y, to);
        ab.blend(b, Lanes.UPPER1).intoArray(y, to + ldy);
        c.blend(cd, Lanes.UPPER1).intoArray(y, to + 2 * ldy);
        cd.blend(d, Lanes.UPPER1).intoArray(y, to + 3 * ldy);
        e.blend(ef, Lanes.UPPER1).intoArray(y, to + 4 * ldy);
        ef.blend(f, Lanes.UPPER1).intoArray(y, to + 5 * ldy);
        g.blend(gh, Lanes.UPPER1).intoArray(y, to + 6 * ldy);
        gh.blend(h, Lanes.UPPER1).intoArray(y, to + 7 * ldy);
    }
}
