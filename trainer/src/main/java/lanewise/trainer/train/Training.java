package lanewise.trainer.train;

import java.util.ArrayList;
import java.util.List;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Model;

/** A model in training: its momentum, its place in the data, what has been reported, and the threads at work. */
public final class Training implements AutoCloseable {
    private final Hyperparameters recipe;
    private final Dataset data;
    private final Workers workers;
    private final SgdStep step;
    private final Shuffle shuffle;
    private final List<EpochReport> reports = new ArrayList<>();

    /** How many rows make a step, and how many steps an epoch; the last step of an epoch may be shorter. */
    private final long stepRows;

    private final int stepsPerEpoch;

    // The place in the data: so many rows of an epoch, which counts from 1, are done; at first all of epoch 0.
    private int epoch;
    private int rowsDone;
    private float learningRate;
    private double seconds;

    Training(Model model, Dataset data, Hyperparameters recipe, int threads) {
        model.requireFits(data);
        this.recipe = recipe;
        this.data = data;
        this.workers = Workers.of(threads);
        this.step = new SgdStep(model, data, recipe, Math.min(recipe.batch(), data.rows()), workers);
        this.shuffle = recipe.shuffle() ? new Shuffle(recipe.seed(), data.rows()) : null;
        this.stepRows = (long) recipe.batch() * recipe.accumulate();
        this.stepsPerEpoch = (int) ((data.rows() - 1) / stepRows + 1);
        this.rowsDone = data.rows();
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
     * Goes through the training set once.
     *
     * @param listener is told of every step
     * @return how many seconds it took
     */
    public double epoch(TrainingListener listener) {
        int rows = data.rows();
        if (rowsDone == rows) {
            epoch++;
            rowsDone = 0;
            seconds = 0;
        }
        long began = System.nanoTime();
        int[] order = shuffle == null ? null : shuffle.order(epoch);
        int drops = recipe.schedule().drops(testLosses());
        while (rowsDone < rows) {
            long steps = (epoch - 1L) * stepsPerEpoch + rowsDone / stepRows;
            learningRate = recipe.schedule().at(recipe.learningRate(), steps, stepsPerEpoch, recipe.epochs(), drops);
            int end = (int) Math.min(rows, rowsDone + stepRows);
            step(order, rowsDone, end);
            rowsDone = end;
            listener.onStep(epoch, rowsDone, rows);
        }
        seconds += (System.nanoTime() - began) / 1e9;
        return seconds;
    }

    /**
     * One step: the gradient, added up over as many batches as the rows need, is the mean over all of them. How they are cut
     * into batches changes no bit of it.
     */
    private void step(int[] order, int start, int end) {
        float scale = 1f / (end - start);
        int count;
        for (int first = start; first < end; first += count) {
            count = Math.min(recipe.batch(), end - first);
            step.run(order, first, count, scale, learningRate, first == start, first + count == end);
        }
    }

    /**
     * How many epochs are done.
     *
     * @return 0 at the start
     */
    public int epochs() {
        return rowsDone == data.rows() ? epoch : epoch - 1;
    }

    /** The learning rate of the last step. */
    float learningRate() {
        return learningRate;
    }

    /** The reports of the epochs so far, to add to. */
    List<EpochReport> reports() {
        return reports;
    }

    private List<Double> testLosses() {
        return reports.stream().map(EpochReport::testLoss).toList();
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
