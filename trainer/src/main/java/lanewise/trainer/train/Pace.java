package lanewise.trainer.train;

import java.util.Arrays;
import lanewise.kernels.Workers;

/**
 * Who does the steps: all workers, or the caller alone, whichever has been faster lately. No bit depends on it.
 *
 * <p>A short step takes tens of microseconds, in which its threads hand arrays to each other. That pays where they run on
 * neighbouring cores. It does not where the cores are far apart, or where others want them, as the JIT does in the first
 * second; and neither can be asked for, so it is measured.
 */
final class Pace {
    /** Steps in a stretch, which is judged by its median: that does not see what interrupts a few of them. */
    static final int STRETCH = 51;

    /** Steps in a stretch of steps so long that an interruption is small beside them. */
    static final int SHORT_STRETCH = 5;

    /** A stretch is over after so long, so that a try of the slower way costs little. */
    static final long STRETCH_NANOS = 10_000_000;

    /** Stretches after which the slower way has another try, at least and at most: twice as many each time it lost. */
    static final int SHORTEST_PATIENCE = 8;

    static final int LONGEST_PATIENCE = 64;

    private static final int ALONE = 0;
    private static final int ALL = 1;

    private final Workers[] teams;
    private final boolean isChoice;
    private final double[] stretch = new double[STRETCH];

    /** Nanoseconds a row, as of the last stretch of each; the caller alone, which has had none, is next. */
    private final double[] medians = {0, Double.MAX_VALUE};

    private int current = ALL;
    private int steps;
    private long stretchNanos;
    private long began;
    private int stretches;
    private int patience = SHORTEST_PATIENCE;

    /** A pace for some workers, who do the first stretch. */
    Pace(Workers workers) {
        teams = new Workers[] {Workers.serial(), workers};
        isChoice = workers.count() > 1;
    }

    /** The threads for the step that begins now. */
    Workers begin() {
        began = isChoice ? System.nanoTime() : 0;
        return teams[current];
    }

    /** The step has ended, of so many rows. */
    void end(int rows) {
        if (isChoice) {
            add(System.nanoTime() - began, rows);
        }
    }

    /** A step of so many rows took so long. */
    void add(long nanos, int rows) {
        stretch[steps++] = (double) nanos / rows;
        stretchNanos += nanos;
        if (steps == STRETCH || steps >= SHORT_STRETCH && stretchNanos >= STRETCH_NANOS) {
            judge();
        }
    }

    private void judge() {
        Arrays.sort(stretch, 0, steps);
        medians[current] = stretch[steps / 2];
        steps = 0;
        stretchNanos = 0;
        int faster = medians[ALONE] <= medians[ALL] ? ALONE : ALL;
        if (stretches == 0) {
            patience = faster == current ? SHORTEST_PATIENCE : Math.min(LONGEST_PATIENCE, 2 * patience);
        } else if (faster != current) {
            // Something was in the way for a while; the patience is that with the other way.
            patience = SHORTEST_PATIENCE;
            stretches = 0;
        }
        current = faster;
        if (++stretches == patience) {
            stretches = 0;
            current = ALONE + ALL - current;
        }
    }
}
