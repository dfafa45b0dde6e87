package lanewise.trainer.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import lanewise.trainer.train.EpochReport;

/** The table of a run, in the form in which the course prints it; it counts epochs from 0. */
final class EpochTable {
    static final String HEADER = "| Epoch | Train Loss | Train Err | Test Loss | Test Err |";

    private EpochTable() {}

    static String row(EpochReport report) {
        return "|" + padded(Integer.toString(report.epoch() - 1), 6)
                + " |" + padded(fixed(report.trainLoss()), 11)
                + " |" + padded(fixed(report.trainError()), 10)
                + " |" + padded(fixed(report.testLoss()), 10)
                + " |" + padded(fixed(report.testError()), 9)
                + " |";
    }

    /** Five digits behind the point, correctly rounded; what is not finite by its name. */
    static String fixed(double x) {
        return !Double.isFinite(x)
                ? Double.toString(x)
                : new BigDecimal(x).setScale(5, RoundingMode.HALF_EVEN).toPlainString();
    }

    static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
