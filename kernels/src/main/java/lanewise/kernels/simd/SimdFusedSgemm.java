package lanewise.kernels.simd;

import lanewise.kernels.Workers;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/**
 * Products that go on to their next operation while a tile is in L1.
 *
 * <p><b>Layout, Blocking, Tile, Tail.</b> Those of {@link SgemmBlocks}, or of {@link SgemmSparse} where A is mostly zeros.
 * A finished tile is handed to the kernels of the next operation, row by row, so that these stand once; what is saved is a
 * matrix written and read again, which for the gradient of a large layer is more than L2 holds.
 *
 * <p><b>Error.</b> That of the operations one after the other, whose bits these are.
 *
 * <p><b>Source.</b> The epilogues of NVIDIA's CUTLASS (2017), at the level of a tile.
 */
final class SimdFusedSgemm implements Kernels.FusedSgemm {
    private static final Kernels.Sgemm SGEMM = new SimdSgemm();
    private static final Kernels.Bias BIAS = new SimdBias();
    private static final Kernels.Relu RELU = new SimdRelu();
    private static final Kernels.Sgd SGD = new SimdSgd();

    private static final ThreadLocal<BiasRelu> BIAS_RELU = ThreadLocal.withInitial(BiasRelu::new);
    private static final ThreadLocal<SgdStep> SGD_STEP = ThreadLocal.withInitial(SgdStep::new);

    @Override
    public void biasRelu(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            float[] bias,
            int biasOffset,
            float[] c,
            int cOffset,
            int ldc) {
        BiasRelu epilogue = BIAS_RELU.get();
        epilogue.bias = bias;
        epilogue.biasOffset = biasOffset;
        epilogue.c = c;
        epilogue.cOffset = cOffset;
        epilogue.ldc = ldc;
        try {
            product(false, m, n, k, a, aOffset, lda, b, bOffset, ldb, false, c, cOffset, ldc, epilogue);
        } finally {
            epilogue.bias = null;
            epilogue.c = null;
        }
    }

    @Override
    public void sgdStep(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            boolean continued,
            float[] g,
            int gOffset,
            float[] w,
            int wOffset,
            float[] v,
            int vOffset,
            int ldw,
            float learningRate,
            float momentum,
            boolean nesterov,
            float weightDecay) {
        SgdStep epilogue = SGD_STEP.get();
        epilogue.w = w;
        epilogue.wOffset = wOffset;
        epilogue.v = v;
        epilogue.vOffset = vOffset;
        epilogue.ldw = ldw;
        epilogue.learningRate = learningRate;
        epilogue.momentum = momentum;
        epilogue.nesterov = nesterov;
        epilogue.weightDecay = weightDecay;
        try {
            product(true, m, n, k, a, aOffset, lda, b, bOffset, ldb, continued, g, gOffset, ldw, epilogue);
        } finally {
            epilogue.w = null;
            epilogue.v = null;
        }
    }

    /** A product of another kind, or of nothing, is one tile, which ends where it has been computed. */
    private static void product(
            boolean transA,
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            boolean continued,
            float[] c,
            int cOffset,
            int ldc,
            SgemmEpilogue epilogue) {
        if (k == 0 || Bits.dotShaped(transA, false, n, k)) {
            float beta = continued ? 1 : 0;
            SGEMM.sgemm(
                    Workers.serial(),
                    transA,
                    false,
                    m,
                    n,
                    k,
                    1,
                    a,
                    aOffset,
                    lda,
                    b,
                    bOffset,
                    ldb,
                    beta,
                    c,
                    cOffset,
                    ldc);
            epilogue.finish(0, 0, m, n, c, cOffset, ldc);
        } else if (SgemmSparse.suits(transA, m, n, k, a, aOffset, lda)) {
            SgemmSparse.product(
                    transA, m, n, k, a, aOffset, lda, b, bOffset, ldb, continued, c, cOffset, ldc, epilogue);
        } else {
            SgemmBlocks.product(
                    transA, false, m, n, k, 1, a, aOffset, lda, b, bOffset, ldb, continued, c, cOffset, ldc, epilogue);
        }
    }

    /** C = max(tile + bias, 0). */
    private static final class BiasRelu implements SgemmEpilogue {
        private float[] bias;
        private int biasOffset;
        private float[] c;
        private int cOffset;
        private int ldc;

        @Override
        public void finish(int row, int col, int rows, int cols, float[] tile, int tileAt, int ldTile) {
            if (bias != null) {
                BIAS.add(rows, cols, bias, biasOffset + col, tile, tileAt, ldTile);
            }
            RELU.forward(rows, cols, tile, tileAt, ldTile, c, cOffset + row * ldc + col, ldc);
        }
    }

    /** W, and V, after a step along the tile. */
    private static final class SgdStep implements SgemmEpilogue {
        private float[] w;
        private int wOffset;
        private float[] v;
        private int vOffset;
        private int ldw;
        private float learningRate;
        private float momentum;
        private boolean nesterov;
        private float weightDecay;

        @Override
        public void finish(int row, int col, int rows, int cols, float[] tile, int tileAt, int ldTile) {
            for (int i = 0; i < rows; i++) {
                int from = tileAt + i * ldTile;
                int at = (row + i) * ldw + col;
                if (v == null) {
                    SGD.step(cols, w, wOffset + at, tile, from, learningRate, weightDecay);
                } else {
                    SGD.momentumStep(
                            cols,
                            w,
                            wOffset + at,
                            tile,
                            from,
                            v,
                            vOffset + at,
                            learningRate,
                            momentum,
                            nesterov,
                            weightDecay);
                }
            }
        }
    }
}
