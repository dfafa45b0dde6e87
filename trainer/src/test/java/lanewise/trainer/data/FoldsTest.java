package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {
    /** 61 rows of three classes, the third a rare one; each row is known by its one feature. */
    private static final Dataset DATA = data(61);

    private static Dataset data(int rows) {
        float[] x = new float[rows];
        int[] y = new int[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = i;
            y[i] = i % 20 == 0 ? 2 : i % 3 == 0 ? 1 : 0;
        }
        return Dataset.of(x, rows, 1, y, 3);
    }

    private static List<Float> rows(Dataset data) {
        List<Float> rows = new ArrayList<>();
        for (float x : data.values()) {
            rows.add(x);
        }
        return rows;
    }

    @Test
    void eachRowIsMeasuredByOnceAndLearnedOtherwise() {
        for (int count : new int[] {2, 5, 61}) {
            Folds folds = Folds.stratified(DATA, count, 1);
            assertThat(folds.count()).isEqualTo(count);
            List<Float> measured = new ArrayList<>();
            for (int fold = 0; fold < count; fold++) {
                Split split = folds.split(fold);
                List<Float> both = rows(split.train());
                both.addAll(rows(split.validation()));
                assertThat(both).hasSize(61).doesNotHaveDuplicates();
                assertThat(rows(split.train())).isSorted();
                measured.addAll(rows(split.validation()));
            }
            assertThat(measured).hasSize(61).doesNotHaveDuplicates();
        }
    }

    @Test
    void theFoldsAreOfOneSizeAndOneMixture() {
        Folds folds = Folds.stratified(DATA, 5, 1);
        int[] all = DATA.classCounts();
        for (int fold = 0; fold < 5; fold++) {
            int[] counts = folds.split(fold).validation().classCounts();
            assertThat(Arrays.stream(counts).sum()).isBetween(12, 13);
            for (int c = 0; c < 3; c++) {
                assertThat(counts[c]).isBetween(all[c] / 5, all[c] / 5 + 1);
            }
        }
    }

    @Test
    void theDealDependsOnTheSeedAlone() {
        List<Float> first = rows(Folds.stratified(DATA, 5, 1).split(0).validation());
        assertThat(rows(Folds.stratified(DATA, 5, 1).split(0).validation())).isEqualTo(first);
        assertThat(rows(Folds.stratified(DATA, 5, 2).split(0).validation())).isNotEqualTo(first);
    }

    /** Each of 30 rows of one class comes into the first of 3 folds a third of the time: 5 deviations of 900 draws are 71. */
    @Test
    void everyRowIsAsLikely() {
        Dataset data = Dataset.of(new float[30], 30, 1, new int[30], 1);
        float[] x = data.values();
        IntStream.range(0, 30).forEach(i -> x[i] = i);
        int[] counts = new int[30];
        for (int seed = 0; seed < 900; seed++) {
            for (float row :
                    Folds.stratified(data, 3, seed).split(0).validation().values()) {
                counts[(int) row]++;
            }
        }
        assertThat(counts).hasSize(30);
        for (int count : counts) {
            assertThat(count).isBetween(229, 371);
        }
    }

    @Test
    void whatCannotBeDealtIsRefused() {
        assertRefused(
                () -> Folds.stratified(data(4), 5, 1),
                BAD_DATA,
                "there are fewer rows than folds (expected at least 5, found 4)");
        assertRefused(
                () -> Folds.stratified(Dataset.of(new float[4], 4, 1, new int[0], 2), 2, 1),
                BAD_DATA,
                "rows without labels cannot be split by class");
        assertThatThrownBy(() -> Folds.stratified(DATA, 1, 1)).hasMessageStartingWith("folds is out of range");
        Folds folds = Folds.stratified(DATA, 5, 1);
        for (int fold : new int[] {-1, 5, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> folds.split(fold))
                    .withMessage("fold is out of range (expected 0 to 4, found " + fold + ")");
        }
    }
}
