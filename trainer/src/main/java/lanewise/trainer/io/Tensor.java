package lanewise.trainer.io;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * A named array of floats.
 *
 * @param name such as {@code 0.weight}
 * @param shape the size of each dimension, at least 0; a scalar has none
 * @param data the elements, row-major; as many as the product of the sizes
 */
public record Tensor(String name, int[] shape, float[] data) {
    /**
     * Takes the arrays themselves, not copies.
     *
     * @param name the name of the tensor
     * @param shape the size of each dimension
     * @param data the elements
     * @throws IllegalArgumentException if a size is negative or there are not as many elements as the shape says
     */
    public Tensor {
        if (Arrays.stream(shape).anyMatch(size -> size < 0)
                || !elements(shape).equals(BigInteger.valueOf(data.length))) {
            throw new IllegalArgumentException(
                    name + " has " + data.length + " elements in the shape " + Arrays.toString(shape));
        }
    }

    /** The product of the sizes, whatever they are. */
    static BigInteger elements(int[] shape) {
        return Arrays.stream(shape).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    }
}
