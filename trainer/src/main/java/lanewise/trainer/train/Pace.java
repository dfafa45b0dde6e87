package lanewise.trainer.train;

import java.util.Arrays;
import lanewise.kernels.Workers;

/**
 * Who does the short steps: all workers, or the caller alone, whichever has been faster lately. No bit depends on it.
 *
 * <p>A step of a softmax regression takes tens of microseconds, in which its threads hand two arrays to each other. That pays
 * where they run on neighbouring cores. It does not where the cores are far apart, or where others want them, as the JIT does
 * in the first second; and neither can be asked for, so it is measured.
 */
final class Pace {
    /** Steps in a stretch, which is judged by its median: that does not see what interrupts a few of them. */
    static final int STRETCH = 51;

    /** Stretches after which the slower way has another try, at least and at most: twice as many each time it lost. */
    static final int SHORTEST_PATIENCE = 8;

    static final int LONGEST_PATIENCE = 64;

    private static final int ALONE = 0;
    private static final int ALL = 1;

    private final Workers[] teams;
    private final double[] stretch = new double[STRETCH];

    /** Nanoseconds a row, as of the last stretch of each; the caller alone, which has had none, is next. */
    private final double[] medians = {0, Double.MAX_VALUE};

    private int current = ALL;
    private int steps;
    private int stretches;
    private int patience = SHORTEST_PATIENCE;
    private long began;

    /** A pace for some workers, who do the first stretch. */
    Pace(Workers workers) {
        teams = new Workers[] {Workers.serial(), workers};
    }

    /** The threads for the step that begins now. */
    Workers begin() {
        began = System.nanoTime();
        return teams[current];
    }

    /** The step has ended. */
    void end(int rows) {
        if (teams[ALL].count() > 1) {
            add((double) (System.nanoTime() - began) / rows);
        }
    }

    /** A step took so long a row. */
    void add(double nanos) {
        stretch[steps++] = nanos;
        if (steps < STRETCH) {
            return;
        }
        steps = 0;
        Arrays.sort(stretch);
        medians[current] = stretch[STRETCH / 2];
        int faster = medians[ALONE] <= medians[ALL] ? ALONE : ALL;
        boolean tried = stretches == 0;
        if (tried) {
            patience = faster == current ? SHORTEST_PATIENCE : Math.min(LONGEST_PATIENCE, 2 * patience);
        }
        current = faster;
        if (++stretches == patience) {
            stretches = 0;
            current = ALONE + ALL - current;
        }
    }
}
