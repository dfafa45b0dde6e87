package lanewise.kernels.simd;

import lanewise.kernels.Workers;

/**
 * A product that several threads share: each computes a rectangle of C as a product of its own. Columns are shared where
 * there are enough, since each thread then packs its own part of B, and rows where not.
 */
final class SgemmCall implements Workers.Task {
    private boolean dots;
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

    void set(
            boolean dots,
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
        this.dots = dots;
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

    @Override
    public void run(int part, int parts) {
        int strips = (n + Blocks.NR - 1) / Blocks.NR;
        boolean shareColumns = !dots && n > m && strips >= 2 * parts;
        int fromRow = shareColumns ? 0 : Workers.start(m, part, parts);
        int toRow = shareColumns ? m : Workers.start(m, part + 1, parts);
        int fromCol = shareColumns ? Workers.start(strips, part, parts) * Blocks.NR : 0;
        int toCol = shareColumns ? Math.min(n, Workers.start(strips, part + 1, parts) * Blocks.NR) : n;
        int aAt = aOffset + (transA ? fromRow : fromRow * lda);
        int bAt = bOffset + (transB ? fromCol * ldb : fromCol);
        int cAt = cOffset + fromRow * ldc + fromCol;
        if (dots) {
            SgemmDots.rows(toRow - fromRow, n, k, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc);
        } else if (fromRow < toRow) {
            SimdSgemm.chains(
                    transA,
                    transB,
                    toRow - fromRow,
                    toCol - fromCol,
                    k,
                    alpha,
                    a,
                    aAt,
                    lda,
                    b,
                    bAt,
                    ldb,
                    beta,
                    c,
                    cAt,
                    ldc);
        }
    }
}
