package lanewise.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH: in forks of this JVM that have its vectors, and with an error when a benchmark fails. */
public final class Jmh {
    private Jmh() {}

    /** JMH's own command line. */
    static void commandLine(List<String> args) {
        try {
            CommandLineOptions options = new CommandLineOptions(args.toArray(String[]::new));
            // Before JMH begins a file of results.
            List.of(options.getIncludes(), options.getExcludes(), options.getWarmupIncludes())
                    .forEach(patterns -> patterns.forEach(Pattern::compile));
            if (options.shouldHelp()) {
                options.showHelp();
            } else if (options.shouldList()) {
                runner(options).list();
            } else if (options.shouldListWithParams()) {
                runner(options).listWithParams(options);
            } else if (options.shouldListProfilers()) {
                options.listProfilers();
            } else if (options.shouldListResultFormats()) {
                options.listResultFormats();
            } else {
                runner(forked(reported(options))).run();
            }
        } catch (CommandLineOptionException | IOException e) {
            throw new Failure(Failure.USAGE, "jmh: " + e.getMessage());
        } catch (PatternSyntaxException e) {
            String reason = "%s near index %d: %s".formatted(e.getDescription(), e.getIndex(), e.getPattern());
            throw new Failure(Failure.USAGE, "jmh: " + reason);
        } catch (RunnerException e) {
            throw failure(e);
        }
    }

    private static Runner runner(Options options) {
        try {
            return new Runner(options);
        } catch (IllegalStateException e) {
            // The file of -o.
            throw new Failure(Failure.USAGE, "jmh: " + e.getCause().getMessage());
        }
    }

    /** With what a run reports when nothing else is asked for: allocation, and every fork's own results in a file. */
    private static Options reported(CommandLineOptions options) throws IOException {
        ChainedOptionsBuilder builder = new OptionsBuilder().parent(options);
        if (options.getProfilers().isEmpty()) {
            builder.addProfiler(GCProfiler.class);
        }
        if (!options.getResult().hasValue() && !options.getResultFormat().hasValue()) {
            Path folder = Checkout.root().resolve("benchmarks/target");
            Files.createDirectories(folder);
            String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
            builder.resultFormat(ResultFormatType.JSON)
                    .result(folder.resolve("jmh-" + time + ".json").toString());
        }
        return builder.build();
    }

    /** The one benchmark with these options; what JMH has to say is seen only when it fails. */
    public static RunResult quietly(Options options) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream log = new PrintStream(said, true, StandardCharsets.UTF_8);
        try {
            return new Runner(forked(options), OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL))
                    .runSingle();
        } catch (RunnerException e) {
            System.err.print(said.toString(StandardCharsets.UTF_8));
            throw failure(e);
        }
    }

    /** JMH wraps what a benchmark threw: the innermost exception is the reason. */
    private static Failure failure(RunnerException e) {
        Throwable reason = e;
        while (reason.getCause() != null || reason.getSuppressed().length > 0) {
            reason = reason.getCause() != null ? reason.getCause() : reason.getSuppressed()[0];
        }
        return new Failure(Failure.FAILED, reason.toString().strip());
    }

    private static Options forked(Options options) {
        // Kernels are compiled early, as the command lanewise has it: a cold product takes milliseconds, and
        // a warm-up of a given time would end before C2 has seen enough of them.
        List<String> flags = new ArrayList<>(Child.vectors());
        flags.addAll(
                List.of("-XX:CompileCommand=quiet", "-XX:CompileCommand=CompileThresholdScaling,lanewise.*::*,0.05"));
        if (Runtime.version().feature() >= 24) {
            // JMH reads field offsets with sun.misc.Unsafe.
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        flags.addAll(options.getJvmArgsPrepend().orElse(List.of()));
        return new OptionsBuilder()
                .parent(options)
                .shouldFailOnError(true)
                .jvmArgsPrepend(flags.toArray(String[]::new))
                // Given even when empty: JMH would hand on the flags of Maven's JVM.
                .jvmArgs(options.getJvmArgs().orElse(List.of()).toArray(String[]::new))
                .build();
    }
}
