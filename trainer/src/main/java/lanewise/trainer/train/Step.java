package lanewise.trainer.train;

import java.util.Arrays;
import lanewise.kernels.Level1;
import lanewise.kernels.Sgd;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.Rows;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.PixelLayer;
import lanewise.trainer.model.SparseLayer;
import lanewise.trainer.model.Weights;

/** One step of mini-batch SGD over a model and a data set; between steps it remembers the momentum. */
interface Step {
    /** Goes over to the next rows of the data, which are those that {@link #run} counts from then on. */
    void use(Dataset block);

    /** Whether the rows of a batch are gathered in memory, and not found one behind the other. */
    static boolean gathers(Rows data, Hyperparameters recipe) {
        return recipe.shuffle() && data instanceof Dataset;
    }

    /**
     * Adds the gradient of some rows, and updates the weights when it is complete.
     *
     * @param team the threads that do it: those that the step was made for, or the caller alone
     * @param batch the rows; it stays as it is until this returns
     */
    void run(Workers team, Batch batch);

    /** The momentum, of length 0 each where there is none; as of the last {@link #save}. */
    Weights momentum();

    /** Says of some rows how often each counts, as often as its class; of none where each counts once. */
    static void weigh(float[] classWeights, int[] labels, int from, int count, float[] rowWeights) {
        for (int i = from; classWeights != null && i < from + count; i++) {
            rowWeights[i] = classWeights[labels[i]];
        }
    }

    /** Some weights, from their gradient. Without momentum in the recipe v is not read. */
    static void update(
            int n, float[] w, int wAt, float[] g, int gAt, float[] v, int vAt, float rate, Hyperparameters recipe) {
        float momentum = recipe.momentum();
        float decay = recipe.weightDecay();
        if (momentum > 0) {
            Sgd.momentumStep(n, w, wAt, g, gAt, v, vAt, rate, momentum, recipe.nesterov(), decay);
        } else {
            Sgd.step(n, w, wAt, g, gAt, rate, decay);
        }
    }

    /** As {@link #update}, from a gradient in units of its own, which is 0 from then on. */
    static void updateAndClear(
            int n,
            float[] w,
            int wAt,
            float[] g,
            int gAt,
            float unit,
            float[] v,
            int vAt,
            float rate,
            Hyperparameters recipe) {
        if (recipe.momentum() > 0) {
            Level1.scal(n, unit, g, gAt);
            update(n, w, wAt, g, gAt, v, vAt, rate, recipe);
            Arrays.fill(g, gAt, gAt + n, 0);
        } else {
            Sgd.stepAndClear(n, w, wAt, g, gAt, unit, rate, recipe.weightDecay());
        }
    }

    /** How many rows a batch may have. */
    static int capacity(Rows data, Hyperparameters recipe) {
        return Math.min(recipe.batch(), data.blockRows());
    }

    /**
     * The step for a model and a data set.
     *
     * @param layout how rows of pixels stand in memory
     */
    static Step of(Model model, Rows data, Hyperparameters recipe, PixelLayout layout, Workers workers) {
        if (SparseLayer.suits(model.architecture(), data)) {
            return new SparseStep(model, data, recipe, workers);
        }
        return PixelLayer.suits(model.architecture(), data)
                ? new PixelStep(model, data, recipe, layout, workers)
                : new SgdStep(model, data, recipe);
    }

    /** How many floats it takes at most: a gradient and a momentum in the layout of the model, and what each kind says. */
    static long floats(Architecture architecture, Rows data, Hyperparameters recipe, int threads) {
        long floats = architecture.parameters() * (recipe.momentum() > 0 ? 2 : 1);
        floats += recipe.classWeight() == ClassWeight.NONE ? 0 : data.blockRows();
        if (SparseLayer.suits(architecture, data)) {
            return floats + SparseStep.floats(architecture, data, recipe, threads);
        }
        return floats
                + (PixelLayer.suits(architecture, data)
                        ? PixelStep.floats(architecture, data, recipe, threads)
                        : SgdStep.floats(architecture, data, recipe));
    }

    /** Takes weights and momentum from where the model and {@link #momentum} have them. */
    void load();

    /** Puts weights and momentum, as they are after the last whole step, where the model and {@link #momentum} have them. */
    void save();
}
