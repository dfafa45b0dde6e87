package lanewise.benchmarks.scoreboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private final Map<String, String> best = fastestCore();

    /** Every peer's races, by piece of work. */
    Map<Work, Map<String, Measurement>> race(List<Work> works) {
        Map<Integer, List<Work>> byThreads = new TreeMap<>();
        works.forEach(work -> byThreads
                .computeIfAbsent(work.threads(), threads -> new ArrayList<>())
                .add(work));
        Map<Work, Map<String, Measurement>> races = new LinkedHashMap<>();
        for (String name : NAMES) {
            boolean forced = name.equals("openblas-best");
            byThreads.forEach((threads, shared) -> {
                Child child = PeerModule.child(threads);
                // NumPy has the fastest OpenBLAS too: it is to be beaten at its best.
                if (forced || name.equals("numpy")) {
                    child.environment(best);
                }
                for (Measurement race : race(child, name, forced ? "openblas" : name, threads, shared)) {
                    races.computeIfAbsent(race.work(), work -> new LinkedHashMap<>())
                            .put(name, race);
                }
            });
        }
        return races;
    }

    /** Nothing but a note if it fails: what was measured so far took minutes. */
    static List<Measurement> race(Child child, String name, String peer, int threads, List<Work> works) {
        try {
            return Race.peer(child.quiet(), peer, SECONDS, works);
        } catch (Failure failure) {
            System.err.printf(
                    "note: %s is not raced on %d thread%s: %s%n",
                    name, threads, threads == 1 ? "" : "s", failure.getMessage());
            return List.of();
        }
    }

    /** The core type that was found to be fastest. */
    String coreType() {
        return best.getOrDefault(CORE_TYPE, "its own choice");
    }

    /** Tries each core type in a process of its own: one that the CPU does not have ends in a crash, or in a wrong result. */
    private static Map<String, String> fastestCore() {
        Map<String, String> best = Map.of();
        double seconds = trial(best);
        for (String type : CORE_TYPES) {
            Map<String, String> environment = Map.of(CORE_TYPE, type);
            double tried = trial(environment);
            if (tried < seconds) {
                seconds = tried;
                best = environment;
            }
        }
        return best;
    }

    private static double trial(Map<String, String> environment) {
        Child child = PeerModule.child(1).quiet().environment(environment);
        try {
            return Race.peer(child, "openblas", TRIAL_SECONDS, List.of(TRIAL))
                    .get(0)
                    .otherSeconds();
        } catch (Failure crash) {
            return Double.MAX_VALUE;
        }
    }
}
