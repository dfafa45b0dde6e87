package lanewise.kernels.backend;

import lanewise.kernels.Workers;

/**
 * The operations a backend implements. The contract of each is the Javadoc of the facade of the same name in {@link
 * lanewise.kernels}, which has checked every argument before it calls here; two backends give the same bits.
 */
public interface Kernels {
    /** C = alpha * op(A) * op(B) + beta * C. */
    interface Sgemm {
        void sgemm(
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
                int ldc);
    }

    /** Products that go on to their next operation while a tile is in the cache. */
    interface FusedSgemm {
        void biasRelu(
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
                int ldc);

        /** With a momentum buffer, or null for a plain step. */
        void sgdStep(
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
                float weightDecay);
    }

    /** y = e^x. */
    interface Exp {
        void exp(int n, float[] x, int xOffset, float[] y, int yOffset);
    }

    /** Softmax and its logarithms by row. */
    interface Softmax {
        void softmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);

        void logSoftmax(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);

        void logSumExp(int rows, int cols, float[] x, int xOffset, int ldx, float[] out, int outOffset);
    }

    /**
     * The loss of a classifier, its gradient and its errors. Element j of row i stands at {@code i * rowStep + j * step}, and
     * one of the two steps is 1: the second in a row-major matrix, the first in a class-major one; z and g are of one kind.
     * Weights may be null, and a loss that is not wanted is not computed.
     */
    interface CrossEntropy {
        double loss(
                int rows,
                int cols,
                float[] z,
                int zOffset,
                int rowStep,
                int step,
                int[] labels,
                int labelsOffset,
                float smoothing,
                float[] weights);

        double gradient(
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
                int gStep);

        int errors(int rows, int cols, float[] z, int zOffset, int rowStep, int step, int[] labels, int labelsOffset);
    }

    /** A bias row added to every row, and its gradient. */
    interface Bias {
        void add(int rows, int cols, float[] bias, int biasOffset, float[] y, int yOffset, int ldy);

        void accumulateGradient(int rows, int cols, float[] g, int gOffset, int ldg, float[] sums, int sumsOffset);
    }

    /** The rectifier and its gradient. */
    interface Relu {
        void forward(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);

        void backward(
                int rows,
                int cols,
                float[] y,
                int yOffset,
                int ldy,
                float[] dy,
                int dyOffset,
                int lddy,
                float[] dx,
                int dxOffset,
                int lddx);
    }

    /** One step of stochastic gradient descent. */
    interface Sgd {
        void step(int n, float[] w, int wOffset, float[] g, int gOffset, float learningRate, float weightDecay);

        void stepAndClear(
                int n,
                float[] w,
                int wOffset,
                float[] g,
                int gOffset,
                float scale,
                float learningRate,
                float weightDecay);

        void momentumStep(
                int n,
                float[] w,
                int wOffset,
                float[] g,
                int gOffset,
                float[] v,
                int vOffset,
                float learningRate,
                float momentum,
                boolean nesterov,
                float weightDecay);
    }

    /** Vector operations of BLAS level 1. */
    interface Level1 {
        void scal(int n, float alpha, float[] x, int xOffset);

        void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset);

        float dot(int n, float[] x, int xOffset, float[] y, int yOffset);

        float sumOfSquares(int n, float[] x, int xOffset);
    }

    /** Rows of unsigned bytes: to floats, to logits, and the gradient of the weights between. */
    interface Pixels {
        void widen(int n, byte[] x, int xOffset, float scale, float[] y, int yOffset);

        void logits(
                int rows,
                int groups,
                byte[] x,
                int xOffset,
                int ldx,
                int classes,
                float[] w,
                int wOffset,
                float scale,
                float[] z,
                int zOffset,
                int ldz);

        void accumulateGradient(
                int rows,
                int fromGroup,
                int toGroup,
                byte[] x,
                int xOffset,
                int ldx,
                int classes,
                float[] g,
                int gOffset,
                int ldg,
                float[] dw,
                int dwOffset);
    }

    /** The same of rows whose groups of zeros are left out. */
    interface Patches {
        void logits(
                int first,
                int rows,
                int[] starts,
                char[] groups,
                byte[] x,
                int classes,
                float[] w,
                int wOffset,
                float scale,
                float[] z,
                int zOffset,
                int ldz);

        void accumulateGradient(
                int first,
                int rows,
                int fromGroup,
                int toGroup,
                int[] starts,
                char[] groups,
                byte[] x,
                int classes,
                float[] g,
                int gOffset,
                int ldg,
                float[] dw,
                int dwOffset);
    }

    /** Rows that are mostly zeros: to logits, and the gradient of the weights between. */
    interface SparseRows {
        void logits(
                int rows,
                int[] starts,
                int startsOffset,
                int[] ends,
                int endsOffset,
                int[] columns,
                float[] values,
                int classes,
                float[] w,
                int wOffset,
                int ldw,
                float[] bias,
                int biasOffset,
                float[] z,
                int zOffset,
                int ldz);

        void accumulateGradient(
                int rows,
                int[] starts,
                int startsOffset,
                int[] ends,
                int endsOffset,
                int[] columns,
                float[] values,
                int classes,
                float[] g,
                int gOffset,
                int ldg,
                float[] dw,
                int dwOffset,
                int lddw);
    }

    /** Fused multiply-adds in registers and nothing else: the limit that the other kernels are measured against. */
    interface Ceiling {
        /**
         * Takes that many steps in a number of independent chains, enough to keep every unit of a core busy.
         *
         * @return how many floating-point operations that was, two for each FMA
         */
        long run(int steps);
    }
}
