package lanewise.kernels;

import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lanewise.kernels.TestData.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of sparse rows against double precision, and what is refused. */
class SparseRowsTest {
    private static final double U = 0x1p-24;
    private static final double SUBNORMALS = 10 * Float.MIN_VALUE;

    /** Within (n / 4 + 6) u (|bias| + sum |x w|): see {@link SparseRows#logits}. */
    @ParameterizedTest
    @CsvSource({"13, 40, 7", "40, 13, 2", "9, 100, 16", "1, 500, 37", "300, 3, 1"})
    void logitsAreSumsOfProducts(int rows, int features, int classes) {
        SparseCase s = new SparseCase(rows, features, classes, 7);
        Matrix z = s.logits(SparseCase.FACADE);
        for (int i = 0; i < rows; i++) {
            for (int c = 0; c < classes; c++) {
                double sum = s.bias.get(0, c);
                double size = Math.abs(sum);
                for (int e = s.start(i); e < s.end(i); e++) {
                    double product = (double) s.values[e] * s.w.get(s.columns[e], c);
                    sum += product;
                    size += Math.abs(product);
                }
                double bound = ((s.end(i) - s.start(i)) / 4.0 + 6) * U * size + SUBNORMALS;
                assertThat((double) z.get(i, c)).isCloseTo(sum, within(bound));
            }
        }
    }

    /** Within (n + 1) u (sum |x g| + |dw|): see {@link SparseRows#accumulateGradient}. */
    @ParameterizedTest
    @CsvSource({"13, 40, 7", "40, 13, 2", "9, 100, 16", "1, 500, 37", "300, 3, 1"})
    void theGradientIsAddedUp(int rows, int features, int classes) {
        SparseCase s = new SparseCase(rows, features, classes, 8);
        double[][] sums = new double[features][classes];
        double[][] sizes = new double[features][classes];
        int[] kept = new int[features];
        for (int i = 0; i < rows; i++) {
            for (int e = s.start(i); e < s.end(i); e++) {
                kept[s.columns[e]]++;
                for (int c = 0; c < classes; c++) {
                    double product = (double) s.values[e] * s.g.get(i, c);
                    sums[s.columns[e]][c] += product;
                    sizes[s.columns[e]][c] += Math.abs(product);
                }
            }
        }
        Matrix dw = s.w.copy();
        s.gradient(SparseCase.FACADE, s.entriesFrom(0), s.entriesFrom(features), 0, rows, dw);
        for (int p = 0; p < features; p++) {
            for (int c = 0; c < classes; c++) {
                double before = s.w.get(p, c);
                double bound = (kept[p] + 1) * U * (sizes[p][c] + Math.abs(before)) + kept[p] * SUBNORMALS;
                assertThat((double) dw.get(p, c)).isCloseTo(sums[p][c] + before, within(bound));
            }
        }
        dw.assertCanaries();
    }

    /** Whole vectors of classes, a pair and a single one; entries in the four chains and behind them. */
    @Test
    void zeroTimesInfinityIsNaN() {
        int classes = 19;
        int[] starts = {0, 5};
        int[] columns = {0, 1, 2, 3, 4};
        float[] zeros = new float[5];
        float[] infinities = new float[classes];
        Arrays.fill(infinities, Float.POSITIVE_INFINITY);
        for (int column : columns) {
            float[] w = new float[5 * classes];
            System.arraycopy(infinities, 0, w, column * classes, classes);
            float[] z = new float[classes];
            SparseRows.logits(
                    1,
                    starts,
                    0,
                    starts,
                    1,
                    columns,
                    zeros,
                    classes,
                    w,
                    0,
                    classes,
                    new float[classes],
                    0,
                    z,
                    0,
                    classes);
            assertThat(z).containsOnly(Float.NaN);
        }
        float[] dw = new float[5 * classes];
        SparseRows.accumulateGradient(
                1, starts, 0, starts, 1, columns, zeros, classes, infinities, 0, classes, dw, 0, classes);
        assertThat(dw).containsOnly(Float.NaN);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 2", "4, 4", "5, 16", "16, 16", "17, 32", "1000, 1008"})
    void classesArePadded(int classes, int columns) {
        assertThat(SparseRows.paddedClasses(classes)).isEqualTo(columns);
    }

    @Test
    void wrongArgumentsAreNamed() {
        refused("rows is negative", () -> logits(-1, new int[] {0, 2, 4}, new int[4], 4, 2));
        refused("ends is too short", () -> logits(3, new int[] {0, 2, 4}, new int[4], 4, 2));
        refused("row 1 has the entries 2 to 5, of 4", () -> logits(2, new int[] {0, 2, 5}, new int[4], 4, 2));
        refused("row 0 has the entries -1 to 2", () -> logits(1, new int[] {-1, 2}, new int[4], 4, 2));
        refused("row 1 has the entries 2 to 1", () -> logits(2, new int[] {0, 2, 1}, new int[4], 4, 2));
        refused("row 0 has the columns 0 to 4, of 4", () -> logits(1, new int[] {0, 2}, new int[] {0, 4, 0, 0}, 4, 2));
        refused("row 0 has the columns -1 to 0", () -> logits(1, new int[] {0, 2}, new int[] {-1, 0, 0, 0}, 4, 2));
        refused("leading dimension of w", () -> logits(1, new int[] {0, 0}, new int[4], 4, 3));
        refused("z is too short", () -> logits(2, new int[] {0, 2, 4}, new int[4], 3, 2));
        int[] starts = {0, 2};
        refused("starts is too short", () -> logits(starts, 1, starts, 0, new int[2], new float[2], 0, 2));
        refused(
                "row 0 has the entries 0 to 2, of 1",
                () -> logits(starts, 0, starts, 1, new int[2], new float[1], 0, 2));
        refused("bias is too short", () -> logits(starts, 0, starts, 1, new int[2], new float[2], 0, 1));
        refused(
                "row 0 has the columns 0 to 3, of 3 that fit w",
                () -> logits(starts, 0, starts, 1, new int[] {0, 3}, new float[2], 2, 2));
        refused(
                "of 3 that fit dw",
                () -> SparseRows.accumulateGradient(
                        1,
                        starts,
                        0,
                        starts,
                        1,
                        new int[] {0, 3},
                        new float[2],
                        2,
                        new float[2],
                        0,
                        2,
                        new float[7],
                        0,
                        2));
        float[] dw = new float[16];
        refused(
                "row 0 has the columns 0 to 0, of 0 that fit dw",
                () -> SparseRows.accumulateGradient(
                        1,
                        new int[] {0, 1},
                        0,
                        new int[] {0, 1},
                        1,
                        new int[1],
                        new float[] {1},
                        20,
                        uniform(1, 20, 1),
                        0,
                        20,
                        dw,
                        0,
                        32));
        assertThat(dw).containsOnly(0);
        refused(
                "g is too short",
                () -> SparseRows.accumulateGradient(
                        1, starts, 0, starts, 1, new int[2], new float[2], 2, new float[1], 0, 2, new float[7], 0, 2));
    }

    /** The first and the last column are looked at, and no other: one that leads outside the array shows there. */
    @ParameterizedTest
    @CsvSource({"1, 9", "1, -9", "2, 9", "2, -9", "16, 9", "16, -9", "19, 9", "19, -9"})
    void columnsThatDoNotAscendLeadOutsideTheArray(int classes, int column) {
        float[] none = new float[classes];
        for (int at = 1; at < 6; at++) {
            int[] starts = {0, 7};
            int[] columns = {0, 1, 2, 3, 4, 5, 6};
            columns[at] = column;
            float[] w = new float[7 * classes];
            assertThatThrownBy(() -> SparseRows.logits(
                            1,
                            starts,
                            0,
                            starts,
                            1,
                            columns,
                            new float[7],
                            classes,
                            w,
                            0,
                            classes,
                            none,
                            0,
                            new float[classes],
                            0,
                            classes))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> SparseRows.accumulateGradient(
                            1, starts, 0, starts, 1, columns, new float[7], classes, none, 0, classes, w, 0, classes))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void withoutClassesAnEmptyMatrixHasAnyFeatures() {
        int[] starts = {0, 2};
        int[] columns = {3, Integer.MAX_VALUE};
        float[] none = new float[0];
        SparseRows.logits(1, starts, 0, starts, 1, columns, new float[2], 0, none, 0, 1, none, 0, none, 0, 1);
        SparseRows.accumulateGradient(1, starts, 0, starts, 1, columns, new float[2], 0, none, 0, 1, none, 0, 1);
    }

    private static void logits(int rows, int[] starts, int[] columns, int zLength, int classes) {
        SparseRows.logits(
                rows,
                starts,
                0,
                starts,
                1,
                columns,
                new float[4],
                classes,
                new float[8],
                0,
                2,
                new float[3],
                0,
                new float[zLength],
                0,
                classes);
    }

    /** One row, or two where the starts begin behind, of two classes, and a W of four features from offset 0 on. */
    private static void logits(
            int[] starts, int startsAt, int[] ends, int endsAt, int[] columns, float[] values, int wAt, int biases) {
        int rows = startsAt + 1;
        float[] w = new float[8];
        float[] z = new float[2 * rows];
        SparseRows.logits(
                rows, starts, startsAt, ends, endsAt, columns, values, 2, w, wAt, 2, new float[biases], 0, z, 0, 2);
    }

    private static void refused(String what, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what);
    }
}
