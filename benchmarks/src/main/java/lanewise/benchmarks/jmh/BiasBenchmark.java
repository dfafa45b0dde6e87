package lanewise.benchmarks.jmh;

import lanewise.kernels.Bias;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The bias of a hidden layer. */
public class BiasBenchmark extends KernelBenchmark {
    /** Rows and columns. */
    @Param("100x400")
    public String shape;

    private int rows;
    private int cols;
    private float[] bias;
    private float[] y;

    @Override
    void allocate() {
        rows = Shape.parse(shape).size(0);
        cols = Shape.parse(shape).size(1);
        bias = floats(cols);
        y = floats(rows * cols);
    }

    /** Adds the bias to every row. */
    @Benchmark
    public float[] biasAdd() {
        Bias.add(rows, cols, bias, 0, y, 0, cols);
        return y;
    }

    /** Adds every row to the gradient of the bias. */
    @Benchmark
    public float[] biasGradient() {
        Bias.accumulateGradient(rows, cols, y, 0, cols, bias, 0);
        return bias;
    }
}
