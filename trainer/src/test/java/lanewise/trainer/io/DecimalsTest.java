package lanewise.trainer.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import lanewise.trainer.random.SplitMix64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("no-kernel")
class DecimalsTest {
    private static float parse(String text) {
        char[] chars = ("##" + text + "##").toCharArray();
        return Decimals.parse(chars, 2, chars.length - 2);
    }

    private static void assertSame(String text) {
        assertThat(Float.floatToRawIntBits(parse(text)))
                .as(text)
                .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+0",
                "0.0",
                "-.0e7",
                "1",
                "-1",
                "+1",
                "1.",
                ".5",
                "-.5e-3",
                "1e5",
                "1E+5",
                "1e05",
                "007",
                "0.1",
                "3.4028235e38",
                "3.40282351e38",
                "1.4e-45",
                "7e-46",
                "1e-400",
                "-1e-400",
                "1.17549435e-38",
                "1.1754942e-38",
                "16777217",
                "16777217.0000000000000000000000001",
                "16777216.9999999999999999999999999",
                "9007199254740993",
                "123456789012345678901234567890",
                "0.000000000000000000000000000000000000000000001",
                "100000000000000000000000000000000000000",
                "1e22",
                "1e23",
                "1e-22",
                "1e-23",
                "0e999999999999",
                "340282356779733661637539395458142568447"
            })
    void isTheNearestFloat(String text) {
        assertSame(text);
    }

    @Test
    void everyLengthAndPowerIsTheNearestFloat() {
        SplitMix64 random = SplitMix64.of(5, SplitMix64.Stream.WEIGHTS, 0);
        for (int i = 0; i < 100_000; i++) {
            long mantissa = random.nextLong() >>> 1 + random.nextInt(62);
            int power = random.nextInt(64) - 40;
            assertSame((i % 2 == 0 ? "-" : "") + mantissa + "e" + power);
            assertSame(mantissa + "." + (random.nextLong() >>> 1 + random.nextInt(62)));
        }
    }

    @Test
    void anExponentMayMakeUpForManyDigits() {
        for (int exponent : new int[] {99_999, 100_000, 100_001, 100_017, 100_018, 200_000}) {
            assertSame("1" + "0".repeat(exponent) + "e-" + exponent);
            assertSame("0." + "0".repeat(exponent) + "15e" + exponent);
        }
        assertSame("1" + "0".repeat(100_017) + "e-200000");
    }

    /** Half way between two floats, and next to it on both sides. */
    @Test
    void tiesGoToEven() {
        SplitMix64 random = SplitMix64.of(6, SplitMix64.Stream.WEIGHTS, 0);
        for (int i = 0; i < 10_000; i++) {
            float x = 1 << 20 | random.nextInt(1 << 20);
            double tie = x + Math.ulp(x) / 2.0;
            String text = String.format(Locale.ROOT, "%.5f", tie);
            assertThat(Double.parseDouble(text)).isEqualTo(tie);
            assertSame(text);
            assertSame(text + "0000000001");
            assertSame(text.substring(0, text.length() - 1) + "4999999999".substring(1));
        }
    }

    @Test
    void tooLargeANumberIsInfinite() {
        assertThat(parse("1e39")).isInfinite().isPositive();
        assertThat(parse("-1e39")).isInfinite().isNegative();
        assertThat(parse("3.4028236e38")).isInfinite();
        assertThat(parse("1e99999999999999")).isInfinite();
        assertThat(parse("9".repeat(1000))).isInfinite();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "+",
                "-",
                ".",
                "e5",
                "1e",
                "1e+",
                "-e",
                "--1",
                "1-",
                "1 ",
                " 1",
                "1f",
                "1.5F",
                "2d",
                "0x1",
                "0x1.8p1",
                "1_000",
                "1,5",
                "1.2.3",
                "1e5.5",
                "NaN",
                "nan",
                "inf",
                "Infinity",
                "-Infinity",
                "NA",
                "?",
                "\u0663",
                "\uff11",
                "1\u00a0",
                "\0",
                "1\0",
                "abc"
            })
    void anythingElseIsNoNumber(String text) {
        assertThat(parse(text)).isNaN();
        assertThat(Decimals.isNumber(text)).isFalse();
    }
}
