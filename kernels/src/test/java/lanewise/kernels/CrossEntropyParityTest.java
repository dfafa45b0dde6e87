package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static lanewise.kernels.TestData.uniform;
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
    private static final Kernels.CrossEntropy SIMD = new Facade();

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

    @ParameterizedTest
    @ValueSource(ints = {1023, 1024, 1025})
    void manyClassesByClass(int classes) {
        assertParityByClass(random(19, classes, 3, classes), 0.1f, true);
    }

    /** Not 0 times the weight, which is NaN. */
    @ParameterizedTest
    @ValueSource(ints = {10, 64})
    void aLossThatNoOneWantsIsZeroWhateverTheWeights(int cols) {
        Matrix z = random(20, cols, 0, cols);
        float[] weights = new float[21];
        Arrays.fill(weights, Float.POSITIVE_INFINITY);
        for (Kernels.CrossEntropy kernel :
                new Kernels.CrossEntropy[] {SCALAR, Backend.simd("test").crossEntropy()}) {
            assertThat(gradient(kernel, false, z, labels(20, cols), 0, weights, 1, z.copy()))
                    .isZero();
            Matrix byClass = transposed(z, 0, 20);
            assertThat(gradientByClass(kernel, false, byClass, labels(20, cols), 0, weights, 1))
                    .isZero();
        }
    }

    private static void assertParity(Matrix z) {
        assertParity(z, 0, false);
        assertParity(z, 0.1f, true);
        if (z.cols() < 150) {
            assertParityByClass(z, 0, false);
            assertParityByClass(z, 0.1f, true);
        }
    }

    private static void assertParity(Matrix z, float smoothing, boolean weighted) {
        int rows = z.rows();
        int cols = z.cols();
        int[] labels = labels(rows, cols);
        int[] sameLabels = labels.clone();
        float[] weights = weighted ? uniform(rows, rows + 1, 2) : null;
        Matrix untouched = z.copy();
        float scale = 1f / Math.max(1, rows);

        // Boxed, so that NaN equals NaN.
        Double loss = SCALAR.loss(rows, cols, z.array(), z.offset(), z.ld(), 1, labels, 1, smoothing, weights);
        assertThat(SIMD.loss(rows, cols, z.array(), z.offset(), z.ld(), 1, labels, 1, smoothing, weights))
                .isEqualTo(loss);

        Matrix expected = Matrix.poisoned(rows, cols, 4, cols + 1);
        assertThat(gradient(SCALAR, true, z, labels, smoothing, weights, scale, expected))
                .isEqualTo(loss);
        Matrix gradient = Matrix.poisoned(rows, cols, 4, cols + 1);
        assertThat(gradient(SIMD, false, z, labels, smoothing, weights, scale, gradient))
                .isZero();
        gradient.assertSameBits(expected);

        Matrix both = Matrix.poisoned(rows, cols, 4, cols + 1);
        assertThat(gradient(SIMD, true, z, labels, smoothing, weights, scale, both))
                .isEqualTo(loss);
        both.assertSameBits(expected);

        assertThat(SIMD.errors(rows, cols, z.array(), z.offset(), z.ld(), 1, labels, 1))
                .isEqualTo(SCALAR.errors(rows, cols, z.array(), z.offset(), z.ld(), 1, labels, 1));

        z.assertSameBits(untouched);
        assertThat(labels).isEqualTo(sameLabels);

        Matrix inPlace = z.copy();
        assertThat(gradient(SIMD, true, inPlace, labels, smoothing, weights, scale, inPlace))
                .isEqualTo(loss);
        inPlace.assertCanaries();
        for (int i = 0; i < rows; i++) {
            assertThat(inPlace.row(i)).isEqualTo(expected.row(i));
        }
    }

    private static double gradient(
            Kernels.CrossEntropy kernel,
            boolean wantLoss,
            Matrix z,
            int[] labels,
            float smoothing,
            float[] weights,
            float scale,
            Matrix g) {
        return kernel.gradient(
                wantLoss,
                z.rows(),
                z.cols(),
                z.array(),
                z.offset(),
                z.ld(),
                1,
                labels,
                1,
                smoothing,
                weights,
                scale,
                g.array(),
                g.offset(),
                g.ld(),
                1);
    }

    private static double gradientByClass(
            Kernels.CrossEntropy kernel,
            boolean wantLoss,
            Matrix z,
            int[] labels,
            float smoothing,
            float[] weights,
            float scale) {
        return kernel.gradient(
                wantLoss,
                z.cols(),
                z.rows(),
                z.array(),
                z.offset(),
                1,
                z.ld(),
                labels,
                1,
                smoothing,
                weights,
                scale,
                z.array(),
                z.offset(),
                1,
                z.ld());
    }

    /** Both backends give class by class what the scalar one gives row by row, and write nothing between the classes. */
    private static void assertParityByClass(Matrix z, float smoothing, boolean weighted) {
        int rows = z.rows();
        int classes = z.cols();
        int[] labels = labels(rows, classes);
        float[] weights = weighted ? uniform(rows, rows + 1, 2) : null;
        Double loss = SCALAR.loss(rows, classes, z.array(), z.offset(), z.ld(), 1, labels, 1, smoothing, weights);
        int errors = SCALAR.errors(rows, classes, z.array(), z.offset(), z.ld(), 1, labels, 1);
        Matrix g = Matrix.poisoned(rows, classes, 0, classes);
        gradient(SCALAR, false, z, labels, smoothing, weights, 0.3f, g);
        // As narrow as can be; with a gap that is no whole vector; padded to whole vectors.
        int ldz = Math.max(2, rows % 3 == 0 ? rows : rows % 3 == 1 ? rows + 5 : rows + 15 & -16);
        Matrix byClass = transposed(z, z.offset(), ldz);
        Matrix expected = transposed(g, z.offset(), ldz);
        for (Kernels.CrossEntropy kernel : new Kernels.CrossEntropy[] {SCALAR, SIMD}) {
            Matrix actual = byClass.copy();
            float[] array = actual.array();
            assertThat(kernel.loss(rows, classes, array, z.offset(), 1, ldz, labels, 1, smoothing, weights))
                    .isEqualTo(loss);
            assertThat(kernel.errors(rows, classes, array, z.offset(), 1, ldz, labels, 1))
                    .isEqualTo(errors);
            actual.assertSameBits(byClass);
            assertThat(gradientByClass(kernel, true, actual, labels, smoothing, weights, 0.3f))
                    .isEqualTo(loss);
            actual.assertSameBits(expected);
            actual = byClass.copy();
            gradientByClass(kernel, false, actual, labels, smoothing, weights, 0.3f);
            actual.assertSameBits(expected);
        }
    }

    private static Matrix transposed(Matrix x, int offset, int ld) {
        Matrix transposed = Matrix.poisoned(x.cols(), x.rows(), offset, ld);
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < x.cols(); j++) {
                transposed.array()[transposed.at(j, i)] = x.get(i, j);
            }
        }
        return transposed;
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

    /** The public class as a kernel: row by row where the elements of a row are neighbours, and class by class elsewhere. */
    private static final class Facade implements Kernels.CrossEntropy {
        @Override
        public double loss(
                int rows,
                int cols,
                float[] z,
                int zOffset,
                int rowStep,
                int step,
                int[] labels,
                int labelsOffset,
                float smoothing,
                float[] weights) {
            if (step != 1) {
                return CrossEntropy.lossByClass(rows, cols, z, zOffset, step, labels, labelsOffset, smoothing, weights);
            }
            return weights == null
                    ? CrossEntropy.loss(rows, cols, z, zOffset, rowStep, labels, labelsOffset)
                    : CrossEntropy.loss(rows, cols, z, zOffset, rowStep, labels, labelsOffset, smoothing, weights);
        }

        @Override
        public double gradient(
                boolean wantLoss,
                int rows,
                int cols,
                float[] z,
                int zOffset,
                int zRowStep,
                int zStep,
                int[] labels,
                int labelsOffset,
                float smoothing,
                float[] weights,
                float scale,
                float[] g,
                int gOffset,
                int gRowStep,
                int gStep) {
            int l = labelsOffset;
            if (zStep != 1 && wantLoss) {
                return CrossEntropy.lossAndGradientByClass(
                        rows, cols, z, zOffset, zStep, labels, l, smoothing, weights, scale);
            }
            if (zStep != 1) {
                CrossEntropy.gradientByClass(rows, cols, z, zOffset, zStep, labels, l, smoothing, weights, scale);
                return 0;
            }
            if (weights == null && wantLoss) {
                return CrossEntropy.lossAndGradient(
                        rows, cols, z, zOffset, zRowStep, labels, l, scale, g, gOffset, gRowStep);
            }
            if (weights == null) {
                CrossEntropy.gradient(rows, cols, z, zOffset, zRowStep, labels, l, scale, g, gOffset, gRowStep);
                return 0;
            }
            if (wantLoss) {
                return CrossEntropy.lossAndGradient(
                        rows, cols, z, zOffset, zRowStep, labels, l, smoothing, weights, scale, g, gOffset, gRowStep);
            }
            CrossEntropy.gradient(
                    rows, cols, z, zOffset, zRowStep, labels, l, smoothing, weights, scale, g, gOffset, gRowStep);
            return 0;
        }

        @Override
        public int errors(
                int rows, int cols, float[] z, int zOffset, int rowStep, int step, int[] labels, int labelsOffset) {
            return step == 1
                    ? CrossEntropy.errors(rows, cols, z, zOffset, rowStep, labels, labelsOffset)
                    : CrossEntropy.errorsByClass(rows, cols, z, zOffset, step, labels, labelsOffset);
        }
    }
}
