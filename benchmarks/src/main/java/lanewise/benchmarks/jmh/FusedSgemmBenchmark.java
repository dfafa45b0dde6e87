package lanewise.benchmarks.jmh;

import lanewise.kernels.FusedSgemm;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * The first layer of a network, over dense inputs and over such that are mostly zeros, as pixels are. These are scattered,
 * so it takes 84 in a hundred before whole steps of a tile are worth leaving out.
 */
public class FusedSgemmBenchmark extends KernelBenchmark {
    /** Rows, inputs, outputs, and how many inputs in a hundred are zeros. */
    @Param({"100x784x400x0", "100x784x400x90"})
    public String shape;

    private int rows;
    private int inputs;
    private int outputs;
    private float[] x;
    private float[] w;
    private float[] bias;
    private float[] y;
    private float[] dy;
    private float[] g;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(shape);
        rows = sizes.size(0);
        inputs = sizes.size(1);
        outputs = sizes.size(2);
        x = floats(rows * inputs, sizes.size(3));
        w = floats(inputs * outputs);
        bias = floats(outputs);
        y = new float[rows * outputs];
        dy = floats(rows * outputs);
        g = new float[inputs * outputs];
    }

    /** Forward: max(X W + bias, 0). */
    @Benchmark
    public float[] fusedSgemmBiasRelu() {
        FusedSgemm.biasRelu(rows, outputs, inputs, x, 0, inputs, w, 0, outputs, bias, 0, y, 0, outputs);
        return y;
    }

    /** The gradient of the weights, and the step along it. */
    @Benchmark
    public float[] fusedSgemmSgdStep() {
        FusedSgemm.sgdStep(
                inputs, outputs, rows, x, 0, inputs, dy, 0, outputs, false, g, 0, w, 0, null, 0, outputs, 0.2f, 0,
                false, 0);
        return w;
    }
}
