package lanewise.kernels.simd;

/**
 * A product on its way through the blocks of {@link Blocks}, or one thread's part of it.
 *
 * <p><b>Blocking.</b> For a panel of B, KC steps deep, and a block of A: strip by strip, tile by tile. The first block of A
 * packs the strips, where that pays, from where {@link StripStart} says, and if it can while its first tile computes; for
 * few registers all whole strips are packed first, row by row of B. Element (i, j) of C is loaded, continued by KC FMAs and
 * stored, whoever does it and however often, so the blocks do not change a bit.
 *
 * <p><b>Tail.</b> There are no masks. The rows that are left over are {@link SgemmLowTile}'s. The
 * last strip ends where C does and computes some columns of the one before a second time; where it must not store them,
 * since they have been continued already, or where C is narrower than the strip, its tiles are computed aside.
 *
 * <p><b>Epilogue.</b> Finished tiles of a fused product are all computed aside and handed over while they are in L1.
 */
final class SgemmBlocks {
    private static final int V = Species.LANES;
    private static final int MR = Blocks.MR;
    private static final int NR = Blocks.NR;

    /** Where a tile starts when there is nothing to continue. */
    static final float[] ZEROS = new float[NR];

    private SgemmBlocks() {}

    /**
     * C = alpha op(A) op(B), added to C if it is to be continued; or, where an epilogue is given, what that makes of each
     * finished tile instead.
     */
    static void product(
            boolean transA,
            boolean transB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int ldb,
            boolean continued,
            float[] c,
            int cAt,
            int ldc,
            SgemmEpilogue epilogue) {
        // As even as can be, so that the last block is no short one.
        int kBlocks = (k - 1) / Blocks.KC + 1;
        int kMost = (k - 1) / kBlocks + 1;
        int nBlocks = (n - 1) / Math.max(NR, Blocks.B_FLOATS / kMost) + 1;
        int nMost = ((n - 1) / nBlocks / NR + 1) * NR;
        for (int jc = 0, nc; jc < n; jc += nc) {
            nc = Math.min(nMost, n - jc);
            for (int pc = 0, kc; pc < k; pc += kc) {
                kc = Math.min(kMost, k - pc);
                panel(
                        transA,
                        transB,
                        m,
                        nc,
                        kc,
                        alpha,
                        a,
                        aAt + (transA ? pc * lda : pc),
                        lda,
                        b,
                        bAt + (transB ? jc * ldb + pc : pc * ldb + jc),
                        ldb,
                        continued || pc > 0,
                        c,
                        cAt + jc,
                        ldc,
                        pc + kc == k ? epilogue : null,
                        jc);
            }
        }
    }

    private static void panel(
            boolean transA,
            boolean transB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int ldb,
            boolean continued,
            float[] c,
            int cAt,
            int ldc,
            SgemmEpilogue epilogue,
            int firstColumn) {
        boolean transposedTiles = transA && m >= MR;
        boolean packA = alpha != 1 || transA && (!transposedTiles || k > Blocks.PACK_A_FROM_STEPS);
        boolean manyRows = m >= Blocks.PACK_B_FROM_ROWS;
        boolean widened = n > V && n < 2 * V && k >= Blocks.WIDEN_FROM_STEPS && manyRows;
        boolean packB = transB
                || n < V
                || widened
                || transposedTiles && Blocks.FEW_REGISTERS
                || manyRows && (long) k * ldb > Blocks.RESIDENT;
        int rowsMost = Math.max(1, Blocks.A_FLOATS / (MR * k)) * MR;
        int pitch = k + Blocks.APART;
        int panelPitch = MR * pitch;
        float[] left = packA || transposedTiles ? Scratch.floats(Scratch.SGEMM_A, Math.min(m, rowsMost) * pitch) : a;
        float[] right = packB ? Scratch.floats(Scratch.SGEMM_B, StripStart.LINE + k * (n + NR)) : b;
        StripStart start = packB ? StripStart.of(right) : null;
        int firstStrip = packB ? start.begin((long) m * n * k) : 0;
        // While a strip is packed its array is free for that.
        float[] aside = Scratch.floats(Scratch.SGEMM_TILE, MR * NR);
        // Columns of B whose strips are packed before the first tile.
        int ahead = packB && !transB && Blocks.FEW_REGISTERS ? n - n % NR : 0;
        if (ahead > 0) {
            SgemmPack.strips(ahead / NR, k, b, bAt, ldb, right, firstStrip);
        }
        for (int ic = 0, rows; ic < m; ic += rows) {
            rows = Math.min(rowsMost, m - ic);
            // The first so many are read by columns, the others by rows.
            int rowsByColumns = transposedTiles ? rows - rows % MR : 0;
            int blockAt = transA ? aAt + ic : aAt + ic * lda;
            if (packA) {
                SgemmPack.panels(rowsByColumns, k, alpha, a, blockAt, lda, left, panelPitch);
            }
            if (packA || transposedTiles) {
                int restAt = transA ? blockAt + rowsByColumns : blockAt;
                SgemmPack.rows(
                        transA, rows - rowsByColumns, k, alpha, a, restAt, lda, left, rowsByColumns * pitch, pitch);
            }
            int strip = firstStrip;
            for (int j = 0, wide; j < n; j += wide * V) {
                wide = widened ? 2 : width(n, j);
                int width = wide * V;
                int jj = Math.max(0, Math.min(j, n - width));
                int skip = j - jj;
                int end = Math.min(width, n - jj);
                boolean edge = n < width || jj < j && continued;
                boolean fused = packB && ic == 0 && !transB && !transposedTiles && wide == 4 && !edge && rows >= MR;
                int rightAt = packB ? strip : bAt + jj;
                int ldRight = packB ? width : ldb;
                strip += k * width;
                if (packB && ic == 0 && !fused && j >= ahead) {
                    int from = transB ? bAt + jj * ldb : bAt + jj;
                    SgemmPack.strip(transB, k, Math.min(n, width), width, b, from, ldb, right, rightAt);
                }
                for (int i = 0, h; i < rows; i += h) {
                    boolean byRows = i >= rowsByColumns;
                    h = height(byRows && wide == 1, rows - i);
                    boolean packed = packA || transposedTiles && byRows;
                    float[] x = packed ? left : a;
                    int ldx = !packed ? lda : byRows ? pitch : MR;
                    int xAt = !packed ? (transA ? blockAt + i : blockAt + i * lda) : i * pitch;
                    int at = cAt + (ic + i) * ldc + jj;
                    float[] from = continued ? c : ZEROS;
                    int fromAt = continued ? at : 0;
                    int ldFrom = continued ? ldc : 0;
                    float[] to = c;
                    int toAt = at;
                    int ldTo = ldc;
                    if (edge || epilogue != null) {
                        to = aside;
                        toAt = 0;
                        ldTo = width;
                    }
                    if (edge && continued) {
                        copy(h, end - skip, c, at + skip, ldc, aside, skip, width);
                        from = aside;
                        fromAt = 0;
                        ldFrom = width;
                    }
                    if (fused && i == 0) {
                        SgemmTile.packing6x4(
                                k, x, xAt, ldx, b, bAt + jj, ldb, right, rightAt, from, fromAt, ldFrom, to, toAt, ldTo);
                    } else {
                        tile(
                                byRows, packB, h, wide, k, x, xAt, ldx, right, rightAt, ldRight, from, fromAt, ldFrom,
                                to, toAt, ldTo);
                    }
                    if (epilogue != null) {
                        epilogue.finish(ic + i, firstColumn + j, h, end - skip, aside, skip, width);
                    } else if (edge) {
                        copy(h, end - skip, aside, skip, width, c, at + skip, ldc);
                    }
                }
            }
        }
        if (packB) {
            start.end();
        }
    }

    private static void tile(
            boolean byRows,
            boolean packedB,
            int h,
            int wide,
            int k,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int ldb,
            float[] from,
            int fromAt,
            int ldFrom,
            float[] c,
            int cAt,
            int ldc) {
        if (h == SgemmTallTile.ROWS) {
            SgemmTallTile.tile(k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
        } else if (h < MR) {
            SgemmLowTile.tile(h, wide, k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
        } else if (Blocks.TILE16 && packedB && wide == 2) {
            if (byRows) {
                SgemmTile16.rows(k, a, aAt, lda, b, bAt, from, fromAt, ldFrom, c, cAt, ldc);
            } else {
                SgemmTile16.panel(k, a, aAt, 1, b, bAt, from, fromAt, ldFrom, c, cAt, ldc);
            }
        } else if (byRows) {
            SgemmTile.tile(wide, k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
        } else {
            SgemmTransposedTile.tile(wide, k, a, aAt, lda, b, bAt, ldb, from, fromAt, ldFrom, c, cAt, ldc);
        }
    }

    /** The vectors of the strip that begins at column j: as many as are left, and fit C. */
    static int width(int n, int j) {
        int vectors = Math.min((n - j + V - 1) / V, n / V);
        return vectors >= Blocks.WIDE ? Blocks.WIDE : Math.max(1, Math.min(2, vectors));
    }

    /** The rows of the next tile, of so many that are left. */
    private static int height(boolean mayBeTall, int rows) {
        if (mayBeTall && rows >= SgemmTallTile.ROWS && rows % MR > 1) {
            return SgemmTallTile.ROWS;
        }
        return rows >= MR ? MR : Math.min(SgemmLowTile.ROWS, rows);
    }

    private static void copy(int rows, int cols, float[] x, int xAt, int ldx, float[] y, int yAt, int ldy) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(x, xAt + i * ldx, y, yAt + i * ldy, cols);
        }
    }
}
