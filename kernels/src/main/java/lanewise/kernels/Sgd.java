package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * One step of stochastic gradient descent, as torch.optim.SGD defines it.
 *
 * <p><b>Source.</b> Sutskever and others, On the importance of initialization and momentum in deep learning
 * (2013). NaN and infinity propagate.
 */
public final class Sgd {
    private static final Kernels.Sgd KERNEL = Backend.active().sgd();

    private Sgd() {}

    /**
     * Computes w = fma(-learningRate, fma(weightDecay, w, g), w); g stays as it is.
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
        KERNEL.step(n, w, wOffset, g, gOffset, learningRate, weightDecay);
    }

    /**
     * Computes d = fma(weightDecay, w, g), v = fma(momentum, v, d) and w = fma(-learningRate, s, w), where s is
     * v, or fma(momentum, v, d) with Nesterov; g stays as it is.
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
        KERNEL.momentumStep(n, w, wOffset, g, gOffset, v, vOffset, learningRate, momentum, nesterov, weightDecay);
    }
}
