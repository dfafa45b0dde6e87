package lanewise.trainer.model;

import java.util.List;
import lanewise.kernels.Relu;

/**
 * The outputs of every layer over a batch of rows, and the pass that computes them. Threads may share one as long as they
 * run different rows.
 */
public final class ForwardPass {
    private final List<Dense> layers;
    private final float[][] outputs;

    /**
     * Sets the memory aside.
     *
     * @param model the model, whose weights are read anew in every pass
     * @param capacity how many rows a batch may have
     * @throws IllegalArgumentException if the outputs of a layer would not fit an array
     */
    public ForwardPass(Model model, int capacity) {
        layers = model.layers();
        outputs = new float[layers.size()][];
        for (int l = 0; l < outputs.length; l++) {
            int width = layers.get(l).outputs();
            if ((long) capacity * width > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "a batch of " + capacity + " rows of " + width + " outputs is larger than an array can be");
            }
            outputs[l] = new float[capacity * width];
        }
    }

    /**
     * Computes the outputs of every layer for some rows of the batch.
     *
     * @param first the first of these rows, as counted in the batch
     * @param rows how many rows
     * @param x their features, without gaps
     * @param xOffset index of the features of the first one
     */
    public void run(int first, int rows, float[] x, int xOffset) {
        float[] input = x;
        int inputOffset = xOffset;
        for (int l = 0; l < outputs.length; l++) {
            Dense layer = layers.get(l);
            float[] z = outputs[l];
            int zOffset = first * layer.outputs();
            layer.forward(rows, input, inputOffset, z, zOffset);
            if (l < outputs.length - 1) {
                Relu.forward(rows, layer.outputs(), z, zOffset, layer.outputs(), z, zOffset, layer.outputs());
            }
            input = z;
            inputOffset = zOffset;
        }
    }

    /**
     * The outputs of a layer, after its ReLU if it is a hidden one.
     *
     * @param layer which layer, from 0
     * @return [capacity][outputs], the array itself
     */
    public float[] output(int layer) {
        return outputs[layer];
    }

    /**
     * The outputs of the last layer.
     *
     * @return [capacity][classes], the array itself
     */
    public float[] logits() {
        return outputs[outputs.length - 1];
    }
}
