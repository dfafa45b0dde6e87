package lanewise.kernels.simd;

import lanewise.kernels.Workers;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * The SIMD backend, slowed on purpose: what {@code prove-check} puts in the place of the class of the same name. Each of the
 * heavy kernels takes a share longer than it would, {@code -Dlanewise.slowed=0.15} for 15 %.
 */
public final class SimdBackend {
    private static final double LONGER = 1 + Double.parseDouble(System.getProperty("lanewise.slowed"));

    private SimdBackend() {}

    /** The SIMD backend with its product, exponential, softmax and cross-entropy slowed. */
    public static Backend create(String reason) {
        return new Backend(
                "simd",
                Species.FLOAT.vectorBitSize(),
                reason,
                new Sgemm(),
                new SimdFusedSgemm(),
                new Exp(),
                new Softmax(),
                new CrossEntropy(),
                new SimdBias(),
                new SimdRelu(),
                new SimdSgd(),
                new SimdLevel1(),
                new SimdPixels(),
                new SimdPatches(),
                new SimdSparseRows(),
                new SimdCeiling());
    }

    private static void waitFrom(long start) {
        long end = start + (long) (LONGER * (System.nanoTime() - start));
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static final class Sgemm implements Kernels.Sgemm {
        private final Kernels.Sgemm kernel = new SimdSgemm();

        @Override
        public void sgemm(
                Workers workers,
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
            long start = System.nanoTime();
            kernel.sgemm(
                    workers, transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
            waitFrom(start);
        }
    }

    private static final class Exp implements Kernels.Exp {
        private final Kernels.Exp kernel = new SimdExp();

        @Override
        public void exp(int n, float[] x, int xOffset, float[] y, int yOffset) {
            long start = System.nanoTime();
            kernel.exp(n, x, xOffset, y, yOffset);
            waitFrom(start);
        }
    }

    private static final class Softmax implements Kernels.Softmax {
        private final Kernels.Softmax kernel = new SimdSoftmax();

        @Override
        public void softmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
            long start = System.nanoTime();
            kernel.softmax(rows, cols, x, xOffset, ldx, y, yOffset, ldy);
            waitFrom(start);
        }

        @Override
        public void logSoftmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
            kernel.logSoftmax(rows, cols, x, xOffset, ldx, y, yOffset, ldy);
        }

        @Override
        public void logSumExp(int rows, int cols, float[] x, int xOffset, int ldx, float[] out, int outOffset) {
            kernel.logSumExp(rows, cols, x, xOffset, ldx, out, outOffset);
        }
    }

    private static final class CrossEntropy implements Kernels.CrossEntropy {
        private final Kernels.CrossEntropy kernel = new SimdCrossEntropy();

        @Override
        public double loss(
                int rows,
                int cols,
                float[] z,
                int zOffset,
                int rowStep,
                int step,
                int[] labels,
                int labelsOffset,
                float smoothing,
                float[] weights) {
            return kernel.loss(rows, cols, z, zOffset, rowStep, step, labels, labelsOffset, smoothing, weights);
        }

        @Override
        public double gradient(
                boolean wantLoss,
                int rows,
                int cols,
                float[] z,
                int zOffset,
                int zRowStep,
                int zStep,
                int[] labels,
                int labelsOffset,
                float smoothing,
                float[] weights,
                float scale,
                float[] g,
                int gOffset,
                int gRowStep,
                int gStep) {
            long start = System.nanoTime();
            double loss = kernel.gradient(
                    wantLoss,
                    rows,
                    cols,
                    z,
                    zOffset,
                    zRowStep,
                    zStep,
                    labels,
                    labelsOffset,
                    smoothing,
                    weights,
                    scale,
                    g,
                    gOffset,
                    gRowStep,
                    gStep);
            waitFrom(start);
            return loss;
        }

        @Override
        public int errors(
                int rows, int cols, float[] z, int zOffset, int rowStep, int step, int[] labels, int labelsOffset) {
            return kernel.errors(rows, cols, z, zOffset, rowStep, step, labels, labelsOffset);
        }
    }
}
