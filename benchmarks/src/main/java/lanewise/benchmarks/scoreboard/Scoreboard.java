package lanewise.benchmarks.scoreboard;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Jmh;
import lanewise.benchmarks.Machine;
import lanewise.benchmarks.Undo;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Ours;
import lanewise.benchmarks.race.Race;
import lanewise.benchmarks.race.Work;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Option;

/**
 * The machine, its ceilings, and a row for every piece of work: the time of one run by JMH in a fork of its own, on SIMD and
 * on scalar; and the share of the ceiling, raced in several JVMs in blocks that take turns with it. Where these do not agree
 * the row says so.
 */
public final class Scoreboard {
    /** In how many JVMs the ceiling is raced: the same code can be fast in one and slow in the next. */
    private static final int JVMS = 5;

    private static final double RACE_SECONDS = 0.25;

    private Scoreboard() {}

    /** What the verb takes. */
    public static final class Arguments {
        @Option(names = "--full", description = "every row")
        boolean full;

        @Option(names = "--peers", description = "beside every other library")
        boolean peers;

        @Option(names = "--json", paramLabel = "FILE", description = "writes the rows, too")
        Path json;
    }

    /**
     * The verb {@code scoreboard}: measures and prints every row.
     *
     * @param out where to print
     * @param arguments what to measure, and where to write it
     * @throws Failure if that cannot be written
     */
    public static void run(PrintStream out, Arguments arguments) {
        if (arguments.json != null) {
            requireWritable(arguments.json);
        }
        String revision = Checkout.revision();
        out.println(Machine.describe() + (revision.isEmpty() ? "" : ", revision " + revision));
        // Before all that takes minutes: it may have to be built.
        Peers rivals = arguments.peers ? new Peers() : null;
        MachineCeilings.print(out);
        List<Work> works = Rows.of(arguments.full);
        Map<Work, List<Measurement>> races = new HashMap<>();
        for (int jvm = 0; jvm < JVMS; jvm++) {
            Race.run(new Child(), Race.CEILING, RACE_SECONDS, works)
                    .forEach(race -> races.computeIfAbsent(race.work(), work -> new ArrayList<>())
                            .add(race));
        }
        if (rivals != null) {
            out.println(rivals.coreType());
        }
        Map<Work, Map<String, Measurement>> peerRaces = rivals == null ? Map.of() : rivals.race(works);
        Table table = new Table(out, arguments.peers ? Peers.NAMES : List.of());
        table.header();
        rows(
                works,
                work -> new Row(
                        work,
                        seconds(work, "simd"),
                        seconds(work, "scalar"),
                        races.get(work),
                        peerRaces.getOrDefault(work, Map.of())),
                table::row,
                rows -> {
                    if (arguments.json != null) {
                        Json.write(arguments.json, revision, rows);
                    }
                });
    }

    /** Measures row by row, shows each, and keeps those that are there, also where a failure or Ctrl-C is the end. */
    static void rows(List<Work> works, Function<Work, Row> measure, Consumer<Row> show, Consumer<List<Row>> keep) {
        List<Row> rows = new CopyOnWriteArrayList<>();
        try (Undo end = new Undo(() -> {
            if (!rows.isEmpty()) {
                keep.accept(rows);
            }
        })) {
            for (Work work : works) {
                Row row = measure.apply(work);
                rows.add(row);
                show.accept(row);
            }
        }
    }

    /** Said now, and not when all has been measured. */
    private static void requireWritable(Path json) {
        String line = "--json needs a file that can be written";
        if (json.toString().equals("-")) {
            throw new Failure(Failure.USAGE, line + " (found -)");
        }
        try {
            AtomicFile.checkWritable(json);
        } catch (LanewiseException e) {
            throw new Failure(Failure.USAGE, line + ": " + e.getMessage());
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
