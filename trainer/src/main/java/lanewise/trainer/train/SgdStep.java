package lanewise.trainer.train;

import java.util.Arrays;
import java.util.List;
import lanewise.kernels.Bias;
import lanewise.kernels.CrossEntropy;
import lanewise.kernels.Level1;
import lanewise.kernels.Relu;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.Rows;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.ForwardPass;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Weights;

/**
 * One step of mini-batch SGD, in phases that several threads share. For each hidden layer each does its outputs; then its
 * rows, from the last layer to the gradient of every layer's output; then its columns of every layer's weights, from the
 * gradient to the update. The columns of a hidden layer are its outputs, so that what a thread updates is what it reads in
 * the next step, and no weights travel between cores. Threads split outputs, never sums, so the bits do not depend on their
 * number. Where the gradient is clipped, which takes the whole of it, the update is a phase of its own.
 *
 * <pre>
 * B rows, layer l of n inputs and m outputs
 *   x          [B][n]  the features, or the outputs of the layer before
 *   output(l)  [B][m]  its outputs, after the ReLU of a hidden layer
 *   dz(l)      [B][m]  the gradient of the loss with respect to Z = X W' + b; of the last layer, in place of the logits
 *   dw(l)      as W    the gradient with respect to the weights, dZ' X
 *   vw(l)      as W    their momentum
 * </pre>
 *
 * All memory is set aside at the start; a step allocates nothing.
 */
final class SgdStep implements Step {
    /** A slice starts at a multiple of this many, so that vectors meet its end only once, and has as many at least. */
    private static final int SLICE = 16;

    private final List<Dense> layers;
    private final int last;
    private final Hyperparameters recipe;
    private final Workers.Task gatherPhase = this::gatherPhase;
    private final Workers.Task hiddenPhase = this::hiddenPhase;
    private final Workers.Task rowsPhase = this::rowsPhase;
    private final Workers.Task weightsPhase = this::weightsPhase;
    private final Workers.Task clippedUpdatePhase = this::clippedUpdatePhase;

    private final ForwardPass forward;
    private final float[][] dz;
    private final float[][] dw;
    private final float[][] db;
    private final float[][] vw;
    private final float[][] vb;
    private final boolean clips;
    private final GradientNorm norm;
    private float clip;

    // The batch that the phases work on.
    private Batch batch;
    private float[] x;
    private int[] labels;
    private int hiddenLayer;

    // Pixels are widened, and rows that have an order of their own gathered, into a batch that stays in the cache.
    private Dataset data;
    private final boolean inPlace;
    private final float[] gathered;
    private final int[] gatheredLabels;

    // How often a row of each class counts, and each row; null where each counts once.
    private final float[] classWeights;
    private final float[] rowWeights;

    /** The features of a batch where they are gathered, and of each layer its outputs and their gradient. */
    static long floats(Architecture architecture, Rows data, Hyperparameters recipe) {
        return Step.capacity(data, recipe) * (architecture.features() + 2 * architecture.units());
    }

    SgdStep(Model model, Rows data, Hyperparameters recipe) {
        int capacity = Step.capacity(data, recipe);
        this.layers = model.layers();
        this.last = layers.size() - 1;
        this.recipe = recipe;
        this.forward = new ForwardPass(model, capacity);
        this.dz = new float[layers.size()][];
        this.dw = new float[layers.size()][];
        this.db = new float[layers.size()][];
        this.vw = new float[layers.size()][];
        this.vb = new float[layers.size()][];
        boolean momentum = recipe.momentum() > 0;
        for (int l = 0; l <= last; l++) {
            Dense layer = layers.get(l);
            dz[l] = l == last ? forward.logits() : new float[forward.output(l).length];
            dw[l] = new float[layer.stored().length];
            db[l] = new float[layer.bias().length];
            vw[l] = new float[momentum ? dw[l].length : 0];
            vb[l] = new float[momentum ? db[l].length : 0];
        }
        clips = recipe.clipNorm() > 0;
        norm = new GradientNorm(clips ? gradient() : new float[0][]);
        inPlace = data.holdsFloats() && !Step.gathers(data, recipe);
        gathered = new float[inPlace ? 0 : Heap.batch(capacity, data.features(), "features")];
        gatheredLabels = new int[inPlace ? 0 : capacity];
        classWeights = recipe.classWeight() == ClassWeight.BALANCED ? data.balancedClassWeights() : null;
        rowWeights = classWeights == null ? null : new float[inPlace ? data.blockRows() : capacity];
    }

    @Override
    public void use(Dataset block) {
        data = block;
        if (inPlace) {
            Step.weigh(classWeights, data.labels(), 0, data.rows(), rowWeights);
        }
    }

    @Override
    public void run(Workers team, Batch next) {
        batch = next;
        x = inPlace ? data.values() : gathered;
        labels = inPlace ? data.labels() : gatheredLabels;
        if (!inPlace) {
            team.run(gatherPhase);
        }
        for (hiddenLayer = 0; hiddenLayer < last; hiddenLayer++) {
            team.run(hiddenPhase);
        }
        team.run(rowsPhase);
        team.run(weightsPhase);
        if (clips && batch.closes) {
            clip = norm.factor(recipe.clipNorm(), team);
            team.run(clippedUpdatePhase);
        }
    }

    /** The gradient of a layer's weights, as it was added up last, in the layout of the layer. */
    float[] weightGradient(int layer) {
        return dw[layer];
    }

    /** The gradient of a layer's bias, as it was added up last. */
    float[] biasGradient(int layer) {
        return db[layer];
    }

    @Override
    public Weights momentum() {
        return new Weights(layers, vw, vb);
    }

    /** It works on the weights of the model themselves. */
    @Override
    public void load() {}

    @Override
    public void save() {}

    /** One thread's rows of the batch. */
    private void gatherPhase(int part, int parts) {
        int from = Workers.start(batch.rows, part, parts);
        int count = Workers.start(batch.rows, part + 1, parts) - from;
        gather(from, count);
        Step.weigh(classWeights, gatheredLabels, from, count, rowWeights);
    }

    /** One thread's outputs of a hidden layer, for all rows. */
    private void hiddenPhase(int part, int parts) {
        int outputs = layers.get(hiddenLayer).outputs();
        int from = sliceStart(outputs, part, parts);
        int to = sliceStart(outputs, part + 1, parts);
        if (from < to) {
            forward.hidden(hiddenLayer, 0, batch.rows, x, featuresAt(0), from, to);
        }
    }

    /** One thread's rows, on and back: dz = (softmax(logits) - targets) * scale, then dz(l - 1) = dz(l) W, masked. */
    private void rowsPhase(int part, int parts) {
        int from = Workers.start(batch.rows, part, parts);
        int count = Workers.start(batch.rows, part + 1, parts) - from;
        if (count == 0) {
            return;
        }
        forward.logits(from, count, x, featuresAt(from));

        int at = inPlace ? batch.first + from : from;
        int classes = layers.get(last).outputs();
        int z = from * classes;
        CrossEntropy.gradient(
                count,
                classes,
                dz[last],
                z,
                classes,
                labels,
                at,
                recipe.labelSmoothing(),
                rowWeights,
                batch.scale,
                dz[last],
                z,
                classes);

        for (int l = last; l > 0; l--) {
            Dense layer = layers.get(l);
            int n = layer.inputs();
            layer.backward(count, dz[l], from * layer.outputs(), dz[l - 1], from * n);
            Relu.backward(count, n, forward.output(l - 1), from * n, n, dz[l - 1], from * n, n, dz[l - 1], from * n, n);
        }
    }

    /** One thread's columns of every layer: dW = dZ' X and the update; of a bias, its share of the outputs. */
    private void weightsPhase(int part, int parts) {
        int rows = batch.rows;
        boolean continued = !batch.opens;
        boolean updates = batch.closes && !clips;
        for (int l = 0; l <= last; l++) {
            Dense layer = layers.get(l);
            float[] input = l == 0 ? x : forward.output(l - 1);
            int inputOffset = l == 0 ? featuresAt(0) : 0;

            int from = sliceStart(layer.columns(), part, parts);
            int to = sliceStart(layer.columns(), part + 1, parts);
            if (from < to && updates) {
                layer.sgdStep(
                        rows,
                        input,
                        inputOffset,
                        dz[l],
                        0,
                        continued,
                        dw[l],
                        vw[l].length == 0 ? null : vw[l],
                        batch.learningRate,
                        recipe.momentum(),
                        recipe.nesterov(),
                        recipe.weightDecay(),
                        from,
                        to);
            } else if (from < to) {
                layer.weightGradient(rows, input, inputOffset, dz[l], 0, continued, dw[l], from, to);
            }
            from = sliceStart(layer.bias().length, part, parts);
            to = sliceStart(layer.bias().length, part + 1, parts);
            if (from < to) {
                if (!continued) {
                    Arrays.fill(db[l], from, to, 0);
                }
                Bias.accumulateGradient(rows, to - from, dz[l], from, layer.outputs(), db[l], from);
                if (updates) {
                    update(to - from, layer.bias(), db[l], vb[l], from);
                }
            }
        }
    }

    /** Index of the features of a row of the batch. */
    private int featuresAt(int row) {
        return (inPlace ? batch.first + row : row) * layers.get(0).inputs();
    }

    /** One thread's share of each tensor: the gradient, scaled down if its norm is too large, and the update. */
    private void clippedUpdatePhase(int part, int parts) {
        for (int l = 0; l <= last; l++) {
            clippedUpdate(layers.get(l).stored(), dw[l], vw[l], part, parts);
            clippedUpdate(layers.get(l).bias(), db[l], vb[l], part, parts);
        }
    }

    private void clippedUpdate(float[] w, float[] g, float[] v, int part, int parts) {
        int from = sliceStart(w.length, part, parts);
        int n = sliceStart(w.length, part + 1, parts) - from;
        Level1.scal(n, clip, g, from);
        update(n, w, g, v, from);
    }

    private float[][] gradient() {
        float[][] tensors = Arrays.copyOf(dw, 2 * dw.length);
        System.arraycopy(db, 0, tensors, dw.length, db.length);
        return tensors;
    }

    private void update(int n, float[] w, float[] g, float[] v, int at) {
        Step.update(n, w, at, g, at, v, at, batch.learningRate, recipe);
    }

    private void gather(int from, int count) {
        int features = data.features();
        if (batch.order == null) {
            data.copyRows(batch.first + from, count, gathered, from * features);
            System.arraycopy(data.labels(), batch.first + from, gatheredLabels, from, count);
            return;
        }
        for (int i = from; i < from + count; i++) {
            int row = batch.row(i);
            data.copyRows(row, 1, gathered, i * features);
            gatheredLabels[i] = data.labels()[row];
        }
    }

    /** Where a slice starts: at a multiple of SLICE; the last one with anything in it takes what is left over. */
    private static int sliceStart(int n, int part, int parts) {
        int blocks = n / SLICE;
        int block = Workers.start(blocks, part, parts);
        return part > 0 && block == blocks ? n : block * SLICE;
    }
}
