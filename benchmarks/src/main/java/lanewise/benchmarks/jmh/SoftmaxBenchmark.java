package lanewise.benchmarks.jmh;

import lanewise.kernels.Softmax;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Softmax and its logarithms, over many short rows and over long ones. */
public class SoftmaxBenchmark extends KernelBenchmark {
    /** Rows and columns. */
    @Param({"60000x10", "4096x1000"})
    public String shape;

    private int rows;
    private int cols;
    private float[] x;
    private float[] y;

    @Override
    void allocate() {
        rows = Shape.parse(shape).size(0);
        cols = Shape.parse(shape).size(1);
        x = floats(rows * cols);
        y = new float[rows * cols];
    }

    /** Softmax by row. */
    @Benchmark
    public float[] softmax() {
        Softmax.softmax(rows, cols, x, 0, cols, y, 0, cols);
        return y;
    }

    /** The logarithm of softmax by row. */
    @Benchmark
    public float[] logSoftmax() {
        Softmax.logSoftmax(rows, cols, x, 0, cols, y, 0, cols);
        return y;
    }

    /** The logarithm of the sum of the exponentials of each row. */
    @Benchmark
    public float[] logSumExp() {
        Softmax.logSumExp(rows, cols, x, 0, cols, y, 0);
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
