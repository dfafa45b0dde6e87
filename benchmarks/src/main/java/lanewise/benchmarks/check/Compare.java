package lanewise.benchmarks.check;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Path worktree = temporaryFolder().resolve("revision");
        Tools.run(root, "git", "worktree", "add", "--quiet", "--detach", worktree.toString(), revision);
        try (Undo checkedOut = new Undo(() -> remove(root, worktree))) {
            Tools.maven(worktree, "-q", "-pl", "kernels,trainer", "-am", "package", "-DskipTests");
            race(
                    out,
                    revision,
                    Checkout.jar(worktree, "kernels") + File.pathSeparator + Checkout.jar(worktree, "trainer"));
        }
    }

    private static void remove(Path root, Path worktree) {
        Tools.run(root, "git", "worktree", "remove", "--force", worktree.toString());
        worktree.getParent().toFile().delete();
    }

    private static void race(PrintStream out, String revision, String jars) {
        List<Work> works = Suite.works(Suite.TIMED);
        List<Measurement> measurements = new ArrayList<>();
        for (int jvm = 0; jvm < Check.JVMS; jvm++) {
            List<String> arguments = List.of(jars, Boolean.toString(jvm % 2 == 1), Double.toString(SECONDS));
            for (String line : new Child().run(RevisionRace.class, arguments, works)) {
                measurements.add(Measurement.parse(line));
            }
        }
        print(out, revision, measurements);
    }

    /** A row for each piece of work that both revisions have. */
    static void print(PrintStream out, String revision, List<Measurement> measurements) {
        if (measurements.isEmpty()) {
            throw new Failure(Failure.FAILED, revision + " has none of the kernels that compare races");
        }
        Map<Work, List<Measurement>> byWork = new LinkedHashMap<>();
        for (Measurement measurement : measurements) {
            byWork.computeIfAbsent(measurement.work(), work -> new ArrayList<>())
                    .add(measurement);
        }
        out.println(Machine.describe());
        out.printf("%-36s %12s %12s %10s %15s%n", "kernel", "this build", revision, "speed", "range of JVMs");
        byWork.forEach((work, jvms) -> {
            double[] relative = jvms.stream().mapToDouble(Measurement::relative).toArray();
            out.printf(
                    "%-36s %9.2f us %9.2f us %9.3fx %7.3f-%7.3f%n",
                    work,
                    1e6 * Duel.median(jvms.stream().mapToDouble(Measurement::seconds)),
                    1e6 * Duel.median(jvms.stream().mapToDouble(Measurement::otherSeconds)),
                    Duel.quantile(relative, 0.5),
                    Duel.quantile(relative, 0),
                    Duel.quantile(relative, 1));
        });
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("lanewise-compare");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
