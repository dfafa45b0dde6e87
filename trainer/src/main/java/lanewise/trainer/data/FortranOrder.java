package lanewise.trainer.data;

/**
 * Counts through an array in Fortran's order, where the first dimension varies fastest, and tells where each item lies in C's
 * order.
 */
final class FortranOrder {
    private final long[] shape;
    private final int[] index;
    private final int[] stride;
    private int at;

    /** Of an array whose items an int can count. */
    FortranOrder(long... shape) {
        this.shape = shape;
        index = new int[shape.length];
        stride = new int[shape.length];
        int step = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            stride[d] = step;
            step *= (int) shape[d];
        }
    }

    /** Where the next item lies. */
    int next() {
        int here = at;
        for (int d = 0; d < index.length; d++) {
            at += stride[d];
            if (++index[d] < shape[d]) {
                break;
            }
            at -= index[d] * stride[d];
            index[d] = 0;
        }
        return here;
    }
}
