package lanewise.kernels.simd;

import lanewise.kernels.Workers;

/**
 * One call of sgemm on its way through the blocks, and the buffers that the next call will find again.
 *
 * <p><b>Blocking.</b> For a panel of B (KC x NC), packed into strips by all workers together, each worker takes its rows
 * of C: MC rows of A packed, then strip by strip, tile by tile. Where C has too few rows to share, the workers take
 * strips instead. Element (i, j) of C is loaded, continued by KC FMAs and stored, whoever does it and however often, so
 * neither the blocks nor the workers change a bit.
 *
 * <p><b>Tail.</b> A strip that C ends within is packed with zeros behind its last column, and its tiles go through a
 * scratch tile: there are no masks. Left-over rows take lower tiles.
 */
final class SgemmCall implements Workers.Task {
    private static final int MR = Blocks.MR;
    private static final int NR = Blocks.NR;
    private static final int PITCH = Blocks.PITCH;

    /** Where a tile starts when there is nothing to continue. */
    private static final float[] ZEROS = new float[NR];

    private enum Phase {
        PACK_B,
        TILES,
        DOT_PRODUCTS
    }

    private boolean transA;
    private boolean transB;
    private int m;
    private int n;
    private int k;
    private float alpha;
    private float[] a;
    private int aOffset;
    private int lda;
    private float[] b;
    private int bOffset;
    private int ldb;
    private float beta;
    private float[] c;
    private int cOffset;
    private int ldc;

    // The block under way: steps pc to pc + kc of k, columns jc to jc + nc of C.
    private Phase phase;
    private int pc;
    private int kc;
    private int jc;
    private int nc;
    private int firstPacked;
    private boolean continued;

    private float[] packedB = {};
    private float[] transposedC = {};
    private float[][] packedA = {};
    private float[][] edge = {};

    void set(
            boolean transA,
            boolean transB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            float beta,
            float[] c,
            int cOffset,
            int ldc) {
        this.transA = transA;
        this.transB = transB;
        this.m = m;
        this.n = n;
        this.k = k;
        this.alpha = alpha;
        this.a = a;
        this.aOffset = aOffset;
        this.lda = lda;
        this.b = b;
        this.bOffset = bOffset;
        this.ldb = ldb;
        this.beta = beta;
        this.c = c;
        this.cOffset = cOffset;
        this.ldc = ldc;
    }

    /** Lets go of the caller's arrays. */
    void forget() {
        a = null;
        b = null;
        c = null;
    }

    void outerProducts(Workers workers) {
        reserve(workers.count());
        for (jc = 0; jc < n; jc += Blocks.NC) {
            nc = Math.min(Blocks.NC, n - jc);
            for (pc = 0; pc < k; pc += Blocks.KC) {
                kc = Math.min(Blocks.KC, k - pc);
                continued = pc > 0 || beta != 0;
                int strips = strips();
                // Few rows do not repay the packing of strips that stand in B as they are.
                firstPacked = transB || m > Blocks.PACK_FROM_ROWS ? 0 : nc / NR;
                packedB = atLeast(packedB, (strips - firstPacked) * kc * NR);
                run(workers, Phase.PACK_B);
                run(workers, Phase.TILES);
            }
        }
    }

    /**
     * C' = op(B)' A of a narrow C, whose columns would leave most of a strip empty, and then back. Each element is the same
     * chain of FMAs, with the factors exchanged; so alpha, which goes with the first, has to be 1.
     */
    void transposedProduct(Workers workers) {
        float[] result = c;
        int resultOffset = cOffset;
        int ld = ldc;
        int rows = m;
        int cols = n;
        transposedC = atLeast(transposedC, rows * cols);
        for (int i = 0; i < rows && beta != 0; i++) {
            for (int j = 0; j < cols; j++) {
                transposedC[j * rows + i] = c[cOffset + i * ldc + j];
            }
        }
        set(!transB, false, cols, rows, k, 1, b, bOffset, ldb, a, aOffset, lda, beta, transposedC, 0, rows);
        outerProducts(workers);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                result[resultOffset + i * ld + j] = transposedC[j * rows + i];
            }
        }
    }

    void dotProducts(Workers workers) {
        reserve(workers.count());
        if (!transB || alpha != 1) {
            packedB = atLeast(packedB, n * k);
            SgemmDots.packColumns(transB, n, k, alpha, b, bOffset, ldb, packedB);
            b = packedB;
            bOffset = 0;
            ldb = k;
        }
        run(workers, Phase.DOT_PRODUCTS);
    }

    private void run(Workers workers, Phase next) {
        phase = next;
        workers.run(this);
    }

    @Override
    public void run(int part, int parts) {
        switch (phase) {
            case PACK_B -> packB(part, parts);
            case TILES -> {
                int tiles = (m + MR - 1) / MR;
                if (tiles >= 2 * parts) {
                    int from = Math.min(m, Workers.start(tiles, part, parts) * MR);
                    int to = Math.min(m, Workers.start(tiles, part + 1, parts) * MR);
                    tiles(part, from, to, 0, strips());
                } else {
                    tiles(part, 0, m, Workers.start(strips(), part, parts), Workers.start(strips(), part + 1, parts));
                }
            }
            case DOT_PRODUCTS -> {
                int from = Workers.start(m, part, parts);
                int to = Workers.start(m, part + 1, parts);
                SgemmDots.rows(
                        to - from,
                        n,
                        k,
                        a,
                        aOffset + from * lda,
                        lda,
                        b,
                        bOffset,
                        ldb,
                        beta,
                        c,
                        cOffset + from * ldc,
                        ldc,
                        edge[part]);
            }
        }
    }

    private int strips() {
        return (nc + NR - 1) / NR;
    }

    private void packB(int part, int parts) {
        int strips = strips() - firstPacked;
        for (int s = Workers.start(strips, part, parts); s < Workers.start(strips, part + 1, parts); s++) {
            int j = (firstPacked + s) * NR;
            int cols = Math.min(NR, nc - j);
            int at = s * kc * NR;
            if (transB) {
                SgemmPack.transposedStrip(kc, cols, b, bOffset + (jc + j) * ldb + pc, ldb, packedB, at);
            } else {
                SgemmPack.strip(kc, cols, b, bOffset + pc * ldb + jc + j, ldb, packedB, at);
            }
        }
    }

    private void tiles(int part, int fromRow, int toRow, int fromStrip, int toStrip) {
        float[] block = packedA[part];
        for (int ic = fromRow; ic < toRow && fromStrip < toStrip; ic += Blocks.MC) {
            int mc = Math.min(Blocks.MC, toRow - ic);
            if (transA) {
                SgemmPack.block(kc, mc, alpha, a, aOffset + pc * lda + ic, lda, block, Blocks.MC);
            } else {
                SgemmPack.block(mc, kc, alpha, a, aOffset + ic * lda + pc, lda, block, PITCH);
            }
            for (int s = fromStrip; s < toStrip; s++) {
                boolean packed = s >= firstPacked;
                float[] strip = packed ? packedB : b;
                int stripAt = packed ? (s - firstPacked) * kc * NR : bOffset + pc * ldb + jc + s * NR;
                int ldStrip = packed ? NR : ldb;
                int cols = Math.min(NR, nc - s * NR);
                for (int r = 0, h; r < mc; r += h) {
                    h = Blocks.height(mc - r);
                    int cAt = cOffset + (ic + r) * ldc + jc + s * NR;
                    if (cols == NR) {
                        tile(h, block, r, strip, stripAt, ldStrip, c, cAt, ldc);
                    } else {
                        edgeTile(edge[part], h, cols, block, r, strip, stripAt, ldStrip, cAt);
                    }
                }
            }
        }
    }

    private void tile(
            int h, float[] block, int r, float[] strip, int stripAt, int ldStrip, float[] out, int at, int ld) {
        float[] from = continued ? out : ZEROS;
        int fromAt = continued ? at : 0;
        int ldFrom = continued ? ld : 0;
        if (transA) {
            SgemmTransposedTile.rows(
                    h, kc, block, r, Blocks.MC, strip, stripAt, ldStrip, from, fromAt, ldFrom, out, at, ld);
        } else {
            SgemmTile.rows(h, kc, block, r * PITCH, strip, stripAt, ldStrip, from, fromAt, ldFrom, out, at, ld);
        }
    }

    private void edgeTile(
            float[] scratch, int h, int cols, float[] block, int r, float[] strip, int stripAt, int ldStrip, int cAt) {
        for (int i = 0; i < h && continued; i++) {
            System.arraycopy(c, cAt + i * ldc, scratch, i * NR, cols);
        }
        tile(h, block, r, strip, stripAt, ldStrip, scratch, 0, NR);
        for (int i = 0; i < h; i++) {
            System.arraycopy(scratch, i * NR, c, cAt + i * ldc, cols);
        }
    }

    private void reserve(int parts) {
        if (packedA.length < parts) {
            packedA = new float[parts][Math.max(Blocks.MC * PITCH, Blocks.KC * Blocks.MC)];
            edge = new float[parts][Math.max(MR * NR, SgemmDots.SCRATCH)];
        }
    }

    private static float[] atLeast(float[] buffer, int length) {
        return buffer.length >= length ? buffer : new float[length];
    }
}
