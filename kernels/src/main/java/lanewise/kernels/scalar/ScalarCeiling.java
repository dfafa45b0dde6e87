package lanewise.kernels.scalar;

import lanewise.kernels.backend.Kernels;

/** Fused multiply-adds in twelve chains: two units and a latency of four to six cycles take eight to twelve. */
final class ScalarCeiling implements Kernels.Ceiling {
    /** Keeps the compiler from leaving out sums that no one reads. */
    private volatile float sink;

    @Override
    public long run(int steps) {
        float s0 = 0;
        float s1 = 1;
        float s2 = 2;
        float s3 = 3;
        float s4 = 4;
        float s5 = 5;
        float s6 = 6;
        float s7 = 7;
        float s8 = 8;
        float s9 = 9;
        float s10 = 10;
        float s11 = 11;
        for (int i = 0; i < steps; i++) {
            s0 = Math.fma(0.75f, 0.5f, s0);
            s1 = Math.fma(0.75f, 0.5f, s1);
            s2 = Math.fma(0.75f, 0.5f, s2);
            s3 = Math.fma(0.75f, 0.5f, s3);
            s4 = Math.fma(0.75f, 0.5f, s4);
            s5 = Math.fma(0.75f, 0.5f, s5);
            s6 = Math.fma(0.75f, 0.5f, s6);
            s7 = Math.fma(0.75f, 0.5f, s7);
            s8 = Math.fma(0.75f, 0.5f, s8);
            s9 = Math.fma(0.75f, 0.5f, s9);
            s10 = Math.fma(0.75f, 0.5f, s10);
            s11 = Math.fma(0.75f, 0.5f, s11);
        }
        sink = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;
        return 2L * 12 * steps;
    }
}
