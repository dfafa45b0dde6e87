package lanewise.kernels;

import java.util.Arrays;
import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse rows have the same bits on vectors and one by one, whole and in parts. */
class SparseRowsParityTest {
    private static final Kernels.SparseRows SCALAR = Backend.scalar("test").sparseRows();
    private static final Kernels.SparseRows SIMD = Backend.simd("test").sparseRows();
    private static final int[] ROWS = {0, 1, 2, 17};
    private static final int[] FEATURES = {1, 2, 3, 4, 5, 8, 11, 60};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 10, 15, 16, 17, 31, 32, 33, 50})
    void everyNumberOfClasses(int classes) {
        for (int rows : ROWS) {
            for (int features : FEATURES) {
                SparseCase c = new SparseCase(rows, features, classes, classes + 100L * rows + features);
                assertLogits(c);
                assertGradient(c);
            }
        }
    }

    @Test
    void specialValuesAtEveryEntry() {
        SparseCase c = new SparseCase(5, 9, 19, 1);
        for (float special : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, Float.MAX_VALUE}) {
            for (int e = 0; e < c.values.length; e++) {
                float kept = c.values[e];
                c.values[e] = special;
                assertLogits(c);
                assertGradient(c);
                c.values[e] = kept;
            }
        }
    }

    /** 0 times one of them is NaN, so no entry of 0 may be passed over. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void zerosThatMeetWhatIsNoNumber(float special) {
        for (int column = 0; column < 9; column++) {
            SparseCase c = new SparseCase(5, 9, 19, 1);
            Arrays.fill(c.values, 0);
            Arrays.fill(c.w.array(), c.w.at(column, 0), c.w.at(column, 19), special);
            Arrays.fill(c.g.array(), c.g.at(column % 5, 0), c.g.at(column % 5, 19), special);
            assertLogits(c);
            assertGradient(c);
        }
    }

    private static void assertLogits(SparseCase c) {
        Matrix expected = c.logits(SCALAR);
        c.logits(SIMD).assertSameBits(expected);
        Matrix inTwoCalls = Matrix.poisoned(c.rows, c.classes, expected.offset(), expected.ld());
        c.logits(SIMD, 0, c.rows / 3, inTwoCalls);
        c.logits(SIMD, c.rows / 3, c.rows - c.rows / 3, inTwoCalls);
        inTwoCalls.assertSameBits(expected);
    }

    /** The whole, one by one; on vectors by two halves of the rows and, of each, three ranges of columns. */
    private static void assertGradient(SparseCase c) {
        Matrix expected = c.w.copy();
        c.gradient(SCALAR, c.entriesFrom(0), c.entriesFrom(c.features), 0, c.rows, expected);
        Matrix actual = c.w.copy();
        int half = c.rows / 2;
        int[] bounds = {0, c.features / 3, c.features / 3, c.features};
        for (int part = bounds.length - 2; part >= 0; part--) {
            int[] from = c.entriesFrom(bounds[part]);
            int[] to = c.entriesFrom(bounds[part + 1]);
            c.gradient(SIMD, from, to, 0, half, actual);
            c.gradient(SIMD, from, to, half, c.rows - half, actual);
        }
        actual.assertSameBits(expected);
    }
}
