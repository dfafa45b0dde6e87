package lanewise.benchmarks.check;

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

    /** And the fastest JVM must be below this. */
    static final double BOUND = 0.95;

    /** The share of disturbed rounds from which a median means nothing. */
    static final double DISTURBED = 0.5;

    /** The range of the JVMs, as a share of the median, from which nothing can be said. */
    static final double WIDE = 0.15;

    /**
     * Judges.
     *
     * @param reference what it was, in units of the ruler
     * @param jvms what it is, one number a JVM
     * @param disturbed the share of the rounds in which something else had the core
     */
    static Verdict of(double reference, double[] jvms, double disturbed) {
        double median = Duel.quantile(jvms, 0.5);
        double fastest = Duel.quantile(jvms, 1);
        if (median < SLOW * reference) {
            return fastest < BOUND * reference && disturbed <= DISTURBED ? SLOWER : INCONCLUSIVE;
        }
        boolean wide = fastest - Duel.quantile(jvms, 0) > WIDE * median;
        return median < BOUND * reference && (wide || disturbed > DISTURBED) ? INCONCLUSIVE : WELL;
    }

    /** What a second attempt makes of this one: a loss that only one of the two saw remains a doubt. */
    Verdict confirmedBy(Verdict second) {
        return this == second || this == INCONCLUSIVE && second == WELL ? second : INCONCLUSIVE;
    }
}
