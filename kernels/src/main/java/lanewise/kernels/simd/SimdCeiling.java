package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Kernels;

/**
 * Fused multiply-adds in registers and nothing else.
 *
 * <p><b>Tile.</b> A core of two FMA units and a latency of four to six cycles needs eight to twelve independent chains,
 * one of four units up to 24. Twelve and their two factors fit 16 registers, 24 fit 32.
 */
final class SimdCeiling implements Kernels.Ceiling {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int LANES = Species.LANES;
    private static final int CHAINS = Species.REGISTERS >= 32 ? 24 : 12;

    @Override
    public long run(int steps) {
        // The sums are stored lest the compiler leave them out.
        float[] sink = Scratch.floats(Scratch.SUMS, CHAINS / 4 * LANES);
        if (CHAINS == 24) {
            chains24(steps, sink);
        } else {
            chains12(steps, sink);
        }
        return 2L * CHAINS * LANES * steps;
    }

    private static void chains12(int steps, float[] sink) {
        FloatVector a = FloatVector.broadcast(S, 0.75f);
        FloatVector b = FloatVector.broadcast(S, 0.5f);
        FloatVector s0 = FloatVector.broadcast(S, 0);
        FloatVector s1 = FloatVector.broadcast(S, 1);
        FloatVector s2 = FloatVector.broadcast(S, 2);
        FloatVector s3 = FloatVector.broadcast(S, 3);
        FloatVector s4 = FloatVector.broadcast(S, 4);
        FloatVector s5 = FloatVector.broadcast(S, 5);
        FloatVector s6 = FloatVector.broadcast(S, 6);
        FloatVector s7 = FloatVector.broadcast(S, 7);
        FloatVector s8 = FloatVector.broadcast(S, 8);
        FloatVector s9 = FloatVector.broadcast(S, 9);
        FloatVector s10 = FloatVector.broadcast(S, 10);
        FloatVector s11 = FloatVector.broadcast(S, 11);
        for (int i = 0; i < steps; i++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
            s8 = a.fma(b, s8);
            s9 = a.fma(b, s9);
            s10 = a.fma(b, s10);
            s11 = a.fma(b, s11);
        }
        s0.add(s1).add(s2).add(s3).intoArray(sink, 0 * LANES);
        s4.add(s5).add(s6).add(s7).intoArray(sink, 1 * LANES);
        s8.add(s9).add(s10).add(s11).intoArray(sink, 2 * LANES);
    }

    private static void chains24(int steps, float[] sink) {
        FloatVector a = FloatVector.broadcast(S, 0.75f);
        FloatVector b = FloatVector.broadcast(S, 0.5f);
        FloatVector s0 = FloatVector.broadcast(S, 0);
        FloatVector s1 = FloatVector.broadcast(S, 1);
        FloatVector s2 = FloatVector.broadcast(S, 2);
        FloatVector s3 = FloatVector.broadcast(S, 3);
        FloatVector s4 = FloatVector.broadcast(S, 4);
        FloatVector s5 = FloatVector.broadcast(S, 5);
        FloatVector s6 = FloatVector.broadcast(S, 6);
        FloatVector s7 = FloatVector.broadcast(S, 7);
        FloatVector s8 = FloatVector.broadcast(S, 8);
        FloatVector s9 = FloatVector.broadcast(S, 9);
        FloatVector s10 = FloatVector.broadcast(S, 10);
        FloatVector s11 = FloatVector.broadcast(S, 11);
        FloatVector s12 = FloatVector.broadcast(S, 12);
        FloatVector s13 = FloatVector.broadcast(S, 13);
        FloatVector s14 = FloatVector.broadcast(S, 14);
        FloatVector s15 = FloatVector.broadcast(S, 15);
        FloatVector s16 = FloatVector.broadcast(S, 16);
        FloatVector s17 = FloatVector.broadcast(S, 17);
        FloatVector s18 = FloatVector.broadcast(S, 18);
        FloatVector s19 = FloatVector.broadcast(S, 19);
        FloatVector s20 = FloatVector.broadcast(S, 20);
        FloatVector s21 = FloatVector.broadcast(S, 21);
        FloatVector s22 = FloatVector.broadcast(S, 22);
        FloatVector s23 = FloatVector.broadcast(S, 23);
        for (int i = 0; i < steps; i++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
            s8 = a.fma(b, s8);
            s9 = a.fma(b, s9);
            s10 = a.fma(b, s10);
            s11 = a.fma(b, s11);
            s12 = a.fma(b, s12);
            s13 = a.fma(b, s13);
            s14 = a.fma(b, s14);
            s15 = a.fma(b, s15);
            s16 = a.fma(b, s16);
            s17 = a.fma(b, s17);
            s18 = a.fma(b, s18);
            s19 = a.fma(b, s19);
            s20 = a.fma(b, s20);
            s21 = a.fma(b, s21);
            s22 = a.fma(b, s22);
            s23 = a.fma(b, s23);
        }
        s0.add(s1).add(s2).add(s3).intoArray(sink, 0 * LANES);
        s4.add(s5).add(s6).add(s7).intoArray(sink, 1 * LANES);
        s8.add(s9).add(s10).add(s11).intoArray(sink, 2 * LANES);
        s12.add(s13).add(s14).add(s15).intoArray(sink, 3 * LANES);
        s16.add(s17).add(s18).add(s19).intoArray(sink, 4 * LANES);
        s20.add(s21).add(s22).add(s23).intoArray(sink, 5 * LANES);
    }
}
