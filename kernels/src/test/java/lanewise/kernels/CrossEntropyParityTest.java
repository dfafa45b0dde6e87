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

/** Cross-entropy: the SIMD backend gives the bits of the scalar one and touches nothing else. */
class CrossEntropyParityTest {
    private static final Kernels.CrossEntropy SCALAR = Backend.scalar("test").crossEntropy();
    private static final Kernels.CrossEntropy SIMD = Backend.simd("test").crossEntropy();

    @Test
    void everySmallShape() {
        for (int cols = 1; cols <= 67; cols++) {
            for (int rows = 0; rows <= 35; rows++) {
                assertParity(random(rows, cols, (rows + cols) % 5, cols + rows % 3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 10, 16, 17, 33, 63})
    void rowsAroundAndAboveABlock(int cols) {
        for (int rows : new int[] {47, 48, 49, 127, 128, 129, 191, 192, 193, 255, 256, 257, 400}) {
            assertParity(random(rows, cols, 3, cols + 2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 127, 1000, 1023, 1024, 1025, 1041, 2049, 32000})
    void longRows(int cols) {
        assertParity(random(5, cols, 1, cols + 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 16, 17, 33, 63, 64, 67, 131})
    void specialValuesAtEveryPosition(int cols) {
        float[] specials = {
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE
        };
        for (float special : specials) {
            // Each row alone, since a NaN would hide the losses of the others.
            for (int j = 0; j < cols; j++) {
                Matrix z = random(1, cols, 2, cols + 1);
                z.array()[z.at(0, j)] = special;
                assertParity(z);
            }
            Matrix z = random(cols + 1, cols, 2, cols + 1);
            for (int j = 0; j < cols; j++) {
                z.array()[z.at(j, j)] = special;
            }
            assertParity(z);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 33, 63, 64, 200})
    void rowsOfEqualLogits(int cols) {
        for (float logit : new float[] {0, -0f, 7, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Matrix z = random(cols, cols, 0, cols);
            Arrays.fill(z.array(), 0, cols * cols, logit);
            assertParity(z);
        }
    }

    private static void assertParity(Matrix z) {
        int rows = z.rows();
        int cols = z.cols();
        int[] labels = labels(rows, cols);
        int[] sameLabels = labels.clone();
        Matrix untouched = z.copy();
        float scale = 1f / Math.max(1, rows);

        // Boxed, so that NaN equals NaN.
        Double loss = SCALAR.loss(rows, cols, z.array(), z.offset(), z.ld(), labels, 1);
        assertThat(SIMD.loss(rows, cols, z.array(), z.offset(), z.ld(), labels, 1))
                .isEqualTo(loss);

        Matrix expected = Matrix.poisoned(rows, cols, 4, cols + 1);
        SCALAR.gradient(
                rows, cols, z.array(), z.offset(), z.ld(), labels, 1, scale, expected.array(), 4, expected.ld());
        Matrix gradient = Matrix.poisoned(rows, cols, 4, cols + 1);
        SIMD.gradient(rows, cols, z.array(), z.offset(), z.ld(), labels, 1, scale, gradient.array(), 4, gradient.ld());
        gradient.assertSameBits(expected);

        Matrix both = Matrix.poisoned(rows, cols, 4, cols + 1);
        assertThat(SIMD.lossAndGradient(
                        rows, cols, z.array(), z.offset(), z.ld(), labels, 1, scale, both.array(), 4, both.ld()))
                .isEqualTo(loss);
        both.assertSameBits(expected);

        assertThat(SIMD.errors(rows, cols, z.array(), z.offset(), z.ld(), labels, 1))
                .isEqualTo(SCALAR.errors(rows, cols, z.array(), z.offset(), z.ld(), labels, 1));

        z.assertSameBits(untouched);
        assertThat(labels).isEqualTo(sameLabels);

        Matrix inPlace = z.copy();
        assertThat(SIMD.lossAndGradient(
                        rows,
                        cols,
                        inPlace.array(),
                        z.offset(),
                        z.ld(),
                        labels,
                        1,
                        scale,
                        inPlace.array(),
                        z.offset(),
                        z.ld()))
                .isEqualTo(loss);
        inPlace.assertCanaries();
        for (int i = 0; i < rows; i++) {
            assertThat(inPlace.row(i)).isEqualTo(expected.row(i));
        }
    }

    /** One label is of no row: it stands before the offset. */
    private static int[] labels(int rows, int cols) {
        SplittableRandom random = new SplittableRandom(rows * 31L + cols);
        int[] labels = new int[rows + 1];
        labels[0] = -1;
        for (int i = 0; i < rows; i++) {
            labels[i + 1] = random.nextInt(cols);
        }
        return labels;
    }

    private static Matrix random(int rows, int cols, int offset, int ld) {
        return Matrix.of(rows, cols, offset, ld, outliers(1000L * rows + cols, rows * cols));
    }
}
