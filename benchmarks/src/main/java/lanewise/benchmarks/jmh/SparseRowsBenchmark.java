package lanewise.benchmarks.jmh;

import lanewise.kernels.SparseRows;
import lanewise.trainer.data.Csr;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A classifier over sparse rows: those of {@link SparseBenchmark}, one batch of them. */
public class SparseRowsBenchmark extends KernelBenchmark {
    /** Rows, features, entries of a row, and classes. */
    @Param({"100x50000x100x2", "100x50000x100x10"})
    public String shape;

    private int rows;
    private int ld;
    private Csr x;
    private float[] w;
    private float[] bias;
    private float[] z;
    private float[] g;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(shape);
        rows = sizes.size(0);
        ld = SparseRows.paddedClasses(sizes.size(3));
        x = SparseBenchmark.rows(rows, sizes.size(1), sizes.size(2), sizes.size(3), 1)
                .sparse()
                .orElseThrow();
        w = floats(sizes.size(1) * ld);
        bias = floats(ld);
        z = new float[rows * ld];
        g = floats(rows * ld);
    }

    /** The logits. */
    @Benchmark
    public float[] sparseRowsLogits() {
        int[] starts = x.rowStart();
        SparseRows.logits(rows, starts, 0, starts, 1, x.columns(), x.values(), ld, w, 0, ld, bias, 0, z, 0, ld);
        return z;
    }

    /** The gradient of the weights. */
    @Benchmark
    public float[] sparseRowsGradient() {
        int[] starts = x.rowStart();
        SparseRows.accumulateGradient(rows, starts, 0, starts, 1, x.columns(), x.values(), ld, g, 0, ld, w, 0, ld);
        return w;
    }
}
