package lanewise.trainer.train;

import java.util.List;
import lanewise.trainer.model.Dense;

/** A copy of the weights and biases that some layers had at a time, in the layout of the run. */
final class Weights {
    private final List<Dense> layers;
    private final float[][] weights;
    private final float[][] biases;

    /** Copies what the layers hold. */
    Weights(List<Dense> layers) {
        this.layers = layers;
        this.weights = layers.stream().map(layer -> layer.stored().clone()).toArray(float[][]::new);
        this.biases = layers.stream().map(layer -> layer.bias().clone()).toArray(float[][]::new);
    }

    /** Copies what the layers hold now. */
    void take() {
        for (int l = 0; l < weights.length; l++) {
            System.arraycopy(layers.get(l).stored(), 0, weights[l], 0, weights[l].length);
            System.arraycopy(layers.get(l).bias(), 0, biases[l], 0, biases[l].length);
        }
    }

    /** Gives the layers what they had. */
    void restore() {
        for (int l = 0; l < weights.length; l++) {
            System.arraycopy(weights[l], 0, layers.get(l).stored(), 0, weights[l].length);
            System.arraycopy(biases[l], 0, layers.get(l).bias(), 0, biases[l].length);
        }
    }
}
