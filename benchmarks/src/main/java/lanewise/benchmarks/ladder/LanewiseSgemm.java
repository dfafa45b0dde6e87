package lanewise.benchmarks.ladder;

import lanewise.kernels.Sgemm;
import lanewise.kernels.Transpose;

/** The product of the library, which has transposes, strides, offsets, tails and threads besides. */
final class LanewiseSgemm implements MatmulStep {
    @Override
    public String idea() {
        return "the library: the same plan, copies only what repays it, and has tiles for what is left over";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        Sgemm.sgemm(Transpose.N, Transpose.N, m, n, k, 1, a, 0, k, b, 0, n, 0, c, 0, n);
    }
}
