package lanewise.benchmarks;

import java.io.File;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import lanewise.benchmarks.check.Check;
import lanewise.benchmarks.check.Compare;
import lanewise.benchmarks.check.ProveCheck;
import lanewise.benchmarks.ladder.Climb;
import lanewise.benchmarks.scoreboard.Chart;
import lanewise.benchmarks.scoreboard.Scoreboard;
import lanewise.kernels.Diagnostics;
import lanewise.trainer.LanewiseException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The command line of the benchmarks: {@code mvn -pl benchmarks exec:java [-Dexec.args="VERB ..."]}, or {@code java
 * --add-modules jdk.incubator.vector -jar benchmarks/target/lanewise-benchmarks.jar [VERB ...]}.
 */
@Command(name = "lanewise-benchmarks", description = "How fast the kernels are.")
public final class Main {
    /** What runs kernels in other JVMs, but takes the CPU, the width of the vectors and the ceilings from this one. */
    private static final Set<String> MEASURING =
            Set.of("scoreboard", "check", "baseline", "prove-check", "compare", "ladder");

    @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "prints this")
    private boolean help;

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
            run(args.length == 0 ? new String[] {"scoreboard"} : args);
        } catch (Failure | LanewiseException | UncheckedIOException e) {
            Failure failure = e instanceof Failure known ? known : new Failure(Failure.FAILED, e.getMessage());
            if (insideMaven) {
                throw failure;
            }
            System.err.println("lanewise-benchmarks: " + failure.getMessage());
            System.exit(failure.status());
        }
    }

    private static void run(String... args) {
        CommandLine commandLine = new CommandLine(new Main()).setExpandAtFiles(false);
        commandLine.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
        try {
            ParseResult parsed = commandLine.parseArgs(args);
            if (CommandLine.printHelpIfRequested(parsed)) {
                return;
            }
            Freshness.require();
            if (MEASURING.contains(args[0])) {
                requireVectors(args[0]);
            }
            new CommandLine.RunLast().execute(parsed);
        } catch (ParameterException e) {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            throw new Failure(Failure.USAGE, e.getMessage() + ". See " + name + " --help.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException reason ? reason : e;
        }
    }

    @Command(description = "The table: time, rate, share of the ceiling, times scalar (what runs without a verb).")
    static void scoreboard(
            @Option(names = "--full", description = "every row") boolean full,
            @Option(names = "--peers", description = "beside every other library") boolean peers,
            @Option(names = "--json", paramLabel = "FILE", description = "writes the rows, too") Path json) {
        Scoreboard.run(System.out, full, peers, json);
    }

    @Command(description = "The bars of a scoreboard as FILE.png and FILE.svg.")
    static void chart(
            @Parameters(paramLabel = "JSON", description = "what scoreboard --json wrote") Path json,
            @Parameters(paramLabel = "FILE", description = "where to draw") String file) {
        Chart.run(json, file);
    }

    @Command(description = "JMH on the benchmarks that match, with JMH's own options (jmh -h).")
    static void jmh(@Parameters(paramLabel = "REGEX") List<String> args) {
        Jmh.commandLine(args == null ? List.of() : args);
    }

    @Command(description = "Have the kernels become slower?")
    static void check(
            @Option(names = "--quick", description = "judges no speed") boolean quick,
            @Option(names = "--strict", description = "fails where nothing can be said") boolean strict) {
        Check.run(System.out, quick, strict);
    }

    @Command(
            customSynopsis = "lanewise-benchmarks baseline --reason TEXT",
            description = "Takes what is for what should be.")
    static void baseline(
            @Option(names = "--reason", paramLabel = "TEXT", arity = "1..*", required = true, description = "why")
                    List<String> reason) {
        Check.renew(System.out, String.join(" ", reason));
    }

    @Command(description = "Races this build against another revision.")
    static void compare(@Parameters(paramLabel = "REV", description = "as git names it") String revision) {
        Compare.run(System.out, revision);
    }

    @Command(description = "A kernel step by step.")
    static void ladder(
            @Parameters(paramLabel = "matmul|softmax") String name,
            @Option(names = "--write", description = "renews the table of its page in docs") boolean write) {
        Climb.run(System.out, name, write);
    }

    @Command(name = "prove-check", description = "Does the check catch what it should?")
    static void proveCheck() {
        ProveCheck.run(System.out);
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
