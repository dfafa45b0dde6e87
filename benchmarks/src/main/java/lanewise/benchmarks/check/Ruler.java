package lanewise.benchmarks.check;

import lanewise.benchmarks.race.Contender;

/**
 * The reference that every kernel is raced against in its own JVM: four chains of scalar FMAs. They wait for each other's
 * results, not for a unit, so their time is the clock of the core and nothing else. The ruler is no part of what is checked,
 * and it must never change: every baseline is in its units.
 */
final class Ruler implements Contender {
    private static final int STEPS = 5000;

    private final float[] sums = new float[4];

    @Override
    public void run() {
        float s0 = sums[0];
        float s1 = sums[1];
        float s2 = sums[2];
        float s3 = sums[3];
        for (int i = 0; i < STEPS; i++) {
            s0 = Math.fma(s0, 0.75f, 0.5f);
            s1 = Math.fma(s1, 0.75f, 0.5f);
            s2 = Math.fma(s2, 0.75f, 0.5f);
            s3 = Math.fma(s3, 0.75f, 0.5f);
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
    }

    @Override
    public float[] result() {
        return sums;
    }
}
