package lanewise.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SummaryTest {
    /** Three features of four rows: one of them lacks a value, one is constant. Deviations as numpy.std has them. */
    @Test
    void ofFloats() {
        float nan = Float.NaN;
        Summary summary =
                Summary.of(Dataset.of(new float[] {1, nan, 5, 2, 4, 5, 3, -2, 5, 6, 1, 5}, 4, 3, new int[0], 0));
        assertThat(summary.missing()).containsExactly(0, 1, 0);
        assertThat(summary.min()).containsExactly(1, -2, 5);
        assertThat(summary.max()).containsExactly(6, 4, 5);
        assertThat(summary.mean()).containsExactly(3, 1, 5);
        assertThat(summary.deviation()).containsExactly(Math.sqrt(14 / 4.0), Math.sqrt(18 / 3.0), 0);
        assertThat(summary.isConstant(0)).isFalse();
        assertThat(summary.isConstant(2)).isTrue();
    }

    @Test
    void aFeatureOfWhichNothingIsThere() {
        Summary summary = Summary.of(Dataset.of(new float[] {Float.NaN, Float.NaN}, 2, 1, new int[0], 0));
        assertThat(summary.missing()).containsExactly(2);
        assertThat(summary.min()[0]).isNaN();
        assertThat(summary.max()[0]).isNaN();
        assertThat(summary.mean()[0]).isNaN();
        assertThat(summary.deviation()[0]).isNaN();
        assertThat(summary.isConstant(0)).isTrue();
    }

    @Test
    void ofBytesWhateverTheirScaling() {
        Summary summary =
                Summary.of(Dataset.ofPixels(new byte[] {0, 10, -1, 10}, 2, new ImageShape(1, 2), new int[0], 0));
        assertThat(summary.max()).containsExactly(255, 10);
        assertThat(summary.mean()).containsExactly(127.5, 10);
    }

    /** More values than are looked at at a time. */
    @Test
    void theLastRowsCountToo() {
        int rows = (1 << 20) + 2;
        float[] x = new float[rows];
        x[rows - 1] = 8;
        Summary summary = Summary.of(Dataset.of(x, rows, 1, new int[0], 0));
        assertThat(summary.max()).containsExactly(8);
        assertThat(summary.mean()).containsExactly(8.0 / rows);
    }

    @Test
    void theZerosOfSparseRowsCount() {
        Csr rows = new Csr(new int[] {0, 2, 2, 3, 4}, new int[] {0, 1, 0, 0}, new float[] {3, -4, 2, 7});
        Dataset sparse = Dataset.ofSparse(rows, 3, new int[0], 0);
        Summary summary = Summary.of(sparse);
        Summary dense = Summary.of(sparse.dense());
        assertThat(summary.min()).isEqualTo(dense.min()).containsExactly(0, -4, 0);
        assertThat(summary.max()).isEqualTo(dense.max()).containsExactly(7, 0, 0);
        assertThat(summary.mean()).isEqualTo(dense.mean());
        for (int j = 0; j < 3; j++) {
            assertThat(summary.deviation()[j]).isCloseTo(dense.deviation()[j], within(1e-12));
        }
    }
}
