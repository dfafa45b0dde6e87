package lanewise.trainer.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weights and biases of a model, or anything that stands element for element beside them, in the layout of the run.
 *
 * @param layers the layers
 * @param weights as {@link Dense#stored} of each layer
 * @param biases as {@link Dense#bias} of each layer
 */
public record Weights(List<Dense> layers, float[][] weights, float[][] biases) {
    /**
     * Those of a model.
     *
     * @param model the model
     * @return the arrays themselves
     */
    public static Weights of(Model model) {
        return new Weights(
                model.layers(),
                model.layers().stream().map(Dense::stored).toArray(float[][]::new),
                model.layers().stream().map(Dense::bias).toArray(float[][]::new));
    }

    /**
     * Copies them.
     *
     * @return the same in arrays of their own
     */
    public Weights copy() {
        return new Weights(layers, copies(weights), copies(biases));
    }

    private static float[][] copies(float[][] arrays) {
        return Arrays.stream(arrays).map(float[]::clone).toArray(float[][]::new);
    }

    /**
     * Copies another one's.
     *
     * @param from those of a model of the same architecture
     */
    public void set(Weights from) {
        for (int l = 0; l < weights.length; l++) {
            System.arraycopy(from.weights[l], 0, weights[l], 0, weights[l].length);
            System.arraycopy(from.biases[l], 0, biases[l], 0, biases[l].length);
        }
    }

    /**
     * Copies them for a file.
     *
     * @return in the layout and the order of {@link Architecture#tensors}
     */
    public List<float[]> toTensors() {
        List<float[]> tensors = new ArrayList<>();
        for (int l = 0; l < weights.length; l++) {
            tensors.add(layers.get(l).byOutput(weights[l]));
            if (biases[l].length > 0) {
                tensors.add(biases[l].clone());
            }
        }
        return tensors;
    }

    /**
     * Copies what {@link #toTensors} has made.
     *
     * @param tensors of a model of the same architecture
     */
    public void set(List<float[]> tensors) {
        int at = 0;
        for (int l = 0; l < weights.length; l++) {
            layers.get(l).store(tensors.get(at++), weights[l]);
            if (biases[l].length > 0) {
                System.arraycopy(tensors.get(at++), 0, biases[l], 0, biases[l].length);
            }
        }
    }
}
