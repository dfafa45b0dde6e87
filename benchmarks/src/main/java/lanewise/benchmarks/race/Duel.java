package lanewise.benchmarks.race;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Two contenders in turns, A B B A, in blocks shorter than the time slice of a busy machine. What disturbs the machine
 * disturbs neighbours alike, and a block that was cut short by another process is one of many: the median of the ratios
 * of neighbours hardly moves with the load, where two scores taken one after the other differ by a quarter.
 */
public final class Duel {
    /** How long a block lasts, if a single run is not longer. */
    private static final long BLOCK = 300_000;

    /** How long a block must have been no faster, and free of allocation, before it counts as warm. */
    private static final long PATIENCE = 200_000_000;

    private static final long LONGEST_WARM_UP = 8_000_000_000L;

    private static final int FEWEST_ROUNDS = 5;

    /** Rounds that take seconds are not repeated for longer than this. */
    private static final long LONGEST_RACE = 5_000_000_000L;

    private Duel() {}

    /**
     * How it went.
     *
     * @param a the median of A's seconds a run
     * @param b the median of B's
     * @param ratio the median, over the rounds, of B's time over A's: how many times faster A is
     * @param spread the distance between the quartiles of that, as a share of it
     * @param disturbed the share of the rounds that took half as long again as most: something else had the core
     */
    public record Outcome(double a, double b, double ratio, double spread, double disturbed) {
        /** The same with B for A. */
        Outcome swapped() {
            return new Outcome(b, a, 1 / ratio, spread, disturbed);
        }
    }

    /**
     * Races two contenders.
     *
     * @param a one
     * @param b the other
     * @param seconds for how long, without the warm-up
     * @return how it went
     */
    public static Outcome race(Contender a, Contender b, double seconds) {
        return race(a, warmUp(a), b, warmUp(b), seconds);
    }

    /**
     * Races two contenders that are warm.
     *
     * @param a one
     * @param bestA what {@link #warmUp} said of it
     * @param b the other
     * @param bestB what {@link #warmUp} said of it
     * @param seconds for how long; at least five rounds are run, unless that takes more than five seconds
     * @return how it went
     */
    public static Outcome race(Contender a, double bestA, Contender b, double bestB, double seconds) {
        int runsA = (int) Math.max(1, BLOCK / bestA);
        int runsB = (int) Math.max(1, Math.round(runsA * bestA / bestB));
        List<double[]> rounds = new ArrayList<>();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        for (long now = start;
                rounds.isEmpty() || now < end || rounds.size() < FEWEST_ROUNDS && now - start < LONGEST_RACE;
                now = System.nanoTime()) {
            double first = block(a, runsA);
            double second = block(b, runsB);
            second += block(b, runsB);
            first += block(a, runsA);
            rounds.add(new double[] {first / (2e9 * runsA), second / (2e9 * runsB)});
        }
        double[] ofA = rounds.stream().mapToDouble(round -> round[0]).toArray();
        double[] ofB = rounds.stream().mapToDouble(round -> round[1]).toArray();
        double[] ratios =
                rounds.stream().mapToDouble(round -> round[1] / round[0]).toArray();
        double ratio = quantile(ratios, 0.5);
        double usual = quantile(ofA, 0.5) * runsA + quantile(ofB, 0.5) * runsB;
        long disturbed = rounds.stream()
                .filter(round -> round[0] * runsA + round[1] * runsB > 1.5 * usual)
                .count();
        return new Outcome(
                quantile(ofA, 0.5),
                quantile(ofB, 0.5),
                ratio,
                (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio,
                (double) disturbed / rounds.size());
    }

    /**
     * Runs a contender until it gets no faster. Vectors that are not compiled yet are objects: as long as a contender
     * allocates more than one a run, it is not warm, however steady its pace.
     *
     * @param contender to be warmed up
     * @return the best nanoseconds a run
     */
    public static double warmUp(Contender contender) {
        double best = Double.MAX_VALUE;
        long start = System.nanoTime();
        long improved = start;
        int runs = 1;
        for (long now = start; now - improved < PATIENCE && now - start < LONGEST_WARM_UP; ) {
            long before = Allocation.ofThisThread();
            double block = block(contender, runs);
            boolean cold = Allocation.ofThisThread() - before > 100L * runs;
            now = System.nanoTime();
            if (cold || block / runs < 0.98 * best) {
                improved = now;
            }
            best = Math.min(best, block / runs);
            if (block < BLOCK) {
                runs *= 2;
            }
        }
        return best;
    }

    private static long block(Contender contender, int runs) {
        long start = System.nanoTime();
        for (int run = 0; run < runs; run++) {
            contender.run();
        }
        return System.nanoTime() - start;
    }

    /** The median of at least one value; of an even number the upper of two. */
    public static double median(DoubleStream values) {
        return quantile(values.toArray(), 0.5);
    }

    /**
     * A quantile, without interpolation.
     *
     * @param values at least one, in any order
     * @param share between 0 and 1
     * @return one of the values; the median of an even number is the upper of two
     */
    public static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
