package lanewise.kernels;

import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/**
 * Rows that are mostly zeros, X as compressed sparse rows, times a dense matrix, and the gradient of that product. It takes
 * time for what is kept, whatever the number of features.
 *
 * <p><b>Layout.</b> Entry e of X has the value {@code values[e]} in column {@code columns[e]}. Row i has the entries {@code
 * starts[startsOffset + i]} to {@code ends[endsOffset + i]}, without the last; their columns ascend. With one array of rows +
 * 1 numbers, starts from its element 0 and ends from its element 1, these are plain compressed rows; with arrays of their
 * own, any rows in any order, or the part of each that lies in a range of columns. W has a row for each feature, a column
 * for each class.
 *
 * <pre>
 *   X  entries            | row 0: (column, value), (column, value), ... | row 1: ...
 *   W  [features][ldw]    | feature 0: class 0, class 1, ... | feature 1: class 0, ...
 *   Z  [rows][ldz]        | row 0: class 0, class 1, ... | row 1: class 0, ...
 * </pre>
 *
 * <p><b>Special values.</b> NaN and infinity propagate through the entries that are there, values of 0 too; what is not kept
 * meets nothing.
 *
 * <p><b>Source.</b> Duff, Heroux and Pozo, An overview of the sparse basic linear algebra subprograms (2002), whose product
 * this is, with rows as pairs of pointers.
 */
public final class SparseRows {
    /** Few classes, at most this many, are stored without padding. */
    private static final int FEW = 4;

    private static final int GROUP = 16;
    private static final Kernels.SparseRows KERNEL = Backend.active().sparseRows();

    private SparseRows() {}

    /**
     * How many columns W should have for a number of classes, those beyond filled with zeros: a multiple of 16 floats, so
     * that vectors of any width leave nothing over; of up to 4 classes just those, since a sixteenth of a vector would not
     * be worth four times the memory.
     *
     * @param classes how many classes
     * @return at least as many
     * @throws IllegalArgumentException if classes is negative
     * @throws ArithmeticException if that is more than an int can hold
     */
    public static int paddedClasses(int classes) {
        Check.size("classes", classes);
        return classes <= FEW ? classes : Math.multiplyExact((classes - 1) / GROUP + 1, GROUP);
    }

    /**
     * Computes Z(i, c) = bias(c) + sum X(i, p) W(p, c) over the entries of each row.
     *
     * <p><b>Bits.</b> Four chains of {@code fma(x, w, chain)}: the entries of a row go to the chains 0, 1, 2, 3 and again 0;
     * the last one, two or three that fill no round all go to chain 0. Chain 0 starts from the bias and the others from 0,
     * and the logit is (0 + 2) + (1 + 3).
     *
     * <p><b>Error.</b> Against the exact result, with u = 2<sup>-24</sup> and n entries in the row: at most
     * (n / 4 + 6) u (|bias| + sum |x w|), and a few smallest subnormals.
     *
     * @param rows how many rows
     * @param starts the first entry of each row
     * @param startsOffset index of that of the first row
     * @param ends the entry behind the last of each row
     * @param endsOffset index of that of the first row
     * @param columns the column of each entry
     * @param values the value of each entry
     * @param classes how many columns of W count; with none any feature fits it
     * @param w the weights, features x classes
     * @param wOffset index of the first weight
     * @param ldw floats from one feature to the next
     * @param bias what each logit starts from; may be a row of w
     * @param biasOffset index of that of the first class
     * @param z the logits, rows x classes
     * @param zOffset index of the first logit
     * @param ldz floats from one row to the next
     * @throws IllegalArgumentException if an argument does not fit: see the package; or if a row has its entries beyond the
     *     end of their arrays, or its first or last column outside w
     * @throws IndexOutOfBoundsException if columns do not ascend and one between leads outside the array of w, by the int
     *     {@code wOffset + column * ldw}; one that leads elsewhere in it, as a negative one may before the offset or a
     *     large one by overflow, reads what stands there
     */
    public static void logits(
            int rows,
            int[] starts,
            int startsOffset,
            int[] ends,
            int endsOffset,
            int[] columns,
            float[] values,
            int classes,
            float[] w,
            int wOffset,
            int ldw,
            float[] bias,
            int biasOffset,
            float[] z,
            int zOffset,
            int ldz) {
        Check.size("rows", rows);
        int features =
                checkRows(rows, starts, startsOffset, ends, endsOffset, columns, values, "w", classes, w, wOffset, ldw);
        Check.vector("bias", bias.length, biasOffset, classes);
        Check.matrix("z", z.length, zOffset, rows, classes, ldz);
        Check.disjoint("z", z, zOffset, rows, classes, ldz, "w", w, wOffset, features, classes, ldw);
        Check.disjoint("z", z, zOffset, rows, classes, ldz, "bias", bias, biasOffset, 1, classes, classes);
        int n = values.length;
        Check.disjoint("z", z, zOffset, rows, classes, ldz, "values", values, 0, 1, n, n);
        KERNEL.logits(
                rows,
                starts,
                startsOffset,
                ends,
                endsOffset,
                columns,
                values,
                classes,
                w,
                wOffset,
                ldw,
                bias,
                biasOffset,
                z,
                zOffset,
                ldz);
    }

    /**
     * Adds to the gradient of the weights: dW(p, c) = sum X(i, p) G(i, c) + dW(p, c). With G times the negative learning
     * rate, and the weights themselves for dW, that is a step of gradient descent.
     *
     * <p><b>Bits.</b> For the rows in order {@code dw = fma(x, g, dw)}: so the halves of a batch, one call after the other,
     * give the bits of the whole, and ranges of columns, each with its part of every row, those of all.
     *
     * <p><b>Error.</b> Against the exact result, with u = 2<sup>-24</sup> and n rows that keep the feature: at most
     * (n + 1) u (sum |x g| + |dw|), and a few smallest subnormals.
     *
     * @param rows how many rows
     * @param starts the first entry of each row
     * @param startsOffset index of that of the first row
     * @param ends the entry behind the last of each row
     * @param endsOffset index of that of the first row
     * @param columns the column of each entry
     * @param values the value of each entry
     * @param classes how many columns of G count; with none any feature fits dw
     * @param g the gradient of the logits, rows x classes
     * @param gOffset index of its first element
     * @param ldg floats from one row to the next
     * @param dw the gradient of the weights, features x classes
     * @param dwOffset index of its first element
     * @param lddw floats from one feature to the next
     * @throws IllegalArgumentException if an argument does not fit: see the package; or if a row has its entries beyond the
     *     end of their arrays, or its first or last column outside dw
     * @throws IndexOutOfBoundsException if columns do not ascend and one between leads outside the array of dw, by the int
     *     {@code dwOffset + column * lddw}; one that leads elsewhere in it, as a negative one may before the offset or a
     *     large one by overflow, adds to what stands there
     */
    public static void accumulateGradient(
            int rows,
            int[] starts,
            int startsOffset,
            int[] ends,
            int endsOffset,
            int[] columns,
            float[] values,
            int classes,
            float[] g,
            int gOffset,
            int ldg,
            float[] dw,
            int dwOffset,
            int lddw) {
        Check.size("rows", rows);
        int features = checkRows(
                rows, starts, startsOffset, ends, endsOffset, columns, values, "dw", classes, dw, dwOffset, lddw);
        Check.matrix("g", g.length, gOffset, rows, classes, ldg);
        Check.disjoint("dw", dw, dwOffset, features, classes, lddw, "g", g, gOffset, rows, classes, ldg);
        int n = values.length;
        Check.disjoint("dw", dw, dwOffset, features, classes, lddw, "values", values, 0, 1, n, n);
        KERNEL.accumulateGradient(
                rows,
                starts,
                startsOffset,
                ends,
                endsOffset,
                columns,
                values,
                classes,
                g,
                gOffset,
                ldg,
                dw,
                dwOffset,
                lddw);
    }

    /** Returns how many features of W the rows reach. */
    private static int checkRows(
            int rows,
            int[] starts,
            int startsOffset,
            int[] ends,
            int endsOffset,
            int[] columns,
            float[] values,
            String name,
            int classes,
            float[] w,
            int wOffset,
            int ldw) {
        Check.matrix(name, w.length, wOffset, 0, classes, ldw);
        Check.vector("starts", starts.length, startsOffset, rows);
        Check.vector("ends", ends.length, endsOffset, rows);
        int entries = Math.min(columns.length, values.length);
        // Rounded down, since a W that is shorter than one feature has none.
        long features = Math.floorDiv((long) w.length - wOffset - classes, ldw) + 1;
        int reached = 0;
        for (int i = 0; i < rows; i++) {
            int start = starts[startsOffset + i];
            int end = ends[endsOffset + i];
            if (start < 0 || start > end || end > entries) {
                throw new IllegalArgumentException(
                        "row " + i + " has the entries " + start + " to " + end + ", of " + entries);
            }
            if (start == end) {
                continue;
            }
            // Columns ascend, so the first and the last vouch for the others. A feature of no classes takes no room.
            if (columns[start] < 0 || classes > 0 && columns[end - 1] >= features) {
                throw new IllegalArgumentException("row " + i + " has the columns " + columns[start] + " to "
                        + columns[end - 1] + ", of " + features + " that fit " + name);
            }
            reached = Math.max(reached, columns[end - 1] + 1);
        }
        return reached;
    }
}
