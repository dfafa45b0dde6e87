package lanewise.trainer.train;

import java.util.List;

/**
 * How a run went.
 *
 * @param epochs a report for each epoch, in order
 */
public record History(List<EpochReport> epochs) {
    /**
     * Keeps a copy.
     *
     * @param epochs the reports
     */
    public History {
        epochs = List.copyOf(epochs);
    }

    /**
     * The report of the epoch with the lowest test loss, the first of them if there are several.
     *
     * @return what a model is like whose recipe has a patience, unless its run was stopped
     * @throws IndexOutOfBoundsException if the run was stopped in its first epoch
     */
    public EpochReport best() {
        EpochReport best = epochs.get(0);
        for (EpochReport report : epochs) {
            if (report.testLoss() < best.testLoss()) {
                best = report;
            }
        }
        return best;
    }

    /**
     * The report of the last epoch.
     *
     * @return what the model is like now, unless its recipe has a patience or its run was stopped amid an epoch
     * @throws IndexOutOfBoundsException if the run was stopped in its first epoch
     */
    public EpochReport last() {
        return epochs.get(epochs.size() - 1);
    }
}
