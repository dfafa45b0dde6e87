package lanewise.trainer.cli;

import java.io.PrintStream;

/** A line on the terminal that says how far a run is, drawn anew ten times a second and gone when it is done. */
final class ProgressBar {
    private static final int CELLS = 30;
    private static final long PAUSE_NANOS = 100_000_000;

    /** From here on the pace of the run tells how long it will take; before, most code is not compiled yet. */
    private static final double SETTLED_SECONDS = 2;

    private final PrintStream terminal;
    private final int epochs;
    private final long start = System.nanoTime();
    private long drawn = start;

    /** What was done before: a run may go on where it was. */
    private double before = -1;

    private int width;

    /**
     * A bar that has not been drawn yet.
     *
     * @param terminal where it appears; null if there is none
     * @param epochs how many epochs the run has
     */
    ProgressBar(PrintStream terminal, int epochs) {
        this.terminal = terminal;
        this.epochs = epochs;
    }

    /** Some rows of an epoch, counted from 1, are done. */
    void update(int epoch, int rowsDone, int rows) {
        if (terminal == null) {
            return;
        }
        double done = (epoch - 1 + (double) rowsDone / rows) / epochs;
        before = before < 0 ? done : before;
        long now = System.nanoTime();
        if (now - drawn < PAUSE_NANOS) {
            return;
        }
        drawn = now;
        draw(epoch, done, (now - start) / 1e9);
    }

    /** Leaves the line to others. */
    void clear() {
        if (width > 0) {
            terminal.print("\r" + " ".repeat(width) + "\r");
            width = 0;
        }
    }

    private void draw(int epoch, double done, double seconds) {
        int full = (int) (done * CELLS);
        String line = "[" + "#".repeat(full) + ".".repeat(CELLS - full) + "] " + (int) (100 * done) + " %, epoch "
                + epoch + " of " + epochs;
        if (seconds > SETTLED_SECONDS && done > before) {
            line += ", " + Math.round(seconds / (done - before) * (1 - done)) + " s left";
        }
        clear();
        width = line.length();
        terminal.print(line);
        terminal.flush();
    }
}
