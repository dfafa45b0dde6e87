package lanewise.benchmarks.scoreboard;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Work;

/**
 * A row of the table.
 *
 * @param work what was done
 * @param simd JMH's median of the seconds of one run on SIMD
 * @param scalar that on the scalar backend
 * @param races against the ceiling, one a JVM
 * @param peers against each peer, in the order of the table
 */
record Row(Work work, double simd, double scalar, List<Measurement> races, Map<String, Measurement> peers) {
    /** What the middle JVMs may differ by, relative to each other: the promise of the table is 3 % from hour to hour. */
    static final double TOLERANCE = 0.03;

    /** How far JMH, or we beside a peer, may be from the races with the ceiling: the drift of a quiet virtual machine. */
    static final double DRIFT = 0.10;

    /** The share of the ceiling, the median over the JVMs. */
    double ceilingFraction() {
        return Duel.quantile(fractions(), 0.5);
    }

    /** Our seconds in the races, the median over the JVMs. */
    double racedSeconds() {
        return Duel.median(races.stream().mapToDouble(Measurement::seconds));
    }

    /** FLOP/s in units of 10^9. */
    double gflops() {
        return work.flops() / simd / 1e9;
    }

    /** Why the figures are not to be trusted, or nothing: the JVMs differ, or JMH and the races, or the races with a peer. */
    String remark() {
        double apart = Math.abs(simd / racedSeconds() - 1);
        return joined(
                jvmsDiffer(),
                apart > DRIFT ? "unstable: JMH and races differ by %.0f %%".formatted(100 * apart) : "",
                unstableAgainst(peers.keySet()));
    }

    /** What of it concerns a peer, whose share is ours by the ratio of their race. */
    String remark(String peer) {
        return joined(jvmsDiffer(), unstableAgainst(Set.of(peer)));
    }

    private String jvmsDiffer() {
        double[] fractions = fractions();
        double spread = (Duel.quantile(fractions, 0.75) - Duel.quantile(fractions, 0.25)) / ceilingFraction();
        return spread > TOLERANCE ? "unstable: JVMs differ by %.0f %%".formatted(100 * spread) : "";
    }

    /** Those beside which we were not what we are elsewhere. */
    private String unstableAgainst(Set<String> names) {
        String apart = names.stream()
                .filter(name -> Math.abs(peers.get(name).seconds() / racedSeconds() - 1) > DRIFT)
                .collect(Collectors.joining(", "));
        return apart.isEmpty() ? "" : "unstable against " + apart;
    }

    private static String joined(String... reasons) {
        return Stream.of(reasons).filter(reason -> !reason.isEmpty()).collect(Collectors.joining("; "));
    }

    private double[] fractions() {
        return races.stream().mapToDouble(Measurement::relative).toArray();
    }
}
