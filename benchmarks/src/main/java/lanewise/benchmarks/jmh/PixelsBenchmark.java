package lanewise.benchmarks.jmh;

import lanewise.kernels.Pixels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A classifier over rows of bytes. */
public class PixelsBenchmark extends KernelBenchmark {
    /** Rows, pixels, which are rounded up to whole pairs of groups, and classes. */
    @Param("100x784x10")
    public String shape;

    private int rows;
    private int groups;
    private int ldx;
    private int classes;
    private byte[] x;
    private float[] widened;
    private float[] w;
    private float[] z;
    private float[] g;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(shape);
        rows = sizes.size(0);
        groups = (sizes.size(1) + 2 * Pixels.GROUP - 1) / (2 * Pixels.GROUP) * 2;
        ldx = groups * Pixels.GROUP;
        classes = sizes.size(2);
        x = bytes(rows * ldx + Pixels.SLACK);
        widened = new float[rows * ldx];
        w = floats(Pixels.weights(groups, classes));
        z = new float[rows * classes];
        g = floats(rows * Pixels.weights(1, classes) / Pixels.GROUP);
    }

    /** Bytes to floats. */
    @Benchmark
    public float[] pixelsWiden() {
        Pixels.widen(widened.length, x, 0, 1f / 255, widened, 0);
        return widened;
    }

    /** The logits. */
    @Benchmark
    public float[] pixelsLogits() {
        Pixels.logits(rows, groups, x, 0, ldx, classes, w, 0, 1f / 255, z, 0, rows);
        return z;
    }

    /** The gradient of the weights. */
    @Benchmark
    public float[] pixelsGradient() {
        Pixels.accumulateGradient(rows, 0, groups, x, 0, ldx, classes, g, 0, rows, w, 0);
        return w;
    }
}
