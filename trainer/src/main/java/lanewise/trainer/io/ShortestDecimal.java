package lanewise.trainer.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * Floats as decimals of the fewest digits that read back as the same float, and of those the nearest, in the form of
 * {@link Float#toString}: the same text as there from JDK 19 on, and for no float longer. Allocates nothing.
 *
 * <p>Let v = c 2<sup>q</sup> be the float, and k the power of ten just below the width of what rounds to it. Then at most one
 * multiple of 10<sup>k + 1</sup> rounds to v, which is the answer if it is there; else it is the nearest multiple of
 * 10<sup>k</sup>. Where they lie is told by v 10<sup>-k</sup> and both ends of the interval in units of a quarter, each
 * truncated with its last bit set if anything was lost.
 *
 * <p><b>Source.</b> Giulietti, The Schubfach way to render doubles (2020), which also shows that powers of ten of 63 bits are
 * enough for floats. The test goes through a sample of them; all were compared with another implementation once.
 */
public final class ShortestDecimal {
    /** Bytes that are enough for any float. The longest text, such as -1.17549435E-38, has 15; the rest may be written too. */
    public static final int ROOM = 24;

    private static final int FRACTION_BITS = 23;
    private static final int LEAST_Q = -149;
    private static final int HIDDEN = 1 << FRACTION_BITS;

    /** Subnormals of fewer units have one digit, and two are wanted. */
    private static final int TINY = 8;

    /** The powers of ten that occur, as 63 bits rounded up. */
    private static final int LEAST_POWER = -32;

    private static final int MOST_POWER = 46;
    private static final long[] POWERS = new long[MOST_POWER - LEAST_POWER + 1];

    /** Powers of ten as far as an int goes. */
    private static final int[] TENS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private static final int DIGITS = 9;
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static {
        for (int e = LEAST_POWER; e <= MOST_POWER; e++) {
            int shift = 62 - log2OfPowerOf10(e);
            BigInteger power = BigInteger.TEN.pow(Math.abs(e));
            BigInteger bits;
            if (e < 0) {
                bits = BigInteger.ONE.shiftLeft(shift).divide(power);
            } else {
                bits = shift < 0 ? power.shiftRight(-shift) : power.shiftLeft(shift);
            }
            POWERS[e - LEAST_POWER] = bits.longValueExact() + 1;
        }
    }

    private ShortestDecimal() {}

    /**
     * Writes a float.
     *
     * @param value any float
     * @param to receives the text in ASCII; with room for {@link #ROOM} bytes
     * @param at index of its first byte
     * @return the index behind its last byte
     */
    public static int write(float value, byte[] to, int at) {
        int bits = Float.floatToIntBits(value);
        int i = at;
        if (bits < 0) {
            to[i++] = '-';
        }
        int exponent = bits >>> FRACTION_BITS & 0xff;
        int fraction = bits & HIDDEN - 1;
        if (exponent == 0xff) {
            return text(fraction == 0 ? "Infinity" : "NaN", to, i);
        }
        if (exponent > 0) {
            return shortest(fraction | HIDDEN, LEAST_Q - 1 + exponent, 0, to, i);
        }
        if (fraction >= TINY) {
            return shortest(fraction, LEAST_Q, 0, to, i);
        }
        return fraction == 0 ? text("0.0", to, i) : shortest(10 * fraction, LEAST_Q, -1, to, i);
    }

    /** Writes c 2^q 10^scale. */
    private static int shortest(int c, int q, int scale, byte[] to, int at) {
        boolean lowest = c == HIDDEN && q > LEAST_Q;
        int k = lowest ? log10OfThreeQuarters(q) : log10OfPowerOf2(q);
        long power = POWERS[-k - LEAST_POWER];
        int shift = q + log2OfPowerOf10(-k) + 2;
        int open = c & 1;
        long middle = product(4L * c, shift, power);
        long low = product(4L * c - (lowest ? 1 : 2), shift, power) + open;
        long high = product(4L * c + 2, shift, power) - open;

        int ones = (int) (middle >> 2);
        int tens = ones / 10;
        boolean tensBelow = low <= 40L * tens;
        boolean tensAbove = 40L * (tens + 1) <= high;
        if (tensBelow != tensAbove && ones >= 100) {
            return decimal(tensBelow ? tens : tens + 1, k + scale + 1, to, at);
        }
        boolean onesBelow = low <= 4L * ones;
        boolean onesAbove = 4L * (ones + 1) <= high;
        // Twice the distance from half way between both, in quarters; half way, the even one is taken.
        long past = middle - 4L * ones - 2;
        boolean nearerAbove = past > 0 || past == 0 && (ones & 1) == 1;
        return decimal(onesAbove && (!onesBelow || nearerAbove) ? ones + 1 : ones, k + scale, to, at);
    }

    /** Four times a significand times a power of two and one of ten, its last bit set if it is not whole. */
    private static long product(long significand, int shift, long power) {
        long shifted = significand << shift;
        long whole = Math.multiplyHigh(shifted, power);
        // The power is rounded up, which adds less than 2^32 to the fraction.
        return whole | (shifted * power >>> 32 == 0 ? 0 : 1);
    }

    /** Writes d 10^k. */
    private static int decimal(int d, int k, byte[] to, int at) {
        int length = log10OfPowerOf2(Integer.SIZE - Integer.numberOfLeadingZeros(d));
        length += d >= TENS[length] ? 1 : 0;
        int nine = d * TENS[DIGITS - length];
        int first = nine / TENS[DIGITS - 1];
        long others = eightDigits(nine - first * TENS[DIGITS - 1]);
        // Digits behind the first one, without the zeros at their end.
        int rest = Long.BYTES - Long.numberOfLeadingZeros(others) / Byte.SIZE;
        others |= 0x3030303030303030L;
        byte firstDigit = (byte) ('0' + first);

        // The value is 0.ddd 10^point.
        int point = k + length;
        int i = at;
        if (point > -3 && point <= 0) {
            to[i++] = '0';
            to[i++] = '.';
            for (int zeros = point; zeros < 0; zeros++) {
                to[i++] = '0';
            }
            to[i++] = firstDigit;
            EIGHT_BYTES.set(to, i, others);
            return i + rest;
        }
        to[i++] = firstDigit;
        if (point > 0 && point <= 7) {
            EIGHT_BYTES.set(to, i, others);
            i += point - 1;
            EIGHT_BYTES.set(to, i + 1, others >>> Byte.SIZE * (point - 1));
            to[i++] = '.';
            return i + Math.max(1, rest - (point - 1));
        }
        to[i++] = '.';
        EIGHT_BYTES.set(to, i, others);
        i += Math.max(1, rest);
        to[i++] = 'E';
        int exponent = point - 1;
        if (exponent < 0) {
            to[i++] = '-';
            exponent = -exponent;
        }
        if (exponent >= 10) {
            to[i++] = (byte) ('0' + exponent / 10);
        }
        to[i++] = (byte) ('0' + exponent % 10);
        return i;
    }

    /** A number of up to eight digits as one digit in each byte, the first in the lowest: halved into pairs three times. */
    private static long eightDigits(int n) {
        long fours = n / 10_000 | (long) (n % 10_000) << 32;
        long hundreds = fours * 10_486 >>> 20 & 0x0000007f_0000007fL;
        long twos = hundreds | fours - 100 * hundreds << 16;
        long tenths = twos * 103 >>> 10 & 0x000f000f_000f000fL;
        return tenths | twos - 10 * tenths << 8;
    }

    private static int text(String text, byte[] to, int at) {
        for (int i = 0; i < text.length(); i++) {
            to[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    /** The floor of log10(2^e). */
    private static int log10OfPowerOf2(int e) {
        return (int) (e * 661_971_961_083L >> 41);
    }

    /** The floor of log10(3/4 2^e). */
    private static int log10OfThreeQuarters(int e) {
        return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
    }

    /** The floor of log2(10^e). */
    private static int log2OfPowerOf10(int e) {
        return (int) (e * 913_124_641_741L >> 38);
    }
}
