package lanewise.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {
    @Test
    void everyRowComesOnce() {
        for (int rows : new int[] {1, 2, 100, 8_191, 8_192, 8_193, 30_000}) {
            int[] order = new Shuffle(5, rows).epoch(1).all().clone();
            Arrays.sort(order);
            assertThat(order)
                    .as("%d rows", rows)
                    .isEqualTo(IntStream.range(0, rows).toArray());
        }
    }

    @Test
    void thereIsOneRowAtLeast() {
        for (int rows : new int[] {0, -1, -20_000}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Shuffle(5, rows));
        }
    }

    /** A reader that holds one chunk at a time can follow the order. */
    @Test
    void theRowsOfAChunkStayTogether() {
        int[] order = new Shuffle(5, 30_000).epoch(2).all();
        int[] visited = new int[] {-1, -1, -1, -1};
        int distinct = 0;
        int last = -1;
        for (int row : order) {
            int chunk = row / 8_192;
            if (chunk != last) {
                assertThat(visited[chunk]).as("chunk %d is visited once", chunk).isEqualTo(-1);
                visited[chunk] = distinct++;
                last = chunk;
            }
        }
        assertThat(distinct).isEqualTo(4);
    }

    @Test
    void theOrderDependsOnSeedAndEpochAlone() {
        Shuffle shuffle = new Shuffle(5, 1_000);
        int[] third = shuffle.epoch(3).all().clone();
        int[] fourth = shuffle.epoch(4).all().clone();
        assertThat(shuffle.epoch(3).all()).isEqualTo(third);
        assertThat(new Shuffle(5, 1_000).epoch(3).all()).isEqualTo(third);
        assertThat(fourth).isNotEqualTo(third);
        assertThat(new Shuffle(6, 1_000).epoch(3).all()).isNotEqualTo(third);
    }

    /** All 24 orders of 4 rows, 24,000 draws: 5 standard deviations of a count are 155. */
    @Test
    void everyOrderIsAsLikely() {
        Map<String, Integer> counts = new HashMap<>();
        Shuffle shuffle = new Shuffle(1, 4);
        for (int epoch = 0; epoch < 24_000; epoch++) {
            counts.merge(Arrays.toString(shuffle.epoch(epoch).all()), 1, Integer::sum);
        }
        assertThat(counts).hasSize(24);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(845, 1_155));
    }

    /** Over many epochs each of 4 chunks comes first as often as any other. */
    @Test
    void theOrderOfTheChunksIsRandomToo() {
        int[] first = new int[4];
        Shuffle shuffle = new Shuffle(1, 4 * 8_192);
        for (int epoch = 0; epoch < 400; epoch++) {
            first[shuffle.epoch(epoch).all()[0] / 8_192]++;
        }
        for (int count : first) {
            assertThat(count).isBetween(57, 143);
        }
    }
}
