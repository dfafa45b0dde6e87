package lanewise.benchmarks;

import java.io.File;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import lanewise.benchmarks.check.Check;
import lanewise.benchmarks.check.Compare;
import lanewise.benchmarks.check.ProveCheck;
import lanewise.benchmarks.ladder.Climb;
import lanewise.benchmarks.scoreboard.Chart;
import lanewise.benchmarks.scoreboard.Scoreboard;
import lanewise.benchmarks.scoreboard.ScoreboardOptions;
import lanewise.kernels.Diagnostics;
import lanewise.trainer.LanewiseException;

/**
 * The command line of the benchmarks: {@code mvn -pl benchmarks exec:java [-Dexec.args="VERB ..."]}, or {@code java
 * --add-modules jdk.incubator.vector -jar benchmarks/target/lanewise-benchmarks.jar [VERB ...]}.
 */
public final class Main {
    private static final String USAGE = """
            expected one of
              scoreboard [--full] [--peers] [--json FILE]   the table: time, rate, share of the ceiling, times scalar (default)
              chart JSON FILE                               the bars of a scoreboard as FILE.png and FILE.svg
              jmh [REGEX...] ...                            JMH on the benchmarks that match, with JMH's own options (jmh -h)
              check [--quick] [--strict]                    have the kernels become slower?
              baseline --reason TEXT                        takes what is for what should be
              compare REV                                   races this build against another revision
              ladder matmul|softmax [--write]               a kernel step by step; --write renews the table of its page in docs
              prove-check                                   does the check catch what it should?""";

    /** What runs kernels in other JVMs, but takes the CPU, the width of the vectors and the ceilings from this one. */
    private static final Set<String> MEASURING =
            Set.of("scoreboard", "check", "baseline", "prove-check", "compare", "ladder");

    private Main() {}

    /**
     * Runs a verb. Anything but success ends the process with the status of the failure, or, inside Maven, throws: Maven
     * runs this class in its own JVM, which must not exit.
     *
     * @param args the verb and its arguments
     * @throws URISyntaxException if Maven's class path is no list of files
     * @throws Failure inside Maven, if the verb fails
     */
    public static void main(String[] args) throws URISyntaxException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        boolean insideMaven = loader instanceof URLClassLoader;
        // What is printed is kept and compared: the digits and commas of one reader are not those of another.
        Locale.setDefault(Locale.ROOT);
        try {
            if (insideMaven) {
                tellForksTheClassPath((URLClassLoader) loader);
            }
            run(args.length == 0 ? List.of("scoreboard") : Arrays.asList(args));
        } catch (Failure | LanewiseException | UncheckedIOException e) {
            Failure failure = e instanceof Failure known ? known : new Failure(Failure.FAILED, e.getMessage());
            if (insideMaven) {
                throw failure;
            }
            System.err.println("lanewise-benchmarks: " + failure.getMessage());
            System.exit(failure.status());
        }
    }

    private static void run(List<String> args) {
        Freshness.require();
        if (MEASURING.contains(args.get(0))) {
            requireVectors(args.get(0));
        }
        List<String> rest = args.subList(1, args.size());
        switch (args.get(0)) {
            case "scoreboard" -> new Scoreboard(System.out, ScoreboardOptions.parse(rest)).run();
            case "check" -> Check.run(System.out, rest);
            case "baseline" -> Check.renew(System.out, rest);
            case "prove-check" -> ProveCheck.run(System.out);
            case "compare" -> Compare.run(System.out, rest);
            case "chart" -> Chart.run(rest);
            case "ladder" -> Climb.run(System.out, rest);
            case "jmh" -> Jmh.commandLine(rest);
            default -> throw new Failure(Failure.USAGE, "unknown verb " + args.get(0) + ", " + USAGE);
        }
    }

    private static void requireVectors(String verb) {
        String obstacle;
        try {
            obstacle = Diagnostics.backend().equals("simd") ? null : Diagnostics.reason();
        } catch (IllegalStateException e) {
            obstacle = e.getMessage();
        }
        if (obstacle != null) {
            throw new Failure(Failure.USAGE, verb + " needs SIMD: " + obstacle);
        }
    }

    /** JMH starts its JVMs on java.class.path, which inside Maven is Maven's own. */
    private static void tellForksTheClassPath(URLClassLoader loader) throws URISyntaxException {
        List<String> classPath = new ArrayList<>();
        for (URL url : loader.getURLs()) {
            classPath.add(Path.of(url.toURI()).toString());
        }
        System.setProperty("java.class.path", String.join(File.pathSeparator, classPath));
    }
}
