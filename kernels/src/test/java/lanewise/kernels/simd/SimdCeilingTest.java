package lanewise.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class SimdCeilingTest {
    /** Chain i starts at i and gains 0.75 * 0.5 a step; four chains are one sum. */
    @Test
    void theOperationsAreThoseOfTheChainsThatAreStored() throws Exception {
        int steps = 7;
        long[] operations = new long[1];
        FutureTask<float[]> sums = new FutureTask<>(() -> {
            operations[0] = new SimdCeiling().run(steps);
            return Scratch.floats(Scratch.SUMS, 0);
        });
        // In a thread of its own, whose sink no one has made longer.
        new Thread(sums).start();
        float[] sink = sums.get();
        float[] expected = new float[Math.toIntExact(operations[0] / (2L * 4 * steps))];
        for (int at = 0; at < expected.length; at++) {
            expected[at] = at / Species.LANES * 16 + 6 + 4 * 0.375f * steps;
        }
        assertThat(sink).isEqualTo(expected);
    }
}
