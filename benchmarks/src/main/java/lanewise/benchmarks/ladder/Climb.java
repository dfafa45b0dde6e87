package lanewise.benchmarks.ladder;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.race.Ceilings;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Work;

/**
 * Checks and measures every step of a ladder, each in a few JVMs of its own, in turns with the ceiling of the machine: what
 * the JIT has learnt from one step must not help or hinder the next, and the same code is fast in one JVM and slow in another.
 */
public final class Climb {
    /** Of so many JVMs the one in the middle counts. */
    private static final int JVMS = 3;

    /** How long a step is raced on each piece of work; slow ones take longer, since at least five rounds are run. */
    private static final double SECONDS = 0.15;

    private Climb() {}

    /**
     * The verb {@code ladder matmul|softmax [--write]}.
     *
     * @param out where to print
     * @param args the ladder and the option
     */
    public static void run(PrintStream out, List<String> args) {
        boolean write = args.contains("--write");
        if (args.size() != (write ? 2 : 1)) {
            throw new Failure(Failure.USAGE, "ladder needs matmul or softmax, and takes --write");
        }
        Ladder ladder = Ladder.named(args.get(write && args.get(0).equals("--write") ? 1 : 0));
        Map<Step, List<Measurement>> measured = new LinkedHashMap<>();
        for (Step step : ladder.steps()) {
            measured.put(step, measure(ladder, step));
        }
        List<String> table = ladder.page().table(measured);
        table.forEach(out::println);
        if (write) {
            ladder.page().write(table);
        }
    }

    /** One measurement for each piece of work: that with the middle share of the ceiling. */
    private static List<Measurement> measure(Ladder ladder, Step step) {
        List<List<Measurement>> jvms = new ArrayList<>();
        for (int jvm = 0; jvm < JVMS; jvm++) {
            jvms.add(new Child()
                    .run(Climb.class, List.of(ladder.toString(), step.name())).stream()
                            .map(Measurement::parse)
                            .toList());
        }
        List<Measurement> middle = new ArrayList<>();
        for (int i = 0; i < ladder.works().size(); i++) {
            int column = i;
            middle.add(jvms.stream()
                    .map(jvm -> jvm.get(column))
                    .sorted(Comparator.comparingDouble(Measurement::relative))
                    .toList()
                    .get(JVMS / 2));
        }
        return middle;
    }

    /**
     * Prints a {@link Measurement} of a step for each piece of work of its ladder.
     *
     * @param args the ladder and the step
     */
    public static void main(String[] args) {
        Ladder ladder = Ladder.named(args[0]);
        Step step = ladder.step(args[1]);
        try (Trial small = step.on(ladder.small())) {
            Duel.warmUp(small);
        }
        List<Measurement> measurements = new ArrayList<>();
        for (Work work : ladder.works()) {
            measurements.add(measure(step, work));
        }
        measurements.forEach(System.out::println);
    }

    private static Measurement measure(Step step, Work work) {
        try (Trial trial = step.on(work);
                Ceilings.Limit limit = Ceilings.of(work)) {
            Duel.Outcome outcome = Duel.race(trial, limit, SECONDS);
            // After the race: it is the compiled code that has to be right.
            trial.check();
            double scale = (work.limitedByMemory() ? work.bytes() : work.flops()) / limit.amount();
            return new Measurement(work, outcome.a(), outcome.b() * scale, outcome.ratio() * scale, outcome.spread());
        }
    }
}
