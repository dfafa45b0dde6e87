package lanewise.trainer.cli;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;

/**
 * What was typed behind the name of a command, as values.
 *
 * <p>{@code --name value} and {@code --name=value} mean the same, options and files come in any order, and what follows
 * {@code --} is a file whatever it begins with.
 */
final class Arguments {
    private final Map<Option<?>, Object> values = new IdentityHashMap<>();

    private Arguments() {}

    /**
     * Reads the words that follow the name of a command.
     *
     * @throws LanewiseException if they make no sense (2)
     */
    static Arguments parse(String command, List<Option<?>> options, List<String> words) {
        Arguments arguments = new Arguments();
        Deque<Option<?>> files = new ArrayDeque<>();
        options.stream().filter(Option::isPositional).forEach(files::add);
        Deque<String> rest = new ArrayDeque<>(words);
        boolean onlyFiles = false;
        while (!rest.isEmpty()) {
            String word = rest.remove();
            if (word.equals("--") && !onlyFiles) {
                onlyFiles = true;
            } else if (word.startsWith("-") && word.length() > 1 && !onlyFiles) {
                arguments.readOption(options, word, rest);
            } else if (files.isEmpty()) {
                throw usage("unexpected argument " + word).at(command);
            } else {
                arguments.put(files.element(), files.remove().name(), word);
            }
        }
        if (!files.isEmpty()) {
            throw usage(files.element().name() + " is missing").at(command);
        }
        return arguments;
    }

    private void readOption(List<Option<?>> options, String word, Deque<String> rest) {
        int equals = word.indexOf('=');
        String spelling = equals < 0 ? word : word.substring(0, equals);
        Option<?> option = options.stream()
                .filter(o -> o.spellings().contains(spelling))
                .findFirst()
                .orElseThrow(() -> usage("unknown option " + spelling)
                        .hint("The nearest is " + nearest(spelling, spellings(options)) + "."));
        if (option.isFlag()) {
            if (equals >= 0) {
                throw usage("takes no value").at(spelling).expected(spelling, word);
            }
            put(option, spelling, spelling);
        } else if (equals >= 0) {
            put(option, spelling, word.substring(equals + 1));
        } else if (rest.isEmpty() || rest.element().startsWith("--")) {
            throw usage("value missing")
                    .at(spelling)
                    .expected(option.expected(), rest.isEmpty() ? "none" : rest.element());
        } else {
            put(option, spelling, rest.remove());
        }
    }

    private void put(Option<?> option, String spelling, String text) {
        if (given(option)) {
            throw usage("given twice").at(spelling);
        }
        values.put(option, option.parse(spelling, text));
    }

    /** Whether the option was typed. */
    boolean given(Option<?> option) {
        return values.containsKey(option);
    }

    /** The value of an option: what was typed, or what it is otherwise. */
    @SuppressWarnings("unchecked") // put() lets in what the option itself has made
    <T> T get(Option<T> option) {
        return (T) values.getOrDefault(option, option.fallback());
    }

    static LanewiseException usage(String what) {
        return new LanewiseException(ExitCode.USAGE, what);
    }

    private static List<String> spellings(List<Option<?>> options) {
        return options.stream()
                .filter(o -> !o.isPositional())
                .flatMap(o -> o.spellings().stream())
                .toList();
    }

    /** The name that takes the fewest changes of a letter, the first one of equals. */
    static String nearest(String word, List<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(word, name)))
                .orElseThrow();
    }

    /** Levenshtein's distance, row by row. */
    private static int distance(String a, String b) {
        int[] row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
