package lanewise.benchmarks.scoreboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Race;
import lanewise.benchmarks.race.Work;

/**
 * Races every peer, each in JVMs of its own. OpenBLAS runs twice: as a user gets it, and forced to the core type that is
 * fastest on this machine.
 */
final class Peers {
    /** In the order of the table. */
    static final List<String> NAMES = List.of(
            "openblas", "openblas-best", "mkl", "pytorch", "netlib-vector", "netlib-f2j", "ejml", "tribuo", "numpy");

    private static final String CORE_TYPE = "OPENBLAS_CORETYPE";
    private static final List<String> CORE_TYPES =
            List.of("HASWELL", "ZEN", "SKYLAKEX", "COOPERLAKE", "SAPPHIRERAPIDS");
    private static final Work TRIAL = Work.parse("sgemm NN:512x512x512 1");
    private static final double TRIAL_SECONDS = 0.3;
    private static final double SECONDS = 0.3;

    private final Map<String, String> best;

    /** Finds the core type first. */
    Peers() {
        this(fastestCore(Peers::trial));
    }

    /** Given the environment in which OpenBLAS is fastest. */
    Peers(Map<String, String> best) {
        this.best = best;
    }

    /** Every peer's races, by piece of work. */
    Map<Work, Map<String, Measurement>> race(List<Work> works) {
        Map<Integer, List<Work>> byThreads = new TreeMap<>();
        works.forEach(work -> byThreads
                .computeIfAbsent(work.threads(), threads -> new ArrayList<>())
                .add(work));
        Map<Work, Map<String, Measurement>> races = new LinkedHashMap<>();
        for (String name : NAMES) {
            byThreads.forEach((threads, shared) -> {
                List<Measurement> raced = environments(name).stream()
                        .flatMap(environment -> race(environment, name, threads, shared).stream())
                        .toList();
                fastest(raced)
                        .forEach((work, race) -> races.computeIfAbsent(work, any -> new LinkedHashMap<>())
                                .put(name, race));
            });
        }
        return races;
    }

    /** In which environments a peer is raced: that in which it is fastest counts, since it is to be beaten at its best. */
    List<Map<String, String>> environments(String name) {
        List<Map<String, String>> forced = best.isEmpty() ? List.of() : List.of(best);
        return switch (name) {
            case "openblas-best" -> forced;
            // It has another version of OpenBLAS and other products, for which its own choice may be the better one.
            case "numpy" ->
                Stream.concat(Stream.of(Map.<String, String>of()), forced.stream())
                        .toList();
            default -> List.of(Map.of());
        };
    }

    /** Of each piece of work the race in which the peer was the fastest beside us. */
    static Map<Work, Measurement> fastest(List<Measurement> races) {
        return races.stream()
                .collect(Collectors.toMap(
                        Measurement::work,
                        race -> race,
                        BinaryOperator.minBy(Comparator.comparingDouble(Measurement::relative)),
                        LinkedHashMap::new));
    }

    private static List<Measurement> race(Map<String, String> environment, String name, int threads, List<Work> works) {
        Child child = PeerModule.child(threads).environment(environment);
        String forced = environment.isEmpty() ? "" : " forced to " + environment.get(CORE_TYPE);
        return race(child, name + forced, name.equals("openblas-best") ? "openblas" : name, threads, works);
    }

    /** Nothing but a note if it fails: what was measured so far took minutes. */
    static List<Measurement> race(Child child, String name, String peer, int threads, List<Work> works) {
        try {
            return Race.run(child.quiet(), peer, SECONDS, works);
        } catch (Failure failure) {
            System.err.printf(
                    "note: %s is not raced on %d thread%s: %s%n",
                    name, threads, threads == 1 ? "" : "s", failure.getMessage());
            return List.of();
        }
    }

    /** A line about the core type that was found to be fastest. */
    String coreType() {
        return best.isEmpty()
                ? "openblas-best is not raced: OpenBLAS was not faster with any core type than with its own choice"
                : "openblas-best is OpenBLAS forced to the core type that was fastest: " + best.get(CORE_TYPE);
    }

    /**
     * Tries each core type in a process of its own: one that the CPU does not have ends in a crash, or in a wrong result. The
     * processes run one after another, so it is their ratios to us that are compared, not their seconds.
     */
    static Map<String, String> fastestCore(ToDoubleFunction<Map<String, String>> trial) {
        Map<String, String> best = Map.of();
        double relative = trial.applyAsDouble(best);
        for (String type : CORE_TYPES) {
            Map<String, String> environment = Map.of(CORE_TYPE, type);
            double tried = trial.applyAsDouble(environment);
            if (tried < relative) {
                relative = tried;
                best = environment;
            }
        }
        return best;
    }

    /** How many times as fast as OpenBLAS we are. */
    private static double trial(Map<String, String> environment) {
        Child child = PeerModule.child(1).quiet().environment(environment);
        try {
            return Race.run(child, "openblas", TRIAL_SECONDS, List.of(TRIAL))
                    .get(0)
                    .relative();
        } catch (Failure crash) {
            return Double.MAX_VALUE;
        }
    }
}
