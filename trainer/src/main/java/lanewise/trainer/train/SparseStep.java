package lanewise.trainer.train;

import java.util.Arrays;
import java.util.List;
import lanewise.kernels.Bias;
import lanewise.kernels.CrossEntropy;
import lanewise.kernels.SparseRows;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.Rows;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.SparseLayer;
import lanewise.trainer.model.Weights;

/**
 * One step of softmax regression over sparse rows. First each thread does its rows, from their entries to the gradient of
 * their logits; then each does its features, in all rows of the batch. So a step has the same bits however its rows are cut
 * into batches, and takes time for the entries that are there: plain descent adds -rate x' dz to the weights themselves. If
 * the step goes on after that, the rest of it reads the weights as they were before. Momentum, weight decay and clipping
 * concern all weights in every step, and take a gradient of them all.
 *
 * <pre>
 * B rows, C classes padded to C', N features and the bias; see lanewise.kernels.SparseRows
 *   x   entries      columns and values, where they were read
 *   w   [N + 1][C']  the weights, and like them
 *   w0               as they were when a step opened that has several batches
 *   dw               their gradient, 0 when a step opens
 *   v                the momentum
 *   z   [B][C']      the logits, then dz, the gradient of the loss with respect to them
 * </pre>
 *
 * Memory is set aside at the start, and when the first block comes, to cut the features by its entries; a step allocates
 * nothing.
 */
final class SparseStep implements Step {
    private static final float[] NONE = {};

    private final Dense layer;
    private Dataset data;
    private Csr x;
    private final Hyperparameters recipe;
    private final Workers workers;
    private final Workers.Task boundsPhase = this::boundsPhase;
    private final Workers.Task rowsPhase = this::rowsPhase;
    private final Workers.Task weightsPhase = this::weightsPhase;
    private final Workers.Task updatePhase = this::updatePhase;

    private final SparseLayer sparse;
    private final int ld;
    private final float[] w;
    private final float[] w0;
    private final float[] dw;
    private final float[] v;
    private final float[] z;
    private final boolean plain;
    private final GradientNorm norm;
    private float clip;

    // The momentum as others see it: in the layout of the layer.
    private final float[] vw;
    private final float[] vb;

    // The features of each thread, and for each bound between them the first entry of each row of the block beyond it.
    private int[] bounds;
    private final int[][] entriesFrom;

    // The rows of the batch: where the part of each begins and ends that a thread is at, its label and its weight.
    private final int[][] starts;
    private final int[][] ends;
    private final int[] labels;
    private final float[] classWeights;
    private final float[] rowWeights;

    // The batch that the phases work on.
    private Batch batch;

    // Whether the last batch was not the last of its step.
    private boolean unfinished;

    /**
     * The weights, their gradient or what they were before the step, and the momentum; of each row of a batch the gradients of
     * its logits, its label and its weight, and where it begins and ends for each thread; of each row of a block where it goes
     * beyond each bound between the threads.
     */
    static long floats(Architecture architecture, Rows data, Hyperparameters recipe, int threads) {
        long capacity = Step.capacity(data, recipe);
        return SparseLayer.floats(architecture) * (recipe.momentum() > 0 ? 3 : 2)
                + capacity * (SparseRows.paddedClasses(architecture.classes()) + 2)
                + (threads + 1L) * (data.blockRows() + 2 * capacity);
    }

    SparseStep(Model model, Rows data, Hyperparameters recipe, Workers workers) {
        this.layer = model.layers().get(0);
        this.recipe = recipe;
        this.workers = workers;
        boolean momentum = recipe.momentum() > 0;
        boolean clips = recipe.clipNorm() > 0;
        plain = !momentum && !clips && recipe.weightDecay() == 0;
        sparse = new SparseLayer(model);
        ld = sparse.ld();
        w = sparse.weights();
        // Rows on the disk may come in several blocks, and a batch ends where a block does.
        boolean severalBatches = recipe.accumulate() > 1 || !(data instanceof Dataset);
        w0 = plain && severalBatches ? sparse.zeros() : NONE;
        dw = plain ? NONE : sparse.zeros();
        v = momentum ? sparse.zeros() : NONE;
        vw = new float[momentum ? layer.stored().length : 0];
        vb = new float[momentum ? layer.bias().length : 0];
        norm = clips ? new GradientNorm(dw, sparse.at(0), sparse.at(layer.inputs() + 1)) : null;
        int capacity = Step.capacity(data, recipe);
        z = new float[Heap.batch(capacity, ld, "outputs")];
        entriesFrom = new int[workers.count() + 1][data.blockRows()];
        starts = new int[workers.count()][capacity];
        ends = new int[workers.count()][capacity];
        labels = new int[capacity];
        classWeights = recipe.classWeight() == ClassWeight.BALANCED ? data.balancedClassWeights() : null;
        rowWeights = classWeights == null ? null : new float[capacity];
    }

    /**
     * Cuts the features so that each part has as much to do in a block: an entry is as much as a feature in a step that
     * updates them all. No bit depends on it.
     */
    private int[] bounds(int parts) {
        long steps = plain ? 0 : (data.rows() - 1) / recipe.stepRows() + 1;
        long[] upTo = new long[layer.inputs() + 1];
        for (int i = 0; i < x.entries(); i++) {
            upTo[x.columns()[i] + 1]++;
        }
        for (int feature = 0; feature < layer.inputs(); feature++) {
            upTo[feature + 1] += upTo[feature] + steps;
        }
        int[] cuts = new int[parts + 1];
        for (int part = 1; part < parts; part++) {
            int cut = Arrays.binarySearch(upTo, upTo[layer.inputs()] / parts * part);
            cuts[part] = cut < 0 ? -cut - 1 : cut;
        }
        cuts[parts] = layer.inputs();
        return cuts;
    }

    private int entryFrom(int row, int feature) {
        int at = Arrays.binarySearch(x.columns(), x.rowStart()[row], x.rowStart()[row + 1], feature);
        return at < 0 ? -at - 1 : at;
    }

    @Override
    public void use(Dataset block) {
        if (block == data) {
            return;
        }
        data = block;
        x = block.sparse().orElseThrow();
        bounds = bounds == null ? bounds(workers.count()) : bounds;
        workers.run(boundsPhase);
    }

    /** One thread's rows of the block: where their entries beyond each bound begin. */
    private void boundsPhase(int part, int parts) {
        for (int bound = 0; bound <= parts; bound++) {
            for (int row = Workers.start(data.rows(), part, parts);
                    row < Workers.start(data.rows(), part + 1, parts);
                    row++) {
                entriesFrom[bound][row] = entryFrom(row, bounds[bound]);
            }
        }
    }

    @Override
    public void run(Workers team, Batch next) {
        batch = next;
        unfinished = !batch.closes;
        team.run(rowsPhase);
        team.run(weightsPhase);
        if (batch.closes && norm != null) {
            clip = norm.factor(recipe.clipNorm(), team);
            team.run(updatePhase);
        }
    }

    /** One thread's rows of the batch: z = x W + b, then dz = (softmax(z) - targets) * scale in its place. */
    private void rowsPhase(int part, int parts) {
        int from = Workers.start(batch.rows, part, parts);
        int count = Workers.start(batch.rows, part + 1, parts) - from;
        if (count == 0) {
            return;
        }
        find(part, from, count, entriesFrom[0], entriesFrom(parts, parts));
        for (int i = from; i < from + count; i++) {
            labels[i] = data.labels()[batch.row(i)];
        }
        Step.weigh(classWeights, labels, from, count, rowWeights);
        sparse.logits(plain && !batch.opens ? w0 : w, count, starts[part], 0, ends[part], 0, x, z, from * ld);
        CrossEntropy.gradient(
                count,
                layer.outputs(),
                z,
                from * ld,
                ld,
                labels,
                from,
                recipe.labelSmoothing(),
                rowWeights,
                plain ? -batch.learningRate * batch.scale : batch.scale,
                z,
                from * ld,
                ld);
    }

    /** One thread's features: dw += x' dz in the order of the rows, and the update; the last thread has the bias. */
    private void weightsPhase(int part, int parts) {
        int rows = batch.rows;
        float[] sum = plain ? w : dw;
        if (plain && batch.opens && !batch.closes) {
            int at = sparse.at(bounds[part]);
            System.arraycopy(w, at, w0, at, weightsEnd(part, parts) - at);
        }
        find(part, 0, rows, entriesFrom[part], entriesFrom(part + 1, parts));
        SparseRows.accumulateGradient(
                rows, starts[part], 0, ends[part], 0, x.columns(), x.values(), ld, z, 0, ld, sum, sparse.at(0), ld);
        if (part == parts - 1 && layer.bias().length > 0) {
            Bias.accumulateGradient(rows, ld, z, 0, ld, sum, sparse.biasAt());
        }
        if (!plain && batch.closes && norm == null) {
            update(part, parts, 1);
        }
    }

    private void updatePhase(int part, int parts) {
        update(part, parts, clip);
    }

    /** One thread's features, from a gradient that is scaled, and 0 from then on. */
    private void update(int part, int parts, float factor) {
        int at = sparse.at(bounds[part]);
        int n = weightsEnd(part, parts) - at;
        Step.updateAndClear(n, w, at, dw, at, factor, v, at, batch.learningRate, recipe);
    }

    /** Where one thread's features end, among which the last thread has the bias. */
    private int weightsEnd(int part, int parts) {
        return sparse.at(part == parts - 1 ? layer.inputs() + 1 : bounds[part + 1]);
    }

    /** Where the entries beyond a bound begin; what is done in one part reaches to the last bound. */
    private int[] entriesFrom(int bound, int parts) {
        return entriesFrom[bound == parts ? entriesFrom.length - 1 : bound];
    }

    /** Finds the part of some rows of the batch that lies between two bounds. */
    private void find(int part, int begin, int count, int[] from, int[] to) {
        for (int i = 0; i < count; i++) {
            int row = batch.row(begin + i);
            starts[part][i] = from[row];
            ends[part][i] = to[row];
        }
    }

    @Override
    public Weights momentum() {
        return new Weights(List.of(layer), new float[][] {vw}, new float[][] {vb});
    }

    @Override
    public void load() {
        sparse.load();
        if (v != NONE) {
            sparse.load(vw, vb, v);
        }
    }

    @Override
    public void save() {
        // Where the rows failed to come in the middle of a step, the weights are those it began with.
        sparse.store(plain && unfinished ? w0 : w, layer.stored(), layer.bias());
        if (v != NONE) {
            sparse.store(v, vw, vb);
        }
    }
}
