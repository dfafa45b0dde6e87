package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax and its logarithms: the SIMD backend gives the bits of the scalar one and touches nothing else. */
class SoftmaxParityTest {
    private static final Kernels.Softmax SCALAR = Backend.scalar("test").softmax();
    private static final Kernels.Softmax SIMD = TestData.facade(Kernels.Softmax.class, Softmax.class);

    @Test
    void everySmallShape() {
        for (int cols = 0; cols <= 67; cols++) {
            for (int rows = 0; rows <= 35; rows++) {
                assertParity(random(rows, cols, (rows + cols) % 5, cols + rows % 3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 47, 63})
    void rowsAroundAndAboveABlock(int cols) {
        for (int rows : new int[] {47, 48, 49, 63, 64, 65, 127, 128, 129, 191, 192, 193, 255, 256, 257, 400}) {
            assertParity(random(rows, cols, 3, cols + 2));
            assertParity(random(rows, cols, 3, cols));
        }
    }

    /** A single row needs no array as long as its leading dimension. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 27, 1 << 28, 1 << 30, Integer.MAX_VALUE})
    void oneRowOfAHugeLeadingDimension(int ld) {
        float[] x = uniform(ld, 20, 4);
        float[] expected = new float[20];
        SCALAR.softmax(1, 20, x, 0, ld, expected, 0, ld);
        float[] actual = new float[20];
        SIMD.softmax(1, 20, x, 0, ld, actual, 0, ld);
        assertThat(actual).isEqualTo(expected);
    }

    /** Sixteen of these rows, as many as are transposed together, would end beyond the largest int. */
    @Test
    @Tag("own-mode")
    void threeRowsOfAHugeLeadingDimension() {
        int ld = 150_000_000;
        float[] rows = uniform(1, 60, 4);
        float[] x = new float[2 * ld + 20];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(rows, 20 * i, x, ld * i, 20);
        }
        SCALAR.softmax(3, 20, rows, 0, 20, rows, 0, 20);
        SIMD.softmax(3, 20, x, 0, ld, x, 0, ld);
        for (int i = 0; i < 3; i++) {
            assertThat(Arrays.copyOfRange(x, ld * i, ld * i + 20))
                    .isEqualTo(Arrays.copyOfRange(rows, 20 * i, 20 * i + 20));
        }
    }

    /**
     * Rows of no columns need no array, so here a counter runs up to the largest int, for seconds; the time limit is for one
     * that goes on.
     */
    @Test
    @Tag("sweep")
    @EnabledIfSystemProperty(named = "lanewise.full", matches = "true")
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theMostRowsThatThereCanBe() {
        float[] none = {};
        assertThatCode(() -> SIMD.softmax(Integer.MAX_VALUE, 0, none, 0, 1, none, 0, 1))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 127, 128, 129, 1000, 1008, 1023, 1024, 1025, 1039, 1040, 1041, 2047, 2048, 2049, 32000})
    void longRows(int cols) {
        assertParity(random(3, cols, 1, cols));
        assertParity(random(2, cols, 0, cols + 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 16, 17, 33, 63, 64, 67, 131})
    void specialValuesAtEveryPosition(int cols) {
        float[] specials = {
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE
        };
        for (float special : specials) {
            // Row i has it at column i, and the last row nowhere.
            Matrix x = random(cols + 1, cols, 2, cols + 1);
            for (int j = 0; j < cols; j++) {
                x.array()[x.at(j, j)] = special;
            }
            assertParity(x);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 16, 63, 64, 100, 1030})
    void rowsOfOneSpecialValue(int cols) {
        Matrix x = random(7, cols, 0, cols);
        float[] specials = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, -Float.MAX_VALUE};
        for (int i = 0; i < specials.length; i++) {
            for (int j = 0; j < cols; j++) {
                x.array()[x.at(i, j)] = specials[i];
            }
        }
        assertParity(x);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10, 16, 47, 48, 100, 1030})
    void zerosOfEitherSignAboveAllElse(int cols) {
        Matrix x = random(2 * cols, cols, 0, cols);
        Arrays.fill(x.array(), 0, 2 * cols * cols, -200);
        for (int j = 0; j < cols; j++) {
            x.array()[x.at(j, j)] = -0f;
            x.array()[x.at(cols + j, j)] = -0f;
            x.array()[x.at(cols + j, (j + cols / 2) % cols)] = 0f;
        }
        assertParity(x);
    }

    /** Around there an exponential would become subnormal, and is 0 instead. */
    @ParameterizedTest
    @ValueSource(ints = {2, 48})
    void everyFloatAround87BelowTheMaximum(int cols) {
        Matrix x = random(401, cols, 0, cols);
        for (int i = 0; i < x.rows(); i++) {
            Arrays.fill(x.array(), x.at(i, 0), x.at(i, cols), -200);
            x.array()[x.at(i, i % cols)] = 0;
            x.array()[x.at(i, (i + 1) % cols)] = -87.3365f + (i - 200) * Math.ulp(87f);
        }
        assertParity(x);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 33, 63, 64, 200})
    void aRowHasTheSameBitsAloneAndInAnyBatch(int cols) {
        Matrix x = random(300, cols, 0, cols);
        for (Operation operation : Operation.values()) {
            Matrix batch = operation.output(x);
            operation.run(SIMD, x, batch);
            for (int i : new int[] {0, 1, 15, 16, 100, 255, 256, 299}) {
                Matrix row = Matrix.of(1, cols, 0, cols, x.row(i));
                Matrix alone = operation.output(row);
                operation.run(SIMD, row, alone);
                assertThat(alone.row(0)).isEqualTo(batch.row(i));
            }
        }
    }

    private static void assertParity(Matrix x) {
        Matrix untouched = x.copy();
        for (Operation operation : Operation.values()) {
            Matrix expected = operation.output(x);
            operation.run(SCALAR, x, expected);
            Matrix actual = operation.output(x);
            operation.run(SIMD, x, actual);
            actual.assertSameBits(expected);
            x.assertSameBits(untouched);
            if (operation != Operation.LOG_SUM_EXP) {
                Matrix inPlace = x.copy();
                operation.run(SIMD, inPlace, inPlace);
                inPlace.assertCanaries();
                for (int i = 0; i < x.rows(); i++) {
                    assertThat(inPlace.row(i)).isEqualTo(actual.row(i));
                }
            }
        }
    }

    private static Matrix random(int rows, int cols, int offset, int ld) {
        return Matrix.of(rows, cols, offset, Math.max(1, ld), outliers(1000L * rows + cols, rows * cols));
    }

    private enum Operation {
        SOFTMAX {
            @Override
            void run(Kernels.Softmax kernel, Matrix x, Matrix y) {
                kernel.softmax(x.rows(), x.cols(), x.array(), x.offset(), x.ld(), y.array(), y.offset(), y.ld());
            }
        },
        LOG_SOFTMAX {
            @Override
            void run(Kernels.Softmax kernel, Matrix x, Matrix y) {
                kernel.logSoftmax(x.rows(), x.cols(), x.array(), x.offset(), x.ld(), y.array(), y.offset(), y.ld());
            }
        },
        LOG_SUM_EXP {
            @Override
            void run(Kernels.Softmax kernel, Matrix x, Matrix y) {
                kernel.logSumExp(x.rows(), x.cols(), x.array(), x.offset(), x.ld(), y.array(), y.offset());
            }

            @Override
            Matrix output(Matrix x) {
                return Matrix.poisoned(x.rows(), 1, 1, 1);
            }
        };

        abstract void run(Kernels.Softmax kernel, Matrix x, Matrix y);

        /** Its rows follow one another where those of the input do. */
        Matrix output(Matrix x) {
            int gap = x.ld() == x.cols() ? 0 : 2;
            return Matrix.poisoned(x.rows(), x.cols(), x.offset() + 1, x.ld() + gap);
        }
    }
}
