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
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
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
        CommandLine commandLine = new CommandLine(new Main())
                .setExpandAtFiles(false)
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        commandLine.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
        try {
            ParseResult parsed = commandLine.parseArgs(args);
            if (CommandLine.printHelpIfRequested(parsed)) {
                return;
            }
            Freshness.require();
            if (parsed.hasSubcommand()) {
                requireVectors(parsed.subcommand().commandSpec().name());
            }
            new CommandLine.RunLast().execute(parsed);
        } catch (ParameterException e) {
            // What an old build does not know may be in the sources.
            Freshness.require();
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            throw new Failure(Failure.USAGE, e.getMessage() + ". See " + name + " --help.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException reason ? reason : e;
        }
    }

    @Command(description = "The table: time, rate, share of the ceiling, times scalar (what runs without a verb).")
    static void scoreboard(@Mixin Scoreboard.Arguments arguments) {
        Scoreboard.run(System.out, arguments);
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
    static void check(@Mixin Check.Arguments arguments) {
        Check.run(System.out, arguments);
    }

    @Command(
            customSynopsis = "lanewise-benchmarks baseline [--help] --reason TEXT",
            description = "Takes what is for what should be.")
    static void baseline(@Mixin Check.Reason reason) {
        Check.renew(System.out, reason);
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
        if (!MEASURING.contains(verb)) {
            return;
        }
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
