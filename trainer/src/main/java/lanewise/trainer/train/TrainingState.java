package lanewise.trainer.train;

import java.util.Arrays;
import java.util.List;
import lanewise.trainer.model.Architecture;

/**
 * Where a training is, after some step: all that it takes to go on as if it had not stopped, besides the recipe and the data.
 * The order of the rows and the learning rate follow from the place.
 *
 * <p>Tensors come in the layout and the order of {@link Architecture#tensors}. Two are equal only if
 * they have the same arrays, not for equal content: compare the arrays.
 *
 * @param epoch which epoch, from 1; 0 before the first
 * @param rowsDone how many rows of it are done; all of them when it is over
 * @param seconds how long it has taken so far
 * @param reports the reports of the epochs that have been evaluated, which a caller who goes through the epochs itself does
 *     not make
 * @param weights the weights and biases
 * @param momentum the momentum of each; empty in a recipe without
 * @param best the weights and biases after the epoch of the lowest test loss; empty where nobody wants them, or no epoch has
 *     had the lowest since somebody does
 */
public record TrainingState(
        int epoch,
        int rowsDone,
        double seconds,
        List<EpochReport> reports,
        List<float[]> weights,
        List<float[]> momentum,
        List<float[]> best) {
    /**
     * Takes copies of the lists, but not of the tensors.
     *
     * @param epoch which epoch
     * @param rowsDone how many rows of it are done
     * @param seconds how long it has taken so far
     * @param reports the reports so far
     * @param weights the weights and biases
     * @param momentum the momentum of each
     * @param best the best weights and biases
     */
    public TrainingState {
        reports = List.copyOf(reports);
        weights = List.copyOf(weights);
        momentum = List.copyOf(momentum);
        best = List.copyOf(best);
    }

    /** Whether a training of a recipe, over so many rows, can be here. */
    boolean suits(Hyperparameters recipe, Architecture architecture, int rows) {
        boolean betweenEpochs = rowsDone == rows;
        boolean insideEpoch = rowsDone >= 0 && rowsDone < rows && rowsDone % recipe.stepRows() == 0;
        // The report of an epoch comes after its last step, if at all.
        int reported = Reports.lastEpoch(reports);
        return epoch >= 0
                && (betweenEpochs || insideEpoch)
                && reported <= (betweenEpochs ? epoch : epoch - 1)
                && fit(weights, architecture)
                && (recipe.momentum() > 0 ? fit(momentum, architecture) : momentum.isEmpty())
                && (best.isEmpty() ? recipe.patience() == 0 || reported == 0 : reported > 0 && fit(best, architecture));
    }

    private static boolean fit(List<float[]> tensors, Architecture architecture) {
        List<Integer> lengths = architecture.tensors().values().stream()
                .map(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .toList();
        return tensors.stream().map(tensor -> tensor.length).toList().equals(lengths);
    }
}
