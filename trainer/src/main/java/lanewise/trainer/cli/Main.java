package lanewise.trainer.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Heap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command {@code lanewise}. It names no class of the Vector API, so that it runs, on the scalar kernels, in a JVM that
 * does not see that API.
 */
public final class Main {
    static final Option<Boolean> HELP = Option.flag("--help", "prints this");
    static final Option<Boolean> DEBUG = Option.flag("--debug", "shows where in the program an error arose");
    static final Option<Boolean> VERSION = Option.flag("--version", "prints the version");

    /** What every command understands. */
    static final List<Option<?>> COMMON = List.of(DEBUG, HELP);

    private static final List<String> COMMANDS =
            List.of("train", "lr-find", "cv", "evaluate", "predict", "inspect", "export", "data", "doctor");

    /** Columns enough for each option to stand on one line. */
    private static final int HELP_WIDTH = 110;

    private Main() {}

    /**
     * Runs a command. The JVM ends with its status, at once unless that is 0.
     *
     * @param args the words of the command line
     */
    public static void main(String[] args) {
        Console.silenceLog();
        int status = run(args, new FileOutputStream(FileDescriptor.out), System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    /**
     * Runs a command.
     *
     * @param args the words of the command line
     * @param out takes the results
     * @param err takes notices, the progress, and an error as one line
     * @return the exit status, as {@link ExitCode} and docs/cli.md list them
     */
    public static int run(String[] args, OutputStream out, PrintStream err) {
        Console console = new Console(out, err);
        List<String> words = List.of(args);
        try {
            ExitCode code = dispatch(args, console);
            console.finish();
            return code.status();
        } catch (LanewiseException e) {
            if (e.exitCode() == ExitCode.CLOSED_PIPE) {
                return e.exitCode().status();
            }
            return failed(console, e.exitCode(), e.getMessage(), e, words);
        } catch (OutOfMemoryError e) {
            // A heap that is too small for any run may be full before there is a forecast.
            String line = Heap.fits(0, 0)
                    ? "the heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB is full. Raise it with JDK_JAVA_OPTIONS=-Xmx and a size."
                    : Heap.shortage(0, "the run ").getMessage();
            return failed(console, ExitCode.NO_MEMORY, line, e, words);
        } catch (RuntimeException | Error e) {
            String line =
                    "a defect of Lanewise: " + LanewiseException.printable(e.toString()) + ". --debug shows where.";
            return failed(console, ExitCode.FAILED, line, e, words);
        }
    }

    private static int failed(Console console, ExitCode code, String line, Throwable e, List<String> words) {
        console.error(line);
        if (words.contains(DEBUG.name())) {
            console.trace(e);
        }
        return code.status();
    }

    private static ExitCode dispatch(String[] words, Console console) {
        Map<String, Command> commands = commands(words);
        if (commands.size() == 1) {
            commands.get(words[0]).foresee(List.of(words));
        }
        ParseResult parsed = Arguments.parse(commandLine(commands, console), words);
        if (CommandLine.printHelpIfRequested(parsed)) {
            return ExitCode.OK;
        }
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandSpec spec = last.commandSpec();
        if (!spec.subcommands().isEmpty()) {
            throw Arguments.usage(last == parsed ? "no command" : spec.name() + " needs a second word")
                    .expected(
                            last == parsed
                                    ? String.join(", ", COMMANDS)
                                    : String.join(", ", spec.subcommands().keySet()),
                            "none")
                    .hint("See " + spec.qualifiedName() + " --help.");
        }
        return ((Command) spec.userObject()).run(new Arguments(last), console);
    }

    /** The command that the first word names, which spares the others, or else all. */
    private static Map<String, Command> commands(String[] words) {
        boolean named = words.length > 0 && COMMANDS.contains(words[0]);
        Map<String, Command> commands = new LinkedHashMap<>();
        for (String name : named ? List.of(words[0]) : COMMANDS) {
            commands.put(name, command(name));
        }
        return commands;
    }

    /** What picocli parses and explains. */
    private static CommandLine commandLine(Map<String, Command> commands, Console console) {
        CommandSpec lanewise = spec(CommandSpec.create(), "lanewise", List.of(DEBUG, HELP, VERSION))
                .version("lanewise " + version());
        lanewise.usageMessage()
                .commandListHeading("%n")
                .footerHeading("%n")
                .footer(
                        "lanewise COMMAND --help tells the options of a command.",
                        "JDK_JAVA_OPTIONS takes flags for the JVM, such as -Xmx8g or -Dlanewise.backend=scalar.");
        add(commands, lanewise);
        return new CommandLine(lanewise)
                .setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(HELP_WIDTH)
                .setOut(new PrintWriter(console.out(), true));
    }

    private static CommandSpec spec(String name, Command command) {
        List<Option<?>> options = new ArrayList<>(command.options());
        options.addAll(COMMON);
        CommandSpec spec = spec(CommandSpec.wrapWithoutInspection(command), name, options);
        spec.usageMessage().description(command.summary());
        add(command.verbs(), spec);
        return spec;
    }

    private static void add(Map<String, Command> commands, CommandSpec spec) {
        commands.forEach((name, command) -> spec.addSubcommand(name, spec(name, command)));
    }

    private static CommandSpec spec(CommandSpec spec, String name, List<Option<?>> options) {
        spec.name(name).interpolateVariables(false);
        spec.usageMessage().abbreviateSynopsis(true).sortOptions(false);
        options.forEach(option -> spec.add(option.toSpec()));
        return spec;
    }

    private static Command command(String name) {
        return switch (name) {
            case "train" -> new TrainCommand();
            case "lr-find" -> new LrFindCommand();
            case "cv" -> new CvCommand();
            case "evaluate" -> new EvaluateCommand();
            case "predict" -> new PredictCommand();
            case "inspect" -> new InspectCommand();
            case "export" -> new ExportCommand();
            case "data" -> new DataCommand();
            case "doctor" -> new DoctorCommand();
            default -> throw new IllegalArgumentException(name);
        };
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not built as a jar)" : version;
    }
}
