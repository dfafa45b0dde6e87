package lanewise.trainer.model;

import lanewise.kernels.Bias;
import lanewise.kernels.FusedSgemm;
import lanewise.kernels.Relu;
import lanewise.kernels.Sgemm;
import lanewise.kernels.Transpose;

/**
 * A fully connected layer, Z = X W<sup>T</sup> + b, and the products of its gradient.
 *
 * <p><b>Shapes.</b> X is [rows][inputs], Z and dZ are [rows][outputs], W is [outputs][inputs], b is [outputs]; rows stand
 * without gaps.
 *
 * <p><b>Layout.</b> W is kept for the whole run as its kernels want it: a layer of fewer than 16 outputs, too few to fill
 * vectors, as [outputs][inputs]; any other transposed, as [inputs][outputs], so that both the forward product and the
 * gradient run along the outputs. Only {@link #stored()} and what is computed from it know the layout, and no bit of a
 * result depends on it.
 */
public final class Dense {
    /** How many outputs a layer needs to fill the vectors of the sgemm along them. */
    private static final int WIDE = 16;

    private final int inputs;
    private final int outputs;
    private final boolean transposed;
    private final float[] stored;
    private final float[] bias;

    /**
     * A layer of zeros.
     *
     * @param inputs how many numbers go in
     * @param outputs how many come out
     * @param bias whether there is a bias
     */
    Dense(int inputs, int outputs, boolean bias) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.transposed = outputs >= WIDE;
        this.stored = new float[inputs * outputs];
        this.bias = bias ? new float[outputs] : new float[0];
    }

    /**
     * How many numbers go in.
     *
     * @return the columns of W
     */
    public int inputs() {
        return inputs;
    }

    /**
     * How many numbers come out.
     *
     * @return the rows of W
     */
    public int outputs() {
        return outputs;
    }

    /**
     * The bias.
     *
     * @return the array itself, of length 0 if the layer has none
     */
    public float[] bias() {
        return bias;
    }

    /**
     * The weights in the layout of the run.
     *
     * @return the array itself
     */
    public float[] stored() {
        return stored;
    }

    /**
     * Whether the weights are stored as [inputs][outputs].
     *
     * @return false for [outputs][inputs]
     */
    public boolean transposed() {
        return transposed;
    }

    /**
     * The weights, or anything else in their layout, as PyTorch has them.
     *
     * @param values {@link #stored()}, or an array that stands element for element beside it
     * @return a copy, [outputs][inputs]
     */
    public float[] byOutput(float[] values) {
        return transposed ? transpose(values, inputs, outputs) : values.clone();
    }

    /**
     * The weights, or anything else in their layout, as X W would have them.
     *
     * @param values {@link #stored()}, or an array that stands element for element beside it
     * @return a copy, [inputs][outputs]
     */
    public float[] byInput(float[] values) {
        return transposed ? values.clone() : transpose(values, outputs, inputs);
    }

    /**
     * Sets the weights.
     *
     * @param weights [outputs][inputs]
     * @throws IllegalArgumentException if they are too few or too many
     */
    public void setByOutput(float[] weights) {
        store(weights, stored);
    }

    /** Sets so many weights of [outputs][inputs], of which some come before. */
    void setByOutput(int first, float[] weights, int count) {
        store(first, weights, count, stored);
    }

    /**
     * Brings weights, or anything else of their shape, into the layout of the run.
     *
     * @param weights [outputs][inputs]
     * @param into receives them: {@link #stored()}, or an array that stands element for element beside it
     * @throws IllegalArgumentException if they are too few or too many
     */
    public void store(float[] weights, float[] into) {
        requireAll(weights);
        store(0, weights, weights.length, into);
    }

    private void store(int first, float[] weights, int count, float[] into) {
        if (!transposed) {
            System.arraycopy(weights, 0, into, first, count);
            return;
        }
        int output = first / inputs;
        int input = first % inputs;
        for (int i = 0; i < count; i++) {
            into[input * outputs + output] = weights[i];
            if (++input == inputs) {
                input = 0;
                output++;
            }
        }
    }

    /**
     * Sets the weights.
     *
     * @param weights [inputs][outputs]
     * @throws IllegalArgumentException if they are too few or too many
     */
    public void setByInput(float[] weights) {
        requireAll(weights);
        float[] source = transposed ? weights : transpose(weights, inputs, outputs);
        System.arraycopy(source, 0, stored, 0, stored.length);
    }

    /**
     * Computes Z = X W<sup>T</sup> + b.
     *
     * @param rows how many rows
     * @param x X
     * @param xOffset index of its first element
     * @param z Z, overwritten
     * @param zOffset index of its first element
     */
    public void forward(int rows, float[] x, int xOffset, float[] z, int zOffset) {
        Transpose form = transposed ? Transpose.N : Transpose.T;
        Sgemm.sgemm(
                Transpose.N,
                form,
                rows,
                outputs,
                inputs,
                1,
                x,
                xOffset,
                inputs,
                stored,
                0,
                columns(),
                0,
                z,
                zOffset,
                outputs);
        if (bias.length > 0) {
            Bias.add(rows, outputs, bias, 0, z, zOffset, outputs);
        }
    }

    /**
     * Computes max(X W<sup>T</sup> + b, 0) for a slice of the outputs.
     *
     * @param rows how many rows
     * @param x X
     * @param xOffset index of its first element
     * @param z the result, overwritten in the slice
     * @param zOffset index of its first element
     * @param from the first output of the slice
     * @param to the output after the last one of the slice; it has 16 outputs at least unless it is the whole, since a
     *     narrower product would have other bits
     */
    public void hidden(int rows, float[] x, int xOffset, float[] z, int zOffset, int from, int to) {
        if (transposed) {
            FusedSgemm.biasRelu(
                    rows,
                    to - from,
                    inputs,
                    x,
                    xOffset,
                    inputs,
                    stored,
                    from,
                    outputs,
                    bias.length > 0 ? bias : null,
                    from,
                    z,
                    zOffset + from,
                    outputs);
        } else {
            forward(rows, x, xOffset, z, zOffset);
            Relu.forward(rows, outputs, z, zOffset, outputs, z, zOffset, outputs);
        }
    }

    /**
     * Computes dX = dZ W.
     *
     * @param rows how many rows
     * @param dz dZ
     * @param dzOffset index of its first element
     * @param dx dX, overwritten
     * @param dxOffset index of its first element
     */
    public void backward(int rows, float[] dz, int dzOffset, float[] dx, int dxOffset) {
        Transpose form = transposed ? Transpose.T : Transpose.N;
        Sgemm.sgemm(
                Transpose.N,
                form,
                rows,
                inputs,
                outputs,
                1,
                dz,
                dzOffset,
                outputs,
                stored,
                0,
                columns(),
                0,
                dx,
                dxOffset,
                inputs);
    }

    /**
     * Computes dW = dZ<sup>T</sup> X, or adds it to dW, for a slice of the columns. Each element is one chain of FMAs over
     * the rows, whatever the slice; so two calls over the halves of a batch give the bits of one over all of it.
     *
     * @param rows how many rows
     * @param x X
     * @param xOffset index of its first element
     * @param dz dZ
     * @param dzOffset index of its first element
     * @param continued whether to add to dW
     * @param dw dW, in the layout of {@link #stored()}
     * @param from the first column of the slice
     * @param to the column after the last one of the slice
     */
    public void weightGradient(
            int rows,
            float[] x,
            int xOffset,
            float[] dz,
            int dzOffset,
            boolean continued,
            float[] dw,
            int from,
            int to) {
        Sgemm.sgemm(
                Transpose.T,
                Transpose.N,
                storedRows(),
                to - from,
                rows,
                1,
                transposed ? x : dz,
                transposed ? xOffset : dzOffset,
                storedRows(),
                transposed ? dz : x,
                (transposed ? dzOffset : xOffset) + from,
                columns(),
                continued ? 1 : 0,
                dw,
                from,
                columns());
    }

    /**
     * Takes a step of SGD along {@link #weightGradient}, for a slice of the columns.
     *
     * @param rows how many rows
     * @param x X
     * @param xOffset index of its first element
     * @param dz dZ
     * @param dzOffset index of its first element
     * @param continued whether to add to dW
     * @param dw dW; nothing is promised of what it holds afterwards
     * @param vw the momentum of the weights, as they are stored, or null for none
     * @param learningRate the learning rate
     * @param momentum the momentum
     * @param nesterov whether the step looks ahead by Nesterov's rule
     * @param weightDecay the weight decay
     * @param from the first column of the slice
     * @param to the column after the last one of the slice
     */
    public void sgdStep(
            int rows,
            float[] x,
            int xOffset,
            float[] dz,
            int dzOffset,
            boolean continued,
            float[] dw,
            float[] vw,
            float learningRate,
            float momentum,
            boolean nesterov,
            float weightDecay,
            int from,
            int to) {
        FusedSgemm.sgdStep(
                storedRows(),
                to - from,
                rows,
                transposed ? x : dz,
                transposed ? xOffset : dzOffset,
                storedRows(),
                transposed ? dz : x,
                (transposed ? dzOffset : xOffset) + from,
                columns(),
                continued,
                dw,
                from,
                stored,
                from,
                vw,
                from,
                columns(),
                learningRate,
                momentum,
                nesterov,
                weightDecay);
    }

    /**
     * How many columns the stored weights have, in one of which each output or each input has its weights.
     *
     * @return the outputs if the weights are stored as [inputs][outputs], else the inputs
     */
    public int columns() {
        return transposed ? outputs : inputs;
    }

    /** How many rows the stored weights have. */
    private int storedRows() {
        return transposed ? inputs : outputs;
    }

    private void requireAll(float[] weights) {
        if (weights.length != stored.length) {
            throw new IllegalArgumentException(weights.length + " weights for " + outputs + " x " + inputs);
        }
    }

    private static float[] transpose(float[] a, int rows, int cols) {
        float[] t = new float[a.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                t[j * rows + i] = a[i * cols + j];
            }
        }
        return t;
    }
}
