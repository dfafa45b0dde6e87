package lanewise.benchmarks.jmh;

import lanewise.kernels.Level1;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Vector operations, from L1. */
public class Level1Benchmark extends KernelBenchmark {
    /** Elements. */
    @Param("4096")
    public String shape;

    private float[] x;
    private float[] y;

    @Override
    void allocate() {
        x = floats(Shape.parse(shape).size(0));
        y = floats(x.length);
    }

    /** x = -x: a factor under which repetition neither grows nor shrinks x. */
    @Benchmark
    public float[] scal() {
        Level1.scal(x.length, -1, x, 0);
        return x;
    }

    /** y = y + alpha x. */
    @Benchmark
    public float[] axpy() {
        Level1.axpy(x.length, 0.001f, x, 0, y, 0);
        return y;
    }

    /** The dot product. */
    @Benchmark
    public float dot() {
        return Level1.dot(x.length, x, 0, y, 0);
    }

    /** The sum of squares. */
    @Benchmark
    public float sumOfSquares() {
        return Level1.sumOfSquares(x.length, x, 0);
    }
}
