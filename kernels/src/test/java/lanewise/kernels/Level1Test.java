package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import lanewise.kernels.TestData.Matrix;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of the vector operations, against double precision and the words of their Javadoc. */
class Level1Test {
    private static final double U = 0x1p-24;

    /** The product of two floats is exact in double precision, so rounding it once more is the answer. */
    @Test
    void scalRoundsOnce() {
        for (int n = 0; n <= 40; n++) {
            Matrix x = Matrix.of(1, n, 3, n + 1, outliers(n, n));
            float[] expected = new float[n];
            for (int i = 0; i < n; i++) {
                expected[i] = (float) ((double) 0.7f * x.get(0, i));
            }
            Level1.scal(n, 0.7f, x.array(), 3);
            assertThat(x.row(0)).isEqualTo(expected);
            x.assertCanaries();
        }
    }

    /** Half an ULP for the rounding of the FMA, and the double sum itself is rounded: 2^-29 of an ULP more. */
    @Test
    void axpyRoundsOnce() {
        for (int n = 0; n <= 40; n++) {
            Matrix x = Matrix.of(1, n, 3, n + 1, outliers(n, n));
            Matrix y = Matrix.of(1, n, 1, n + 1, outliers(n + 100, n));
            Matrix result = y.copy();
            Level1.axpy(n, -1.7f, x.array(), 3, result.array(), 1);
            for (int i = 0; i < n; i++) {
                double exact = (double) -1.7f * x.get(0, i) + y.get(0, i);
                double bound = (0.5 + 0x1p-29) * Math.ulp(result.get(0, i));
                assertThat(Math.abs(result.get(0, i) - exact)).isLessThanOrEqualTo(bound);
            }
            result.assertCanaries();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 15, 16, 17, 33, 100, 1000, 2047, 2049, 50_000, 1_000_000})
    void dotKeepsItsErrorBound(int n) {
        assertDotWithinBound(uniform(n, n, 1), uniform(n + 1, n, 1));
        assertDotWithinBound(outliers(n, n), outliers(n + 1, n));
        float[] positive = new float[n];
        Arrays.fill(positive, 0.1f);
        assertDotWithinBound(positive, positive);
    }

    /** What the Javadoc says; the double sum is off by at most n 2^-53 of the sum of magnitudes. */
    private static void assertDotWithinBound(float[] x, float[] y) {
        int n = x.length;
        double exact = 0;
        double magnitude = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            exact += (double) x[i] * y[i];
            magnitude += Math.abs((double) x[i] * y[i]);
            squares += (double) x[i] * x[i];
        }
        double c = (n / 16.0 + 5) * U;
        double relative = c / (1 - c) + n * 0x1p-53;
        double underflow = (double) n * Float.MIN_VALUE;
        assertThat(Math.abs(Level1.dot(n, x, 0, y, 0) - exact)).isLessThanOrEqualTo(relative * magnitude + underflow);
        assertThat(Math.abs(Level1.sumOfSquares(n, x, 0) - squares))
                .isLessThanOrEqualTo(relative * squares + underflow);
    }

    /** Values that only the documented order gives: lane 0 absorbs its small terms, and lane 8 meets it before lane 1. */
    @Test
    void dotAddsInTheDocumentedOrder() {
        float[] ones = new float[32];
        Arrays.fill(ones, 1);
        float[] x = new float[32];
        x[0] = 0x1p24f;
        x[16] = 1;
        assertThat(Level1.dot(32, x, 0, ones, 0)).isEqualTo(0x1p24f);
        x[16] = 0;
        x[8] = -0x1p24f;
        x[1] = 1;
        assertThat(Level1.dot(32, x, 0, ones, 0)).isEqualTo(1);
        x[8] = 0;
        x[1] = -0x1p24f;
        x[2] = 1;
        assertThat(Level1.dot(32, x, 0, ones, 0)).isZero();
    }

    @Test
    void dotOfSmallIntegersIsExact() {
        int n = 1001;
        float[] x = new float[n];
        float[] y = new float[n];
        long sum = 0;
        for (int i = 0; i < n; i++) {
            x[i] = i % 13 - 6;
            y[i] = i % 7 - 3;
            sum += (long) x[i] * (long) y[i];
        }
        assertThat(Level1.dot(n, x, 0, y, 0)).isEqualTo(sum);
    }

    @Test
    void nothingSumsToPlusZero() {
        assertThat(Level1.dot(0, new float[0], 0, new float[0], 0)).isEqualTo(Float.valueOf(0f));
        assertThat(Level1.dot(1, new float[] {-1}, 0, new float[] {0}, 0)).isEqualTo(Float.valueOf(0f));
    }

    @Test
    void specialValuesPropagate() {
        float[] x = {0, Float.NaN, Float.POSITIVE_INFINITY, 1e-42f};
        float[] y = {Float.POSITIVE_INFINITY, 1, Float.NEGATIVE_INFINITY, 0};
        Level1.axpy(4, 0, x, 0, y, 0);
        assertThat(y).containsExactly(Float.POSITIVE_INFINITY, Float.NaN, Float.NaN, 0);
        Level1.scal(4, 0.5f, x, 0);
        assertThat(x).containsExactly(0, Float.NaN, Float.POSITIVE_INFINITY, 0.5f * 1e-42f);
        for (int n : new int[] {1, 16, 67}) {
            for (int i = 0; i < n; i++) {
                float[] ones = new float[n];
                Arrays.fill(ones, 1);
                ones[i] = Float.NaN;
                assertThat(Level1.sumOfSquares(n, ones, 0)).isNaN();
                ones[i] = Float.NEGATIVE_INFINITY;
                assertThat(Level1.sumOfSquares(n, ones, 0)).isEqualTo(Float.POSITIVE_INFINITY);
            }
        }
    }

    @Test
    void sumOfSquaresOverflowsAndVanishesAsDocumented() {
        assertThat(Level1.sumOfSquares(1, new float[] {1.9e19f}, 0)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(Level1.sumOfSquares(1, new float[] {1.8e19f}, 0)).isFinite();
        assertThat(Level1.sumOfSquares(1, new float[] {2.6e-23f}, 0)).isZero();
        assertThat(Level1.sumOfSquares(1, new float[] {2.7e-23f}, 0)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, the size of x is negative: -1", "3, 8, x is too short", "3, -1, x is too short"})
    void sizesThatDoNotFitAreRejected(int n, int offset, String message) {
        float[] ten = new float[10];
        assertRejected(message, () -> Level1.scal(n, 2, ten, offset));
        assertRejected(message, () -> Level1.axpy(n, 2, ten, offset, new float[10], 0));
        assertRejected(message, () -> Level1.dot(n, ten, offset, ten, 0));
        assertRejected(message, () -> Level1.sumOfSquares(n, ten, offset));
    }

    @Test
    void theSecondVectorIsCheckedToo() {
        float[] ten = new float[10];
        assertRejected("y is too short", () -> Level1.axpy(3, 2, ten, 0, ten, 8));
        assertRejected("y is too short", () -> Level1.dot(3, ten, 0, ten, 8));
        assertRejected("y is too short", () -> Level1.dot(3, ten, 0, ten, Integer.MAX_VALUE - 1));
    }

    @Test
    void onlyTheSameElementsMayBeReadAndWritten() {
        float[] x = {1, 2, 3, 4};
        assertRejected("y shares the elements [1, 3)", () -> Level1.axpy(3, 2, x, 0, x, 1));
        assertThat(x).containsExactly(1, 2, 3, 4);
        Level1.axpy(2, 2, x, 0, x, 2);
        assertThat(x).containsExactly(1, 2, 5, 8);
        Level1.axpy(4, 1, x, 0, x, 0);
        assertThat(x).containsExactly(2, 4, 10, 16);
        assertThat(Level1.dot(3, x, 0, x, 1)).isEqualTo(2 * 4 + 4 * 10 + 10 * 16);
    }

    private static void assertRejected(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }
}
