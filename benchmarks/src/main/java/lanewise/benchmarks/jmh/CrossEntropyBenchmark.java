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
    private int ldz;
    private float[] z;
    private float[] byClass;
    private int[] labels;
    private float[] g;

    @Override
    void allocate() {
        rows = Shape.parse(shape).size(0);
        classes = Shape.parse(shape).size(1);
        ldz = rows + 15 & -16;
        z = floats(rows * classes);
        byClass = floats(classes * ldz);
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

    /** The loss of logits that stand class by class. */
    @Benchmark
    public double crossEntropyLossByClass() {
        return CrossEntropy.lossByClass(rows, classes, byClass, 0, ldz, labels, 0, 0, null);
    }

    /** The gradient in the place of the logits, class by class: that of the run before, which are as good as any. */
    @Benchmark
    public float[] crossEntropyGradientByClass() {
        CrossEntropy.gradientByClass(rows, classes, byClass, 0, ldz, labels, 0, 0, null, 1);
        return byClass;
    }

    /** Loss and gradient in one pass, class by class. */
    @Benchmark
    public double crossEntropyLossAndGradientByClass() {
        return CrossEntropy.lossAndGradientByClass(rows, classes, byClass, 0, ldz, labels, 0, 0, null, 1);
    }

    /** How many rows are wrong, class by class. */
    @Benchmark
    public int crossEntropyErrorsByClass() {
        return CrossEntropy.errorsByClass(rows, classes, byClass, 0, ldz, labels, 0);
    }
}
