package lanewise.trainer.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What was typed behind the name of a command, as values.
 *
 * <p>{@code --name value} and {@code --name=value} mean the same, options and files come in any order, and what follows
 * {@code --} is a file whatever it begins with.
 */
final class Arguments {
    private final ParseResult parsed;
    private final Map<Option<?>, Object> defaults;

    Arguments(ParseResult parsed) {
        this(parsed, Map.of());
    }

    private Arguments(ParseResult parsed, Map<Option<?>, Object> defaults) {
        this.parsed = parsed;
        this.defaults = defaults;
    }

    /**
     * The same words over other defaults.
     *
     * @param values of the options that have another default than their own
     */
    Arguments over(Map<Option<?>, Object> values) {
        return new Arguments(parsed, Map.copyOf(values));
    }

    /**
     * Reads the words of a command line.
     *
     * @throws LanewiseException if they make no sense (2)
     */
    static ParseResult parse(CommandLine commandLine, String... words) {
        try {
            return commandLine.parseArgs(words);
        } catch (ParameterException e) {
            LanewiseException refusal = refusal(e, List.of(words));
            refusal.initCause(e);
            throw refusal;
        }
    }

    /** Whether the option was typed. */
    boolean given(Option<?> option) {
        return typed(option).isPresent();
    }

    /** The value of an option: what was typed, or what it is otherwise. */
    @SuppressWarnings("unchecked")
    <T> T get(Option<T> option) {
        Object otherwise = defaults.getOrDefault(option, option.fallback());
        return typed(option).map(ArgSpec::<T>getValue).orElse((T) otherwise);
    }

    private Optional<ArgSpec> typed(Option<?> option) {
        return parsed.matchedArgs().stream()
                .filter(spec -> spec.userObject() == option)
                .findFirst();
    }

    static LanewiseException usage(String what) {
        return new LanewiseException(ExitCode.USAGE, what);
    }

    private static LanewiseException refusal(ParameterException e, List<String> words) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched, command, words);
        }
        if (e instanceof OverwrittenOptionException twice) {
            return usage("given twice").at(((OptionSpec) twice.getOverwritten()).longestName());
        }
        if (e instanceof MissingParameterException missing) {
            return missing(option(missing.getMissing().get(0)), command, words);
        }
        if (e.getArgSpec() != null) {
            Option<?> option = option(e.getArgSpec());
            return usage("bad value").at(option.name()).expected(option.expected(), e.getValue());
        }
        return usage(e.getMessage()).at(command.name());
    }

    /** Behind {@code --} nothing is an option, which picocli forgets when it tells what it could not match. */
    private static LanewiseException unmatched(UnmatchedArgumentException e, CommandSpec command, List<String> words) {
        String word = e.getUnmatched().get(0);
        int end = words.indexOf("--");
        boolean option = e.isUnknownOption() && (end < 0 || words.indexOf(word) < end);
        if (!option && command.subcommands().isEmpty()) {
            return usage("unexpected argument " + word).at(command.name());
        }
        List<String> similar = e.getSuggestions();
        return usage(option ? "unknown option " + word.split("=")[0] : "unknown command " + word)
                .hint(
                        similar.isEmpty()
                                ? "See " + command.qualifiedName() + " --help."
                                : "Did you mean " + String.join(" or ", similar) + "?");
    }

    private static LanewiseException missing(Option<?> option, CommandSpec command, List<String> words) {
        if (option.isPositional()) {
            return usage(option.name() + " is missing").at(command.name());
        }
        int next = words.indexOf(option.name()) + 1;
        return usage("value missing")
                .at(option.name())
                .expected(option.expected(), next < words.size() ? words.get(next) : "none");
    }

    private static Option<?> option(ArgSpec spec) {
        return (Option<?>) spec.userObject();
    }
}
