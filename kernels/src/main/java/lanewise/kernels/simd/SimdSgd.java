package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Kernels;

/**
 * One step of stochastic gradient descent.
 *
 * <p><b>Layout.</b> Elements side by side: weights, gradient and momentum buffer are read once and written once.
 *
 * <p><b>Tile.</b> One vector of each. Nesterov's branch ends in a store on both sides, so that no vector outlives it:
 * the compiler would box one that did. Memory is the limit, not the branch.
 *
 * <p><b>Tail.</b> Whole vectors, then the same FMAs on single floats.
 *
 * <p><b>Error.</b> One rounding an FMA, two to four in all; 0 is added to make -0 a +0.
 */
final class SimdSgd implements Kernels.Sgd {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;

    @Override
    public void step(int n, float[] w, int wOffset, float[] g, int gOffset, float learningRate, float weightDecay) {
        int bound = S.loopBound(n);
        FloatVector rate = FloatVector.broadcast(S, -learningRate);
        FloatVector decay = FloatVector.broadcast(S, weightDecay);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector wi = FloatVector.fromArray(S, w, wOffset + i);
            FloatVector di = wi.fma(decay, FloatVector.fromArray(S, g, gOffset + i));
            di.fma(rate, wi).add(0f).intoArray(w, wOffset + i);
        }
        for (int i = bound; i < n; i++) {
            float wi = w[wOffset + i];
            float di = Math.fma(weightDecay, wi, g[gOffset + i]);
            w[wOffset + i] = Math.fma(-learningRate, di, wi) + 0f;
        }
    }

    @Override
    public void stepAndClear(
            int n, float[] w, int wOffset, float[] g, int gOffset, float scale, float learningRate, float weightDecay) {
        int bound = S.loopBound(n);
        FloatVector rate = FloatVector.broadcast(S, -learningRate);
        FloatVector decay = FloatVector.broadcast(S, weightDecay);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector wi = FloatVector.fromArray(S, w, wOffset + i);
            FloatVector gi = FloatVector.fromArray(S, g, gOffset + i).mul(scale);
            wi.fma(decay, gi).fma(rate, wi).add(0f).intoArray(w, wOffset + i);
            FloatVector.zero(S).intoArray(g, gOffset + i);
        }
        for (int i = bound; i < n; i++) {
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
        int bound = S.loopBound(n);
        FloatVector rate = FloatVector.broadcast(S, -learningRate);
        FloatVector keep = FloatVector.broadcast(S, momentum);
        FloatVector decay = FloatVector.broadcast(S, weightDecay);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector wi = FloatVector.fromArray(S, w, wOffset + i);
            FloatVector di = wi.fma(decay, FloatVector.fromArray(S, g, gOffset + i));
            FloatVector vi =
                    FloatVector.fromArray(S, v, vOffset + i).fma(keep, di).add(0f);
            vi.intoArray(v, vOffset + i);
            if (nesterov) {
                vi.fma(keep, di).fma(rate, wi).add(0f).intoArray(w, wOffset + i);
            } else {
                vi.fma(rate, wi).add(0f).intoArray(w, wOffset + i);
            }
        }
        for (int i = bound; i < n; i++) {
            float wi = w[wOffset + i];
            float di = Math.fma(weightDecay, wi, g[gOffset + i]);
            float vi = Math.fma(momentum, v[vOffset + i], di) + 0f;
            v[vOffset + i] = vi;
            float step = nesterov ? Math.fma(momentum, vi, di) : vi;
            w[wOffset + i] = Math.fma(-learningRate, step, wi) + 0f;
        }
    }
}
