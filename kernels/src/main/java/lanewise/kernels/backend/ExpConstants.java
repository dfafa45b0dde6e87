package lanewise.kernels.backend;

/**
 * The constants of e^x in single precision.
 *
 * <p>x = n ln 2 + t with n the nearest integer to x / ln 2, so that |t| &le; ln 2 / 2, and e^x = 2^n e^t with e^t =
 * 1 + t + t^2 (C2 + C3 t + ... + C6 t^4), relatively within 2^-27. ln 2 is taken off in two parts (Cody and Waite), the
 * first short enough that its product with n is exact. 2^n is applied as two factors, so that the range runs from the
 * smallest subnormal to the largest float.
 *
 * <p>The coefficients are neighbours of the minimax ones, chosen by a search over the floats whose result is hardest to
 * round: they leave at most 0.987 ULP of error over all floats, where the minimax ones exceed 1 ULP in 13 of them.
 *
 * <p>Adding {@link #ROUND} to x / ln 2 rounds it to an integer and leaves n + 254 in the low bits of the sum: halved, once
 * down and once up, these are the biased exponents of the two factors.
 */
public final class ExpConstants {
    public static final float LOG2_E = 0x1.715476p0f;
    public static final float ROUND = 0x1.8p23f + 254;
    public static final float LN2_HIGH = 0x1.62e4p-1f;
    public static final float LN2_LOW = 0x1.7f7d1cp-20f;
    public static final float C2 = 0x1.000002p-1f;
    public static final float C3 = 0x1.55549ep-3f;
    public static final float C4 = 0x1.55570ep-5f;
    public static final float C5 = 0x1.123520p-7f;
    public static final float C6 = 0x1.69e6d2p-10f;

    /** The same for a single factor: it leaves n + 127, and no x below 2^22 tells the two apart, since none is a tie. */
    public static final float ROUND_ONE = 0x1.8p23f + 127;

    /** From -NORMAL to NORMAL both e^x and 2^n are normal floats. */
    public static final float NORMAL = 87;

    /** The smallest x whose e^x is a normal float. */
    public static final float SUBNORMAL = -0x1.5d589ep6f;

    /** The largest x whose e^x is finite. */
    public static final float OVERFLOW = 0x1.62e42ep6f;

    /** The smallest x whose e^x does not round to 0. */
    public static final float UNDERFLOW = -0x1.9fe368p6f;

    private ExpConstants() {}
}
