package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * A bias row: added to every row of a matrix, and its gradient.
 *
 * <p><b>Source.</b> Rumelhart, Hinton and Williams, Learning representations by back-propagating errors (1986).
 */
public final class Bias {
    private static final Kernels.Bias KERNEL = Backend.active().bias();

    private Bias() {}

    /**
     * Computes y(i, j) = y(i, j) + bias(j), rounded once. NaN and infinity propagate.
     *
     * <p><b>Error.</b> At most u |y(i, j) + bias(j)|, u = 2<sup>-24</sup>, barring overflow.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param bias the row to add
     * @param biasOffset index of its first element
     * @param y the matrix, read and written
     * @param yOffset index of its first element
     * @param ldy its leading dimension
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void add(int rows, int cols, float[] bias, int biasOffset, float[] y, int yOffset, int ldy) {
        Check.vector("bias", bias.length, biasOffset, cols);
        Check.matrix("y", y.length, yOffset, rows, cols, ldy);
        Check.disjoint("y", y, yOffset, rows, cols, ldy, "bias", bias, biasOffset, 1, cols, cols);
        KERNEL.add(rows, cols, bias, biasOffset, y, yOffset, ldy);
    }

    /**
     * Computes sums(j) = sums(j) + sum over i of g(i, j), the rows added one after the other, the first
     * row first: two calls over the halves of a batch give the bits of one call over all of it.
     *
     * <p><b>Error.</b> At most rows u (|sums(j)| + sum |g(i, j)|), u = 2<sup>-24</sup>. NaN and infinity
     * propagate.
     *
     * @param rows how many rows
     * @param cols how many columns
     * @param g the gradient with respect to the matrix
     * @param gOffset index of its first element
     * @param ldg its leading dimension
     * @param sums the column sums, read and written
     * @param sumsOffset index of the first sum
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void accumulateGradient(
            int rows, int cols, float[] g, int gOffset, int ldg, float[] sums, int sumsOffset) {
        Check.matrix("g", g.length, gOffset, rows, cols, ldg);
        Check.vector("sums", sums.length, sumsOffset, cols);
        Check.disjoint("sums", sums, sumsOffset, 1, cols, cols, "g", g, gOffset, rows, cols, ldg);
        KERNEL.accumulateGradient(rows, cols, g, gOffset, ldg, sums, sumsOffset);
    }
}
