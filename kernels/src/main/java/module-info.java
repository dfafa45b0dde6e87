/**
 * Dense linear algebra, softmax and the steps of SGD on row-major {@code float[]}, written by hand with the Vector API,
 * and the same bits from plain scalar loops where that API is missing.
 *
 * <p>The facades in {@link lanewise.kernels} are the whole public surface. Which implementation serves them is decided
 * once, when the first of them is used: see {@link lanewise.kernels.Diagnostics}.
 */
module lanewise.kernels {
    requires jdk.incubator.vector;

    exports lanewise.kernels;
}
