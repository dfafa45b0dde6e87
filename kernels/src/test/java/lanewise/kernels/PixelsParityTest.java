package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of pixels have the same bits on vectors and one by one, with their zeros and without. */
class PixelsParityTest {
    private static final Kernels.Pixels SCALAR = Backend.scalar("test").pixels();
    private static final Kernels.Pixels SIMD = TestData.facade(Kernels.Pixels.class, Pixels.class);
    private static final Kernels.Patches SCALAR_PATCHES = Backend.scalar("test").patches();
    private static final Kernels.Patches SIMD_PATCHES = TestData.facade(Kernels.Patches.class, Patches.class);
    private static final int[] ROWS = {0, 1, 2, 3, 4, 5, 7, 15, 16, 17, 33, 100};
    private static final int[] GROUPS = {2, 4, 14, 50};

    @Test
    void everyPixelAtEveryLaneAndOffset() {
        byte[] x = new byte[600];
        for (int i = 0; i < x.length; i++) {
            x[i] = (byte) (i * 7);
        }
        for (float scale : new float[] {1, 1f / 255, -3e38f, 1e-44f, Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int n = 0; n < 300; n += n < 70 ? 1 : 13) {
                for (int offset = 0; offset < 17; offset++) {
                    float[] expected = new float[n + offset + 20];
                    Arrays.fill(expected, 7);
                    float[] found = expected.clone();
                    SCALAR.widen(n, x, offset, scale, expected, offset + 1);
                    SIMD.widen(n, x, offset, scale, found, offset + 1);
                    assertThat(Arrays.mismatch(found, expected)).isEqualTo(-1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 5, 6, 9, 10, 11, 15})
    void logits(int classes) {
        for (int rows : ROWS) {
            for (int groups : GROUPS) {
                Images images = new Images(rows, groups, classes + rows);
                float[] w = outliers(3, 5 + Pixels.weights(groups, classes));
                logitsOfPatches(images, classes, w).assertSameBits(logitsOfPixels(images, classes, w));
            }
        }
    }

    private static Matrix logitsOfPixels(Images images, int classes, float[] w) {
        int rows = images.rows;
        int groups = images.groups;
        int ldx = images.ldx;
        byte[] x = images.x;
        Matrix expected = Matrix.poisoned(classes, rows, 3, rows + 5);
        Matrix actual = expected.copy();
        SCALAR.logits(rows, groups, x, 7, ldx, classes, w, 5, 0.3f, expected.array(), expected.offset(), rows + 5);
        SIMD.logits(rows, groups, x, 7, ldx, classes, w, 5, 0.3f, actual.array(), actual.offset(), rows + 5);
        actual.assertSameBits(expected);
        return expected;
    }

    /** In two calls, of which the second may begin in the middle of a pair. */
    private static Matrix logitsOfPatches(Images images, int classes, float[] w) {
        int rows = images.rows;
        Matrix expected = Matrix.poisoned(classes, rows, 3, rows + 5);
        Matrix actual = expected.copy();
        for (int[] part : new int[][] {{0, rows / 3}, {rows / 3, rows}}) {
            for (Kernels.Patches patches : new Kernels.Patches[] {SCALAR_PATCHES, SIMD_PATCHES}) {
                patches.logits(
                        part[0],
                        part[1] - part[0],
                        images.starts,
                        images.numbers,
                        images.packed,
                        classes,
                        w,
                        5,
                        0.3f,
                        patches == SCALAR_PATCHES ? expected.array() : actual.array(),
                        classes == 0 ? 0 : expected.at(0, part[0]),
                        rows + 5);
            }
        }
        actual.assertSameBits(expected);
        return expected;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 5, 6, 9, 10, 11, 15})
    void gradient(int classes) {
        for (int rows : ROWS) {
            for (int groups : GROUPS) {
                Images images = new Images(rows, groups, classes + rows);
                int ldg = rows + 3;
                float[] g = outliers(4, 2 + 15 * ldg);
                float[] start = outliers(5, 9 + Pixels.weights(groups, classes));
                gradientOfPixels(images, classes, g, ldg, start);
                gradientOfPatches(images, classes, g, ldg, start);
                // A product of 0 turns a -0 into +0, and one that is left out does not.
                for (int i = 0; i < start.length; i++) {
                    start[i] += 0f;
                }
                float[] expected = gradientOfPixels(images, classes, g, ldg, start);
                float[] fromPatches = gradientOfPatches(images, classes, g, ldg, start);
                assertThat(Arrays.mismatch(fromPatches, expected)).isEqualTo(-1);
            }
        }
    }

    /** More than have their factors laid out at a time. */
    @ParameterizedTest
    @ValueSource(ints = {6, 10})
    void gradientOfManyRows(int classes) {
        int rows = 3_005;
        Images images = new Images(rows, 4, classes);
        float[] g = outliers(4, 2 + 15 * rows);
        float[] start = outliers(5, 9 + Pixels.weights(4, classes));
        for (int i = 0; i < start.length; i++) {
            start[i] += 0f;
        }
        float[] expected = gradientOfPixels(images, classes, g, rows, start);
        float[] fromPatches = gradientOfPatches(images, classes, g, rows, start);
        assertThat(Arrays.mismatch(fromPatches, expected)).isEqualTo(-1);
    }

    /** Those of each pixel in turn, and of each row: most meet a 0 somewhere. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 10, 15})
    void weightsAndGradientsThatAreNoNumbers(int classes) {
        int groups = 4;
        Images images = new Images(17, groups, classes);
        int ldg = images.rows + 3;
        float[] dw = outliers(5, 9 + Pixels.weights(groups, classes));
        for (float special : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int pixel = 0; pixel < 16 * groups; pixel++) {
                float[] w = outliers(3, 5 + Pixels.weights(groups, classes));
                float[] g = outliers(4, 2 + 15 * ldg);
                for (int c = 0; c < classes; c++) {
                    w[5 + Pixels.weightAt(classes, pixel, c)] = special;
                    g[2 + c * ldg + pixel % images.rows] = special;
                }
                logitsOfPixels(images, classes, w);
                logitsOfPatches(images, classes, w);
                gradientOfPixels(images, classes, g, ldg, dw);
                gradientOfPatches(images, classes, g, ldg, dw);
            }
        }
    }

    /** One by one; on vectors by two slices of the groups. */
    private static float[] gradientOfPixels(Images images, int classes, float[] g, int ldg, float[] start) {
        int rows = images.rows;
        int groups = images.groups;
        int middle = groups / 2 / 2 * 2;
        float[] expected = start.clone();
        SCALAR.accumulateGradient(rows, 0, groups, images.x, 7, images.ldx, classes, g, 2, ldg, expected, 9);
        float[] actual = start.clone();
        SIMD.accumulateGradient(rows, middle, groups, images.x, 7, images.ldx, classes, g, 2, ldg, actual, 9);
        SIMD.accumulateGradient(rows, 0, middle, images.x, 7, images.ldx, classes, g, 2, ldg, actual, 9);
        assertThat(Arrays.mismatch(actual, expected)).isEqualTo(-1);
        return expected;
    }

    /** Both by two slices of the groups, of two parts of the rows, which may meet in the middle of a pair. */
    private static float[] gradientOfPatches(Images images, int classes, float[] g, int ldg, float[] start) {
        int rows = images.rows;
        int groups = images.groups;
        int middle = groups / 2 / 2 * 2;
        float[] expected = start.clone();
        float[] actual = start.clone();
        for (int[] part : new int[][] {{0, rows / 3}, {rows / 3, rows}}) {
            for (int[] slice : new int[][] {{0, middle}, {middle, groups}}) {
                for (Kernels.Patches patches : new Kernels.Patches[] {SCALAR_PATCHES, SIMD_PATCHES}) {
                    patches.accumulateGradient(
                            part[0],
                            part[1] - part[0],
                            slice[0],
                            slice[1],
                            images.starts,
                            images.numbers,
                            images.packed,
                            classes,
                            g,
                            2 + part[0],
                            ldg,
                            patches == SCALAR_PATCHES ? expected : actual,
                            9);
                }
            }
        }
        assertThat(Arrays.mismatch(actual, expected)).isEqualTo(-1);
        return expected;
    }

    /** The factors of the row that half a pair has not are no zeros that turn a -0 into +0. */
    @Test
    void halfAPairLeavesTheSignOfAZero() {
        byte[] zeros = new byte[32 + Pixels.SLACK];
        for (Kernels.Patches patches : new Kernels.Patches[] {SCALAR_PATCHES, SIMD_PATCHES}) {
            for (int first = 0; first < 2; first++) {
                float[] dw = new float[Pixels.weights(1, 1)];
                Arrays.fill(dw, -0f);
                float[] g = {-1, -1, -1, -1, -1};
                patches.accumulateGradient(first, 1, 0, 1, new int[] {0, 1}, new char[1], zeros, 1, g, 0, 1, dw, 0);
                assertThat(dw).containsOnly(-0f);
            }
        }
    }

    /** Random images of which half of the groups are zeros, with their zeros and in pairs without. */
    private static final class Images {
        final int rows;
        final int groups;
        final int ldx;
        final byte[] x;
        final int[] starts;
        final char[] numbers;
        final byte[] packed;

        Images(int rows, int groups, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            this.rows = rows;
            this.groups = groups;
            ldx = 16 * groups + 5;
            x = new byte[7 + rows * ldx + Pixels.SLACK];
            random.nextBytes(x);
            for (int i = 0; i < rows * groups; i++) {
                int at = 7 + i / groups * ldx + i % groups * 16;
                if (random.nextBoolean()) {
                    Arrays.fill(x, at, at + 16, (byte) 0);
                }
            }
            int pairs = (rows + 1) / 2;
            starts = new int[pairs + 1];
            numbers = new char[pairs * groups];
            packed = new byte[pairs * groups * 32 + Pixels.SLACK];
            int count = 0;
            for (int pair = 0; pair < pairs; pair++) {
                for (int group = 0; group < groups; group++) {
                    boolean any = false;
                    for (int half = 0; half < 2; half++) {
                        for (int l = 0; l < 16; l++) {
                            int row = 2 * pair + half;
                            byte pixel = row < rows ? x[7 + row * ldx + group * 16 + l] : 0;
                            packed[count * 32 + half * 16 + l] = pixel;
                            any |= pixel != 0;
                        }
                    }
                    numbers[count] = (char) group;
                    count += any ? 1 : 0;
                }
                starts[pair + 1] = count;
            }
        }
    }
}
