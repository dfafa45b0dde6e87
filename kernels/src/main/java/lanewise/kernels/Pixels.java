package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;

/**
 * Rows of pixels as unsigned bytes, a quarter of the memory of floats, widened in registers where they are used: to floats,
 * to the logits of a linear classifier of a few classes, and to the gradient of its weights.
 *
 * <p><b>Layout.</b> Sixteen pixels are a group. Row i of X starts at {@code xOffset + i * ldx}. Behind the last row {@link
 * #SLACK} more bytes are there, which may be read and never matter. The weight of group g, class c and pixel l of the group
 * stands at {@code wOffset + 16 (g P + c) + l}, where P is the number of classes rounded up to a multiple of 5; those of the
 * classes beyond are there and never matter. Logits and their gradient stand class by class: that of sample i and class c at {@code zOffset + c * ldz + i}.
 *
 * <pre>
 *   X  [rows][ldx]      bytes      | group 0: 16 pixels | group 1 | ...
 *   W  [groups][P][16]  floats     | group 0: class 0, class 1, ... | group 1: class 0, ...
 *   Z  [classes][ldz]   floats     class 0: sample 0, 1, 2, ...
 * </pre>
 *
 * <p><b>Source.</b> The products are those of {@link Sgemm}; nothing but the layout is new.
 *
 * <p>{@link Patches} does the same for rows whose groups of zeros are left out, with the same bits.
 */
public final class Pixels {
    /** The pixels of a group. */
    public static final int GROUP = Bits.LANES;

    /** How many more bytes an array of pixels must have after its last pixel. */
    public static final int SLACK = GROUP;

    /** The classes that one call takes at most; more fill whole vectors, and are {@link Sgemm}'s. */
    public static final int MOST_CLASSES = GROUP - 1;

    private static final Kernels.Pixels KERNEL = Backend.active().pixels();

    private Pixels() {}

    /**
     * How many floats the weights take.
     *
     * @param groups the groups of a row
     * @param classes how many classes
     * @return the length of W, its padding included
     * @throws IllegalArgumentException if one is negative
     * @throws ArithmeticException if that is more than an array can hold
     */
    public static int weights(int groups, int classes) {
        Check.size("groups", groups);
        Check.size("classes", classes);
        return Math.multiplyExact(groups, Math.multiplyExact(GROUP, Bits.paddedClasses(classes)));
    }

    /** As {@link #weights}, of a call: more than an array can hold is then too much for one that is there. */
    static long length(int groups, int classes) {
        return (long) GROUP * Bits.paddedClasses(classes) * groups;
    }

    /**
     * Where in W a weight stands. It is asked in loops, so nothing is checked: the result says something of a pixel and a
     * class that W has.
     *
     * @param classes how many classes
     * @param pixel which pixel of a row
     * @param label which class
     * @return an index, from 0
     */
    public static int weightAt(int classes, int pixel, int label) {
        return (pixel / GROUP * Bits.paddedClasses(classes) + label) * GROUP + pixel % GROUP;
    }

    /**
     * How much memory of its own a thread keeps for the gradient of so many rows: at most the gradients of their logits,
     * sample by sample, and two vectors of their pixels, widened.
     *
     * @param rows how many rows
     * @return floats
     * @throws IllegalArgumentException if rows is negative
     */
    public static long workingFloats(int rows) {
        Check.size("rows", rows);
        return 3L * GROUP * rows;
    }

    /**
     * Computes y = scale * x for n pixels, x taken as unsigned, 0 to 255.
     *
     * <p><b>Error.</b> One rounding an element, 2<sup>-24</sup> of it or half of the smallest subnormal; exact for a scale of
     * 1. <b>Special values.</b> A scale of NaN or infinity propagates as IEEE 754 says. <b>Source.</b> The definition.
     *
     * @param n how many pixels
     * @param x the pixels
     * @param xOffset index of the first pixel
     * @param scale what each is multiplied by
     * @param y the output
     * @param yOffset index of its first element
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void widen(int n, byte[] x, int xOffset, float scale, float[] y, int yOffset) {
        Check.vector("x", x.length, xOffset, n);
        Check.vector("y", y.length, yOffset, n);
        KERNEL.widen(n, x, xOffset, scale, y, yOffset);
    }

    /**
     * Computes Z(c, i) = scale * sum X(i, p) W(p, c) over the pixels p of the first groups.
     *
     * <p><b>Bits.</b> Lane l of 16 is the chain, over the groups in order, of {@code fma(x, w, lane)} from 0 at pixel l of
     * each; then the lanes l and l + 8 are added, l and l + 4, l and l + 2, l and l + 1, and the sum is multiplied by the
     * scale. It is {@link Sgemm}'s sum for the widened pixels times the transpose of a narrow W, scaled behind the sum.
     *
     * <p><b>Special values.</b> NaN and infinity propagate as IEEE 754 says, also through a pixel of 0.
     *
     * <p><b>Error.</b> Against the exact result, with u = 2<sup>-24</sup> and n pixels: at most
     * (n / 16 + 6) u |scale| sum x |w|, and a few smallest subnormals.
     *
     * @param rows how many samples
     * @param groups how many groups of a row count
     * @param x the pixels
     * @param xOffset index of the first pixel of the first row
     * @param ldx bytes from one row to the next, at least 16 a group
     * @param classes how many classes, at most 15
     * @param w the weights, {@link #weights} of them
     * @param wOffset index of the first weight
     * @param scale what a sum is multiplied by
     * @param z the logits, classes x rows
     * @param zOffset index of the first logit
     * @param ldz floats from one class to the next
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void logits(
            int rows,
            int groups,
            byte[] x,
            int xOffset,
            int ldx,
            int classes,
            float[] w,
            int wOffset,
            float scale,
            float[] z,
            int zOffset,
            int ldz) {
        checkRows(rows, groups, x, xOffset, ldx);
        checkClasses(classes);
        long length = length(groups, classes);
        Check.vector("w", w.length, wOffset, length);
        int n = (int) length;
        Check.matrix("z", z.length, zOffset, classes, rows, ldz);
        Check.disjoint("z", z, zOffset, classes, rows, ldz, "w", w, wOffset, 1, n, n);
        KERNEL.logits(rows, groups, x, xOffset, ldx, classes, w, wOffset, scale, z, zOffset, ldz);
    }

    /**
     * Adds to the gradient of the weights of some groups: dW(p, c) = sum G(c, i) X(i, p) + dW(p, c).
     *
     * <p><b>Bits.</b> For the samples in order {@code dw = fma(x, g, dw)}: so the halves of a batch, one call after the
     * other, give the bits of the whole, and slices of groups those of all.
     *
     * <p><b>Special values.</b> NaN and infinity propagate as IEEE 754 says, also through a pixel of 0. G has a row for each
     * class that the weights are stored for: those beyond the classes go to weights beyond them.
     *
     * <p><b>Error.</b> Against the exact result, with u = 2<sup>-24</sup>: at most (rows + 1) u (sum |g| x + |dw|), and a
     * few smallest subnormals.
     *
     * @param rows how many samples
     * @param fromGroup the first group, even
     * @param toGroup the group behind the last, even
     * @param x the pixels
     * @param xOffset index of the first pixel of the first row
     * @param ldx bytes from one row to the next, at least 16 a group
     * @param classes how many classes, at most 15
     * @param g the gradient of the logits, P x rows
     * @param gOffset index of its first element
     * @param ldg floats from one class to the next
     * @param dw the gradient of the weights, in the layout of W, up to toGroup
     * @param dwOffset index of that of group 0
     * @throws IllegalArgumentException if an argument does not fit: see the package
     */
    public static void accumulateGradient(
            int rows,
            int fromGroup,
            int toGroup,
            byte[] x,
            int xOffset,
            int ldx,
            int classes,
            float[] g,
            int gOffset,
            int ldg,
            float[] dw,
            int dwOffset) {
        if (fromGroup < 0 || fromGroup > toGroup || fromGroup % 2 != 0 || toGroup % 2 != 0) {
            throw new IllegalArgumentException(
                    "the groups " + fromGroup + " to " + toGroup + " are not pairs in order");
        }
        checkRows(rows, toGroup, x, xOffset, ldx);
        checkClasses(classes);
        int padded = Bits.paddedClasses(classes);
        long length = length(toGroup, classes);
        Check.matrix("g", g.length, gOffset, padded, rows, ldg);
        Check.vector("dw", dw.length, dwOffset, length);
        int n = (int) length;
        Check.disjoint("dw", dw, dwOffset, 1, n, n, "g", g, gOffset, padded, rows, ldg);
        KERNEL.accumulateGradient(rows, fromGroup, toGroup, x, xOffset, ldx, classes, g, gOffset, ldg, dw, dwOffset);
    }

    private static void checkRows(int rows, int groups, byte[] x, int xOffset, int ldx) {
        Check.size("rows", rows);
        Check.size("groups", groups);
        long width = (long) GROUP * groups;
        if (xOffset < 0 || ldx < Math.max(1, width)) {
            throw new IllegalArgumentException(
                    "rows of " + groups + " groups do not fit an ldx of " + ldx + " from offset " + xOffset);
        }
        long needed = rows == 0 ? 0 : (rows - 1L) * ldx + width + SLACK;
        if (xOffset + needed > x.length) {
            throw new IllegalArgumentException("x is too short: " + rows + " rows of " + ldx + " bytes from offset "
                    + xOffset + " and " + SLACK + " more do not fit its length of " + x.length);
        }
    }

    /** The classes of one call fit the registers. */
    static void checkClasses(int classes) {
        if (classes < 0 || classes > MOST_CLASSES) {
            throw new IllegalArgumentException("classes is " + classes + " (expected 0 to " + MOST_CLASSES + ")");
        }
    }
}
