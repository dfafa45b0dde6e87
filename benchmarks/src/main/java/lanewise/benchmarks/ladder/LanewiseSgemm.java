package lanewise.benchmarks.ladder;

import lanewise.kernels.Sgemm;
import lanewise.kernels.Transpose;

/** The product of the library, which has transposes, strides, offsets, tails and threads besides. */
final class LanewiseSgemm implements MatmulStep {
    @Override
    public String idea() {
        return "the library: a larger tile where there are 32 registers, packing only where it pays, and every tail in vectors";
    }

    @Override
    public void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
        Sgemm.sgemm(Transpose.N, Transpose.N, m, n, k, 1, a, 0, k, b, 0, n, 0, c, 0, n);
    }
}
