package lanewise.benchmarks.jmh;

import lanewise.kernels.Sgd;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The SGD step on the weights of a softmax regression and of a hidden layer. */
public class SgdBenchmark extends KernelBenchmark {
    /** Weights. */
    @Param({"784x10", "784x400"})
    public String shape;

    private float[] w;
    private float[] g;
    private float[] v;

    @Override
    void allocate() {
        int n = Shape.parse(shape).size(0) * Shape.parse(shape).size(1);
        w = floats(n);
        g = floats(n);
        v = new float[n];
    }

    /** The plain step. */
    @Benchmark
    public float[] sgdStep() {
        Sgd.step(w.length, w, 0, g, 0, 0.2f, 0.001f);
        return w;
    }

    /** The step that clears its gradient: without decay, under which weights with no gradient become subnormal, and slow. */
    @Benchmark
    public float[] sgdStepAndClear() {
        Sgd.stepAndClear(w.length, w, 0, g, 0, 0.5f, 0.2f, 0);
        return w;
    }

    /** The step with momentum. */
    @Benchmark
    public float[] sgdMomentumStep() {
        Sgd.momentumStep(w.length, w, 0, g, 0, v, 0, 0.2f, 0.9f, true, 0.001f);
        return w;
    }
}
