package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {
    /** Rows of one feature that says which row it is, with the classes in turns as long as there are some left. */
    private static Dataset rows(int... counts) {
        int rows = Arrays.stream(counts).sum();
        int[] left = counts.clone();
        int[] labels = new int[rows];
        float[] values = new float[rows];
        int c = 0;
        for (int row = 0; row < rows; row++) {
            values[row] = row;
            while (left[c % counts.length] == 0) {
                c++;
            }
            labels[row] = c % counts.length;
            left[c++ % counts.length]--;
        }
        return Dataset.of(values, rows, 1, labels, counts.length);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            50 50 50 > 0.2  > 10 10 10
            60 30 10 > 0.1  > 6 3 1
            7 7 7    > 0.25 > 2 2 1
            5 3 1    > 0.5  > 3 2 0
            100 1    > 0.9  > 91 0
            2 2      > 0.9  > 1 1
            3 0 3    > 0.34 > 1 0 1
            2        > 0.5  > 1
            9 1      > 0.05 > 1 0
            """)
    void everyClassGivesItsShare(String counts, double fraction, String expected) {
        Dataset data = rows(
                Arrays.stream(counts.split(" ")).mapToInt(Integer::parseInt).toArray());
        Split split = Split.stratified(data, fraction, 7);
        int[] given = split.validation().classCounts();
        assertThat(given)
                .containsExactly(Arrays.stream(expected.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
        float[] both = new float[data.rows()];
        System.arraycopy(split.train().values(), 0, both, 0, split.train().rows());
        System.arraycopy(
                split.validation().values(),
                0,
                both,
                split.train().rows(),
                split.validation().rows());
        assertThat(split.train().values()).isSorted();
        assertThat(split.validation().values()).isSorted();
        Arrays.sort(both);
        assertThat(both).isEqualTo(data.values());
    }

    @Test
    void theSeedAloneDecides() {
        Dataset data = rows(40, 40);
        float[] chosen = Split.stratified(data, .25, 3).validation().values();
        assertThat(Split.stratified(data, .25, 3).validation().values()).isEqualTo(chosen);
        assertThat(Split.stratified(data, .25, 4).validation().values()).isNotEqualTo(chosen);
        assertThat(chosen).hasSize(20);
    }

    /** 2,000 draws of 4 of 10 rows: each row is expected 800 times, with a standard deviation of 22. */
    @Test
    void everyRowIsAsLikely() {
        Dataset data = rows(10);
        int[] times = new int[10];
        IntStream.range(0, 2_000).forEach(seed -> {
            for (float row : Split.stratified(data, .4, seed).validation().values()) {
                times[(int) row]++;
            }
        });
        assertThat(Arrays.stream(times).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(800 - 110, 800 + 110));
    }

    @Test
    void aPartThatWouldBeEmptyIsRefused() {
        assertRefused(
                () -> Split.stratified(rows(1, 1, 1), .5, 0),
                BAD_DATA,
                "too few rows to keep some for validation"
                        + " (expected a class of at least 2 rows and a share of at least one, found 3 rows)");
        assertRefused(
                () -> Split.stratified(rows(4), .1, 0),
                BAD_DATA,
                "too few rows to keep some for validation"
                        + " (expected a class of at least 2 rows and a share of at least one, found 4 rows)");
        assertRefused(
                () -> Split.stratified(Dataset.of(new float[4], 4, 1, new int[0], 0), .5, 0),
                BAD_DATA,
                "rows without labels cannot be split by class");
        for (double fraction : new double[] {0, 1, -1, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Split.stratified(rows(4), fraction, 0));
        }
    }
}
