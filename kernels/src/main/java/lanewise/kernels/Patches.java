package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/**
 * What {@link Pixels} does, for rows whose groups of zeros are left out: where most of an image is background, most of the
 * work.
 *
 * <p><b>Layout.</b> Rows 2 r and 2 r + 1 are a pair, which shares its groups: those that are not all zeros in both. Pair r
 * has the groups {@code starts[r]} to {@code starts[r + 1]}, without the last. Group e is number {@code groups[e]} of the
 * row, and stands from {@code 32 * e} on in x: sixteen unsigned bytes of the first row, then sixteen of the second. The
 * numbers of a pair rise. Behind the last group {@link Pixels#SLACK} more bytes are there. Weights, logits and gradients
 * stand as in {@link Pixels}.
 *
 * <p><b>Bits.</b> As long as weights and gradients are finite, those of {@link Pixels} over the rows with their zeros: what
 * is left out would add a zero, which changes no sum but -0. A sum is never that, unless it starts so from a gradient of the
 * weights: there a -0 that meets only zeros may stay.
 *
 * <p><b>Special values.</b> NaN and infinity propagate through the groups that are there, those of pixels of 0 too.
 *
 * <p><b>Error.</b> That of {@link Pixels}, over the groups that are there.
 *
 * <p><b>Source.</b> Rows in blocks that leave out zeros, as in the register blocking of Im, Yelick and Vuduc, Sparsity:
 * optimization framework for sparse matrix kernels (2004).
 */
public final class Patches {
    private static final Kernels.Patches KERNEL = Backend.active().patches();

    private Patches() {}

    /**
     * Computes Z(c, i) = scale * sum X(first + i, p) W(p, c) over the groups that are there, as {@link Pixels#logits} does.
     *
     * @param first the first row
     * @param rows how many rows; first + rows must be an int
     * @param starts where the groups of each pair begin, and where those of the last end: pairs + 1 numbers
     * @param groups the number of each group in its rows, less than the groups of W
     * @param x the pixels of each group, of both rows, 32 bytes a group and the slack
     * @param classes how many classes, at most 15
     * @param w the weights
     * @param wOffset index of the first weight
     * @param scale what a sum is multiplied by
     * @param z the logits, classes x rows
     * @param zOffset index of the first logit
     * @param ldz floats from one class to the next
     * @throws IllegalArgumentException if an argument does not fit: see the package
     * @throws IndexOutOfBoundsException if the numbers of a pair do not rise and one before the last leads outside the array
     *     of w; one that leads elsewhere in it reads what stands there
     */
    public static void logits(
            int first,
            int rows,
            int[] starts,
            char[] groups,
            byte[] x,
            int classes,
            float[] w,
            int wOffset,
            float scale,
            float[] z,
            int zOffset,
            int ldz) {
        int reached = checkRows(first, rows, starts, groups, x);
        Pixels.checkClasses(classes);
        long length = Pixels.length(reached, classes);
        Check.vector("w", w.length, wOffset, length);
        Check.matrix("z", z.length, zOffset, classes, rows, ldz);
        int n = (int) length;
        Check.disjoint("z", z, zOffset, classes, rows, ldz, "w", w, wOffset, 1, n, n);
        KERNEL.logits(first, rows, starts, groups, x, classes, w, wOffset, scale, z, zOffset, ldz);
    }

    /**
     * Adds to the gradient of the weights of some groups: dW(p, c) = sum G(c, i) X(first + i, p) + dW(p, c), as {@link
     * Pixels#accumulateGradient} does. Groups of the rows outside the range are passed over; but where the numbers of a pair
     * do not rise, one between others may add to what stands where it leads.
     *
     * @param first the first row
     * @param rows how many rows; first + rows must be an int
     * @param fromGroup the first group
     * @param toGroup the group behind the last
     * @param starts where the groups of each pair begin, and where those of the last end: pairs + 1 numbers
     * @param groups the number of each group in its rows
     * @param x the pixels of each group, of both rows, 32 bytes a group and the slack
     * @param classes how many classes, at most 15
     * @param g the gradient of the logits, P x rows
     * @param gOffset index of its first element
     * @param ldg floats from one class to the next
     * @param dw the gradient of the weights, in the layout of W, up to toGroup
     * @param dwOffset index of that of group 0
     * @throws IllegalArgumentException if an argument does not fit: see the package
     * @throws IndexOutOfBoundsException if the numbers of a pair do not rise and one between, which may then not be passed
     *     over, leads outside the array of dw
     */
    public static void accumulateGradient(
            int first,
            int rows,
            int fromGroup,
            int toGroup,
            int[] starts,
            char[] groups,
            byte[] x,
            int classes,
            float[] g,
            int gOffset,
            int ldg,
            float[] dw,
            int dwOffset) {
        if (fromGroup < 0 || fromGroup > toGroup) {
            throw new IllegalArgumentException("the groups " + fromGroup + " to " + toGroup + " are not in order");
        }
        checkRows(first, rows, starts, groups, x);
        Pixels.checkClasses(classes);
        int padded = Bits.paddedClasses(classes);
        long length = Pixels.length(toGroup, classes);
        Check.matrix("g", g.length, gOffset, padded, rows, ldg);
        Check.vector("dw", dw.length, dwOffset, length);
        int n = (int) length;
        Check.disjoint("dw", dw, dwOffset, 1, n, n, "g", g, gOffset, padded, rows, ldg);
        KERNEL.accumulateGradient(
                first, rows, fromGroup, toGroup, starts, groups, x, classes, g, gOffset, ldg, dw, dwOffset);
    }

    /** Returns how many groups of W the rows reach. */
    private static int checkRows(int first, int rows, int[] starts, char[] groups, byte[] x) {
        Check.size("rows", rows);
        if (first > Integer.MAX_VALUE - rows) {
            throw new IllegalArgumentException(
                    "the rows " + first + " to " + (first + (long) rows) + " are more than an int can number");
        }
        if (first < 0 || first / 2 + (first % 2L + rows + 1) / 2 >= starts.length) {
            throw new IllegalArgumentException("the rows " + first + " to " + (first + (long) rows) + " are not all in "
                    + (starts.length - 1) + " pairs");
        }
        int reached = 0;
        int most = Math.min(groups.length, (x.length - Pixels.SLACK) / (2 * Pixels.GROUP));
        for (int pair = first / 2; 2L * pair < first + rows; pair++) {
            if (starts[pair] < 0 || starts[pair] > starts[pair + 1] || starts[pair + 1] > most) {
                throw new IllegalArgumentException("pair " + pair + " has the groups " + starts[pair] + " to "
                        + starts[pair + 1] + ", of " + most);
            }
            // The numbers of a pair rise, so the last vouches for the others.
            if (starts[pair] < starts[pair + 1]) {
                reached = Math.max(reached, groups[starts[pair + 1] - 1] + 1);
            }
        }
        return reached;
    }
}
