package lanewise.benchmarks.check;

import java.util.SplittableRandom;
import lanewise.benchmarks.race.Duel;

/** What the JVMs of one attempt say about a piece of work, held against what it was. */
enum Verdict {
    /** As fast as it was, or faster. */
    WELL,
    /** Slower: a second attempt has to agree before it counts. */
    SLOWER,
    /** Too disturbed to tell. */
    INCONCLUSIVE;

    /** A median below this share of the reference is slower: between the 0.87 of a loss of 15 % and the noise. */
    static final double SLOW = 0.92;

    /** And the bound above the median must be below this. */
    static final double BOUND = 0.95;

    /** The share of disturbed rounds from which a median means nothing. */
    static final double DISTURBED = 0.5;

    /** The width of the interval, as a share of the median, from which nothing can be said. */
    static final double WIDE = 0.15;

    private static final double CONFIDENCE = 0.99;
    private static final int RESAMPLES = 2000;

    /**
     * Judges.
     *
     * @param reference what it was, in units of the ruler
     * @param jvms what it is, one number a JVM
     * @param disturbed the share of the rounds in which something else had the core
     */
    static Verdict of(double reference, double[] jvms, double disturbed) {
        double median = Duel.quantile(jvms, 0.5);
        double[] interval = interval(jvms);
        if (median < SLOW * reference && interval[1] < BOUND * reference) {
            return disturbed > DISTURBED ? INCONCLUSIVE : SLOWER;
        }
        boolean wide = interval[1] - interval[0] > WIDE * median;
        return median < BOUND * reference && (wide || disturbed > DISTURBED) ? INCONCLUSIVE : WELL;
    }

    /** The interval of the median over the JVMs, by bootstrap: it holds 99 % of the medians of samples of the samples. */
    static double[] interval(double[] jvms) {
        SplittableRandom random = new SplittableRandom(1);
        double[] medians = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double[] sample = random.ints(jvms.length, 0, jvms.length)
                    .mapToDouble(j -> jvms[j])
                    .toArray();
            medians[i] = Duel.quantile(sample, 0.5);
        }
        return new double[] {Duel.quantile(medians, (1 - CONFIDENCE) / 2), Duel.quantile(medians, (1 + CONFIDENCE) / 2)
        };
    }
}
