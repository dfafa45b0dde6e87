package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sweep")
class ExpTest {
    private static final int BATCH = 1 << 13;

    /** Over the bit patterns of all floats, of which a full sweep leaves out none. */
    @Test
    void isWithinOneUlpOfTheDoubleResult() {
        int stride = Sweep.stride(1009);
        float[] x = new float[BATCH];
        float[] y = new float[BATCH];
        double worst = 0;
        float worstAt = 0;
        for (long from = 0; from < 1L << 32; from += (long) BATCH * stride) {
            for (int i = 0; i < BATCH; i++) {
                x[i] = Float.intBitsToFloat((int) (from + (long) i * stride));
            }
            Exp.exp(BATCH, x, 0, y, 0);
            for (int i = 0; i < BATCH; i++) {
                double error = ulps(y[i], x[i]);
                // A NaN is more than any number, so it stays.
                if (Double.compare(error, worst) > 0) {
                    worst = error;
                    worstAt = x[i];
                }
            }
        }
        assertThat(worst).as("ULP at " + Float.toHexString(worstAt)).isLessThanOrEqualTo(1);
    }

    /** Where a full sweep finds the largest errors, and where other coefficients of the polynomial had theirs. */
    @ParameterizedTest
    @ValueSource(
            floats = {
                -0x1.77a92ap2f,
                0x1.4cc45cp2f,
                -0x1.b610fp4f,
                -0x1.76a97cp2f,
                -0x1.da2df4p5f,
                -0x1.780204p2f,
                0x1.77a056p2f
            })
    void theHardestFloats(float x) {
        float[] y = new float[1];
        Exp.exp(1, new float[] {x}, 0, y, 0);
        assertThat(ulps(y[0], x)).isLessThanOrEqualTo(1);
    }

    /** The distance of y from e^x in units of the last place that a float in the binade of e^x has. */
    private static double ulps(float y, float x) {
        if (Float.isNaN(x)) {
            return Float.isNaN(y) ? 0 : Double.NaN;
        }
        double exact = exp(x);
        if (Float.isInfinite((float) exact)) {
            return y == Float.POSITIVE_INFINITY ? 0 : Double.NaN;
        }
        double ulp = Math.scalb(1.0, Math.max(Math.getExponent(exact), Float.MIN_EXPONENT) - 23);
        return Math.abs(y - exact) / ulp;
    }

    /** In double, with the ends of the axis cut short: beyond them the result is constant or 1 + x to the last bit. */
    private static double exp(float x) {
        if (Math.abs(x) < 0x1p-28f) {
            return 1 + (double) x;
        }
        return x > 90 ? Double.POSITIVE_INFINITY : x < -110 ? 0 : StrictMath.exp(x);
    }

    @ParameterizedTest
    @CsvSource({
        "0x0p0, 1",
        "-0x0p0, 1",
        "0x0.000002p-126, 1",
        "NaN, NaN",
        "Infinity, Infinity",
        "-Infinity, 0",
        "0x1.fffffep127, Infinity",
        "-0x1.fffffep127, 0",
        // The last finite result and the first infinite one, the last subnormal one and the first zero.
        "0x1.62e42ep6, 0x1.ffff08p127",
        "0x1.62e430p6, Infinity",
        "-0x1.9fe368p6, 0x0.000002p-126",
        "-0x1.9fe36ap6, 0",
    })
    void specialValues(float x, Float expected) {
        float[] y = new float[1];
        Exp.exp(1, new float[] {x}, 0, y, 0);
        assertThat(y[0]).isEqualTo(expected);
    }

    @Test
    void anArgumentThatDoesNotFitIsNamed() {
        float[] x = new float[4];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Exp.exp(5, x, 0, new float[5], 0))
                .withMessageContaining("x is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Exp.exp(4, x, 0, new float[5], 2))
                .withMessageContaining("y is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Exp.exp(-1, x, 0, x, 0))
                .withMessageContaining("negative");
    }
}
