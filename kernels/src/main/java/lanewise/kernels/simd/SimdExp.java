package lanewise.kernels.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.ExpConstants;
import lanewise.kernels.backend.Kernels;
import lanewise.kernels.scalar.ScalarExp;

/**
 * The exponential function; {@link ExpConstants} has the derivation. {@link #expSum} is the only text of it on vectors:
 * softmax calls it with arrays, since a method that took or returned a vector would box it.
 *
 * <p><b>Layout.</b> Elements side by side, from any offset.
 *
 * <p><b>Blocking.</b> Stretches of {@link Bits#STRETCH} elements, 4 KB, that stay in L1 while the lane groups of a narrow
 * vector pass over them one after the other.
 *
 * <p><b>Tail.</b> Up to 15 elements by the scalar twin.
 *
 * <p><b>Error.</b> At most 1 ULP.
 */
final class SimdExp implements Kernels.Exp {
    private static final VectorSpecies<Float> S = Species.FLOAT;

    @Override
    public void exp(int n, float[] x, int xOffset, float[] y, int yOffset) {
        float[] lanes = Scratch.floats(Scratch.ROWS, Bits.LANES);
        int full = n & -Bits.LANES;
        for (int from = 0; from < full; from += Bits.STRETCH) {
            expSum(Math.min(Bits.STRETCH, full - from), x, xOffset + from, 0, y, yOffset + from, lanes, 0);
        }
        for (int i = full; i < n; i++) {
            y[yOffset + i] = ScalarExp.exp(x[xOffset + i]);
        }
    }

    /** y = e^(x - shift), and lanes[i mod 16] += y[i] in the order of i, for n a multiple of 16. */
    static void expSum(int n, float[] x, int xAt, float shift, float[] y, int yAt, float[] lanes, int lanesAt) {
        for (int lane = 0; lane < Bits.LANES; lane += Species.LANES) {
            FloatVector sum = FloatVector.fromArray(S, lanes, lanesAt + lane);
            for (int i = lane; i < n; i += Bits.LANES) {
                FloatVector v = FloatVector.fromArray(S, x, xAt + i).sub(shift);
                FloatVector shifted = v.fma(
                        FloatVector.broadcast(S, ExpConstants.LOG2_E), FloatVector.broadcast(S, ExpConstants.ROUND));
                FloatVector k = shifted.sub(ExpConstants.ROUND);
                FloatVector t = k.fma(FloatVector.broadcast(S, -ExpConstants.LN2_HIGH), v);
                t = k.fma(FloatVector.broadcast(S, -ExpConstants.LN2_LOW), t);
                FloatVector u = FloatVector.broadcast(S, ExpConstants.C6);
                u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C5));
                u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C4));
                u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C3));
                u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C2));
                FloatVector q = t.mul(t).fma(u, t);
                IntVector exponents = shifted.reinterpretAsInts();
                IntVector half = exponents.lanewise(VectorOperators.ASHR, 1);
                FloatVector s1 = half.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
                FloatVector s2 =
                        exponents.sub(half).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
                FloatVector e = s1.fma(q, s1).mul(s2);
                e = e.blend(Float.POSITIVE_INFINITY, v.compare(VectorOperators.GT, ExpConstants.OVERFLOW));
                e = e.blend(0f, v.compare(VectorOperators.LT, ExpConstants.UNDERFLOW));
                e.intoArray(y, yAt + i);
                sum = sum.add(e);
            }
            sum.intoArray(lanes, lanesAt + lane);
        }
    }
}
