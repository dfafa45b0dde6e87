/**
 * The kernels: one facade class for each operation, whose Javadoc is its contract.
 *
 * <p><b>Layout.</b> A matrix is row-major in a {@code float[]}: element (i, j) stands at {@code offset + i * ld + j},
 * where the leading dimension {@code ld}, in elements, is at least the number of columns. What lies between the end of
 * a row and the start of the next is not written, and no result depends on it.
 *
 * <p><b>Aliasing.</b> An output shares no range of elements with another argument, from its first element to its last,
 * except that an elementwise operation may work in place, on the very elements of an input, where it says so.
 *
 * <p><b>Bits.</b> Every operation gives the same bits with the SIMD and the scalar backend, at every vector width, for
 * any number of threads and on every JDK; and a row gives the same bits alone and inside any batch. NaNs are
 * compared as NaNs: their payload is not promised. {@link lanewise.kernels.FusedSgemm} keeps that promise for a B that is
 * finite.
 *
 * <p><b>Memory.</b> A thread that has called a SIMD kernel keeps the arrays that the kernel works in until it dies, so that
 * later calls, once the JIT has compiled them, allocate nothing but, for a product after a garbage collection, two small
 * objects. It keeps at most
 *
 * <ul>
 *   <li>2.5 MB for packed B and 384 (1 + 16 / k) KB for packed A of the products of {@link lanewise.kernels.Sgemm} and {@link
 *       lanewise.kernels.FusedSgemm}: together about 3 MB, and at most 9.5 MB once k has been 1;
 *   <li>as much as B for narrow products (n &lt; 16);
 *   <li>28 bytes a step of k for a sparse A of more than 8,192 steps;
 *   <li>{@link lanewise.kernels.Pixels#workingFloats} floats for a gradient of pixels;
 *   <li>4 bytes a class for logits class by class;
 *   <li>350 KB for everything else.
 * </ul>
 *
 * <p>Nothing of the caller's is kept. Where many threads serve requests, each of them takes that much, and a virtual thread,
 * which dies soon, allocates it anew: a few platform threads for the kernels are better. The scalar kernels keep nothing.
 *
 * <p><b>Errors.</b> A negative size, a leading dimension shorter than a row, an array too short for its shape, a label or
 * another number outside the range that its description gives, or an output that overlaps what it must not is an {@link
 * java.lang.IllegalArgumentException} that names the argument. A null array is a {@link
 * java.lang.NullPointerException}, and a closed pool of threads an {@link java.lang.IllegalStateException}. Nothing has been
 * written by then.
 */
package lanewise.kernels;
