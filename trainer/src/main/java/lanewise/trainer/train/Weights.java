package lanewise.trainer.train;

import java.util.ArrayList;
import java.util.List;
import lanewise.trainer.model.Dense;

/**
 * Weights and biases, or anything that stands element for element beside them, in the layout of the run.
 *
 * @param layers the layers
 * @param weights as {@link Dense#stored} of each layer
 * @param biases as {@link Dense#bias} of each layer
 */
record Weights(List<Dense> layers, float[][] weights, float[][] biases) {
    /** Those of the layers themselves. */
    static Weights of(List<Dense> layers) {
        return new Weights(
                layers,
                layers.stream().map(Dense::stored).toArray(float[][]::new),
                layers.stream().map(Dense::bias).toArray(float[][]::new));
    }

    /** Zeros in place of each. */
    Weights zeros() {
        Weights zeros = new Weights(layers, weights.clone(), biases.clone());
        for (int l = 0; l < weights.length; l++) {
            zeros.weights[l] = new float[weights[l].length];
            zeros.biases[l] = new float[biases[l].length];
        }
        return zeros;
    }

    /** Copies another one's. */
    void set(Weights from) {
        for (int l = 0; l < weights.length; l++) {
            System.arraycopy(from.weights[l], 0, weights[l], 0, weights[l].length);
            System.arraycopy(from.biases[l], 0, biases[l], 0, biases[l].length);
        }
    }

    /** Copies, in the layout and the order of {@link lanewise.trainer.model.Architecture#tensors}. */
    List<float[]> toTensors() {
        List<float[]> tensors = new ArrayList<>();
        for (int l = 0; l < weights.length; l++) {
            tensors.add(layers.get(l).byOutput(weights[l]));
            if (biases[l].length > 0) {
                tensors.add(biases[l].clone());
            }
        }
        return tensors;
    }

    /** Copies what {@link #toTensors} has made. */
    void set(List<float[]> tensors) {
        int at = 0;
        for (int l = 0; l < weights.length; l++) {
            layers.get(l).store(tensors.get(at++), weights[l]);
            if (biases[l].length > 0) {
                System.arraycopy(tensors.get(at++), 0, biases[l], 0, biases[l].length);
            }
        }
    }
}
