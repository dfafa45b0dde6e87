package lanewise.trainer.train;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.Rows;
import lanewise.trainer.eval.Evaluator;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;

/**
 * Trains models by mini-batch SGD. The same recipe, data and first weights give the same bits for any number of threads.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.builder().epochs(10).learningRate(0.2f).batch(100).build();
 * History history = trainer.fit(model, train, test);
 * }</pre>
 */
public final class Trainer {
    /** More threads than any machine that one process trains on. */
    public static final int MOST_THREADS = 1_024;

    private final Hyperparameters recipe;
    private final int threads;
    private final PixelLayout layout;

    private Trainer(Hyperparameters recipe, int threads, PixelLayout layout) {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "threads is out of range (expected 1 to " + MOST_THREADS + ", found " + threads + ")");
        }
        this.recipe = recipe;
        this.threads = threads;
        this.layout = Objects.requireNonNull(layout, "layout");
    }

    /**
     * Starts from the course's own recipe: 10 epochs, learning rate 0.2, batches of 100 in the order of the data, and as many
     * threads as there are cores, or {@link #MOST_THREADS}.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The recipe.
     *
     * @return what decides the result
     */
    public Hyperparameters hyperparameters() {
        return recipe;
    }

    /**
     * The number of threads.
     *
     * @return at least 1
     */
    public int threads() {
        return threads;
    }

    /**
     * Trains a model in place.
     *
     * @param model where to start, and where the result is
     * @param train the training rows
     * @param test the rows to report on, whose classes are called as those of the training rows
     * @return how it went
     * @throws IllegalArgumentException if a batch, or what evaluates, would be longer than an array can be
     * @throws LanewiseException if the model does not fit the data, both are not of the same classes and columns or not
     *     scaled alike, a feature is not finite or rows on the disk are damaged (65), training diverges (70), or rows cannot
     *     be read (74)
     * @throws IllegalStateException if rows on the disk are closed, or another thread goes through them
     */
    public History fit(Model model, Rows train, Rows test) {
        return fit(model, train, test, TrainingListener.NONE);
    }

    /**
     * Trains a model in place. The run ends with its last epoch, by its patience, or when the listener stops it. An interrupt
     * does not end it, and stays for the caller to see; but a thread that is interrupted cannot write a file, so that a
     * listener which writes some, as that of a {@link lanewise.trainer.run.RunFolder} does, ends it with an exception that
     * says so (73, 74).
     *
     * @param model where to start, and where the result is
     * @param train the training rows
     * @param test the rows to report on, whose loss plateau and patience watch; their classes are called as those of the
     *     training rows
     * @param listener is told how it goes
     * @return how it went
     * @throws IllegalArgumentException if a batch, or what evaluates, would be longer than an array can be
     * @throws LanewiseException if the model does not fit the data, both are not of the same classes and columns or not
     *     scaled alike, a feature is not finite or rows on the disk are damaged (65), training diverges (70), or rows cannot
     *     be read (74)
     * @throws IllegalStateException if rows on the disk are closed, or another thread goes through them
     */
    public History fit(Model model, Rows train, Rows test, TrainingListener listener) {
        for (Rows rows : List.of(train, test)) {
            model.requireFits(rows);
            Evaluator.requireRoom(model.architecture(), rows);
        }
        requireAlike(train, test);
        test.requireFinite();
        try (Training training = start(model, train)) {
            Evaluator evaluator = new Evaluator(model, training.workers(), layout);
            listener.onStart(training);
            while (!training.isOver() || !training.isStopped() && !training.isReported()) {
                if (training.isReported()) {
                    training.epoch(listener);
                }
                if (!training.isStopped() && !training.isReported()) {
                    EpochReport report = report(training, evaluator, model, train, test);
                    training.add(report);
                    listener.onEpoch(report);
                }
            }
            training.end();
            listener.onEnd(training);
            training.finish();
            return training.history();
        }
    }

    /** Labels and features mean the same in both. */
    private static void requireAlike(Rows train, Rows test) {
        int c = firstOther(train.classNames(), test.classNames());
        if (c >= 0) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the test rows have other classes than the training rows")
                    .at("class " + c)
                    .expected(train.classNames().get(c), test.classNames().get(c))
                    .hint("DataReader.like reads rows whose labels are of the same classes.");
        }
        // Sparse rows name their columns by numbers.
        boolean sparse = train.holdsSparse() || test.holdsSparse();
        int j = sparse ? -1 : firstOther(train.featureNames(), test.featureNames());
        if (j >= 0) {
            throw otherColumns()
                    .at("feature " + j)
                    .expected(train.featureNames().get(j), test.featureNames().get(j));
        }
        if (Math.min(train.firstIndex(), test.firstIndex()) >= 0 && train.firstIndex() != test.firstIndex()) {
            throw otherColumns().expected("indices from " + train.firstIndex(), "indices from " + test.firstIndex());
        }
        if (!test.scaling().equals(train.scaling())) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the test rows are not scaled as the training rows")
                    .hint("Dataset.scaled takes the scaling of other rows.");
        }
    }

    /** The first index at which both have a name and not the same one, or -1. */
    private static int firstOther(List<String> learned, List<String> measured) {
        int both = Math.min(learned.size(), measured.size());
        return Arrays.mismatch(learned.toArray(), 0, both, measured.toArray(), 0, both);
    }

    private static LanewiseException otherColumns() {
        return new LanewiseException(ExitCode.BAD_DATA, "the test rows do not have the columns that were learned")
                .hint("DataReader.like reads rows of the same columns.");
    }

    private static EpochReport report(Training training, Evaluator evaluator, Model model, Rows train, Rows test) {
        Evaluator.Score onTrain = evaluator.score(train);
        if (model.firstNonFinite() != null || !Double.isFinite(onTrain.loss())) {
            throw diverged(model, training.epochs(), "the loss", onTrain.loss());
        }
        Evaluator.Score onTest = evaluator.score(test);
        if (!Double.isFinite(onTest.loss())) {
            throw diverged(model, training.epochs(), "the loss of the test rows", onTest.loss());
        }
        return new EpochReport(
                training.epochs(),
                onTrain.loss(),
                onTrain.error(),
                onTest.loss(),
                onTest.error(),
                training.learningRate(),
                training.seconds(),
                train.rows() / training.seconds());
    }

    /**
     * Starts to train a model, for a caller that goes through the epochs itself:
     *
     * <pre>{@code
     * try (Training training = trainer.start(model, train)) {
     *     while (!training.isOver()) {
     *         training.epoch();
     *     }
     * }
     * }</pre>
     *
     * <p>Only {@link #fit} evaluates and reports an epoch. Without reports no plateau lowers the learning rate, and no patience
     * ends the training or brings the best weights back. A {@link lanewise.trainer.run.RunFolder} keeps it by its checkpoint
     * alone, from which {@code fit} does not go on.
     *
     * @param model where to start, trained in place
     * @param train the training rows
     * @return the training, before its first epoch; to be closed
     * @throws IllegalArgumentException if a batch would be longer than an array can be
     * @throws LanewiseException if the model does not fit the data, or a feature is not finite (65)
     */
    public Training start(Model model, Rows train) {
        return new Training(model, train, recipe, threads, layout);
    }

    /**
     * What a training takes at most besides the model and the rows, as they are and as kernels read them.
     *
     * @param architecture that of the model
     * @param train the training rows
     * @return floats
     */
    public long floats(Architecture architecture, Rows train) {
        int ordered = Step.gathers(train, recipe) ? train.rows() : 0;
        return ordered + Step.floats(architecture, train, recipe, threads);
    }

    private static LanewiseException diverged(Model model, int epoch, String name, double loss) {
        String tensor = model.firstNonFinite();
        String what = tensor == null
                ? "training diverged: every weight is finite, but " + name + " is " + loss
                : "training diverged: " + tensor + " is the first tensor that is not finite, " + name + " is " + loss;
        return Training.diverged(epoch, what);
    }

    /** Collects a recipe. */
    public static final class Builder {
        private int epochs = 10;
        private float learningRate = 0.2f;
        private Schedule schedule = Schedule.CONSTANT;
        private int batch = 100;
        private float momentum;
        private boolean nesterov;
        private float weightDecay;
        private float labelSmoothing;
        private ClassWeight classWeight = ClassWeight.NONE;
        private float clipNorm;
        private int accumulate = 1;
        private boolean shuffle;
        private int patience;
        private long seed;
        private int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        private PixelLayout layout = PixelLayout.AUTO;

        private Builder() {}

        /**
         * How often to go through the training set.
         *
         * @param value 1 to 1,000,000
         * @return this
         */
        public Builder epochs(int value) {
            epochs = value;
            return this;
        }

        /**
         * The step size, where the schedule has it highest.
         *
         * @param value more than 0, at most 1,000,000
         * @return this
         */
        public Builder learningRate(float value) {
            learningRate = value;
            return this;
        }

        /**
         * How the step size changes in the course of the run.
         *
         * @param value any schedule
         * @return this
         */
        public Builder schedule(Schedule value) {
            schedule = value;
            return this;
        }

        /**
         * How many rows a gradient is the mean over.
         *
         * @param value at least 1
         * @return this
         */
        public Builder batch(int value) {
            batch = value;
            return this;
        }

        /**
         * The momentum.
         *
         * @param value at least 0, less than 1
         * @return this
         */
        public Builder momentum(float value) {
            momentum = value;
            return this;
        }

        /**
         * Whether momentum looks ahead by Nesterov's rule.
         *
         * @param value true needs a momentum
         * @return this
         */
        public Builder nesterov(boolean value) {
            nesterov = value;
            return this;
        }

        /**
         * The weight decay, on weights and biases alike.
         *
         * @param value at least 0, at most 1,000,000
         * @return this
         */
        public Builder weightDecay(float value) {
            weightDecay = value;
            return this;
        }

        /**
         * How much of each row's target is spread over all classes.
         *
         * @param value at least 0, less than 1
         * @return this
         */
        public Builder labelSmoothing(float value) {
            labelSmoothing = value;
            return this;
        }

        /**
         * How often the rows of each class count.
         *
         * @param value once, or so that all classes count alike
         * @return this
         */
        public Builder classWeight(ClassWeight value) {
            classWeight = value;
            return this;
        }

        /**
         * The largest norm of a gradient, to which a larger one is scaled down.
         *
         * @param value at least 0, at most 1,000,000; 0 for any
         * @return this
         */
        public Builder clipNorm(float value) {
            clipNorm = value;
            return this;
        }

        /**
         * How many batches make one step.
         *
         * @param value at least 1
         * @return this
         */
        public Builder accumulate(int value) {
            accumulate = value;
            return this;
        }

        /**
         * Whether each epoch has an order of its own.
         *
         * @param value false for the order of the data
         * @return this
         */
        public Builder shuffle(boolean value) {
            shuffle = value;
            return this;
        }

        /**
         * After how many epochs without a new lowest test loss to end, with the model that had the lowest unless the run is
         * stopped.
         *
         * @param value at least 0, at most 1,000,000; 0 for never
         * @return this
         */
        public Builder patience(int value) {
            patience = value;
            return this;
        }

        /**
         * Names the random choices.
         *
         * @param value any number
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * How many threads train at most: short steps are left to the caller alone while that is measured to be faster.
         *
         * @param value 1 to {@link #MOST_THREADS}; the result does not depend on it
         * @return this
         */
        public Builder threads(int value) {
            threads = value;
            return this;
        }

        /**
         * How rows of pixels stand in memory, which decides how fast softmax regression over them is, and nothing else.
         *
         * @param value {@link PixelLayout#AUTO} unless set
         * @return this
         */
        public Builder layout(PixelLayout value) {
            layout = value;
            return this;
        }

        /**
         * Makes the trainer.
         *
         * @return a trainer, to be used for any number of models
         * @throws IllegalArgumentException if a value is outside its range
         * @throws NullPointerException if schedule, classWeight or layout is null
         */
        public Trainer build() {
            Hyperparameters recipe = new Hyperparameters(
                    epochs,
                    learningRate,
                    schedule,
                    batch,
                    momentum,
                    nesterov,
                    weightDecay,
                    labelSmoothing,
                    classWeight,
                    clipNorm,
                    accumulate,
                    shuffle,
                    patience,
                    seed);
            return new Trainer(recipe, threads, layout);
        }
    }
}
