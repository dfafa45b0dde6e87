package lanewise.trainer.cli;

import static lanewise.trainer.cli.Text.fixed;
import static lanewise.trainer.cli.Text.padded;

import lanewise.trainer.train.EpochReport;

/** The table of a run, in the form in which the course prints it; it counts epochs from 0. */
final class EpochTable {
    private static final int FIRST_WIDTH = 6;
    private static final int[] WIDTHS = {11, 10, 10, 9};

    private EpochTable() {}

    /** What stands above the rows; they may be of something else than epochs. */
    static String header(String first) {
        return "|" + padded(first, FIRST_WIDTH) + " | Train Loss | Train Err | Test Loss | Test Err |";
    }

    static String row(EpochReport report) {
        return row(
                Integer.toString(report.epoch() - 1),
                report.trainLoss(),
                report.trainError(),
                report.testLoss(),
                report.testError());
    }

    /** The figures in the order of the header. */
    static String row(String first, double... figures) {
        StringBuilder row = new StringBuilder("|" + padded(first, FIRST_WIDTH) + " |");
        for (int i = 0; i < figures.length; i++) {
            row.append(padded(fixed(figures[i], WIDTHS[i]), WIDTHS[i])).append(" |");
        }
        return row.toString();
    }
}
