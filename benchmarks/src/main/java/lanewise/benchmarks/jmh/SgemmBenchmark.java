package lanewise.benchmarks.jmh;

import lanewise.kernels.Sgemm;
import lanewise.kernels.Transpose;
import lanewise.kernels.Workers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Matrix products: squares, the layers of a classifier of 784 pixels, and the gradients of their weights and inputs. */
public class SgemmBenchmark extends KernelBenchmark {
    /** See {@link Shape}. */
    @Param({
        "NN:64x64x64",
        "NN:256x256x256",
        "NN:512x512x512",
        "NN:1024x1024x1024",
        "NN:100x784x10",
        "NN:4096x784x10",
        "NN:100x784x400",
        "TN:784x100x10",
        "TN:784x100x400",
        "NT:100x10x400"
    })
    public String shape;

    /** How many threads share a product. */
    @Param("1")
    public int threads = 1;

    @Param("1")
    public float alpha = 1;

    /** With 1 and more C grows from call to call. */
    @Param("0")
    public float beta;

    /** Where each matrix begins in its array, and by how much its rows are apart. */
    @Param("0")
    public int offset;

    private Workers workers;
    private Transpose transA;
    private Transpose transB;
    private int m;
    private int n;
    private int k;
    private float[] a;
    private float[] b;
    private float[] c;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(shape);
        transA = Transpose.valueOf(sizes.trans().substring(0, 1));
        transB = Transpose.valueOf(sizes.trans().substring(1));
        m = sizes.size(0);
        k = sizes.size(1);
        n = sizes.size(2);
        a = floats(length(transA, m, k));
        b = floats(length(transB, k, n));
        c = new float[length(Transpose.N, m, n)];
        workers = Workers.of(threads);
    }

    private int length(Transpose trans, int rows, int columns) {
        return offset + (trans == Transpose.N ? rows : columns) * ld(trans, rows, columns);
    }

    private int ld(Transpose trans, int rows, int columns) {
        return offset + (trans == Transpose.N ? columns : rows);
    }

    /** C = alpha op(A) op(B) + beta C. */
    @Benchmark
    public float[] sgemm() {
        Sgemm.sgemm(
                workers,
                transA,
                transB,
                m,
                n,
                k,
                alpha,
                a,
                offset,
                ld(transA, m, k),
                b,
                offset,
                ld(transB, k, n),
                beta,
                c,
                offset,
                ld(Transpose.N, m, n));
        return c;
    }

    @Override
    public float[][] operands() {
        return new float[][] {a, b};
    }

    @Override
    public float[] result() {
        return c;
    }

    @Override
    public void close() {
        workers.close();
    }
}
