package lanewise.benchmarks.ladder;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.race.Ceilings;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Work;

/**
 * Checks and measures every step of a ladder, in turns with the ceiling of the machine and in JVMs of its own: what the JIT
 * has learnt from one step must not help or hinder the next.
 */
public final class Climb {
    /** The same code is fast in one JVM and slow in another; the faster of two shows what a step can do, in a minute. */
    private static final int JVMS = 2;

    /** How long a step is raced on each piece of work; slow ones take longer, since at least five rounds are run. */
    private static final double SECONDS = 0.15;

    private Climb() {}

    /**
     * The verb {@code ladder}.
     *
     * @param out where to print
     * @param name of the ladder
     * @param write whether to renew the table of its page
     */
    public static void run(PrintStream out, String name, boolean write) {
        Ladder ladder = Ladder.named(name);
        run(out, ladder, ladder.steps(), ladder.works(), ladder.page(), write);
    }

    /** The same for some of the steps, on any work, and a page anywhere. */
    static void run(PrintStream out, Ladder ladder, List<Step> steps, List<Work> works, Page page, boolean write) {
        if (write) {
            page.requireWritable();
        }
        Map<Step, List<Measurement>> measured = new LinkedHashMap<>();
        for (Step step : steps) {
            measured.put(step, measure(ladder, step, works));
        }
        List<String> table = page.table(measured);
        table.forEach(out::println);
        if (write) {
            page.write(table);
        }
    }

    private static List<Measurement> measure(Ladder ladder, Step step, List<Work> works) {
        List<Measurement> measurements = new ArrayList<>();
        for (int jvm = 0; jvm < JVMS; jvm++) {
            new Child()
                    .run(Climb.class, Work.behind(List.of(ladder.toString(), step.name()), works))
                    .forEach(line -> measurements.add(Measurement.parse(line)));
        }
        return fastest(measurements);
    }

    /** The fastest measurement for each piece of work, whatever its share: this depends on the ceiling in that JVM too. */
    static List<Measurement> fastest(List<Measurement> measurements) {
        Map<Work, Measurement> best = new LinkedHashMap<>();
        measurements.forEach(measurement -> best.merge(
                measurement.work(),
                measurement,
                BinaryOperator.minBy(Comparator.comparingDouble(Measurement::seconds))));
        return List.copyOf(best.values());
    }

    /**
     * Prints a {@link Measurement} of a step for each piece of work.
     *
     * @param args the ladder, the step, and the pieces of work
     */
    public static void main(String[] args) {
        Ladder ladder = Ladder.named(args[0]);
        Step step = ladder.step(args[1]);
        try (Trial small = step.on(ladder.small())) {
            Duel.warmUp(small);
        }
        List<Measurement> measurements = new ArrayList<>();
        for (String work : List.of(args).subList(2, args.length)) {
            measurements.add(measure(step, Work.parse(work)));
        }
        measurements.forEach(System.out::println);
    }

    private static Measurement measure(Step step, Work work) {
        try (Trial trial = step.on(work)) {
            Measurement measurement = Ceilings.race(work, trial, SECONDS);
            // After the race: it is the compiled code that has to be right.
            trial.check();
            return measurement;
        }
    }
}
