package lanewise.peers;

import lanewise.benchmarks.jmh.Shape;
import lanewise.benchmarks.race.Contender;
import org.bytedeco.javacpp.FloatPointer;

/** A product by a library with the C interface of the BLAS, on memory of its own. */
final class Cblas implements Contender {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANS = 111;
    private static final int TRANS = 112;

    /** The function, in one library or the other. */
    interface Sgemm {
        void call(
                int order,
                int transA,
                int transB,
                int m,
                int n,
                int k,
                float alpha,
                FloatPointer a,
                int lda,
                FloatPointer b,
                int ldb,
                float beta,
                FloatPointer c,
                int ldc);
    }

    private final Sgemm sgemm;
    private final boolean transA;
    private final boolean transB;
    private final int m;
    private final int k;
    private final int n;
    private final FloatPointer a;
    private final FloatPointer b;
    private final FloatPointer c;

    Cblas(Sgemm sgemm, Shape shape, float[]... operands) {
        this.sgemm = sgemm;
        transA = shape.trans().charAt(0) == 'T';
        transB = shape.trans().charAt(1) == 'T';
        m = shape.size(0);
        k = shape.size(1);
        n = shape.size(2);
        a = new FloatPointer(operands[0]);
        b = new FloatPointer(operands[1]);
        c = new FloatPointer((long) m * n);
    }

    @Override
    public void run() {
        sgemm.call(
                ROW_MAJOR,
                transA ? TRANS : NO_TRANS,
                transB ? TRANS : NO_TRANS,
                m,
                n,
                k,
                1,
                a,
                transA ? m : k,
                b,
                transB ? k : n,
                0,
                c,
                n);
    }

    @Override
    public float[] result() {
        float[] copy = new float[m * n];
        c.get(copy);
        return copy;
    }

    @Override
    public void close() {
        a.close();
        b.close();
        c.close();
    }
}
