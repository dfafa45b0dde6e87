package lanewise.trainer.cli;

import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import lanewise.kernels.Pixels;
import lanewise.kernels.SparseRows;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.PixelRows;
import lanewise.trainer.data.Rows;
import lanewise.trainer.eval.Evaluator;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.PixelLayer;
import lanewise.trainer.model.SparseLayer;
import lanewise.trainer.train.ClassWeight;
import lanewise.trainer.train.Hyperparameters;
import lanewise.trainer.train.Trainer;

/** Predicts what a run keeps on the heap, so that one that cannot succeed does not start. */
final class TrainingMemory {
    /** What an epoch's report takes with its place in a list; a run that is kept takes as much again while it is saved. */
    private static final long REPORT_BYTES = 90;

    private TrainingMemory() {}

    /**
     * Holds what a run takes against the heap, and what comes before it and is over then: one figure is told that is enough
     * for both.
     *
     * @param bytes what the run takes with some data
     * @param before the bytes of what comes before
     * @throws LanewiseException if it does not fit (71), or a batch is larger than an array can be (2)
     */
    static void require(ToLongFunction<TrainingData<?>> bytes, TrainingData<?> data, long before) {
        LongUnaryOperator all = heap -> Math.max(before, bytes.applyAsLong(data.in(heap)));
        if (!Heap.fits(all.applyAsLong(Runtime.getRuntime().maxMemory()), 0)) {
            throw Heap.shortage(all, "the run ");
        }
    }

    /**
     * What a run takes: the data, the weights with their gradients, their momentum and the copy of the best ones, what the
     * threads compute on, and the reports.
     *
     * @param besides the bytes of what else is on the heap
     * @param kept whether the run is kept in a folder, which takes copies of it all, and of the weights of the last epoch
     */
    static long bytes(Arguments arguments, Trainer trainer, TrainingData<?> data, long besides, boolean kept) {
        Architecture architecture = ModelOptions.architecture(arguments, data.train());
        Hyperparameters recipe = trainer.hyperparameters();
        long batch = Math.min(recipe.batch(), data.train().blockRows());
        boolean momentum = recipe.momentum() > 0;
        int copies = 2 + (momentum ? 1 : 0) + (kept || recipe.patience() > 0 ? 1 : 0) + (kept ? 5 : 0);
        long floats = architecture.parameters() * copies;
        int widest;
        if (SparseLayer.suits(architecture, data.train())) {
            // The step's weights, their gradient or what they were before the step, and the momentum; of each row of a
            // batch the gradients of its logits, its label and its weight, and where it begins and ends for each
            // thread; of each row of a block where it goes beyond each bound between the threads.
            long blockRows = data.train().blockRows();
            widest = SparseRows.paddedClasses(architecture.classes());
            floats += SparseLayer.floats(architecture) * (2 + (momentum ? 1 : 0));
            floats += batch * (widest + 2) + (trainer.threads() + 1L) * (blockRows + 2 * batch);
        } else {
            boolean pixels = PixelLayer.suits(architecture) && data.train().holdsPixels();
            widest = Math.max(architecture.features(), architecture.widest());
            long units = 0;
            for (int layer = 0; layer < architecture.layers(); layer++) {
                units += architecture.outputs(layer);
            }
            floats += pixels
                    ? pixelFloats(architecture, trainer, data, batch)
                    : batch * (architecture.features() + 2 * units);
            long evaluated = Evaluator.longestArray(architecture, false);
            if (!pixels && evaluated > Heap.LONGEST_ARRAY) {
                throw Heap.shortage(Float.BYTES * evaluated, evaluated, DataFolder.of(arguments));
            }
        }
        floats += Evaluator.floats(architecture, data.train().holdsSparse(), trainer.threads());
        if (recipe.shuffle() && data.train() instanceof Dataset train) {
            floats += train.rows();
        }
        floats += recipe.classWeight() == ClassWeight.NONE ? 0 : data.train().blockRows();
        if (batch * widest > Heap.LONGEST_ARRAY) {
            throw Arguments.usage(
                    "a batch of " + batch + " rows of " + widest + " values is larger than an array can be");
        }
        long reports = recipe.epochs() * REPORT_BYTES * (kept ? 2 : 1);
        return Float.BYTES * floats + reports + bytes(data) + besides;
    }

    /**
     * What the kernels of pixels take: the weights of a step and of an evaluation, the gradients of the logits, what each
     * thread keeps of a batch, and the rows of memory in their layout.
     */
    private static long pixelFloats(Architecture architecture, Trainer trainer, TrainingData<?> data, long batch) {
        Hyperparameters recipe = trainer.hyperparameters();
        long rowFloats = PixelRows.rowBytes(architecture.features()) / Float.BYTES + 1;
        long ofThread = Pixels.workingFloats((int) batch);
        long laidOut = 0;
        if (data.train() instanceof Dataset) {
            // Rows in an order of their own are gathered, in both layouts.
            ofThread += recipe.shuffle() ? 2 * batch * rowFloats : 0;
            laidOut = ((long) data.train().rows() + data.test().rows()) * rowFloats;
        }
        return PixelLayer.floats(architecture, recipe.momentum() > 0 ? 3 : 2)
                + PixelLayer.floats(architecture, 1)
                + Pixels.GROUP * batch
                + trainer.threads() * ofThread
                + laidOut;
    }

    /** What the rows take, as they are kept; those on the disk share their blocks. */
    static long bytes(TrainingData<?> data) {
        return data.train() instanceof DiskRows train && data.test() instanceof DiskRows test
                ? Math.max(train.blockBytes(), test.blockBytes())
                : bytes(data.train()) + bytes(data.test());
    }

    /** What the rows take, as they are kept, or would take if they were not on the disk. */
    static long bytes(Rows rows) {
        if (rows instanceof DiskRows disk) {
            return disk.bytes();
        }
        Dataset data = (Dataset) rows;
        long features = data.sparse()
                .map(csr -> csr.entries() * (long) (Integer.BYTES + Float.BYTES) + (long) data.rows() * Integer.BYTES)
                .orElse((long) data.rows() * data.features() * (data.holdsFloats() ? Float.BYTES : 1));
        return features + (long) data.rows() * Integer.BYTES;
    }
}
