package lanewise.benchmarks.ladder;

/**
 * {@link DoubleExp} with an exponential of our own in float: ten multiply-adds and a product, no table and no branch but one.
 *
 * <p>x = n ln 2 + t with n the nearest integer to x / ln 2, so e<sup>x</sup> = 2<sup>n</sup> e<sup>t</sup> with |t| at most
 * 0.347. There the series of e<sup>t</sup> up to t<sup>7</sup> leaves less than 6e-9, a tenth of the 6e-8 that rounding to
 * float may cost. 2<sup>n</sup> is made by writing n into the exponent of a float.
 */
final class FloatExp implements SoftmaxStep {
    /** 1 / ln 2. */
    static final float LOG2_E = 0x1.715476p0f;

    /**
     * Of floats as large as this neighbours are 1 apart, so adding it rounds to an integer; and n + 127, which is how a float
     * writes the exponent n, is left in the low bits of the sum.
     */
    static final float ROUND = 0x1.8p23f + 127;

    /** The leading bits of ln 2, so few that their product with n is exact. */
    static final float LN2_HIGH = 0x1.62e4p-1f;

    /** ln 2 - LN2_HIGH. */
    static final float LN2_LOW = 0x1.7f7d1cp-20f;

    // The series: 1 / j!.
    static final float C2 = 1f / 2;
    static final float C3 = 1f / 6;
    static final float C4 = 1f / 24;
    static final float C5 = 1f / 120;
    static final float C6 = 1f / 720;
    static final float C7 = 1f / 5040;

    /** Below this 2^n is no normal float, and e^x is less than 2e-38: beside a maximum of 1 it may be 0. */
    static final float SMALLEST = -87;

    @Override
    public String idea() {
        return "an exponential in float: 2^n times a polynomial";
    }

    @Override
    public void softmax(int rows, int cols, float[] x, float[] y) {
        for (int i = 0; i < rows; i++) {
            int at = i * cols;
            float max = DoubleExp.max(cols, x, at);
            float sum = 0;
            for (int j = 0; j < cols; j++) {
                float e = exp(x[at + j] - max);
                y[at + j] = e;
                sum += e;
            }
            DoubleExp.scale(cols, y, at, 1 / sum);
        }
    }

    /** e^x for x up to 0. */
    static float exp(float x) {
        if (x < SMALLEST) {
            return 0;
        }
        float shifted = Math.fma(x, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float t = Math.fma(n, -LN2_HIGH, x);
        t = Math.fma(n, -LN2_LOW, t);
        float u = Math.fma(C7, t, C6);
        u = Math.fma(u, t, C5);
        u = Math.fma(u, t, C4);
        u = Math.fma(u, t, C3);
        u = Math.fma(u, t, C2);
        float q = Math.fma(t * t, u, t);
        float power = Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
        return Math.fma(power, q, power);
    }
}
