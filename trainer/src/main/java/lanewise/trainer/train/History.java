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
     * The report of the last epoch.
     *
     * @return what the model is like now
     */
    public EpochReport last() {
        return epochs.get(epochs.size() - 1);
    }
}
