package lanewise.peers;

import dev.ludovic.netlib.blas.BLAS;
import java.lang.reflect.Method;
import lanewise.benchmarks.jmh.Shape;
import lanewise.benchmarks.race.Contender;

/** A product by netlib, which counts columns first: C' = op(B)' op(A)' is C row by row. */
final class Netlib implements Contender {
    private final BLAS blas;
    private final String transA;
    private final String transB;
    private final int m;
    private final int k;
    private final int n;
    private final float[] a;
    private final float[] b;
    private final float[] c;

    Netlib(BLAS blas, Shape shape, float[]... operands) {
        this.blas = blas;
        transA = shape.trans().substring(0, 1);
        transB = shape.trans().substring(1);
        m = shape.size(0);
        k = shape.size(1);
        n = shape.size(2);
        a = operands[0];
        b = operands[1];
        c = new float[m * n];
    }

    /** One of its forms. The library picks one by itself and keeps them to itself. */
    static BLAS instance(String form) {
        try {
            Method method = Class.forName("dev.ludovic.netlib.blas." + form).getDeclaredMethod("getInstance");
            method.setAccessible(true);
            return (BLAS) method.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void run() {
        blas.sgemm(transB, transA, n, m, k, 1, b, transB.equals("T") ? k : n, a, transA.equals("T") ? m : k, 0, c, n);
    }

    @Override
    public float[] result() {
        return c;
    }
}
