package lanewise.benchmarks.race;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Two contenders in turns, A B B A, in blocks shorter than the time slice of a busy machine. What disturbs the machine
 * disturbs neighbours alike, and a block that was cut short by another process is one of many: the median of the ratios
 * of neighbours hardly moves with the load, where two scores taken one after the other differ by a quarter.
 */
public final class Duel {
    /** How long a block lasts, if a single run is not longer. */
    private static final long BLOCK = 300_000;

    /** Warmed up when no block has been faster for as long as a compilation may take. */
    private static final long PATIENCE = 200_000_000;

    private static final long LONGEST_WARM_UP = 4_000_000_000L;

    private static final int FEWEST_ROUNDS = 5;

    private Duel() {}

    /**
     * How it went.
     *
     * @param a the median of A's seconds a run
     * @param b the median of B's
     * @param ratio the median, over the rounds, of B's time over A's: how many times faster A is
     * @param spread the distance between the quartiles of that, as a share of it
     * @param rounds how many rounds of A B B A
     */
    public record Outcome(double a, double b, double ratio, double spread, int rounds) {}

    /**
     * Races two contenders.
     *
     * @param a one
     * @param b the other
     * @param seconds for how long, without the warm-up; at least five rounds are run
     * @return how it went
     */
    public static Outcome race(Contender a, Contender b, double seconds) {
        double bestA = warmUp(a);
        double bestB = warmUp(b);
        int runsA = (int) Math.max(1, BLOCK / bestA);
        int runsB = (int) Math.max(1, Math.round(runsA * bestA / bestB));
        List<double[]> rounds = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (rounds.size() < FEWEST_ROUNDS || System.nanoTime() < end) {
            double first = block(a, runsA);
            double second = block(b, runsB);
            second += block(b, runsB);
            first += block(a, runsA);
            rounds.add(new double[] {first / (2e9 * runsA), second / (2e9 * runsB)});
        }
        double[] ratios =
                rounds.stream().mapToDouble(round -> round[1] / round[0]).toArray();
        double ratio = quantile(ratios, 0.5);
        return new Outcome(
                quantile(rounds.stream().mapToDouble(round -> round[0]).toArray(), 0.5),
                quantile(rounds.stream().mapToDouble(round -> round[1]).toArray(), 0.5),
                ratio,
                (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio,
                rounds.size());
    }

    /** The best nanoseconds a run, once they get no better. */
    static double warmUp(Contender contender) {
        double best = Double.MAX_VALUE;
        long start = System.nanoTime();
        long improved = start;
        int runs = 1;
        for (long now = start; now - improved < PATIENCE && now - start < LONGEST_WARM_UP; ) {
            double block = block(contender, runs);
            now = System.nanoTime();
            if (block / runs < 0.98 * best) {
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
