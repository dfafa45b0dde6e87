package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Pixels are unsigned, and what lies around them is left alone. */
class PixelsTest {
    @Test
    void allPixels() {
        byte[] x = new byte[259];
        for (int i = 0; i < 256; i++) {
            x[i + 3] = (byte) i;
        }
        float[] y = new float[260];
        y[1] = -1;
        y[258] = -1;
        Pixels.widen(256, x, 3, 0.5f, y, 2);
        for (int i = 0; i < 256; i++) {
            assertThat(y[i + 2]).isEqualTo(i / 2f);
        }
        assertThat(y[1]).isEqualTo(-1);
        assertThat(y[258]).isEqualTo(-1);
    }

    /** Against double precision, within (n / 16 + 6) u |scale| sum x |w|: see {@link Pixels#logits}. */
    @Test
    void logitsAreSumsOfProducts() {
        int rows = 13;
        int groups = 48;
        int classes = 7;
        byte[] x = bytes(rows * groups * 16 + Pixels.SLACK);
        float[] w = TestData.outliers(1, Pixels.weights(groups, classes));
        float[] z = new float[classes * rows];
        Pixels.logits(rows, groups, x, 0, 16 * groups, classes, w, 0, 0.25f, z, 0, rows);
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < rows; i++) {
                double sum = 0;
                double size = 0;
                for (int p = 0; p < 16 * groups; p++) {
                    double product = (x[i * 16 * groups + p] & 0xff) * (double) w[Pixels.weightAt(classes, p, c)];
                    sum += product;
                    size += Math.abs(product);
                }
                assertThat((double) z[c * rows + i])
                        .isCloseTo(0.25 * sum, within((groups + 6) * 0x1p-24 * 0.25 * size));
            }
        }
    }

    /** Against double precision, within (rows + 1) u (sum |g| x + |dw|): see {@link Pixels#accumulateGradient}. */
    @Test
    void theGradientIsAddedUp() {
        int rows = 29;
        int groups = 6;
        int classes = 3;
        byte[] x = bytes(rows * groups * 16 + Pixels.SLACK);
        float[] g = TestData.outliers(2, 5 * rows);
        float[] dw = TestData.outliers(3, Pixels.weights(groups, classes));
        float[] before = dw.clone();
        Pixels.accumulateGradient(rows, 2, groups, x, 0, 16 * groups, classes, g, 0, rows, dw, 0);
        for (int c = 0; c < classes; c++) {
            for (int p = 0; p < 16 * groups; p++) {
                int at = Pixels.weightAt(classes, p, c);
                double sum = before[at];
                double size = Math.abs(sum);
                for (int i = 0; i < rows && p >= 32; i++) {
                    double product = (x[i * 16 * groups + p] & 0xff) * (double) g[c * rows + i];
                    sum += product;
                    size += Math.abs(product);
                }
                assertThat((double) dw[at]).isCloseTo(sum, within((rows + 1) * 0x1p-24 * size));
            }
        }
    }

    /** The infinity is of one class and, in the gradient, of one sample; the groups of zeros are there. */
    @Test
    void zeroTimesInfinityIsNaN() {
        int classes = 7;
        byte[] x = new byte[3 * 32 + Pixels.SLACK];
        int[] starts = {0, 2, 3};
        char[] numbers = {0, 1, 0};
        for (int c = 0; c < classes; c++) {
            float[] w = new float[Pixels.weights(2, classes)];
            w[Pixels.weightAt(classes, 9, c)] = Float.POSITIVE_INFINITY;
            float[] z = new float[classes * 3];
            float[] expected = new float[classes * 3];
            Arrays.fill(expected, 3 * c, 3 * c + 3, Float.NaN);
            Pixels.logits(3, 2, x, 0, 32, classes, w, 0, 1, z, 0, 3);
            assertThat(z).isEqualTo(expected);
            z = new float[classes * 3];
            Patches.logits(0, 3, starts, numbers, x, classes, w, 0, 1, z, 0, 3);
            assertThat(z).isEqualTo(expected);

            float[] g = new float[10 * 3];
            g[3 * c + 1] = Float.POSITIVE_INFINITY;
            float[] expectedGradient = new float[w.length];
            for (int pixel = 0; pixel < 32; pixel++) {
                expectedGradient[Pixels.weightAt(classes, pixel, c)] = Float.NaN;
            }
            float[] dw = new float[w.length];
            Pixels.accumulateGradient(3, 0, 2, x, 0, 32, classes, g, 0, 3, dw, 0);
            assertThat(dw).isEqualTo(expectedGradient);
            dw = new float[w.length];
            Patches.accumulateGradient(0, 3, 0, 2, starts, numbers, x, classes, g, 0, 3, dw, 0);
            assertThat(dw).isEqualTo(expectedGradient);
        }
    }

    /** So many rows that the factors of all of them would overflow, and not one group of them. */
    @Test
    void withoutGroupsThereIsNothingToDo() {
        int rows = 1 << 27;
        byte[] x = new byte[rows + Pixels.SLACK];
        Pixels.accumulateGradient(rows, 0, 0, x, 0, 1, 0, new float[0], 0, rows, new float[0], 0);
    }

    /** So many rows that the factors of all of them would overflow, and only the last pair has a group. */
    @Test
    void rowsMayBeMoreThanHaveRoomForTheirFactors() {
        int rows = 1 << 27;
        int[] starts = new int[rows / 2 + 1];
        starts[rows / 2] = 1;
        byte[] x = new byte[32 + Pixels.SLACK];
        Patches.accumulateGradient(0, rows, 0, 1, starts, new char[1], x, 0, new float[0], 0, rows, new float[0], 0);
    }

    private static byte[] bytes(int n) {
        byte[] x = new byte[n];
        new SplittableRandom(n).nextBytes(x);
        return x;
    }

    @Test
    void wrongArgumentsAreNamed() {
        float[] w = new float[Pixels.weights(2, 10)];
        refused("x is too short", () -> Pixels.logits(2, 2, new byte[79], 0, 32, 10, w, 0, 1, new float[20], 0, 2));
        refused("ldx", () -> Pixels.logits(2, 2, new byte[99], 0, 31, 10, w, 0, 1, new float[20], 0, 2));
        refused("from offset -1", () -> Pixels.logits(2, 2, new byte[99], -1, 32, 10, w, 0, 1, new float[20], 0, 2));
        refused("classes", () -> Pixels.logits(2, 2, new byte[99], 0, 32, 16, w, 0, 1, new float[32], 0, 2));
        refused("w is too short", () -> Pixels.logits(2, 2, new byte[99], 0, 32, 10, w, 1, 1, new float[20], 0, 2));
        refused("z is too short", () -> Pixels.logits(2, 2, new byte[99], 0, 32, 10, w, 0, 1, new float[19], 0, 2));
        refused("pairs", () -> Pixels.accumulateGradient(2, 1, 2, new byte[99], 0, 32, 10, new float[20], 0, 2, w, 0));
        refused("pairs", () -> Pixels.accumulateGradient(2, 0, 1, new byte[99], 0, 32, 10, new float[20], 0, 2, w, 0));
        refused("pairs", () -> Pixels.accumulateGradient(2, -2, 2, new byte[99], 0, 32, 10, new float[20], 0, 2, w, 0));
        refused("pairs", () -> Pixels.accumulateGradient(2, 2, 0, new byte[99], 0, 32, 10, new float[20], 0, 2, w, 0));
        refused(
                "g is too short",
                () -> Pixels.accumulateGradient(2, 0, 2, new byte[99], 0, 32, 9, new float[18], 0, 2, w, 0));
        int[] starts = {0, 2, 3};
        char[] numbers = {0, 1, 1};
        byte[] packed = new byte[3 * 32 + Pixels.SLACK];
        refused("pairs", () -> Patches.logits(3, 2, starts, numbers, packed, 10, w, 0, 1, new float[20], 0, 2));
        refused(
                "the rows 2147483646 to 2147483648 are more than an int can number",
                () -> Patches.logits(
                        Integer.MAX_VALUE - 1, 2, starts, numbers, packed, 10, w, 0, 1, new float[20], 0, 2));
        refused(
                "pair 1 has the groups 2 to 3, of 2",
                () -> Patches.logits(2, 1, starts, numbers, new byte[96], 10, w, 0, 1, new float[20], 0, 2));
        refused(
                "pair 1 has the groups 2 to 3, of 2",
                () -> Patches.logits(2, 1, starts, new char[2], packed, 10, w, 0, 1, new float[20], 0, 2));
        refused(
                "pair 0 has the groups -1 to 1",
                () -> Patches.logits(0, 2, new int[] {-1, 1}, numbers, packed, 10, w, 0, 1, new float[20], 0, 2));
        refused(
                "pair 0 has the groups 2 to 1",
                () -> Patches.logits(0, 2, new int[] {2, 1}, numbers, packed, 10, w, 0, 1, new float[20], 0, 2));
        float[] untouched = new float[40];
        refused(
                "w is too short",
                () -> Patches.logits(0, 4, starts, new char[] {0, 1, 2}, packed, 10, w, 0, 1, untouched, 0, 4));
        refused("w is too short", () -> Patches.logits(0, 4, starts, numbers, packed, 10, w, 1, 1, untouched, 0, 4));
        assertThat(untouched).containsOnly(0);
        refused(
                "are not in order",
                () -> Patches.accumulateGradient(0, 4, 2, 1, starts, numbers, packed, 10, new float[40], 0, 4, w, 0));
        refused(
                "g is too short",
                () -> Patches.accumulateGradient(0, 4, 0, 2, starts, numbers, packed, 9, new float[36], 0, 4, w, 0));
        refused(
                "dw is too short",
                () -> Patches.accumulateGradient(0, 4, 0, 3, starts, numbers, packed, 10, new float[40], 0, 4, w, 0));
    }

    @Test
    void weightsThatNoArrayHoldsAreRefused() {
        assertThat(Pixels.weights(3, 0)).isZero();
        assertThat(Pixels.weights(3, 6)).isEqualTo(3 * 16 * 10);
        for (int classes : new int[] {1 << 27, 1 << 28, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> Pixels.weights(1, classes)).isInstanceOf(ArithmeticException.class);
        }
        assertThatThrownBy(() -> Pixels.weights(1 << 27, 1)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void theGradientOfARowTakesThreeGroups() {
        assertThat(Pixels.workingFloats(100)).isEqualTo(4800);
    }

    @Test
    void aNegativeSizeIsRefused() {
        refused("groups is negative", () -> Pixels.weights(-1, 10));
        refused("classes is negative", () -> Pixels.weights(1, -10));
        refused("rows is negative", () -> Pixels.workingFloats(-1));
        refused("classes is negative", () -> SparseRows.paddedClasses(-5));
    }

    /** Unless its first pixel would be behind the end. */
    @Test
    void noRowsFitAnyPixels() {
        Pixels.logits(0, 2, new byte[3], 3, 32, 0, new float[0], 0, 1, new float[0], 0, 1);
        refused(
                "x is too short",
                () -> Pixels.logits(0, 2, new byte[3], 4, 32, 0, new float[0], 0, 1, new float[0], 0, 1));
    }

    /** Without rows, no x is too short for them. */
    @Test
    void moreGroupsThanAnyArrayHoldsAreTooManyForTheOneThatIsThere() {
        int groups = 1 << 26;
        float[] w = new float[16];
        byte[] x = new byte[Pixels.SLACK];
        refused("w is too short", () -> Pixels.logits(0, groups, x, 0, 16 * groups, 10, w, 0, 1, w, 0, 1));
        refused(
                "dw is too short",
                () -> Pixels.accumulateGradient(0, 0, groups, x, 0, 16 * groups, 10, new float[16], 0, 1, w, 0));
        refused(
                "dw is too short",
                () -> Patches.accumulateGradient(
                        0, 0, 0, groups, new int[1], new char[0], x, 10, new float[16], 0, 1, w, 0));
    }

    /**
     * The last number of a pair is looked at, and no other: one that leads outside the array shows there. The gradient by
     * plain loops passes it over.
     */
    @Test
    void numbersThatDoNotRiseLeadOutsideTheArray() {
        int[] starts = {0, 3};
        char[] numbers = {0, Character.MAX_VALUE, 1};
        byte[] x = new byte[3 * 32 + Pixels.SLACK];
        for (int classes : new int[] {1, 5, 6, 10, 15}) {
            float[] w = new float[Pixels.weights(2, classes)];
            float[] z = new float[2 * 15];
            assertThatThrownBy(() -> Patches.logits(0, 2, starts, numbers, x, classes, w, 0, 1, z, 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            Runnable gradient =
                    () -> Patches.accumulateGradient(0, 2, 0, 2, starts, numbers, x, classes, z, 0, 2, w, 0);
            if (Diagnostics.backend().equals("simd")) {
                assertThatThrownBy(gradient::run).isInstanceOf(IndexOutOfBoundsException.class);
            } else {
                gradient.run();
            }
        }
    }

    private static void refused(String what, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what);
    }

    @Test
    void wrongArgumentsOfWidenAreNamed() {
        assertThatThrownBy(() -> Pixels.widen(5, new byte[4], 0, 1, new float[5], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x is too short");
        assertThatThrownBy(() -> Pixels.widen(5, new byte[5], 0, 1, new float[5], 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("y is too short");
    }
}
