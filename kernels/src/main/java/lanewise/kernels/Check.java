package lanewise.kernels;

/** The argument checks of the facades. */
final class Check {
    private Check() {}

    /** A size is a non-negative count of elements. */
    static void size(String name, int size) {
        if (size < 0) {
            throw new IllegalArgumentException(name + " is negative: " + size);
        }
    }

    /** A vector of n elements from offset on lies inside its array. */
    static void vector(String name, int length, int offset, long n) {
        if (n < 0) {
            throw new IllegalArgumentException("the size of " + name + " is negative: " + n);
        }
        if (offset < 0 || offset + n > length) {
            throw new IllegalArgumentException(name + " is too short: " + n + " elements from offset " + offset
                    + " do not fit its length of " + length);
        }
    }

    /** A row-major matrix lies inside its array; an empty one needs nothing but a sound offset and ld. */
    static void matrix(String name, int length, int offset, int rows, int cols, int ld) {
        // The texts are put together when they are needed: this is on the way of every call.
        if (rows < 0) {
            throw new IllegalArgumentException("the number of rows of " + name + " is negative: " + rows);
        }
        if (cols < 0) {
            throw new IllegalArgumentException("the number of columns of " + name + " is negative: " + cols);
        }
        if (ld < Math.max(1, cols)) {
            throw new IllegalArgumentException("the leading dimension of " + name + " is " + ld
                    + ", less than a row of " + Math.max(1, cols) + " elements");
        }
        long needed = rows == 0 || cols == 0 ? 0 : (rows - 1L) * ld + cols;
        if (offset < 0 || offset + needed > length) {
            throw new IllegalArgumentException(
                    name + " is too short: " + rows + " x " + cols + " with leading dimension " + ld + " from offset "
                            + offset + " do not fit its length of " + length);
        }
    }

    /** An output shares no element range with an input, which may be null. */
    static void disjoint(
            String out,
            float[] x,
            int xOffset,
            int xRows,
            int xCols,
            int ldx,
            String in,
            float[] y,
            int yOffset,
            int yRows,
            int yCols,
            int ldy) {
        if (x != y || xRows == 0 || xCols == 0 || yRows == 0 || yCols == 0) {
            return;
        }
        long xEnd = xOffset + (xRows - 1L) * ldx + xCols;
        long yEnd = yOffset + (yRows - 1L) * ldy + yCols;
        if (xOffset < yEnd && yOffset < xEnd) {
            throw new IllegalArgumentException(out + " shares the elements [" + Math.max(xOffset, yOffset) + ", "
                    + Math.min(xEnd, yEnd) + ") of one array with " + in);
        }
    }

    /** The output of an elementwise operation is the very elements of an input, or shares no range with it. */
    static void sameOrDisjoint(
            String out,
            float[] x,
            int xOffset,
            int ldx,
            String in,
            float[] y,
            int yOffset,
            int ldy,
            int rows,
            int cols) {
        boolean same = xOffset == yOffset && (ldx == ldy || rows == 1);
        if (!same) {
            disjoint(out, x, xOffset, rows, cols, ldx, in, y, yOffset, rows, cols, ldy);
        }
    }

    /** Labels index the columns of a row. */
    static void labels(int[] labels, int offset, int rows, int classes) {
        vector("labels", labels.length, offset, rows);
        for (int i = 0; i < rows; i++) {
            int label = labels[offset + i];
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException(
                        "label " + label + " at row " + i + " is outside 0.." + (classes - 1));
            }
        }
    }

    /** Labels, how much of them is spread over all classes, and how often each row counts: null for once. */
    static void targets(int rows, int classes, int[] labels, int offset, float smoothing, float[] weights) {
        labels(labels, offset, rows, classes);
        if (!(smoothing >= 0 && smoothing <= 1)) {
            throw new IllegalArgumentException("the smoothing is outside 0..1: " + smoothing);
        }
        if (weights != null) {
            vector("weights", weights.length, offset, rows);
        }
    }
}
