package lanewise.trainer.io;

/**
 * A named array of floats.
 *
 * @param name such as {@code 0.weight}
 * @param shape the size of each dimension, at least 0; a scalar has none
 * @param data the elements, row-major; as many as the product of the sizes
 */
public record Tensor(String name, int[] shape, float[] data) {
    /** Checks that the shape and the data agree. */
    public Tensor {
        int elements = 1;
        for (int size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("a negative size in the shape of " + name);
            }
            elements = Math.multiplyExact(elements, size);
        }
        if (elements != data.length) {
            throw new IllegalArgumentException(name + " has " + data.length + " elements, its shape " + elements);
        }
    }
}
