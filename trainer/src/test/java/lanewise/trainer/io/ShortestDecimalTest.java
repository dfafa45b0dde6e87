package lanewise.trainer.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.io.NumberOutput;

class ShortestDecimalTest {
    private static String write(float value) {
        byte[] bytes = new byte[3 + ShortestDecimal.ROOM];
        Arrays.fill(bytes, (byte) '#');
        int end = ShortestDecimal.write(value, bytes, 3);
        String text = new String(bytes, US_ASCII);
        assertThat(text).startsWith("###");
        return text.substring(3, end);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "-0.0, -0.0",
        "1, 1.0",
        "0.1, 0.1",
        "0.001, 0.001",
        "0.00099999, 9.9999E-4",
        "0.73105857, 0.7310586",
        "100, 100.0",
        "123456.7, 123456.7",
        "9999999, 9999999.0",
        "1e7, 1.0E7",
        "3.4028235e38, 3.4028235E38",
        "1.17549435e-38, 1.1754944E-38",
        "1.4e-45, 1.4E-45",
        "2e-44, 2.0E-44",
        "33554432, 3.3554432E7",
        "NaN, NaN",
        "-Infinity, -Infinity"
    })
    void isWrittenSo(float value, String text) {
        assertThat(write(value)).isEqualTo(text);
    }

    /** Jackson has another implementation, which allocates. Every binade, and around every power of two and ten. */
    @Test
    void otherFloatsAreWrittenAsByJackson() {
        for (int bits = 0; bits < 0x7f800000; bits += 7_919) {
            assertAsByJackson(Float.intBitsToFloat(bits));
        }
        for (int bits = 0; bits < 0x7f800000; bits += 1 << 23) {
            assertAround(Float.intBitsToFloat(bits));
        }
        for (int e = -45; e <= 38; e++) {
            assertAround(Float.parseFloat("1e" + e));
        }
    }

    private static void assertAround(float value) {
        float v = value;
        for (int i = 0; i < 5; i++) {
            assertAsByJackson(v);
            assertAsByJackson(-v);
            v = Math.nextUp(v);
        }
        assertAsByJackson(Math.nextDown(value));
    }

    private static void assertAsByJackson(float value) {
        String expected = NumberOutput.toString(value, true);
        String text = write(value);
        if (!text.equals(expected)) {
            assertThat(text).as("bits %08x", Float.floatToIntBits(value)).isEqualTo(expected);
        }
    }
}
