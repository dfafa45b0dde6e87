package lanewise.benchmarks.check;

import lanewise.benchmarks.race.Contender;

/**
 * The reference that every kernel is raced against in its own JVM: eight chains of scalar FMAs. It is not part of what is
 * checked, it needs nothing but the core, and it must never change: every baseline is in its units.
 */
final class Ruler implements Contender {
    private static final int STEPS = 5000;

    private final float[] sums = new float[8];

    @Override
    public void run() {
        float s0 = sums[0];
        float s1 = sums[1];
        float s2 = sums[2];
        float s3 = sums[3];
        float s4 = sums[4];
        float s5 = sums[5];
        float s6 = sums[6];
        float s7 = sums[7];
        for (int i = 0; i < STEPS; i++) {
            s0 = Math.fma(s0, 0.75f, 0.5f);
            s1 = Math.fma(s1, 0.75f, 0.5f);
            s2 = Math.fma(s2, 0.75f, 0.5f);
            s3 = Math.fma(s3, 0.75f, 0.5f);
            s4 = Math.fma(s4, 0.75f, 0.5f);
            s5 = Math.fma(s5, 0.75f, 0.5f);
            s6 = Math.fma(s6, 0.75f, 0.5f);
            s7 = Math.fma(s7, 0.75f, 0.5f);
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
        sums[4] = s4;
        sums[5] = s5;
        sums[6] = s6;
        sums[7] = s7;
    }

    @Override
    public float[] result() {
        return sums;
    }
}
