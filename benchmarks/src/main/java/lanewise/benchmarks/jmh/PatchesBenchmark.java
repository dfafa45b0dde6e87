package lanewise.benchmarks.jmh;

import lanewise.kernels.Patches;
import lanewise.kernels.Pixels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A classifier over rows of bytes of whose groups every other one is all zeros, and left out. */
public class PatchesBenchmark extends KernelBenchmark {
    /** Rows, an even number, pixels, a multiple of 16, and classes. */
    @Param("100x784x10")
    public String shape;

    private int rows;
    private int groups;
    private int classes;
    private int[] starts;
    private char[] numbers;
    private byte[] x;
    private float[] w;
    private float[] z;
    private float[] g;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(shape);
        rows = sizes.size(0);
        groups = sizes.size(1) / Pixels.GROUP;
        classes = sizes.size(2);
        starts = new int[rows / 2 + 1];
        numbers = new char[rows / 2 * groups];
        for (int pair = 0, kept = 0; pair < rows / 2; pair++) {
            // From a pair to the next the others, as images differ in what they leave out.
            for (int group = pair % 2; group < groups; group += 2) {
                numbers[kept++] = (char) group;
            }
            starts[pair + 1] = kept;
        }
        x = bytes(2 * Pixels.GROUP * numbers.length + Pixels.SLACK);
        w = floats(Pixels.weights(groups, classes));
        z = new float[rows * classes];
        g = floats(rows * Pixels.weights(1, classes) / Pixels.GROUP);
    }

    /** The logits. */
    @Benchmark
    public float[] patchesLogits() {
        Patches.logits(0, rows, starts, numbers, x, classes, w, 0, 1f / 255, z, 0, rows);
        return z;
    }

    /** The gradient of the weights. */
    @Benchmark
    public float[] patchesGradient() {
        Patches.accumulateGradient(0, rows, 0, groups, starts, numbers, x, classes, g, 0, rows, w, 0);
        return w;
    }
}
