package lanewise.trainer.train;

import java.util.List;
import lanewise.kernels.CrossEntropy;
import lanewise.kernels.Level1;
import lanewise.kernels.Pixels;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.PixelRows;
import lanewise.trainer.data.Rows;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.PixelLayer;
import lanewise.trainer.model.Weights;

/**
 * One step of softmax regression over bytes, in the two phases of {@link SgdStep}. Pixels are widened in registers, logits
 * stand class by class, so that softmax goes along the samples, and the gradient takes their place.
 *
 * <pre>
 * B rows of P pixels, C classes; see lanewise.kernels.Pixels
 *   x   [B][P]            bytes, or their patches that are not zero
 *   w   [P/16][C'][16]    the weights, and like them
 *   dw                    the gradient in units of the scale of a pixel, dZ X; 0 when a step opens
 *   v                     the momentum
 *   z   [C'][B']          the logits, then dz, the gradient of the loss with respect to them
 * </pre>
 *
 * All memory is set aside at the start; a step allocates nothing.
 */
final class PixelStep implements Step {
    /** A thread's rows begin at a multiple of this many, so that vectors along the samples belong to one thread. */
    private static final int SLICE = 16;

    private static final int WEIGHTS = 0;
    private static final int GRADIENT = 1;
    private static final int MOMENTUM = 2;

    private final Dense layer;
    private final PixelLayout layout;
    private Dataset data;
    private final Hyperparameters recipe;
    private final Workers workers;
    private final Workers.Task rowsPhase = this::rowsPhase;
    private final Workers.Task weightsPhase = this::weightsPhase;
    private final Workers.Task updatePhase = this::updatePhase;

    private PixelRows x;
    private final PixelLayer pixels;
    private final int classes;
    private final float[] memory;
    private final int w;
    private final int dw;
    private final int v;
    private final float[] z;
    private final int ldz;
    private final float[] db;
    private final boolean momentum;
    private final GradientNorm norm;
    private float clip;

    // The momentum as others see it: in the layout of the layer.
    private final float[] vw;
    private final float[] vb;
    private final float[] lastGradient;

    // Rows that have an order of their own are gathered by each thread.
    private final PixelRows.Gathered[] gathered;
    private final int[] gatheredLabels;
    private final float[] classWeights;
    private final float[] rowWeights;

    // The batch that the phases work on.
    private Batch batch;

    /**
     * The weights and what stands beside them, the logits, and what each thread keeps of a batch, with rows that are gathered
     * in both layouts.
     */
    static long floats(Architecture architecture, Rows data, Hyperparameters recipe, int threads) {
        int capacity = Step.capacity(data, recipe);
        long ofRow = Step.gathers(data, recipe) ? PixelRows.rowBytes(architecture.features()) / Float.BYTES + 1 : 0;
        return PixelLayer.floats(architecture, stretches(recipe))
                + (long) SLICE * capacity
                + threads * (Pixels.workingFloats(capacity) + 2L * capacity * ofRow);
    }

    private static int stretches(Hyperparameters recipe) {
        return recipe.momentum() > 0 ? MOMENTUM + 1 : GRADIENT + 1;
    }

    PixelStep(Model model, Rows data, Hyperparameters recipe, PixelLayout layout, Workers workers) {
        int capacity = Step.capacity(data, recipe);
        this.layer = model.layers().get(0);
        this.layout = layout;
        this.recipe = recipe;
        this.workers = workers;
        x = data.pixelRows(layout, workers);
        momentum = recipe.momentum() > 0;
        pixels = new PixelLayer(model, x, stretches(recipe));
        classes = layer.outputs();
        memory = pixels.memory();
        w = pixels.at(WEIGHTS);
        dw = pixels.at(GRADIENT);
        v = pixels.at(MOMENTUM);
        ldz = (capacity + SLICE - 1) / SLICE * SLICE;
        // The kernels read the gradient of classes that only pad the weights: zeros, which keep the padding 0.
        z = new float[Heap.batch(ldz, SLICE, "outputs")];
        db = new float[layer.bias().length];
        vw = new float[momentum ? layer.stored().length : 0];
        vb = new float[momentum ? db.length : 0];
        boolean clips = recipe.clipNorm() > 0;
        lastGradient = new float[clips ? layer.stored().length : 0];
        norm = clips ? new GradientNorm(new float[][] {lastGradient, db}) : null;
        boolean gathers = Step.gathers(data, recipe);
        gathered = new PixelRows.Gathered[gathers ? workers.count() : 0];
        for (int part = 0; part < gathered.length; part++) {
            gathered[part] = x.new Gathered(capacity);
        }
        gatheredLabels = new int[gathers ? capacity : 0];
        classWeights = recipe.classWeight() == ClassWeight.BALANCED ? data.balancedClassWeights() : null;
        rowWeights = classWeights == null ? null : new float[gathers ? capacity : data.blockRows()];
        load();
    }

    @Override
    public void use(Dataset block) {
        data = block;
        x = block.pixelRows(layout, workers);
        if (gathered.length == 0) {
            Step.weigh(classWeights, block.labels(), 0, block.rows(), rowWeights);
        }
    }

    @Override
    public void run(Workers team, Batch next) {
        batch = next;
        team.run(rowsPhase);
        team.run(weightsPhase);
        if (batch.closes && norm != null) {
            Level1.scal(pixels.length(), x.scale(), memory, dw);
            pixels.store(GRADIENT, lastGradient);
            clip = norm.factor(recipe.clipNorm(), team);
            team.run(updatePhase);
        }
    }

    /** One thread's rows: z = W x', then dz = (softmax(z) - targets) * scale in its place. */
    private void rowsPhase(int part, int parts) {
        int from = rowsStart(part, parts);
        int count = rowsStart(part + 1, parts) - from;
        if (count == 0) {
            return;
        }
        int[] labels = data.labels();
        int labelsAt = batch.first + from;
        if (batch.order == null) {
            x.logits(labelsAt, count, classes, memory, w, z, from, ldz);
        } else {
            gathered[part].set(batch.order, labelsAt, count);
            for (int i = from; i < from + count; i++) {
                gatheredLabels[i] = labels[batch.row(i)];
            }
            labels = gatheredLabels;
            labelsAt = from;
            Step.weigh(classWeights, labels, from, count, rowWeights);
            gathered[part].logits(count, classes, memory, w, z, from, ldz);
        }
        pixels.addBias(count, z, from, ldz);
        CrossEntropy.gradientByClass(
                count, classes, z, from, ldz, labels, labelsAt, recipe.labelSmoothing(), rowWeights, batch.scale);
    }

    /** One thread's pixels: dw += dZ X and the update; of the bias, its share of the classes. */
    private void weightsPhase(int part, int parts) {
        int pairs = x.groups() / 2;
        int from = 2 * Workers.start(pairs, part, parts);
        int to = 2 * Workers.start(pairs, part + 1, parts);
        if (batch.order == null) {
            x.accumulateGradient(batch.first, batch.rows, from, to, classes, z, 0, ldz, memory, dw);
        } else {
            for (int other = 0; other < parts; other++) {
                int at = rowsStart(other, parts);
                int count = rowsStart(other + 1, parts) - at;
                if (count > 0) {
                    gathered[other].accumulateGradient(count, from, to, classes, z, at, ldz, memory, dw);
                }
            }
        }
        if (batch.closes && norm == null) {
            int perGroup = pixels.length() / x.groups();
            update(from * perGroup, (to - from) * perGroup, x.scale());
        }
        accumulateBias(Workers.start(db.length, part, parts), Workers.start(db.length, part + 1, parts));
    }

    /** One thread's share of the gradient, scaled down if its norm is too large, and the update. */
    private void updatePhase(int part, int parts) {
        int from = Workers.start(x.groups(), part, parts);
        int to = Workers.start(x.groups(), part + 1, parts);
        int perGroup = pixels.length() / x.groups();
        update(from * perGroup, (to - from) * perGroup, clip);
        int fromClass = Workers.start(db.length, part, parts);
        int toClass = Workers.start(db.length, part + 1, parts);
        Level1.scal(toClass - fromClass, clip, db, fromClass);
        updateBias(fromClass, toClass);
    }

    private void update(int from, int n, float unit) {
        float rate = batch.learningRate;
        Step.updateAndClear(n, memory, w + from, memory, dw + from, unit, memory, v + from, rate, recipe);
    }

    private void accumulateBias(int from, int to) {
        int rows = batch.rows;
        for (int c = from; c < to; c++) {
            float sum = batch.opens ? 0 : db[c];
            for (int i = c * ldz; i < c * ldz + rows; i++) {
                sum += z[i];
            }
            db[c] = sum;
        }
        if (batch.closes && norm == null) {
            updateBias(from, to);
        }
    }

    private void updateBias(int from, int to) {
        Step.update(to - from, layer.bias(), from, db, from, vb, from, batch.learningRate, recipe);
    }

    private int rowsStart(int part, int parts) {
        int blocks = (batch.rows + SLICE - 1) / SLICE;
        return Math.min(batch.rows, Workers.start(blocks, part, parts) * SLICE);
    }

    @Override
    public Weights momentum() {
        return new Weights(List.of(layer), new float[][] {vw}, new float[][] {vb});
    }

    @Override
    public void load() {
        pixels.load(layer.stored(), WEIGHTS);
        if (momentum) {
            pixels.load(vw, MOMENTUM);
        }
    }

    @Override
    public void save() {
        pixels.store(WEIGHTS, layer.stored());
        if (momentum) {
            pixels.store(MOMENTUM, vw);
        }
    }
}
