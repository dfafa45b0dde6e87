package lanewise.kernels.scalar;

import lanewise.kernels.backend.ExpConstants;
import lanewise.kernels.backend.Kernels;

/** The exponential function, one element at a time; {@link ExpConstants} has the derivation. */
public final class ScalarExp implements Kernels.Exp {
    @Override
    public void exp(int n, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = exp(x[xOffset + i]);
        }
    }

    /** e^x. */
    public static float exp(float x) {
        float shifted = Math.fma(x, ExpConstants.LOG2_E, ExpConstants.ROUND);
        float n = shifted - ExpConstants.ROUND;
        float t = Math.fma(n, -ExpConstants.LN2_HIGH, x);
        t = Math.fma(n, -ExpConstants.LN2_LOW, t);
        float u = ExpConstants.C6;
        u = Math.fma(u, t, ExpConstants.C5);
        u = Math.fma(u, t, ExpConstants.C4);
        u = Math.fma(u, t, ExpConstants.C3);
        u = Math.fma(u, t, ExpConstants.C2);
        float q = Math.fma(t * t, u, t);
        int exponents = Float.floatToRawIntBits(shifted);
        int half = exponents >> 1;
        float s1 = Float.intBitsToFloat(half << 23);
        float s2 = Float.intBitsToFloat((exponents - half) << 23);
        float y = Math.fma(s1, q, s1) * s2;
        if (x > ExpConstants.OVERFLOW) {
            return Float.POSITIVE_INFINITY;
        }
        return x < ExpConstants.UNDERFLOW ? 0 : y;
    }

    /** e^x, or 0 where that is no normal float: subnormal ones take a hundred cycles each. */
    public static float expOrZero(float x) {
        return x < ExpConstants.SUBNORMAL ? 0 : exp(x);
    }
}
