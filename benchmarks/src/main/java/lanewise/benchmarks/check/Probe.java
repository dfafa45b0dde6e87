package lanewise.benchmarks.check;

import java.util.Collection;
import java.util.List;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.race.Allocation;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Ours;
import lanewise.benchmarks.race.Work;
import lanewise.kernels.Diagnostics;

/** Takes a {@link Sample} of each piece of work, in a JVM of its own. */
public final class Probe {
    /** How long allocation is watched at a time, in nanoseconds. */
    private static final double WATCH = 5e6;

    /** Inlined, the ruler would be compiled anew with whatever runs beside it, and be another ruler. */
    private static final List<String> FLAGS =
            List.of("-XX:CompileCommand=quiet", "-XX:CompileCommand=dontinline," + Ruler.class.getName() + "::run");

    private Probe() {}

    /** Samples in a fresh JVM. */
    static List<Sample> run(Child child, double seconds, Collection<Work> works) {
        return child.flags(FLAGS).run(Probe.class, Work.behind(List.of(Double.toString(seconds)), works)).stream()
                .map(Sample::parse)
                .toList();
    }

    /**
     * Prints a sample for each piece of work.
     *
     * @param args how many seconds to race each, and what to do
     */
    public static void main(String[] args) {
        double seconds = Double.parseDouble(args[0]);
        Ruler ruler = new Ruler();
        double ruled = Duel.warmUp(ruler);
        for (int i = 1; i < args.length; i++) {
            Work work = Work.parse(args[i]);
            try (Ours ours = Ours.prepare(work)) {
                double best = Duel.warmUp(ours);
                Duel.Outcome outcome = Duel.race(ours, best, ruler, ruled, seconds);
                int runs = (int) Math.max(10, Math.min(1000, WATCH / best));
                System.out.println(new Sample(
                        work, Diagnostics.backend(), outcome.ratio(), outcome.disturbed(), bytes(ours, runs)));
            }
        }
    }

    /** The fewest bytes a run allocates, over a few tries: another thread of the JVM may allocate meanwhile. */
    static double bytes(Contender contender, int runs) {
        double fewest = Double.MAX_VALUE;
        // The first look of all loads classes, which would be taken for what each look allocates itself.
        Allocation.ofAllThreads();
        for (int attempt = 0; attempt < 5 && fewest > 0; attempt++) {
            long own = Allocation.ofThisThread();
            Allocation.ofAllThreads();
            own = Allocation.ofThisThread() - own;
            long before = Allocation.ofAllThreads();
            for (int run = 0; run < runs; run++) {
                contender.run();
            }
            fewest = Math.min(fewest, (double) (Allocation.ofAllThreads() - before - own) / runs);
        }
        return Math.max(0, fewest);
    }
}
