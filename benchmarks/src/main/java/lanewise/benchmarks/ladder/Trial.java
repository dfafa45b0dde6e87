package lanewise.benchmarks.ladder;

import java.util.Locale;
import java.util.SplittableRandom;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Work;

/** A step with its operands, ready to be timed and to be held against an oracle that computes in double. */
abstract class Trial implements Contender {
    private final Step step;
    private final Work work;

    Trial(Step step, Work work) {
        this.step = step;
        this.work = work;
    }

    /** Fails unless the last run made what it should. */
    abstract void check();

    /** Fails unless an element is as near to what it should be as rounding allows. */
    final void require(int i, int j, float found, double expected, double tolerance) {
        if (!(Math.abs(found - expected) <= tolerance)) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%s on %s: row %d, column %d is %s (expected %s within %.1e)",
                    step.name(),
                    work,
                    i,
                    j,
                    found,
                    expected,
                    tolerance));
        }
    }

    /** The same uniform numbers each time. */
    static float[] uniform(int n, double from, double to) {
        SplittableRandom random = new SplittableRandom(n);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextDouble(from, to);
        }
        return x;
    }
}
