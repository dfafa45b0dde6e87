package lanewise.kernels.scalar;

import lanewise.kernels.backend.Kernels;

/** One step of stochastic gradient descent. */
final class ScalarSgd implements Kernels.Sgd {
    @Override
    public void step(int n, float[] w, int wOffset, float[] g, int gOffset, float learningRate, float weightDecay) {
        for (int i = 0; i < n; i++) {
            float wi = w[wOffset + i];
            float gi = Math.fma(weightDecay, wi, g[gOffset + i]);
            w[wOffset + i] = Math.fma(-learningRate, gi, wi) + 0f;
        }
    }

    @Override
    public void stepAndClear(
            int n, float[] w, int wOffset, float[] g, int gOffset, float scale, float learningRate, float weightDecay) {
        for (int i = 0; i < n; i++) {
            float wi = w[wOffset + i];
            float gi = Math.fma(weightDecay, wi, scale * g[gOffset + i]);
            w[wOffset + i] = Math.fma(-learningRate, gi, wi) + 0f;
            g[gOffset + i] = 0;
        }
    }

    @Override
    public void momentumStep(
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
            float weightDecay) {
        for (int i = 0; i < n; i++) {
            float wi = w[wOffset + i];
            float gi = Math.fma(weightDecay, wi, g[gOffset + i]);
            float vi = Math.fma(momentum, v[vOffset + i], gi) + 0f;
            v[vOffset + i] = vi;
            float direction = nesterov ? Math.fma(momentum, vi, gi) : vi;
            w[wOffset + i] = Math.fma(-learningRate, direction, wi) + 0f;
        }
    }
}
