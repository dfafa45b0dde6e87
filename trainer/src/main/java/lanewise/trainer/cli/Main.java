package lanewise.trainer.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;

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

    private static final List<String> COMMANDS = List.of("train", "evaluate", "predict", "inspect", "doctor");

    private Main() {}

    /**
     * Runs a command. The JVM ends with its status, at once unless that is 0.
     *
     * @param args the words of the command line
     */
    public static void main(String[] args) {
        Console.formatLog();
        int status = run(args, System.out, System.err);
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
     * @return the exit status, as {@link ExitCode} and the README list them
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        Console console = new Console(out, err);
        List<String> words = List.of(args);
        try {
            ExitCode code = dispatch(words, console);
            console.finish();
            return code.status();
        } catch (LanewiseException e) {
            return failed(console, e.exitCode(), e.getMessage(), e, words);
        } catch (OutOfMemoryError e) {
            long mib = Runtime.getRuntime().maxMemory() >> 20;
            String line = "the heap of " + mib + " MiB is full. Raise it with JDK_JAVA_OPTIONS=-Xmx and a size.";
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

    private static ExitCode dispatch(List<String> words, Console console) {
        int first = 0;
        while (first < words.size() && words.get(first).startsWith("-")) {
            first++;
        }
        List<Option<?>> global = List.of(DEBUG, HELP, VERSION);
        Arguments before = Arguments.parse("lanewise", global, words.subList(0, first));
        if (before.get(HELP)) {
            Help.print(console, global, COMMANDS.stream().map(Main::command).toList());
            return ExitCode.OK;
        }
        if (before.get(VERSION)) {
            console.line("lanewise " + version());
            return ExitCode.OK;
        }
        if (first == words.size()) {
            throw Arguments.usage("no command")
                    .expected(String.join(", ", COMMANDS), "none")
                    .hint("See lanewise --help.");
        }
        return run(command(words.get(first)), words.subList(first + 1, words.size()), console);
    }

    private static Command command(String name) {
        return switch (name) {
            case "train" -> new TrainCommand();
            case "evaluate" -> new EvaluateCommand();
            case "predict" -> new PredictCommand();
            case "inspect" -> new InspectCommand();
            case "doctor" -> new DoctorCommand();
            default ->
                throw Arguments.usage("unknown command " + name)
                        .hint("The nearest is " + Arguments.nearest(name, COMMANDS) + ".");
        };
    }

    private static ExitCode run(Command command, List<String> words, Console console) {
        if (words.contains(HELP.name())) {
            Help.print(console, command);
            return ExitCode.OK;
        }
        List<Option<?>> options = new ArrayList<>(command.options());
        options.addAll(COMMON);
        return command.run(Arguments.parse(command.name(), options, words), console);
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not built as a jar)" : version;
    }
}
