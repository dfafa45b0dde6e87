package lanewise.trainer.train;

import java.util.List;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.Rows;
import lanewise.trainer.data.Shuffle;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Weights;

/**
 * A model in training: its momentum, its place in the data, what has been reported, and the threads at work. {@link
 * Trainer#fit} drives it, or by {@link #epoch()} the caller of {@link Trainer#start}.
 */
public final class Training implements AutoCloseable {
    private final Hyperparameters recipe;
    private final Model model;
    private final Rows data;
    private final Workers workers;
    private final Pace pace;
    private final Step step;
    private final Batch batch = new Batch();
    private final Shuffle shuffle;
    private final Reports reports;
    private final int stepsPerEpoch;

    // The place in the data: so many rows of an epoch, which counts from 1, are done; at first all of epoch 0.
    private int epoch;
    private int rowsDone;
    private Rows.Pass pass;
    private Rows.Block block;
    private float learningRate;
    private double seconds;

    // Whether the model has the weights of the last step: some steps have weights of their own.
    private boolean saved = true;
    private final Weights weights;

    // The weights of the epoch of the lowest test loss, if somebody wants them.
    private boolean keepsBest;
    private Weights bestWeights;

    private volatile boolean stopped;
    private boolean ended;
    private boolean failed;
    private boolean closed;

    Training(Model model, Rows data, Hyperparameters recipe, int threads, PixelLayout layout) {
        model.requireFits(data);
        data.requireFinite();
        this.recipe = recipe;
        this.model = model;
        this.data = data;
        this.reports = new Reports(recipe);
        this.workers = Workers.of(threads);
        this.pace = new Pace(workers);
        this.step = newStep(layout);
        this.shuffle = recipe.shuffle() ? new Shuffle(recipe.seed(), data.rows()) : null;
        this.stepsPerEpoch = (int) ((data.rows() - 1) / recipe.stepRows() + 1);
        this.rowsDone = data.rows();
        this.weights = Weights.of(model);
        this.keepsBest = recipe.patience() > 0;
    }

    private Step newStep(PixelLayout layout) {
        try {
            return Step.of(model, data, recipe, layout, workers);
        } catch (Throwable t) {
            workers.close();
            throw t;
        }
    }

    /**
     * Goes through the training set once, as {@link #epoch(TrainingListener)}, which says what it throws, without telling
     * anybody.
     *
     * @return how many seconds it took
     */
    public double epoch() {
        return epoch(TrainingListener.NONE);
    }

    /**
     * Goes through the training set once, or through what is left of it, unless the training is stopped. Then, and where
     * the listener or the rows fail, the model has the weights of the last whole step. A training that has been stopped
     * before does nothing. Behind the epochs of the recipe there are further ones: {@link #isOver} tells the last.
     *
     * @param listener is told of every step, but not of the start, the end or an epoch: one that needs these, as that of a
     *     {@link lanewise.trainer.run.RunFolder} needs the start and the end, is told by the caller
     * @return how many seconds it took, all parts of it together; 0 if the training has been stopped before
     * @throws LanewiseException if rows on the disk are damaged (65) or cannot be read (74)
     * @throws IllegalStateException if the rows are closed or another thread goes through them, and the weights are of no use
     *     then; if a step has failed before; or if the training is closed
     */
    public double epoch(TrainingListener listener) {
        requireOpen();
        if (stopped) {
            return 0;
        }
        int rows = data.rows();
        begin();
        long began = System.nanoTime();
        try {
            while (rowsDone < rows && !stopped) {
                step(learningRate(rowsDone));
                if (listener != TrainingListener.NONE) {
                    // What a listener does is not counted; to look at the clock takes as long as a small row.
                    seconds += (System.nanoTime() - began) / 1e9;
                    listener.onStep(epoch, rowsDone, rows);
                    began = System.nanoTime();
                }
            }
            seconds += (System.nanoTime() - began) / 1e9;
        } finally {
            save();
        }
        return seconds;
    }

    /** Begins the next epoch, if the last one is done, or takes up the one that is not. */
    private void begin() {
        if (isBetweenEpochs()) {
            epoch++;
            rowsDone = 0;
            seconds = 0;
        }
        // Rows in memory, in the order that they have, are one block for the whole run: an epoch allocates nothing.
        if (block == null || block.data() != data || shuffle != null) {
            open();
        }
    }

    private boolean isBetweenEpochs() {
        return rowsDone == data.rows();
    }

    /** Goes to the place in the data. */
    private void open() {
        pass = data.pass(shuffle == null ? null : shuffle.epoch(epoch), rowsDone);
        block = null;
    }

    /** The learning rate of the step that a row of this epoch is in. */
    private float learningRate(int row) {
        long steps = (epoch - 1L) * stepsPerEpoch + row / recipe.stepRows();
        return recipe.schedule().at(recipe.learningRate(), steps, stepsPerEpoch, recipe.epochs(), reports.drops());
    }

    /**
     * The next step of the epoch: the gradient, added up over as many batches as the rows need, is the mean over all of them.
     * How they are cut into batches changes no bit of it, so that a batch ends where a block of the data does.
     */
    private void step(float rate) {
        requireOpen(); // A listener may have closed it.
        if (failed) {
            throw new IllegalStateException("a training does not go on when a step has failed");
        }
        if (pass == null || pass.isEnded()) {
            open(); // A listener has gone to another place, or through rows of the same reader.
        }
        failed = true;
        saved = false;
        Workers team = pace.begin();
        int start = rowsDone;
        int end = (int) Math.min(data.rows(), start + recipe.stepRows());
        batch.scale = 1f / (end - start);
        batch.learningRate = rate;
        for (int first = start; first < end; first += batch.rows) {
            if (block == null || first == block.end()) {
                block = pass.next();
                step.use(block.data());
            }
            batch.order = block.order();
            batch.first = first - block.first();
            batch.rows = Math.min(recipe.batch(), Math.min(end, block.end()) - first);
            batch.opens = first == start;
            batch.closes = first + batch.rows == end;
            step.run(team, batch);
        }
        if (pass.isEnded()) {
            throw new IllegalStateException("the rows were closed, or another thread went through them, during a step");
        }
        failed = false;
        rowsDone = end;
        learningRate = rate;
        pace.end(end - start);
    }

    /** Asked here and not left to the workers: a pool of one does not close, and not every step takes the others. */
    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the training is closed");
        }
    }

    /**
     * The next step at a learning rate that is not the recipe's, in the next epoch if this one is done. The model has its
     * weights after {@link #save}.
     */
    void stepAt(float rate) {
        requireOpen();
        if (isBetweenEpochs()) {
            begin();
        }
        step(rate);
    }

    /**
     * Looks whether the weights have stayed finite.
     *
     * @throws LanewiseException if they have not (70)
     */
    public void requireFinite() {
        String tensor = model().firstNonFinite();
        if (tensor != null) {
            throw diverged(epoch, "training diverged: " + tensor + " is the first tensor that is not finite");
        }
    }

    static LanewiseException diverged(int epoch, String what) {
        return new LanewiseException(ExitCode.DIVERGED, what)
                .at("epoch " + epoch)
                .hint("A smaller learning rate may help.");
    }

    /** Copies the weights of the last step to the model, unless it has them. */
    void save() {
        if (!saved) {
            step.save();
            saved = true;
        }
    }

    /**
     * How many epochs are done.
     *
     * @return 0 at the start
     */
    public int epochs() {
        return isBetweenEpochs() ? epoch : epoch - 1;
    }

    /**
     * Ends the training after the step that it is at. May be called from any thread. The model keeps the weights of that
     * step. It is too late for that once {@link Trainer#fit} is through with the epochs: then nothing happens.
     */
    public synchronized void stop() {
        stopped = stopped || !ended;
    }

    /** Is through with the epochs, stopped or not, for good. */
    synchronized void end() {
        ended = true;
    }

    /**
     * Whether {@link #stop} has been called in time.
     *
     * @return true from then on
     */
    public boolean isStopped() {
        return stopped;
    }

    /**
     * How it has gone so far.
     *
     * @return the reports of the epochs that have been evaluated
     */
    public History history() {
        return new History(reports.all());
    }

    /**
     * The model in training, with the weights of the last step. To be asked between two steps, by a listener or the thread
     * that trains.
     *
     * @return the model itself, which may lag behind in the middle of an epoch until it is asked for again
     */
    public Model model() {
        save();
        return model;
    }

    /**
     * From now on remembers the weights of the epoch with the lowest test loss, for {@link #state}. If epochs have been
     * evaluated before, there are none until one has a lower loss than all of them.
     */
    public void keepBest() {
        keepsBest = true;
    }

    /**
     * Where the training is. To be asked between two steps, by a listener or the thread that trains.
     *
     * @return the state, in copies
     */
    public TrainingState state() {
        save();
        return new TrainingState(
                epoch,
                rowsDone,
                seconds,
                reports.all(),
                weights.toTensors(),
                recipe.momentum() > 0 ? step.momentum().toTensors() : List.of(),
                bestWeights == null ? List.of() : bestWeights.toTensors());
    }

    /**
     * Goes to where another training of the same recipe, data and architecture was, or this one before. To be called between
     * two steps, by a listener or the thread that trains; the next step is the one that followed there.
     *
     * @param state its state
     * @throws IllegalArgumentException if this training cannot be there; it stays where it is then
     */
    public void restore(TrainingState state) {
        if (!state.suits(recipe, model.architecture(), data.rows())) {
            throw new IllegalArgumentException("not a state of this recipe");
        }
        epoch = state.epoch();
        rowsDone = state.rowsDone();
        seconds = state.seconds();
        weights.set(state.weights());
        if (recipe.momentum() > 0) {
            step.momentum().set(state.momentum());
        }
        step.load();
        saved = true;
        reports.set(state.reports());
        bestWeights = null;
        if (keepsBest && !state.best().isEmpty()) {
            bestWeights = weights.copy();
            bestWeights.set(state.best());
        }
        pass = null;
        block = null;
        if (!isReported()) {
            learningRate = learningRate(rowsDone - 1);
        }
    }

    /**
     * Whether there is no step left to do.
     *
     * @return whether all epochs of the recipe and any that has been begun are done, patience is at its end by the reports
     *     of {@link Trainer#fit}, or the training has been stopped
     */
    public boolean isOver() {
        return stopped || reports.exhaustPatience() || isBetweenEpochs() && epoch >= recipe.epochs();
    }

    /** Whether there is nothing to report: amid an epoch, or where the one that is done has its report. */
    boolean isReported() {
        return !isBetweenEpochs() || reports.lastEpoch() == epoch;
    }

    /** Takes the report of the epoch that is done. */
    void add(EpochReport report) {
        if (reports.add(report) && keepsBest) {
            bestWeights = bestWeights == null ? weights.copy() : bestWeights;
            bestWeights.set(weights);
        }
    }

    /** Leaves the model as the recipe wants it: with a patience, unless stopped, as it was after its best epoch. */
    void finish() {
        if (recipe.patience() > 0 && !stopped) {
            weights.set(bestWeights);
        }
    }

    /** How many steps an epoch has. */
    int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    /** The learning rate of the last step. */
    float learningRate() {
        return learningRate;
    }

    /** How long the epoch has taken so far. */
    double seconds() {
        return seconds;
    }

    /** The threads that train, for use between the epochs. */
    Workers workers() {
        return workers;
    }

    /** Ends the threads, and with them the training: there is no further step. Its state and its model can still be had. */
    @Override
    public void close() {
        closed = true;
        workers.close();
    }
}
