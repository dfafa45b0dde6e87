package lanewise.benchmarks.check;

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

    private final float[] x = new float[LENGTH];
    private final float[] y = new float[LENGTH];

    Ruler() {
        for (int i = 0; i < LENGTH; i++) {
            x[i] = (float) i / LENGTH;
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < TIMES; i++) {
            polynomial(x, y);
        }
    }

    private static void polynomial(float[] x, float[] y) {
        for (int i = 0; i < x.length; i++) {
            float t = x[i];
            y[i] = ((((0.1f * t + 0.2f) * t + 0.3f) * t + 0.4f) * t + 0.5f) * t + 0.6f;
        }
    }

    @Override
    public float[] result() {
        return y;
    }
}
