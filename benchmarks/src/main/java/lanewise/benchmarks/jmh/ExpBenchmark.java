package lanewise.benchmarks.jmh;

import lanewise.kernels.Exp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The exponential function, from L1. */
public class ExpBenchmark extends KernelBenchmark {
    /** Elements. */
    @Param("4096")
    public String shape;

    private float[] x;
    private float[] y;

    @Override
    void allocate() {
        x = floats(Shape.parse(shape).size(0));
        y = new float[x.length];
    }

    /** y = e^x. */
    @Benchmark
    public float[] exp() {
        Exp.exp(x.length, x, 0, y, 0);
        return y;
    }

    @Override
    public float[][] operands() {
        return new float[][] {x};
    }

    @Override
    public float[] result() {
        return y;
    }
}
