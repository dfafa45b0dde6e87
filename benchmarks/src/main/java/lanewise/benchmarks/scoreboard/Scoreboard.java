package lanewise.benchmarks.scoreboard;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Jmh;
import lanewise.benchmarks.Machine;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Ours;
import lanewise.benchmarks.race.Race;
import lanewise.benchmarks.race.Work;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The machine, its ceilings, and a row for every piece of work: the time of one run by JMH in a fork of its own, on SIMD and
 * on scalar; and the share of the ceiling, raced in several JVMs in blocks that take turns with it. Where these do not agree
 * the row says so.
 */
public final class Scoreboard {
    /** In how many JVMs the ceiling is raced: the same code can be fast in one and slow in the next. */
    private static final int JVMS = 5;

    private static final double RACE_SECONDS = 0.25;

    private final PrintStream out;
    private final ScoreboardOptions options;

    /**
     * A scoreboard.
     *
     * @param out where to print
     * @param options what to measure
     */
    public Scoreboard(PrintStream out, ScoreboardOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Measures and prints every row. */
    public void run() {
        out.println(Machine.describe());
        // Before all that takes minutes: it may have to be built.
        Peers rivals = options.peers() ? new Peers() : null;
        MachineCeilings.print(out);
        List<Work> works = Rows.of(options.full());
        Map<Work, List<Measurement>> races = new HashMap<>();
        for (int jvm = 0; jvm < JVMS; jvm++) {
            Race.ceiling(new Child(), RACE_SECONDS, works)
                    .forEach(race -> races.computeIfAbsent(race.work(), work -> new ArrayList<>())
                            .add(race));
        }
        Map<Work, Map<String, Measurement>> peers = Map.of();
        if (rivals != null) {
            out.println("openblas-best is OpenBLAS forced to the core type that was fastest: " + rivals.coreType());
            peers = rivals.race(works);
        }
        Table table = new Table(out, options.peers() ? Peers.NAMES : List.of());
        table.header();
        List<Row> rows = new ArrayList<>();
        for (Work work : works) {
            Row row = new Row(
                    work,
                    seconds(work, "simd"),
                    seconds(work, "scalar"),
                    races.get(work),
                    peers.getOrDefault(work, Map.of()));
            rows.add(row);
            table.row(row);
        }
        if (options.json() != null) {
            Json.write(options.json(), rows);
        }
    }

    private static double seconds(Work work, String backend) {
        Method method = Ours.method(work.kernel());
        boolean simd = backend.equals("simd");
        boolean epoch = work.kernel().startsWith("epoch");
        OptionsBuilder builder = new OptionsBuilder();
        if (work.threads() != 1) {
            builder.param("threads", "" + work.threads());
        }
        Options options = builder.include("^" + method.getDeclaringClass().getName() + "." + method.getName() + "$")
                .param("shape", work.shape().toString())
                .param("backend", backend)
                .forks(1)
                .warmupIterations(simd ? 12 : 1)
                .warmupTime(TimeValue.milliseconds(100))
                .measurementIterations(simd ? 7 : epoch ? 1 : 3)
                .measurementTime(TimeValue.milliseconds(simd ? 60 : 40))
                .build();
        return Jmh.quietly(options).getPrimaryResult().getStatistics().getPercentile(50) / 1e9;
    }
}
