package lanewise.trainer.train;

import java.util.ArrayList;
import java.util.List;

/** The reports of a training, and what follows from their test losses. */
final class Reports {
    private final Hyperparameters recipe;
    private final List<EpochReport> all = new ArrayList<>();
    private EpochReport best;
    private Schedule.Drops drops;

    Reports(Hyperparameters recipe) {
        this.recipe = recipe;
        this.drops = recipe.schedule().newDrops();
    }

    /**
     * Takes the report of another epoch.
     *
     * @return whether its test loss is lower than all before
     */
    boolean add(EpochReport report) {
        all.add(report);
        drops.add(report.epoch(), report.testLoss());
        boolean lowest = best == null || report.testLoss() < best.testLoss();
        best = lowest ? report : best;
        return lowest;
    }

    /** Takes the reports of another training in place of its own. */
    void set(List<EpochReport> reports) {
        all.clear();
        best = null;
        drops = recipe.schedule().newDrops();
        reports.forEach(this::add);
    }

    List<EpochReport> all() {
        return all;
    }

    /** The last epoch that has a report, or 0. */
    int lastEpoch() {
        return lastEpoch(all);
    }

    static int lastEpoch(List<EpochReport> reports) {
        return reports.isEmpty() ? 0 : reports.get(reports.size() - 1).epoch();
    }

    /** How often the learning rate has dropped. */
    int drops() {
        return drops.count();
    }

    /** Whether the patience of the recipe is at its end. */
    boolean exhaustPatience() {
        return recipe.patience() > 0 && best != null && lastEpoch() - best.epoch() >= recipe.patience();
    }
}
