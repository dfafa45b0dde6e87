package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * One step of stochastic gradient descent, as torch.optim.SGD defines it.
 *
 * <p><b>Special values.</b> NaN and infinity propagate as IEEE 754 says, also through a factor of 0: an infinite weight
 * becomes NaN even without weight decay. A weight or a momentum that comes out as zero is +0, so that no bit depends on the
 * sign of a zero in the gradient.
 *
 * <p><b>Source.</b> Sutskever and others, On the importance of initialization and momentum in deep learning (2013), with
 * the learning rate outside the momentum buffer as PyTorch has it; no dampening.
 */
public final class Sgd {
    private static final Kernels.Sgd KERNEL = Backend.active().sgd();

    private Sgd() {}

    /**
     * Computes d = fma(weightDecay, w, g) and w = fma(-learningRate, d, w); g stays as it is.
     *
     * <p><b>Error.</b> Against exact arithmetic, with u = 2<sup>-24</sup>: at most 3 u (|w| + |learningRate| D) with
     * D = |weightDecay w| + |g|, and a few smallest subnormals.
     *
     * @param n how many elements
     * @param w the weights, read and written
     * @param wOffset index of the first weight
     * @param g the gradient
     * @param gOffset index of its first element
     * @param learningRate the learning rate
     * @param weightDecay the weight decay
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void step(
            int n, float[] w, int wOffset, float[] g, int gOffset, float learningRate, float weightDecay) {
        Check.vector("w", w.length, wOffset, n);
        Check.vector("g", g.length, gOffset, n);
        Check.disjoint("w", w, wOffset, 1, n, n, "g", g, gOffset, 1, n, n);
        KERNEL.step(n, w, wOffset, g, gOffset, learningRate, weightDecay);
    }

    /**
     * Takes the gradient scale * g, does {@link #step} with it, and sets g to 0: the end of a step whose gradient was added
     * up in units of its own, and the start of the next. The product is rounded by itself, so the bits are those of {@link
     * Level1#scal} and {@link #step}.
     *
     * <p><b>Error.</b> As {@link #step}, and 2<sup>-24</sup> |learningRate scale g|.
     *
     * @param n how many elements
     * @param w the weights, read and written
     * @param wOffset index of the first weight
     * @param g the gradient in units of its own, read, then 0
     * @param gOffset index of its first element
     * @param scale one such unit
     * @param learningRate the learning rate
     * @param weightDecay the weight decay
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void stepAndClear(
            int n, float[] w, int wOffset, float[] g, int gOffset, float scale, float learningRate, float weightDecay) {
        Check.vector("w", w.length, wOffset, n);
        Check.vector("g", g.length, gOffset, n);
        Check.disjoint("w", w, wOffset, 1, n, n, "g", g, gOffset, 1, n, n);
        KERNEL.stepAndClear(n, w, wOffset, g, gOffset, scale, learningRate, weightDecay);
    }

    /**
     * Computes d = fma(weightDecay, w, g), v = fma(momentum, v, d) and w = fma(-learningRate, s, w), where s is
     * the new v, or fma(momentum, v, d) of the new v with Nesterov; g stays as it is.
     *
     * <p><b>Error.</b> Of one step against exact arithmetic, with u = 2<sup>-24</sup>, D as in {@link #step} and
     * V = |momentum v| + D: v is off by at most 3 u V, w by at most 6 u (|w| + |learningRate| S), where S is V, or
     * |momentum| V + D with Nesterov, and both by a few smallest subnormals.
     *
     * @param n how many elements
     * @param w the weights, read and written
     * @param wOffset index of the first weight
     * @param g the gradient
     * @param gOffset index of its first element
     * @param v the momentum buffer, read and written, zeros before the first step
     * @param vOffset index of its first element
     * @param learningRate the learning rate
     * @param momentum the momentum
     * @param nesterov whether the step looks ahead by Nesterov's rule
     * @param weightDecay the weight decay
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void momentumStep(
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
        Check.vector("w", w.length, wOffset, n);
        Check.vector("g", g.length, gOffset, n);
        Check.vector("v", v.length, vOffset, n);
        Check.disjoint("w", w, wOffset, 1, n, n, "g", g, gOffset, 1, n, n);
        Check.disjoint("v", v, vOffset, 1, n, n, "g", g, gOffset, 1, n, n);
        Check.disjoint("v", v, vOffset, 1, n, n, "w", w, wOffset, 1, n, n);
        KERNEL.momentumStep(n, w, wOffset, g, gOffset, v, vOffset, learningRate, momentum, nesterov, weightDecay);
    }
}
