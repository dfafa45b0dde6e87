package lanewise.trainer.cli;

import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.train.Hyperparameters;
import lanewise.trainer.train.Trainer;

/** Predicts what a run keeps on the heap, so that one that cannot succeed does not start. */
final class TrainingMemory {
    /** Rows that a thread evaluates at a time. */
    private static final int EVALUATED = 500;

    private TrainingMemory() {}

    /**
     * Holds the data, the weights with their gradients and momentum, and the outputs of a batch against the heap.
     *
     * @throws LanewiseException if they do not fit (71)
     */
    static void require(Architecture architecture, Trainer trainer, Dataset train) {
        Hyperparameters recipe = trainer.hyperparameters();
        long batch = Math.min(recipe.batch(), train.rows());
        long outputs = 0;
        long widest = architecture.features();
        for (int layer = 0; layer < architecture.layers(); layer++) {
            outputs += architecture.outputs(layer);
            widest = Math.max(widest, architecture.outputs(layer));
        }
        long weights = architecture.parameters() * (recipe.momentum() > 0 ? 3 : 2);
        long gathered = recipe.shuffle() ? batch * train.features() : 0;
        long floats = weights + gathered + (2 * batch + (long) trainer.threads() * EVALUATED) * outputs;
        long bytes = Float.BYTES * floats + (long) (Float.BYTES + 1) * train.rows() * train.features();
        if (!Heap.fits(bytes, Math.max(widest * batch, widest * EVALUATED))) {
            throw new LanewiseException(ExitCode.NO_MEMORY, "the run does not fit the heap")
                    .expected("at most " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB", (bytes >> 20) + " MiB")
                    .hint(
                            "Take a smaller batch or fewer units, or raise the heap with JDK_JAVA_OPTIONS=-Xmx and a size.");
        }
    }
}
