package lanewise.trainer.model;

import java.util.List;
import lanewise.trainer.io.Heap;

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
            outputs[l] = new float[Heap.batch(capacity, layers.get(l).outputs(), "outputs")];
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
        int last = outputs.length - 1;
        for (int l = 0; l < last; l++) {
            hidden(l, first, rows, x, xOffset, 0, layers.get(l).outputs());
        }
        logits(first, rows, x, xOffset);
    }

    /**
     * Computes a slice of the outputs of a hidden layer, for some rows of the batch.
     *
     * @param layer which layer, from 0; the one before it has been run
     * @param first the first of these rows, as counted in the batch
     * @param rows how many rows
     * @param x their features, without gaps
     * @param xOffset index of the features of the first one
     * @param from the first output of the slice
     * @param to the output after the last one: see {@link Dense#hidden}
     */
    public void hidden(int layer, int first, int rows, float[] x, int xOffset, int from, int to) {
        Dense dense = layers.get(layer);
        float[] input = layer == 0 ? x : outputs[layer - 1];
        int inputOffset = layer == 0 ? xOffset : first * dense.inputs();
        dense.hidden(rows, input, inputOffset, outputs[layer], first * dense.outputs(), from, to);
    }

    /**
     * Computes the outputs of the last layer, for some rows of the batch.
     *
     * @param first the first of these rows, as counted in the batch
     * @param rows how many rows
     * @param x their features, without gaps, read if there is no hidden layer
     * @param xOffset index of the features of the first one
     */
    public void logits(int first, int rows, float[] x, int xOffset) {
        int last = outputs.length - 1;
        Dense dense = layers.get(last);
        float[] input = last == 0 ? x : outputs[last - 1];
        int inputOffset = last == 0 ? xOffset : first * dense.inputs();
        dense.forward(rows, input, inputOffset, outputs[last], first * dense.outputs());
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
