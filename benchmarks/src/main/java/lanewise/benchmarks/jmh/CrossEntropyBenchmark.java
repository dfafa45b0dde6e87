package lanewise.benchmarks.jmh;

import lanewise.kernels.CrossEntropy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The loss of a classifier of ten classes, its gradient and its errors: a batch, and a whole training set. */
public class CrossEntropyBenchmark extends KernelBenchmark {
    /** Rows and classes. */
    @Param({"100x10", "60000x10"})
    public String shape;

    private int rows;
    private int classes;
    private float[] z;
    private int[] labels;
    private float[] g;

    @Override
    void allocate() {
        rows = Shape.parse(shape).size(0);
        classes = Shape.parse(shape).size(1);
        z = floats(rows * classes);
        labels = labels(rows, classes);
        g = new float[rows * classes];
    }

    /** The loss. */
    @Benchmark
    public double crossEntropyLoss() {
        return CrossEntropy.loss(rows, classes, z, 0, classes, labels, 0);
    }

    /** The gradient. */
    @Benchmark
    public float[] crossEntropyGradient() {
        CrossEntropy.gradient(rows, classes, z, 0, classes, labels, 0, 1f / rows, g, 0, classes);
        return g;
    }

    /** Loss and gradient in one pass. */
    @Benchmark
    public double crossEntropyLossAndGradient() {
        return CrossEntropy.lossAndGradient(rows, classes, z, 0, classes, labels, 0, 1f / rows, g, 0, classes);
    }

    /** How many rows are wrong. */
    @Benchmark
    public int crossEntropyErrors() {
        return CrossEntropy.errors(rows, classes, z, 0, classes, labels, 0);
    }
}
