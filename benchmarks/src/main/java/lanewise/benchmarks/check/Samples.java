package lanewise.benchmarks.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Work;

/** The samples of several JVMs, by piece of work. */
final class Samples {
    private final Map<Work, List<Sample>> byWork = new LinkedHashMap<>();

    /** Samples in as many fresh JVMs. */
    static Samples take(Supplier<Child> child, int jvms, double seconds, Collection<Work> works) {
        List<Sample> taken = new ArrayList<>();
        for (int jvm = 0; jvm < jvms; jvm++) {
            taken.addAll(Probe.run(child.get(), seconds, works));
        }
        return of(taken);
    }

    /** Samples that have been taken. */
    static Samples of(List<Sample> taken) {
        Samples samples = new Samples();
        for (Sample sample : taken) {
            samples.byWork
                    .computeIfAbsent(sample.work(), work -> new ArrayList<>())
                    .add(sample);
        }
        return samples;
    }

    Stream<Sample> all() {
        return byWork.values().stream().flatMap(List::stream);
    }

    double[] rulers(Work work) {
        return byWork.get(work).stream().mapToDouble(Sample::rulers).toArray();
    }

    /** The fewest bytes that a run allocates in one of the JVMs. */
    double bytes(Work work) {
        return byWork.get(work).stream().mapToDouble(Sample::bytes).min().orElseThrow();
    }

    double disturbed(Work work) {
        return Duel.median(byWork.get(work).stream().mapToDouble(Sample::disturbed));
    }

    Verdict verdict(Baseline baseline, Work work) {
        return Verdict.of(baseline.reference(work), rulers(work), disturbed(work));
    }

    /** What a {@link Baseline} records. */
    Map<String, double[]> rulers() {
        Map<String, double[]> rulers = new LinkedHashMap<>();
        byWork.keySet()
                .forEach(work -> rulers.put(
                        work.toString(), Arrays.stream(rulers(work)).sorted().toArray()));
        return rulers;
    }
}
