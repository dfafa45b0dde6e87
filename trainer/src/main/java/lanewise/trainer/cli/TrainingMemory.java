package lanewise.trainer.cli;

import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.PixelRows;
import lanewise.trainer.data.Rows;
import lanewise.trainer.eval.Evaluator;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.PixelLayer;
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
        boolean sparse = data.train().holdsSparse();
        boolean pixels = PixelLayer.suits(architecture, data.train());
        long evaluated = Evaluator.longestArray(architecture, sparse);
        if (!pixels && evaluated > Heap.LONGEST_ARRAY) {
            throw Heap.shortage(Float.BYTES * evaluated, evaluated, DataOptions.data(arguments));
        }
        long batch = Math.min(recipe.batch(), data.train().blockRows());
        int widest = Evaluator.widest(architecture, sparse);
        if (batch * widest > Heap.LONGEST_ARRAY) {
            throw Arguments.usage(
                    "a batch of " + batch + " rows of " + widest + " values is larger than an array can be");
        }
        int copies = 1 + (kept || recipe.patience() > 0 ? 1 : 0) + (kept ? 5 : 0);
        long floats = architecture.parameters() * copies
                + trainer.floats(architecture, data.train())
                + Evaluator.floats(architecture, sparse, trainer.threads())
                + (pixels ? pixelFloats(architecture, data) : 0);
        long reports = recipe.epochs() * REPORT_BYTES * (kept ? 2 : 1);
        return Float.BYTES * floats + reports + bytes(data) + besides;
    }

    /** What the kernels of pixels take besides: the weights of an evaluation, and the rows of memory in their layout. */
    private static long pixelFloats(Architecture architecture, TrainingData<?> data) {
        long rows = data.train() instanceof Dataset
                ? (long) data.train().rows() + data.test().rows()
                : 0;
        long ofRow = PixelRows.rowBytes(architecture.features()) / Float.BYTES + 1;
        return PixelLayer.floats(architecture, 1) + rows * ofRow;
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
