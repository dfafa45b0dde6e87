package lanewise.benchmarks.check;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Machine;
import lanewise.benchmarks.Tools;
import lanewise.benchmarks.Undo;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.RevisionRace;
import lanewise.benchmarks.race.Work;

/**
 * Races this build against another revision of the project. The revision is checked out into a temporary worktree and
 * packaged there, not installed; both are loaded into one JVM, each by a class loader of its own, and take turns, A B B A.
 */
public final class Compare {
    /** As many in which this build comes first as in which the other revision does. */
    private static final int JVMS = 6;

    private static final double SECONDS = 0.3;

    private Compare() {}

    /**
     * The verb {@code compare}.
     *
     * @param out where to print
     * @param revision as git names it
     */
    public static void run(PrintStream out, String revision) {
        Path root = Checkout.root();
        Path folder = temporaryFolder();
        try (Undo made = new Undo(() -> folder.toFile().delete())) {
            race(out, revision, root, folder.resolve("revision"));
        }
    }

    private static void race(PrintStream out, String revision, Path root, Path worktree) {
        Tools.run(root, "git", "worktree", "add", "--quiet", "--detach", worktree.toString(), revision);
        try (Undo checkedOut =
                new Undo(() -> Tools.run(root, "git", "worktree", "remove", "--force", worktree.toString()))) {
            Tools.maven(worktree, "-q", "-pl", "kernels,trainer", "-am", "package", "-DskipTests");
            String jars = Checkout.jar(worktree, "kernels") + File.pathSeparator + Checkout.jar(worktree, "trainer");
            List<Work> works = Suite.works(Suite.TIMED);
            print(out, revision, race(jars, head -> new Child().run(RevisionRace.class, Work.behind(head, works))));
        }
    }

    /** The measurements of several JVMs, by who came first in them: the other revision in every other JVM. */
    static Collection<List<Measurement>> race(String jars, Function<List<String>, List<String>> jvm) {
        Map<Boolean, List<Measurement>> byOrder = new TreeMap<>();
        for (int i = 0; i < JVMS; i++) {
            boolean theirsFirst = i % 2 == 1;
            List<Measurement> measurements = byOrder.computeIfAbsent(theirsFirst, order -> new ArrayList<>());
            for (String line : jvm.apply(List.of(jars, Boolean.toString(theirsFirst), Double.toString(SECONDS)))) {
                measurements.add(Measurement.parse(line));
            }
        }
        return byOrder.values();
    }

    /** A row for each piece of work that both revisions have. */
    static void print(PrintStream out, String revision, Collection<List<Measurement>> orders) {
        Set<Work> works = new LinkedHashSet<>();
        orders.forEach(order -> order.forEach(measurement -> works.add(measurement.work())));
        if (works.isEmpty()) {
            throw new Failure(Failure.FAILED, revision + " has none of the kernels that compare races");
        }
        out.println(Machine.describe());
        out.printf("%-36s %12s %12s %10s %15s%n", "kernel", "this build", revision, "speed", "range of JVMs");
        for (Work work : works) {
            List<List<Measurement>> jvms = orders.stream()
                    .map(order -> order.stream()
                            .filter(measurement -> measurement.work().equals(work))
                            .toList())
                    .toList();
            double[] relative = jvms.stream()
                    .flatMap(List::stream)
                    .mapToDouble(Measurement::relative)
                    .toArray();
            out.printf(
                    "%-36s %9.2f us %9.2f us %9.3fx %7.3f-%7.3f%n",
                    work,
                    1e6 * middle(jvms, Measurement::seconds),
                    1e6 * middle(jvms, Measurement::otherSeconds),
                    middle(jvms, Measurement::relative),
                    Duel.quantile(relative, 0),
                    Duel.quantile(relative, 1));
        }
    }

    /**
     * The geometric mean of the medians of the orders: what it does to a figure to come first cancels out. A median of all
     * would be a figure of one order, should they lie apart.
     */
    private static double middle(List<List<Measurement>> orders, ToDoubleFunction<Measurement> figure) {
        return Math.exp(orders.stream()
                .mapToDouble(order -> Math.log(Duel.median(order.stream().mapToDouble(figure))))
                .average()
                .orElseThrow());
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("lanewise-compare");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
