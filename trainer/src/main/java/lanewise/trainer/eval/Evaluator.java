package lanewise.trainer.eval;

import java.util.Arrays;
import lanewise.kernels.SparseRows;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.PixelRows;
import lanewise.trainer.data.Rows;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.ForwardPass;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.PixelLayer;
import lanewise.trainer.model.Prediction;
import lanewise.trainer.model.SparseLayer;

/**
 * Evaluates a model again and again. What grows with the model is set aside once. For one thread at a time.
 *
 * <p>The rows are cut into units of {@link Rows#UNIT}, which the workers share. Each unit sums its loss in double and in
 * row order, and the sums of the units are added in order: so the result depends neither on the number of workers nor on
 * the blocks in which the rows come.
 */
public final class Evaluator {
    private final Model model;
    private final Workers workers;
    private final PixelLayout layout;
    private final float[][] features;
    private final ForwardPass[] forward;

    // Kept from one evaluation to the next: their memory takes longer to come by than a small set to evaluate.
    private PixelLayer pixels;
    private SparseLayer sparse;

    /**
     * Sets the memory aside.
     *
     * @param model the model
     * @param workers the threads
     */
    public Evaluator(Model model, Workers workers) {
        this(model, workers, PixelLayout.AUTO);
    }

    /**
     * Sets the memory aside.
     *
     * @param model the model
     * @param workers the threads
     * @param layout how rows of pixels stand in memory; no result depends on it
     */
    public Evaluator(Model model, Workers workers, PixelLayout layout) {
        this.model = model;
        this.workers = workers;
        this.layout = layout;
        this.features = new float[workers.count()][];
        this.forward = new ForwardPass[workers.count()];
    }

    /**
     * What a score takes at most beside the rows: for each thread the features of a unit of rows and the outputs of each
     * layer; of sparse rows weights of their own, and no features.
     *
     * @param architecture that of the model
     * @param sparse whether the rows are sparse
     * @param threads how many threads
     * @return floats
     */
    public static long floats(Architecture architecture, boolean sparse, int threads) {
        boolean inPlace = sparse && SparseLayer.suits(architecture);
        long ofRow = (inPlace ? 0 : architecture.features()) + architecture.units();
        return threads * (Rows.UNIT * ofRow) + (inPlace ? SparseLayer.floats(architecture) : 0);
    }

    /**
     * What an evaluation takes besides: how often each class is taken for each.
     *
     * @param architecture that of the model
     * @return floats
     */
    public static long confusionFloats(Architecture architecture) {
        return (long) architecture.classes() * architecture.classes();
    }

    /**
     * The longest array that an evaluation takes.
     *
     * @param architecture that of the model
     * @param sparse whether the rows are sparse
     * @return floats; may be more than an array can hold
     */
    public static long longestArray(Architecture architecture, boolean sparse) {
        long unit = (long) Rows.UNIT * widest(architecture, sparse);
        return sparse && SparseLayer.suits(architecture) ? Math.max(unit, SparseLayer.floats(architecture)) : unit;
    }

    /**
     * Checks that the arrays of an evaluation can be.
     *
     * @param architecture that of the model
     * @param data the rows, which may be looked at later
     * @throws IllegalArgumentException if one would be longer than an array can be
     */
    public static void requireRoom(Architecture architecture, Rows data) {
        if (!PixelLayer.suits(architecture, data)) {
            Heap.batch(Rows.UNIT, widest(architecture, data.holdsSparse()), "values");
        }
    }

    /**
     * How many values a row is of at most, on its way from features to classes, in training as well.
     *
     * @param architecture that of the model
     * @param sparse whether the rows are sparse
     * @return of a single layer over sparse rows its classes, padded; of others the features, or the outputs of a layer
     */
    public static int widest(Architecture architecture, boolean sparse) {
        return sparse && SparseLayer.suits(architecture)
                ? SparseRows.paddedClasses(architecture.classes())
                : Math.max(architecture.features(), architecture.widest());
    }

    /**
     * The loss and the error of a model.
     *
     * @param loss as that of an {@link Evaluation}
     * @param error as that of an {@link Evaluation}
     */
    public record Score(double loss, double error) {}

    /**
     * Evaluates the model as it is now, but for the confusion.
     *
     * @param data the data set
     * @return the loss and the error, in the bits of {@link #evaluate}
     * @throws IllegalArgumentException if an array would be longer than one can be
     * @throws lanewise.trainer.LanewiseException if the model does not fit the data (65), or the rows cannot be read
     */
    public Score score(Rows data) {
        Evaluation evaluation = evaluate(data.pass(null, 0), new int[0][]);
        return new Score(evaluation.loss(), evaluation.error());
    }

    /**
     * Evaluates the model as it is now.
     *
     * @param pass the data set, in blocks of one form, of which all but the last have a multiple of {@link Rows#UNIT} rows
     * @return the evaluation
     * @throws IllegalArgumentException if an array would be longer than one can be
     * @throws lanewise.trainer.LanewiseException if the model does not fit the data (65), the rows cannot be read, or the
     *     confusion does not fit the heap (71)
     */
    public Evaluation evaluate(Rows.Pass pass) {
        int classes = model.architecture().classes();
        long bytes = Integer.BYTES * confusionFloats(model.architecture());
        if (!Heap.fits(bytes, 0)) {
            throw Heap.shortage(bytes, "the confusion of " + classes + " classes ");
        }
        return evaluate(pass, new int[classes][classes]);
    }

    /** Counts no confusion where there is no room for it. */
    private Evaluation evaluate(Rows.Pass pass, int[][] confusion) {
        UnitLogits[] logits = null;
        double loss = 0;
        int wrong = 0;
        int rows = 0;
        int[] support = new int[model.architecture().classes()];
        for (Rows.Block next = pass.next(); next != null; next = pass.next()) {
            Dataset block = next.data();
            if (logits == null) {
                model.requireFits(block);
                requireRoom(model.architecture(), block);
            }
            // Before the workers begin: to make them takes the workers too.
            PixelRows pixelRows =
                    PixelLayer.suits(model.architecture(), block) ? block.pixelRows(layout, workers) : null;
            if (logits == null) {
                logits = logits(block, pixelRows);
            }
            for (UnitLogits z : logits) {
                z.use(block, pixelRows);
            }
            int units = (block.rows() - 1) / Rows.UNIT + 1;
            double[] losses = new double[units];
            int[] errors = new int[units];
            evaluate(block, logits, losses, errors, confusion);
            for (int unit = 0; unit < units; unit++) {
                loss += losses[unit];
                wrong += errors[unit];
            }
            for (int label : block.labels()) {
                support[label]++;
            }
            rows += block.rows();
        }
        return new Evaluation(rows, loss / rows, (double) wrong / rows, support, confusion);
    }

    private void evaluate(Dataset block, UnitLogits[] logits, double[] losses, int[] errors, int[][] confusion) {
        int rows = block.rows();
        workers.run((part, parts) -> {
            UnitLogits z = logits[part];
            for (int unit = Workers.start(losses.length, part, parts);
                    unit < Workers.start(losses.length, part + 1, parts);
                    unit++) {
                int first = unit * Rows.UNIT;
                int count = Math.min(Rows.UNIT, rows - first);
                z.compute(first, count);
                losses[unit] = z.loss(first, count);
                errors[unit] = z.errors(first, count);
                if (confusion.length > 0) {
                    count(z, block.labels(), first, count, confusion);
                }
            }
        });
    }

    /** One thread at a time adds to the counts: those of each would take as many times the memory. */
    private static void count(UnitLogits z, int[] labels, int first, int rows, int[][] confusion) {
        int[] predicted = new int[rows];
        for (int i = 0; i < rows; i++) {
            predicted[i] = z.predicted(i);
        }
        synchronized (confusion) {
            for (int i = 0; i < rows; i++) {
                if (predicted[i] != Prediction.NONE) {
                    confusion[labels[first + i]][predicted[i]]++;
                }
            }
        }
    }

    /** What each thread computes logits with. */
    private UnitLogits[] logits(Dataset data, PixelRows rows) {
        UnitLogits[] logits = new UnitLogits[workers.count()];
        int classes = model.architecture().classes();
        if (SparseLayer.suits(model.architecture(), data)) {
            if (sparse == null) {
                sparse = new SparseLayer(model);
            } else {
                sparse.load();
            }
            Arrays.setAll(logits, part -> new UnitLogits.Sparse(sparse, classes, Rows.UNIT));
            return logits;
        }
        if (rows != null) {
            if (pixels == null || !pixels.reads(rows)) {
                pixels = new PixelLayer(model, rows, 1);
            }
            pixels.load(model.layers().get(0).stored(), 0);
            Arrays.setAll(logits, part -> new UnitLogits.ClassMajor(pixels, classes, Rows.UNIT));
            return logits;
        }
        for (int part = 0; part < logits.length; part++) {
            if (forward[part] == null) {
                forward[part] = new ForwardPass(model, Rows.UNIT);
                features[part] = new float[Rows.UNIT * model.architecture().features()];
            }
            logits[part] = new UnitLogits.Widened(classes, forward[part], features[part]);
        }
        return logits;
    }
}
