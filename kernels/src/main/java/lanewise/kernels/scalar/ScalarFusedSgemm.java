package lanewise.kernels.scalar;

import lanewise.kernels.Workers;
import lanewise.kernels.backend.Kernels;

/** One operation after the other: the definition of what a fused product is. */
final class ScalarFusedSgemm implements Kernels.FusedSgemm {
    private static final Kernels.Sgemm SGEMM = new ScalarSgemm();
    private static final Kernels.Bias BIAS = new ScalarBias();
    private static final Kernels.Relu RELU = new ScalarRelu();
    private static final Kernels.Sgd SGD = new ScalarSgd();

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
        SGEMM.sgemm(Workers.serial(), false, false, m, n, k, 1, a, aOffset, lda, b, bOffset, ldb, 0, c, cOffset, ldc);
        if (bias != null) {
            BIAS.add(m, n, bias, biasOffset, c, cOffset, ldc);
        }
        RELU.forward(m, n, c, cOffset, ldc, c, cOffset, ldc);
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
        float beta = continued ? 1 : 0;
        SGEMM.sgemm(Workers.serial(), true, false, m, n, k, 1, a, aOffset, lda, b, bOffset, ldb, beta, g, gOffset, ldw);
        for (int i = 0; i < m; i++) {
            int at = i * ldw;
            if (v == null) {
                SGD.step(n, w, wOffset + at, g, gOffset + at, learningRate, weightDecay);
            } else {
                SGD.momentumStep(
                        n,
                        w,
                        wOffset + at,
                        g,
                        gOffset + at,
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
