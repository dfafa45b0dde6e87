/**
 * The kernels: one facade class for each operation, whose Javadoc is its contract.
 *
 * <p><b>Layout.</b> A matrix is row-major in a {@code float[]}: element (i, j) stands at {@code offset + i * ld + j},
 * where the leading dimension {@code ld}, in elements, is at least the number of columns. What lies between the end of
 * a row and the start of the next is neither read nor written.
 *
 * <p><b>Aliasing.</b> An output shares no range of elements with another argument, from its first element to its last,
 * except that an elementwise operation may work in place, on the very elements of an input, where it says so.
 *
 * <p><b>Bits.</b> Every operation gives the same bits with the SIMD and the scalar backend, at every vector width, for
 * any number of threads and on every JDK; and a row gives the same bits alone and inside any batch. NaNs are
 * compared as NaNs: their payload is not promised.
 *
 * <p><b>Errors.</b> A negative size, a leading dimension shorter than a row, an array too short for its shape, a label or
 * another number outside the range that its description gives, or an output that overlaps what it must not is an {@link
 * java.lang.IllegalArgumentException} that names the argument. A null array is a {@link
 * java.lang.NullPointerException}, and a closed pool of threads an {@link java.lang.IllegalStateException}. Nothing has been
 * written by then.
 */
package lanewise.kernels;
