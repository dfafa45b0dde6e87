package lanewise.benchmarks.check;

import java.util.Arrays;
import lanewise.benchmarks.race.Contender;

/**
 * The reference that every kernel is raced against in its own JVM: a polynomial of every element of an array in the L1 cache,
 * in plain Java that the JIT turns into vectors. The ruler is no part of what is checked, and it must never change: every
 * baseline is in its units.
 *
 * <p>It must suffer as the kernels do. Two virtual machines may share a core, each on one of its hardware threads, and a
 * neighbour's turn lasts for seconds: on a Zen 5 the kernels then took 1.15 to 1.4 times as long, and so does this loop (1.3),
 * which loads, computes and stores with few instructions to spare. FMAs in registers, or in chains that wait for each other,
 * took no longer at all: against such a ruler unchanged kernels look a quarter slower.
 */
final class Ruler implements Contender {
    private static final int LENGTH = 2048;
    private static final int TIMES = 16;

    /**
     * Where the results begin: two and a half pages behind what is read, in the same array. Where the collector put two
     * arrays, now and then each load waited for a store to an address that differs from its own by pages, and the ruler took
     * five times as long. A multiple of the longest vector, or JDK 17 makes no vectors of the loop.
     */
    private static final int RESULTS = 2560;

    private final float[] xy = new float[RESULTS + LENGTH];

    Ruler() {
        for (int i = 0; i < LENGTH; i++) {
            xy[i] = (float) i / LENGTH;
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < TIMES; i++) {
            polynomial(xy);
        }
    }

    private static void polynomial(float[] xy) {
        for (int i = 0; i < LENGTH; i++) {
            float t = xy[i];
            xy[RESULTS + i] = ((((0.1f * t + 0.2f) * t + 0.3f) * t + 0.4f) * t + 0.5f) * t + 0.6f;
        }
    }

    @Override
    public float[] result() {
        return Arrays.copyOfRange(xy, RESULTS, RESULTS + LENGTH);
    }
}
