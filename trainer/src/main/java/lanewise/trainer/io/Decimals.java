package lanewise.trainer.io;

/**
 * Numbers as text: digits with at most one point among or beside them, a sign in front and an exponent behind if need be,
 * and nothing else: no blanks, hexadecimal digits, suffixes, digits of other scripts, NaN or infinity, all of which
 * {@link Float#parseFloat} takes.
 */
public final class Decimals {
    /** Digits that a float holds whatever they are, and a long. */
    private static final int FEW_DIGITS = 7;

    private static final int MOST_DIGITS = 18;

    /** More than a text has digits to make up for. */
    private static final int MOST_EXPONENT = 100_000_000;

    /** The powers of ten that a double holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private static final int MOST_POWER = POWERS.length - 1;

    /** The bits of a double that a float has no room for, and what they are half way between two floats. */
    private static final long SURPLUS = (1L << 29) - 1;

    private static final long HALF_WAY = 1L << 28;

    /** More units in the last place of a double than the fast path can be wrong by. */
    private static final long DOUBT = 16;

    private Decimals() {}

    /**
     * The float nearest to a number, ties to even, as {@link Float#parseFloat} finds it.
     *
     * <p>The first 18 digits, and one or two powers of ten up to 10^22, make a double with at most four roundings, so it is
     * wrong by less than 4 units in its last place. Rounded again it is the float nearest to the number, unless it lies so
     * close to the middle between two floats that the number may be on the other side. Those few, and what is outside the
     * range of normal floats, take the slow path.
     *
     * @param text the number, and what is around it
     * @param from where it begins
     * @param to where it ends
     * @return NaN if the text is not a number, an infinity if the number is too large for a float
     */
    public static float parse(char[] text, int from, int to) {
        return to - from > FEW_DIGITS ? parseAny(text, from, to) : parseDigits(text, from, to);
    }

    /** A short text, which is often nothing but digits. */
    private static float parseDigits(char[] text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(text[i])) {
                return parseAny(text, from, to);
            }
            number = 10 * number + (text[i] - '0');
        }
        return from == to ? Float.NaN : number;
    }

    private static float parseAny(char[] text, int from, int to) {
        int i = from;
        boolean negative = false;
        if (i < to && (text[i] == '-' || text[i] == '+')) {
            negative = text[i++] == '-';
        }
        long mantissa = 0;
        int digits = 0;
        int exponent = 0;
        int start = i;
        for (; i < to && isDigit(text[i]); i++) {
            if (digits < MOST_DIGITS) {
                mantissa = 10 * mantissa + (text[i] - '0');
                digits += mantissa == 0 ? 0 : 1;
            } else {
                exponent++;
            }
        }
        int seen = i - start;
        if (i < to && text[i] == '.') {
            i++;
            start = i;
            for (; i < to && isDigit(text[i]); i++) {
                if (digits < MOST_DIGITS) {
                    mantissa = 10 * mantissa + (text[i] - '0');
                    digits += mantissa == 0 ? 0 : 1;
                    exponent--;
                }
            }
            seen += i - start;
        }
        if (seen == 0) {
            return Float.NaN;
        }
        if (i < to && (text[i] == 'e' || text[i] == 'E')) {
            i++;
            boolean down = false;
            if (i < to && (text[i] == '-' || text[i] == '+')) {
                down = text[i++] == '-';
            }
            start = i;
            int power = 0;
            for (; i < to && isDigit(text[i]); i++) {
                power = Math.min(MOST_EXPONENT, 10 * power + (text[i] - '0'));
            }
            if (i == start) {
                return Float.NaN;
            }
            exponent += down ? -power : power;
        }
        if (i != to) {
            return Float.NaN;
        }
        if (mantissa == 0) {
            return negative ? -0f : 0f;
        }
        if (Math.abs(exponent) <= 2 * MOST_POWER) {
            double near = scaled(mantissa, exponent);
            long surplus = Double.doubleToRawLongBits(near) & SURPLUS;
            if (near >= Float.MIN_NORMAL && Math.abs(surplus - HALF_WAY) > DOUBT) {
                return (float) (negative ? -near : near);
            }
        }
        return Float.parseFloat(new String(text, from, to - from));
    }

    private static double scaled(double number, int exponent) {
        if (exponent < 0) {
            return exponent < -MOST_POWER
                    ? number / POWERS[MOST_POWER] / POWERS[-exponent - MOST_POWER]
                    : number / POWERS[-exponent];
        }
        return exponent > MOST_POWER
                ? number * POWERS[MOST_POWER] * POWERS[exponent - MOST_POWER]
                : number * POWERS[exponent];
    }

    /**
     * Whether a text is a number.
     *
     * @param text the text
     * @return whether it is one, however large
     */
    public static boolean isNumber(String text) {
        return !Float.isNaN(parse(text.toCharArray(), 0, text.length()));
    }

    private static boolean isDigit(char c) {
        return '0' <= c && c <= '9';
    }
}
