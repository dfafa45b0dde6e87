package lanewise.benchmarks.check;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Machine;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Work;
import lanewise.kernels.Diagnostics;
import picocli.CommandLine.Option;

/**
 * The regression check, in three layers. <b>A</b>, what time has no part in: a run allocates less than a byte, and it is SIMD
 * that runs. <b>B</b>, the speed: the heavy kernels are raced against a ruler in short blocks that take turns, in several
 * JVMs, and held against the baseline of this machine. <b>C</b>, floors so wide that only a kernel whose vectors live on the
 * heap falls through: SIMD against scalar.
 */
public final class Check {
    /** In how many JVMs each attempt is made. */
    static final int JVMS = 5;

    private static final int BASELINE_JVMS = 10;
    private static final double SECONDS = 0.15;
    private static final double GLANCE = 0.05;

    /** In how many JVMs a kernel that allocates is tried once more, by itself. */
    private static final int ALONE_JVMS = 2;

    private static final int INCONCLUSIVE = 3;

    private final PrintStream out;
    private final Supplier<Child> child;
    private final List<Work> slower = new ArrayList<>();

    /** What the verb {@code check} takes. */
    public static final class Arguments {
        @Option(names = "--quick", description = "judges no speed")
        boolean quick;

        @Option(names = "--strict", description = "fails where nothing can be said")
        boolean strict;
    }

    /** What the verb {@code baseline} takes: words, since the quotes of {@code -Dexec.args} are around all. */
    public static final class Reason {
        @Option(names = "--reason", paramLabel = "TEXT", arity = "1..*", required = true, description = "why")
        private List<String> words;

        String text() {
            return String.join(" ", words);
        }
    }

    /** A check of the kernels that a child runs. */
    Check(PrintStream out, Supplier<Child> child) {
        this.out = out;
        this.child = child;
    }

    /**
     * The verb {@code check}.
     *
     * @param out where to print
     * @param arguments what to judge, and how
     * @throws Failure with status 1 for a regression, and 3 where it is strict and nothing can be said
     */
    public static void run(PrintStream out, Arguments arguments) {
        String doubt = new Check(out, Child::new).run(!arguments.quick);
        if (!doubt.isEmpty() && arguments.strict) {
            throw new Failure(INCONCLUSIVE, doubt);
        }
    }

    /**
     * The verb {@code baseline}.
     *
     * @param out where to print
     * @param reason why it is taken anew
     */
    public static void renew(PrintStream out, Reason reason) {
        Baseline.checkWritable(Baseline.committed());
        Samples samples = Samples.take(Child::new, BASELINE_JVMS, SECONDS, Suite.works(Suite.TIMED));
        Baseline.of(reason.text(), samples.rulers()).write(Baseline.committed());
        out.println("written: " + Baseline.committed());
    }

    /** Runs the layers; what could not be decided, or an empty string. */
    String run(boolean timed) {
        if (timed) {
            requireBaselines(Baseline.committed(), Baseline.recorded());
        }
        out.println(Machine.describe());
        Samples samples = Samples.take(child, timed ? JVMS : 1, timed ? SECONDS : GLANCE, Suite.works(Suite.TIMED));
        Samples watched = Samples.take(child, 1, GLANCE, Suite.works(Suite.WATCHED));
        layerA(work -> Samples.take(child, ALONE_JVMS, GLANCE, List.of(work)), samples, watched);
        Supplier<Child> scalar = () -> child.get().flags(List.of("-Dlanewise.backend=scalar"));
        layerC(samples, watched, Samples.take(scalar, 1, GLANCE, Suite.works(Suite.FLOORED)));
        return timed ? layerB(samples, this::attempt, Baseline.committed(), Baseline.recorded()) : "";
    }

    /** Said now, and not when all has been measured: what cannot be read, or cannot be written where that must be. */
    static void requireBaselines(Path committed, Path recorded) {
        Baseline baseline = Baseline.find(committed, recorded);
        if (baseline == null || !baseline.knowsAll()) {
            Baseline.checkWritable(recorded);
        }
    }

    /** Layer B alone, which records nothing; what could not be decided, or an empty string. */
    String judge() {
        return judge(attempt(), this::attempt, Baseline.find());
    }

    private Samples attempt() {
        return Samples.take(child, JVMS, SECONDS, Suite.works(Suite.TIMED));
    }

    /** The kernels that layer B has found slower. */
    List<Work> slower() {
        return slower;
    }

    /**
     * What time has no part in. The compiler keeps a vector on the heap now and then, in a JVM that runs all kernels, which it
     * does not in the next one: what counts is then a JVM with nothing but the kernel.
     */
    void layerA(Function<Work, Samples> alone, Samples... samples) {
        List<String> faults = new ArrayList<>();
        double most = 0;
        for (Sample sample : Stream.of(samples).flatMap(Samples::all).toList()) {
            Work work = sample.work();
            if (!sample.backend().equals("simd")) {
                faults.add("%s ran on the %s backend".formatted(work, sample.backend()));
            }
            double bytes =
                    sample.bytes() < 1 ? sample.bytes() : alone.apply(work).bytes(work);
            if (bytes >= 1) {
                faults.add("%s allocates %.1f bytes a run".formatted(work, bytes));
            }
            most = Math.max(most, bytes);
        }
        decide("A", faults, "SIMD at %d bits, at most %.2f bytes a run".formatted(Diagnostics.vectorBits(), most));
    }

    /** The speed. Records what it cannot judge, unless it has found a regression: then that may be slower as well. */
    String layerB(Samples samples, Supplier<Samples> attempt, Path committed, Path recorded) {
        Baseline baseline = Baseline.find(committed, recorded);
        Map<String, double[]> unknown = samples.rulers();
        String doubt = "no baseline for this CPU, width and JDK";
        if (baseline != null) {
            unknown.keySet().removeAll(baseline.works().keySet());
            doubt = judge(samples, attempt, baseline);
        }
        if (!unknown.isEmpty()) {
            Baseline.record(recorded, unknown);
            out.printf(
                    "layer B: %s: recorded in %s%n",
                    baseline == null ? doubt : String.join(", ", unknown.keySet()), recorded);
        }
        return doubt;
    }

    /**
     * Holds the speed against a baseline, with a second attempt where not all is well: at everything, as in the JVMs of the
     * baseline, since what ran before a kernel changes how fast it is. What the baseline does not know is no fault of the
     * kernel, and is said.
     */
    String judge(Samples samples, Supplier<Samples> attempt, Baseline baseline) {
        out.printf("layer B: against the baseline of %s (%s)%n", baseline.date(), baseline.reason());
        List<Work> suspects = Suite.works(Suite.TIMED).stream()
                .filter(baseline::knows)
                .filter(work -> samples.verdict(baseline, work) != Verdict.WELL)
                .toList();
        Samples again = suspects.isEmpty() ? null : attempt.get();
        out.printf(
                "%-36s %10s %10s %8s %21s  %s%n",
                "kernel", "baseline", "now", "change", "range of the JVMs", "verdict");
        List<String> regressions = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        for (Work work : Suite.works(Suite.TIMED)) {
            if (!baseline.knows(work)) {
                double now = Duel.quantile(samples.rulers(work), 0.5);
                out.printf("%-36s %10s %10.4f %8s %21s  not in the baseline%n", work, "-", now, "-", "-");
                doubts.add(work + " is not in the baseline");
                continue;
            }
            boolean repeated = suspects.contains(work);
            Verdict first = samples.verdict(baseline, work);
            Verdict verdict = repeated ? first.confirmedBy(again.verdict(baseline, work)) : first;
            double[] jvms = (repeated ? again : samples).rulers(work);
            double change = 100 * (Duel.quantile(jvms, 0.5) / baseline.reference(work) - 1);
            printRow(work, baseline.reference(work), jvms, change, verdict, repeated);
            if (verdict == Verdict.SLOWER) {
                slower.add(work);
                regressions.add("%s %.0f %%".formatted(work, change));
            } else if (verdict == Verdict.INCONCLUSIVE) {
                doubts.add(work + " is inconclusive");
            }
        }
        if (!regressions.isEmpty()) {
            throw new Failure(Failure.FAILED, "regression: " + String.join(", ", regressions));
        }
        return String.join(", ", doubts);
    }

    private void printRow(
            Work work, double reference, double[] jvms, double change, Verdict verdict, boolean repeated) {
        out.printf(
                "%-36s %10.4f %10.4f %+7.1f%% %10.4f-%10.4f  %s%s%n",
                work,
                reference,
                Duel.quantile(jvms, 0.5),
                change,
                Duel.quantile(jvms, 0),
                Duel.quantile(jvms, 1),
                verdict.name().toLowerCase(Locale.ROOT),
                repeated ? " (two attempts)" : "");
    }

    /** The floors of SIMD against scalar. */
    void layerC(Samples timed, Samples watched, Samples scalar) {
        List<String> faults = new ArrayList<>();
        double least = Double.MAX_VALUE;
        for (Suite.Entry entry : Suite.FLOORED) {
            Work work = entry.work();
            Samples simd = Suite.TIMED.contains(entry) ? timed : watched;
            double times = Duel.quantile(simd.rulers(work), 0.5) / scalar.rulers(work)[0];
            if (times < entry.floor()) {
                faults.add("%s is %.2f times as fast as scalar (expected at least %s)"
                        .formatted(work, times, entry.floor()));
            }
            least = Math.min(least, times / entry.floor());
        }
        decide(
                "C",
                faults,
                "%d kernels above their floors, the lowest at %.1f times its own"
                        .formatted(Suite.FLOORED.size(), least));
    }

    private void decide(String layer, List<String> faults, String well) {
        faults.forEach(fault -> out.println("layer " + layer + ": " + fault));
        if (!faults.isEmpty()) {
            throw new Failure(Failure.FAILED, "layer " + layer + ": " + faults.get(0));
        }
        out.println("layer " + layer + ": " + well);
    }
}
