package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax, log-softmax and log-sum-exp against known values, and against double precision. */
class SoftmaxTest {
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;
    private static final float MAX = Float.MAX_VALUE;
    private static final float LN2 = 0.6931472f;

    /** Half a unit in the last place of 1. */
    private static final double U = 0x1p-24;

    /** A row and what becomes of it; known values are those of a reference in double, or exact. */
    record Case(float[] x, float logSumExp, float[] softmax, float[] logSoftmax) {}

    static Case[] known() {
        return new Case[] {
            new Case(row(), -INF, row(), row()),
            new Case(row(3.7f), 3.7f, row(1), row(0)),
            new Case(row(-1e30f), -1e30f, row(1), row(0)),
            new Case(row(1000, 1000), 1000.6931f, row(0.5f, 0.5f), row(-LN2, -LN2)),
            new Case(row(1000, 0, 0, 0), 1000, row(1, 0, 0, 0), row(0, -1000, -1000, -1000)),
            new Case(row(1000, 1), 1000, row(1, 0), row(0, -999)),
            new Case(
                    row(0, 1, 2, 3),
                    3.4401897f,
                    row(0.032058603f, 0.087144319f, 0.236882818f, 0.643914260f),
                    row(-3.4401897f, -2.4401897f, -1.4401897f, -0.4401897f)),
            new Case(
                    row(100, 101, 102, 103),
                    103.4401897f,
                    row(0.032058603f, 0.087144319f, 0.236882818f, 0.643914260f),
                    row(-3.4401897f, -2.4401897f, -1.4401897f, -0.4401897f)),
            new Case(
                    row(-25, 0, 25, 50),
                    50,
                    row(2.6786370e-33f, 1.9287498e-22f, 1.3887944e-11f, 1),
                    row(-75, -50, -25, 0)),
            new Case(row(1e10f, 1e-10f), 1e10f, row(1, 0), row(0, -1e10f)),
            new Case(row(-1e10f, -INF), -1e10f, row(1, 0), row(0, -INF)),
            new Case(row(-INF, -INF), -INF, row(NAN, NAN), row(NAN, NAN)),
            new Case(row(-INF, 0), 0, row(0, 1), row(-INF, 0)),
            new Case(row(INF), INF, row(NAN), row(NAN)),
            new Case(row(INF, 0), INF, row(NAN, NAN), row(NAN, -INF)),
            new Case(row(INF, -INF), INF, row(NAN, NAN), row(NAN, -INF)),
            new Case(row(0, NAN, 1), NAN, row(NAN, NAN, NAN), row(NAN, NAN, NAN)),
            new Case(row(INF, NAN), NAN, row(NAN, NAN), row(NAN, NAN)),
            // Below 2^-25 of the sum, a term is lost in it.
            new Case(row(0, -40), 0, row(1, 4.2483543e-18f), row(0, -40)),
            // The difference overflows to -infinity, whose exponential is 0.
            new Case(row(MAX, -MAX), MAX, row(1, 0), row(0, -INF)),
            // Below 2^-126 an exponential would be subnormal.
            new Case(row(0, -87.336f), 0, row(1, 1.1761366e-38f), row(0, -87.336f)),
            new Case(row(0, -87.337f), 0, row(1, 0), row(0, -87.337f)),
            new Case(row(0, -0x1.5d589ep6f), 0, row(1, 1.1754997e-38f), row(0, -0x1.5d589ep6f)),
            new Case(row(0, -0x1.5d58a0p6f), 0, row(1, 0), row(0, -0x1.5d58a0p6f)),
            new Case(row(-0f), 0, row(1), row(0)),
            new Case(row(0f, -0f), LN2, row(0.5f, 0.5f), row(-LN2, -LN2)),
        };
    }

    @ParameterizedTest
    @MethodSource("known")
    void knownValues(Case known) {
        int n = known.x.length;
        float[] x = known.x.clone();
        float[] y = new float[n];
        Softmax.softmax(1, n, x, 0, Math.max(1, n), y, 0, Math.max(1, n));
        assertClose(y, known.softmax);
        Softmax.logSoftmax(1, n, x, 0, Math.max(1, n), y, 0, Math.max(1, n));
        assertClose(y, known.logSoftmax);
        assertClose(row(logSumExp(x)), row(known.logSumExp));
        assertThat(x).as("the input").isEqualTo(known.x);
    }

    /** 2 ULP, or the value itself where it is exact: 0, 1, an infinity, NaN. */
    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int j = 0; j < actual.length; j++) {
            boolean exact =
                    Float.isNaN(expected[j]) || Float.isInfinite(expected[j]) || expected[j] == 0 || expected[j] == 1;
            if (exact) {
                // 0 is meant without its sign.
                assertThat(actual[j] + 0f).as("element " + j).isEqualTo(Float.valueOf(expected[j] + 0f));
            } else {
                assertThat(actual[j]).as("element " + j).isCloseTo(expected[j], within(2 * Math.ulp(expected[j])));
            }
        }
    }

    @Test
    void manyEqualElements() {
        float[] y = new float[1000];
        float[] x = filled(1000, 10_000);
        assertThat(logSumExp(x)).isEqualTo(10006.908f);
        Softmax.softmax(1, 1000, x, 0, 1000, y, 0, 1000);
        assertThat(y).containsOnly(0.001f);
        Softmax.logSoftmax(1, 1000, x, 0, 1000, y, 0, 1000);
        assertThat(y).containsOnly(-6.9077554f);
    }

    /** A single sum in float would stop growing at 2^24. */
    @Test
    void moreElementsThanFloatCanCount() {
        float[] x = filled(1_000_000, (float) StrictMath.log(1e-40));
        assertThat((double) logSumExp(x)).isCloseTo(StrictMath.log(1e-34), within(bound(x.length) + 79 * U));
        Softmax.softmax(1, x.length, x, 0, x.length, x, 0, x.length);
        assertThat(x).containsOnly(1e-6f);

        float[] zeros = new float[1 << 25];
        assertThat((double) logSumExp(zeros)).isCloseTo(25 * StrictMath.log(2), within(18 * U));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 16, 47, 48, 67})
    void aNanSpoilsItsRowAlone(int cols) {
        for (int j = 0; j < cols; j++) {
            float[] clean = uniform(j, 3 * cols, 4);
            float[] x = clean.clone();
            x[cols + j] = NAN;
            float[] expected = new float[3 * cols];
            float[] y = new float[3 * cols];
            Softmax.softmax(3, cols, clean, 0, cols, expected, 0, cols);
            Softmax.softmax(3, cols, x, 0, cols, y, 0, cols);
            Arrays.fill(expected, cols, 2 * cols, NAN);
            assertThat(y).isEqualTo(expected);

            float[] sums = new float[3];
            Softmax.logSumExp(3, cols, x, 0, cols, sums, 0);
            assertThat(sums[0]).isFinite();
            assertThat(sums[1]).isNaN();
            assertThat(sums[2]).isFinite();
        }
    }

    static int[] widths() {
        return IntStream.concat(IntStream.rangeClosed(1, 67), IntStream.of(1000, 1024, 1025, 5000, 32_000))
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("widths")
    void isAsCloseToTheDoubleResultAsPromised(int cols) {
        for (float limit : new float[] {1, 10, 50}) {
            check(uniform(cols, cols, limit));
        }
        check(outliers(cols, cols));
    }

    /** Beside 1 each of these terms is lost: those that follow it in its lane, as far as its stretch goes, and no more. */
    @ParameterizedTest
    @CsvSource({"48, 1", "63, 1", "32000, 16"})
    void termsThatAreLostBesideLargerOnes(int cols, int zeros) {
        float[] x = filled(cols, -17.35f);
        Arrays.fill(x, 0, zeros, 0);
        check(x);
    }

    private static void check(float[] x) {
        int n = x.length;
        double max = IntStream.range(0, n).mapToDouble(j -> x[j]).max().orElseThrow();
        double sum = Arrays.stream(doubles(x)).map(v -> StrictMath.exp(v - max)).sum();
        double logSumExp = max + StrictMath.log(sum);
        float actual = logSumExp(x);
        assertThat((double) actual).isCloseTo(logSumExp, within(U * Math.abs(logSumExp) + bound(n)));

        float[] p = new float[n];
        float[] logP = new float[n];
        Softmax.softmax(1, n, x, 0, n, p, 0, n);
        Softmax.logSoftmax(1, n, x, 0, n, logP, 0, n);
        for (int j = 0; j < n; j++) {
            double exactLog = x[j] - logSumExp;
            double exact = StrictMath.exp(exactLog);
            double error = exact * (bound(n) + U * (max - x[j] + 4)) + 0x1p-126;
            assertThat((double) p[j]).isBetween(0.0, 1.0).isCloseTo(exact, within(error));
            double logError = bound(n) + U * (max - x[j] + StrictMath.log(n) + Math.abs(exactLog));
            assertThat((double) logP[j]).isNotPositive().isCloseTo(exactLog, within(logError));
        }
        // Each p comes of two roundings more than the sum of the exponentials.
        assertThat(Arrays.stream(doubles(p)).sum()).isCloseTo(1, within(U * (additions(n) + 2)));
    }

    /** What the sum of exponentials is off by, relatively: see the derivation in {@link Softmax}. */
    private static double bound(int cols) {
        return U * (additions(cols) + StrictMath.log(cols) + 2);
    }

    private static double additions(int cols) {
        return cols < 48 ? cols - 1 : Math.min(cols, 1024) / 16.0 + 4;
    }

    @Test
    void anArgumentThatDoesNotFitIsNamed() {
        float[] x = new float[11];
        float[] y = new float[12];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Softmax.softmax(3, 4, x, 0, 4, y, 0, 4))
                .withMessageContaining("x is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Softmax.logSoftmax(3, 4, y, 0, 4, x, 0, 4))
                .withMessageContaining("y is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Softmax.logSoftmax(3, 4, x, 0, 4, y, 0, 4))
                .withMessageContaining("x is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Softmax.softmax(0, 4, x, 12, 6, y, 0, 4))
                .withMessageContaining("x is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Softmax.logSumExp(3, 4, y, 0, 4, x, 9))
                .withMessageContaining("out is too short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Softmax.softmax(3, 4, y, 0, 3, y, 0, 4))
                .withMessageContaining("leading dimension of x");
        assertThat(y).containsOnly(0);
    }

    private static float logSumExp(float[] x) {
        float[] out = new float[1];
        Softmax.logSumExp(1, x.length, x, 0, Math.max(1, x.length), out, 0);
        return out[0];
    }

    private static float[] row(float... x) {
        return x;
    }

    private static float[] filled(int n, float value) {
        float[] x = new float[n];
        Arrays.fill(x, value);
        return x;
    }

    private static double[] doubles(float[] x) {
        return IntStream.range(0, x.length).mapToDouble(j -> x[j]).toArray();
    }
}
