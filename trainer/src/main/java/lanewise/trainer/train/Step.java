package lanewise.trainer.train;

import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.Rows;
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

    /**
     * The step for a model and a data set.
     *
     * @param layout how rows of pixels stand in memory
     * @param capacity how many rows a call of {@link #run} may have
     */
    static Step of(Model model, Rows data, Hyperparameters recipe, PixelLayout layout, int capacity, Workers workers) {
        if (SparseLayer.suits(model.architecture(), data)) {
            return new SparseStep(model, data, recipe, workers);
        }
        return PixelLayer.suits(model, data)
                ? new PixelStep(model, data, recipe, layout, capacity, workers)
                : new SgdStep(model, data, recipe, capacity);
    }

    /** Takes weights and momentum from where the model and {@link #momentum} have them. */
    void load();

    /** Puts weights and momentum, as they are after the last whole step, where the model and {@link #momentum} have them. */
    void save();
}
