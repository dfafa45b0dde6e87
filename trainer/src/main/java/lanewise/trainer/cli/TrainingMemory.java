package lanewise.trainer.cli;

import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.IdxFolder;
import lanewise.trainer.eval.Evaluator;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.train.Hyperparameters;
import lanewise.trainer.train.Trainer;

/** Predicts what a run keeps on the heap, so that one that cannot succeed does not start. */
final class TrainingMemory {
    private TrainingMemory() {}

    /**
     * Holds the data, the weights with their gradients, their momentum and the copy of the best ones, and what the threads
     * compute on against the heap.
     *
     * @param kept whether the run is kept in a folder, which takes copies of it all
     * @throws LanewiseException if they do not fit (71), or a batch is larger than an array can be (2)
     */
    static void require(Architecture architecture, Trainer trainer, IdxFolder data, boolean kept) {
        int features = architecture.features();
        long batch = Math.min(trainer.hyperparameters().batch(), data.train().rows());
        long evaluated = (long) Evaluator.CHUNK * trainer.threads();
        long units = 0;
        int widest = features;
        for (int layer = 0; layer < architecture.layers(); layer++) {
            units += architecture.outputs(layer);
            widest = Math.max(widest, architecture.outputs(layer));
        }
        Hyperparameters recipe = trainer.hyperparameters();
        int copies = 2 + (recipe.momentum() > 0 ? 1 : 0) + (kept || recipe.patience() > 0 ? 1 : 0) + (kept ? 4 : 0);
        long weights = architecture.parameters() * copies;
        long floats = weights + (batch + evaluated) * features + (2 * batch + evaluated) * units;
        long rows = (long) data.train().rows() + data.test().rows();
        long bytes = Float.BYTES * floats + rows * (features + Integer.BYTES);
        if (batch * widest > Heap.LONGEST_ARRAY) {
            throw Arguments.usage(
                    "a batch of " + batch + " rows of " + widest + " values is larger than an array can be");
        }
        if (!Heap.fits(bytes, 0)) {
            throw Heap.shortage(bytes, "the run ");
        }
    }
}
