package lanewise.benchmarks.jmh;

import lanewise.kernels.Relu;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The rectifier of a hidden layer. */
public class ReluBenchmark extends KernelBenchmark {
    /** Rows and columns. */
    @Param("100x400")
    public String shape;

    private int rows;
    private int cols;
    private float[] x;
    private float[] dy;
    private float[] y;

    @Override
    void allocate() {
        rows = Shape.parse(shape).size(0);
        cols = Shape.parse(shape).size(1);
        x = floats(rows * cols);
        dy = floats(rows * cols);
        y = new float[rows * cols];
    }

    /** max(x, 0). */
    @Benchmark
    public float[] reluForward() {
        Relu.forward(rows, cols, x, 0, cols, y, 0, cols);
        return y;
    }

    /** The gradient with respect to x. */
    @Benchmark
    public float[] reluBackward() {
        Relu.backward(rows, cols, x, 0, cols, dy, 0, cols, y, 0, cols);
        return y;
    }
}
