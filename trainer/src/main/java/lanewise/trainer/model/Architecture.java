package lanewise.trainer.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.trainer.io.Heap;

/**
 * What a model is before it has learned anything: fully connected layers with a ReLU between each two. Without a hidden
 * layer it is softmax regression.
 *
 * @param features how many numbers describe a row
 * @param hidden how many units each hidden layer has, from the input on
 * @param classes how many classes there are
 * @param bias whether every layer adds a bias
 */
public record Architecture(int features, List<Integer> hidden, int classes, boolean bias) {
    /**
     * Checks the sizes.
     *
     * @param features at least 1
     * @param hidden each at least 1; copied
     * @param classes at least 1
     * @param bias either
     * @throws IllegalArgumentException if a size is less than 1, or a layer has more weights than an array can hold
     */
    public Architecture {
        hidden = List.copyOf(hidden);
        int inputs = atLeastOne("features", features);
        for (int units : hidden) {
            inputs = addressable(inputs, atLeastOne("a hidden layer", units));
        }
        addressable(inputs, atLeastOne("classes", classes));
    }

    /**
     * How many layers have weights.
     *
     * @return the hidden layers and the last one
     */
    public int layers() {
        return hidden.size() + 1;
    }

    /**
     * How many numbers go into a layer.
     *
     * @param layer which layer, from 0
     * @return the outputs of the layer before, or the features
     */
    public int inputs(int layer) {
        return layer == 0 ? features : hidden.get(layer - 1);
    }

    /**
     * How many numbers come out of a layer.
     *
     * @param layer which layer, from 0
     * @return its units, or the classes
     */
    public int outputs(int layer) {
        return layer == hidden.size() ? classes : hidden.get(layer);
    }

    /**
     * How many numbers come out of the widest layer.
     *
     * @return the most of {@link #outputs}
     */
    public int widest() {
        return hidden.stream().reduce(classes, Math::max);
    }

    /**
     * How many numbers come out of all layers.
     *
     * @return the sum of {@link #outputs}
     */
    public long units() {
        return hidden.stream().mapToLong(Integer::longValue).sum() + classes;
    }

    /**
     * The tensors of the model and their shapes, in the order of the layers.
     *
     * @return {@code 0.weight} of [outputs, inputs], {@code 0.bias} of [outputs] if there are biases, {@code 2.weight}, ...
     */
    public Map<String, int[]> tensors() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (int layer = 0; layer < layers(); layer++) {
            shapes.put(weightName(layer), new int[] {outputs(layer), inputs(layer)});
            if (bias) {
                shapes.put(biasName(layer), new int[] {outputs(layer)});
            }
        }
        return shapes;
    }

    /**
     * How many numbers the model learns.
     *
     * @return the elements of all tensors
     */
    public long parameters() {
        long sum = 0;
        for (int layer = 0; layer < layers(); layer++) {
            sum += outputs(layer) * (inputs(layer) + (bias ? 1L : 0L));
        }
        return sum;
    }

    /** The name of a layer's weights, such as {@code 2.weight} for layer 1. */
    static String weightName(int layer) {
        return 2 * layer + ".weight";
    }

    /** The name of a layer's bias, such as {@code 2.bias} for layer 1. */
    static String biasName(int layer) {
        return 2 * layer + ".bias";
    }

    /** The sizes in a row, such as {@code 784-400-10}. */
    @Override
    public String toString() {
        List<String> sizes = new ArrayList<>();
        sizes.add(Integer.toString(features));
        hidden.forEach(units -> sizes.add(units.toString()));
        sizes.add(Integer.toString(classes));
        return String.join("-", sizes) + (bias ? " with biases" : "");
    }

    private static int atLeastOne(String name, int size) {
        if (size < 1) {
            throw new IllegalArgumentException(name + " must be at least 1: " + size);
        }
        return size;
    }

    private static int addressable(int inputs, int outputs) {
        if ((long) inputs * outputs > Heap.LONGEST_ARRAY) {
            throw new IllegalArgumentException(
                    "a layer of " + inputs + " x " + outputs + " weights is larger than an array can be");
        }
        return outputs;
    }
}
