package lanewise.benchmarks.jmh;

import java.util.Arrays;

/**
 * The sizes of one call, written {@code 60000x10}, or {@code TN:784x100x10} for a product: the transposes, the rows of
 * op(A), its columns, and the columns of op(B).
 *
 * @param trans the transposes of a product, {@code -} for anything else
 * @param sizes the sizes, joined by x
 */
public record Shape(String trans, String sizes) {
    /**
     * Reads a shape.
     *
     * @param text as {@link #toString()} writes it
     * @return the shape
     */
    public static Shape parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? new Shape("-", text) : new Shape(text.substring(0, colon), text.substring(colon + 1));
    }

    /**
     * One of the sizes.
     *
     * @param i which, from 0
     * @return a positive number
     */
    public int size(int i) {
        return Integer.parseInt(sizes.split("x")[i]);
    }

    /**
     * The product of the sizes.
     *
     * @return how many elements, or multiply-adds, a call works on
     */
    public double volume() {
        return Arrays.stream(sizes.split("x")).mapToDouble(Double::parseDouble).reduce(1, (a, b) -> a * b);
    }

    @Override
    public String toString() {
        return trans.equals("-") ? sizes : trans + ":" + sizes;
    }
}
