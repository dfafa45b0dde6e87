package lanewise.trainer.train;

import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Model;

/** A model in training: its momentum, its place in the data, and the threads at work. */
public final class Training implements AutoCloseable {
    private final Hyperparameters recipe;
    private final Dataset data;
    private final Workers workers;
    private final SgdStep step;
    private final Shuffle shuffle;
    private int epochs;

    Training(Model model, Dataset data, Hyperparameters recipe, int threads) {
        model.requireFits(data);
        data.requireFinite();
        this.recipe = recipe;
        this.data = data;
        this.workers = Workers.of(threads);
        this.step = new SgdStep(model, data, recipe, Math.min(recipe.batch(), data.rows()), workers);
        this.shuffle = recipe.shuffle() ? new Shuffle(recipe.seed(), data.rows()) : null;
    }

    /**
     * Goes through the training set once.
     *
     * @return how many seconds it took
     */
    public double epoch() {
        return epoch(TrainingListener.NONE);
    }

    /**
     * Goes through the training set once. A step takes up to {@code accumulate} batches, and its gradient is the mean over
     * all their rows.
     *
     * @param listener is told of every step
     * @return how many seconds it took
     */
    public double epoch(TrainingListener listener) {
        int rows = data.rows();
        int batch = recipe.batch();
        long stepRows = (long) batch * recipe.accumulate();

        long began = System.nanoTime();
        epochs++;
        int[] order = shuffle == null ? null : shuffle.order(epochs);
        for (int start = 0; start < rows; ) {
            int end = (int) Math.min(rows, start + stepRows);
            float scale = 1f / (end - start);
            for (int first = start; first < end; ) {
                int count = Math.min(batch, end - first);
                step.run(order, first, count, scale, first == start, first + count == end);
                first += count;
            }
            listener.onStep(epochs, end, rows);
            start = end;
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /**
     * How many epochs are done.
     *
     * @return 0 at the start
     */
    public int epochs() {
        return epochs;
    }

    /**
     * The threads, for use between the epochs.
     *
     * @return the pool that trains
     */
    public Workers workers() {
        return workers;
    }

    /** Ends the threads. */
    @Override
    public void close() {
        workers.close();
    }
}
