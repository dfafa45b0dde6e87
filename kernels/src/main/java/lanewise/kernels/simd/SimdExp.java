package lanewise.kernels.simd;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.ExpConstants;
import lanewise.kernels.backend.Kernels;
import lanewise.kernels.scalar.ScalarExp;

/**
 * The exponential function; {@link ExpConstants} has the derivation. It has two texts on vectors, since a method that
 * took or returned one would box it: {@link #exp} for all floats, and {@link #expSum} for the rows of softmax, which are
 * never positive and need no subnormal results.
 *
 * <p><b>Layout.</b> Elements side by side, from any offset.
 *
 * <p><b>Blocking.</b> None for exp. Softmax hands over at most 8 KB, that stay in L1 while
 * the lane groups of a narrow vector pass over them one after the other.
 *
 * <p><b>Tile.</b> One vector: unrolled by hand the compiler gives up on inlining, and the chains of several vectors overlap
 * by themselves. 2^n is one factor where it is normal, and two with the ends of the range put right where a vector holds
 * an element for which it is not.
 *
 * <p><b>Tail.</b> By the scalar twin, less than a vector.
 *
 * <p><b>Error.</b> At most 1 ULP.
 */
final class SimdExp implements Kernels.Exp {
    private static final VectorSpecies<Float> S = Species.FLOAT;

    @Override
    public void exp(int n, float[] x, int xOffset, float[] y, int yOffset) {
        int bound = S.loopBound(n);
        for (int i = 0; i < bound; i += Species.LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector shifted = v.fma(
                    FloatVector.broadcast(S, ExpConstants.LOG2_E), FloatVector.broadcast(S, ExpConstants.ROUND_ONE));
            FloatVector k = shifted.sub(ExpConstants.ROUND_ONE);
            FloatVector t = k.fma(FloatVector.broadcast(S, -ExpConstants.LN2_HIGH), v);
            t = k.fma(FloatVector.broadcast(S, -ExpConstants.LN2_LOW), t);
            FloatVector u = FloatVector.broadcast(S, ExpConstants.C6);
            u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C5));
            u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C4));
            u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C3));
            u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C2));
            FloatVector q = t.mul(t).fma(u, t);
            if (v.lanewise(VectorOperators.ABS)
                    .compare(VectorOperators.GT, ExpConstants.NORMAL)
                    .anyTrue()) {
                IntVector exponents = v.fma(
                                FloatVector.broadcast(S, ExpConstants.LOG2_E),
                                FloatVector.broadcast(S, ExpConstants.ROUND))
                        .reinterpretAsInts();
                IntVector half = exponents.lanewise(VectorOperators.ASHR, 1);
                FloatVector s1 = half.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
                FloatVector s2 =
                        exponents.sub(half).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
                FloatVector e = s1.fma(q, s1).mul(s2);
                e = e.blend(Float.POSITIVE_INFINITY, v.compare(VectorOperators.GT, ExpConstants.OVERFLOW));
                e = e.blend(0f, v.compare(VectorOperators.LT, ExpConstants.UNDERFLOW));
                e.intoArray(y, yOffset + i);
            } else {
                FloatVector s = shifted.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 23)
                        .reinterpretAsFloats();
                s.fma(q, s).intoArray(y, yOffset + i);
            }
        }
        for (int i = bound; i < n; i++) {
            y[yOffset + i] = ScalarExp.exp(x[xOffset + i]);
        }
    }

    /**
     * y = e^(x - shift), or 0 where that is no normal float, and lanes[i mod 16] += y[i] in the order of i, for n a
     * multiple of 16. No x exceeds the shift.
     *
     * <p>The shift is one number: read from an array by element it took a third of the time.
     *
     * <p>With the checks its bytecodes are more than the 325 that a compiler inlines. It must stay a unit of its own: two
     * copies of it in one method are more than the compiler of JDK 17 takes in, and then it boxes.
     */
    static void expSum(int n, float[] x, int xAt, float shift, float[] y, int yAt, float[] lanes, int lanesAt) {
        Objects.checkFromIndexSize(xAt, n, x.length);
        Objects.checkFromIndexSize(yAt, n, y.length);
        for (int lane = 0; lane < Bits.LANES; lane += Species.LANES) {
            FloatVector sum = FloatVector.fromArray(S, lanes, lanesAt + lane);
            for (int i = lane; i < n; i += Bits.LANES) {
                FloatVector v = FloatVector.fromArray(S, x, xAt + i).sub(shift);
                FloatVector shifted = v.fma(
                        FloatVector.broadcast(S, ExpConstants.LOG2_E),
                        FloatVector.broadcast(S, ExpConstants.ROUND_ONE));
                FloatVector k = shifted.sub(ExpConstants.ROUND_ONE);
                FloatVector t = k.fma(FloatVector.broadcast(S, -ExpConstants.LN2_HIGH), v);
                t = k.fma(FloatVector.broadcast(S, -ExpConstants.LN2_LOW), t);
                FloatVector u = FloatVector.broadcast(S, ExpConstants.C6);
                u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C5));
                u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C4));
                u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C3));
                u = u.fma(t, FloatVector.broadcast(S, ExpConstants.C2));
                FloatVector q = t.mul(t).fma(u, t);
                FloatVector s = shifted.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 23)
                        .reinterpretAsFloats();
                FloatVector e = s.fma(q, s);
                e = e.blend(0f, v.compare(VectorOperators.LT, ExpConstants.SUBNORMAL));
                e.intoArray(y, yAt + i);
                sum = e.add(sum);
            }
            sum.intoArray(lanes, lanesAt + lane);
        }
    }
}
