package lanewise.trainer.io;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;

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

    /**
     * Gives arrays names and shapes.
     *
     * @param prefix what every name begins with
     * @param shapes a name and a shape for each array, in their order
     * @param arrays the elements of each, or no arrays at all
     * @return as many tensors as there are arrays
     */
    public static List<Tensor> named(String prefix, Map<String, int[]> shapes, List<float[]> arrays) {
        List<Tensor> tensors = new ArrayList<>();
        Iterator<Map.Entry<String, int[]>> named = shapes.entrySet().iterator();
        for (float[] data : arrays) {
            Map.Entry<String, int[]> shape = named.next();
            tensors.add(new Tensor(prefix + shape.getKey(), shape.getValue(), data));
        }
        return tensors;
    }

    /**
     * Checks that every element is a finite number.
     *
     * @param otherwise how the command ends if one is not
     * @param file the file that the tensor is of
     * @return this
     * @throws LanewiseException if one is NaN or infinite
     */
    public Tensor requireFinite(ExitCode otherwise, Path file) {
        requireFinite(name, 0, data, data.length, otherwise, file);
        return this;
    }

    /** As the other one, of so many elements, of which some come before. */
    static void requireFinite(String name, int before, float[] values, int count, ExitCode otherwise, Path file) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(values[i])) {
                throw new LanewiseException(otherwise, "element " + (before + i) + " is not finite")
                        .in(file)
                        .at("tensor " + name)
                        .expected("a finite number", values[i]);
            }
        }
    }

    /** The product of the sizes, whatever they are. */
    static BigInteger elements(int[] shape) {
        return Arrays.stream(shape).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    }
}
