package lanewise.trainer.data;

/**
 * Numbers as text: digits with at most one point among or beside them, a sign in front and an exponent behind if need be,
 * and nothing else: no blanks, hexadecimal digits, suffixes, digits of other scripts, NaN or infinity, all of which
 * {@link Float#parseFloat} takes.
 */
final class Decimals {
    /** Digits that a long holds whatever they are. */
    private static final int MOST_DIGITS = 18;

    private static final long EXACT = 1L << 53;
    private static final int MOST_EXPONENT = 100_000;

    /** The powers of ten that a double holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** The bits of a double that a float has no room for, and what they are half way between two floats. */
    private static final long SURPLUS = (1L << 29) - 1;

    private static final long HALF_WAY = 1L << 28;

    private Decimals() {}

    /**
     * The float nearest to a number, ties to even, as {@link Float#parseFloat} finds it.
     *
     * <p>A mantissa below 2^53 and a power of ten up to 10^22 are doubles, so their product or quotient is the double nearest
     * to the number. Rounded again it is the float nearest to it, unless it lies half way between two floats, where the first
     * rounding may have hidden on which side the number is. These numbers, and those outside the range, take the slow path.
     *
     * @return NaN if the text is no number, an infinity if the number is too large for a float
     */
    static float parse(char[] text, int from, int to) {
        int i = from;
        boolean negative = false;
        if (i < to && (text[i] == '-' || text[i] == '+')) {
            negative = text[i++] == '-';
        }
        long mantissa = 0;
        int digits = 0;
        int exponent = 0;
        boolean exact = true;
        int start = i;
        for (; i < to && isDigit(text[i]); i++) {
            if (digits < MOST_DIGITS) {
                mantissa = 10 * mantissa + (text[i] - '0');
                digits += mantissa == 0 ? 0 : 1;
            } else {
                exact = false;
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
                } else {
                    exact = false;
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
        if (exact && mantissa <= EXACT && -POWERS.length < exponent && exponent < POWERS.length) {
            double nearest = exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent];
            boolean safe = nearest >= Float.MIN_NORMAL && (Double.doubleToRawLongBits(nearest) & SURPLUS) != HALF_WAY;
            if (safe || mantissa == 0) {
                return (float) (negative ? -nearest : nearest);
            }
        }
        return Float.parseFloat(new String(text, from, to - from));
    }

    /** Whether the text is a number, however large. */
    static boolean isNumber(String text) {
        return !Float.isNaN(parse(text.toCharArray(), 0, text.length()));
    }

    private static boolean isDigit(char c) {
        return '0' <= c && c <= '9';
    }
}
