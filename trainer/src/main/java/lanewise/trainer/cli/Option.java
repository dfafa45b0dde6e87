package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * An option of a command, or one of the files that it names by their place.
 *
 * @param name as it is typed, such as {@code --lr}; {@code MODEL} and the like for a file known by its place
 * @param label stands for the value in the help; null for a flag, which takes none
 * @param help what it does, one line
 * @param fallback what it is when it is not given, or null
 * @param expected which values it takes, in words; null for a flag
 * @param converter turns the text into a value; whatever it throws refuses the text; null for a flag
 * @param <T> what it is in Java
 */
record Option<T>(String name, String label, String help, T fallback, String expected, Function<String, T> converter) {
    /** Stands for {@code --no-} in front of a name that has an opposite. */
    private static final String NEGATABLE = "--[no-]";

    /** A switch: {@code --nesterov}, or {@code --[no-]bias} with its opposite. It is off unless it is given. */
    static Option<Boolean> flag(String name, String help) {
        return new Option<>(name, null, help, false, null, null);
    }

    /** A file or a folder. What looks like an option is one that was misspelt, unless the file is known by its place. */
    static Option<Path> path(String name, String label, String help) {
        return new Option<>(name, label, help, null, "the name of a file or folder", text -> {
            require(!text.isEmpty() && !(name.startsWith("--") && text.startsWith("--")));
            return Path.of(text);
        });
    }

    /** Any text. What looks like an option is one that was misspelt. */
    static Option<String> text(String name, String label, String expected, String help) {
        return new Option<>(name, label, help, null, expected, text -> {
            require(!text.isEmpty() && !text.startsWith("--"));
            return text;
        });
    }

    /** A whole number. */
    static Option<Integer> whole(String name, int fallback, int least, int most, String help) {
        String expected = "a whole number from " + least + " to " + most;
        return new Option<>(name, "N", help, fallback, expected, text -> toWhole(text, least, most));
    }

    /** Any number of 64 bits. */
    static Option<Long> seed(String name, long fallback, String help) {
        return new Option<>(name, "N", help, fallback, "a whole number of 64 bits", Option::toLong);
    }

    /** A number in a range; its ends are part of it where that is said. */
    static Option<Float> number(String name, float fallback, Range range, String help) {
        return new Option<>(name, "X", help, fallback, "a number " + range, text -> {
            float x = toFloat(text);
            require(range.holds(x));
            return x;
        });
    }

    /** One of the constants of an enum, in lower case. */
    static <E extends Enum<E>> Option<E> choice(String name, E fallback, String help) {
        return choice(name, fallback.getDeclaringClass(), fallback, help);
    }

    /** One of the constants of an enum, in lower case, or null if it is not given. */
    static <E extends Enum<E>> Option<E> choice(String name, Class<E> type, String help) {
        return choice(name, type, null, help);
    }

    private static <E extends Enum<E>> Option<E> choice(String name, Class<E> type, E fallback, String help) {
        E[] constants = type.getEnumConstants();
        List<String> names = Arrays.stream(constants).map(Option::plain).toList();
        String expected = String.join(" or ", names);
        return new Option<>(
                name, String.join("|", names), help, fallback, expected, text -> constants[names.indexOf(text)]);
    }

    /** Whole numbers with commas between them. */
    static Option<List<Integer>> wholes(String name, int least, int most, String help) {
        String expected = "whole numbers from " + least + " to " + most + " with commas between them";
        return new Option<>(
                name,
                "N[,N..]",
                help,
                null,
                expected,
                text -> Stream.of(text.split(",", -1))
                        .map(part -> toWhole(part, least, most))
                        .toList());
    }

    /**
     * An interval of numbers.
     *
     * @param least its lower end
     * @param withLeast whether the lower end is part of it
     * @param most its upper end
     * @param withMost whether the upper end is part of it
     */
    record Range(float least, boolean withLeast, float most, boolean withMost) {
        boolean holds(float x) {
            return (withLeast ? x >= least : x > least) && (withMost ? x <= most : x < most);
        }

        @Override
        public String toString() {
            return (withLeast ? "from " : "above ")
                    + plain(least)
                    + (withMost ? " and up to " : " and below ")
                    + plain(most);
        }

        private static String plain(float x) {
            return x == (int) x ? Integer.toString((int) x) : Float.toString(x);
        }
    }

    /** An option is the one that it is; and what Java makes of a record's hash at run time takes it ten milliseconds. */
    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    boolean isPositional() {
        return !name.startsWith("--");
    }

    /** The name without dashes and opposite. */
    String key() {
        return name.replace(NEGATABLE, "").replaceFirst("^--", "");
    }

    /** What a text means for this option, or nothing if it makes no sense. */
    Optional<Object> parse(String text) {
        if (converter == null) {
            return text.equals("true") || text.equals("false") ? Optional.of(text.equals("true")) : Optional.empty();
        }
        try {
            return Optional.of(converter.apply(text));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** A value as it is typed. */
    static String text(Object value) {
        if (value instanceof List<?> values) {
            return values.stream().map(Option::text).collect(Collectors.joining(","));
        }
        return value instanceof Enum<?> ? plain(value) : value.toString();
    }

    /**
     * The same in the terms of picocli, made anew, since it holds what is typed. Its type is Object because picocli would
     * take a list for several values.
     */
    ArgSpec toSpec() {
        String description = converter == null || fallback == null ? help : help + " (default " + plain(fallback) + ")";
        if (isPositional()) {
            return PositionalParamSpec.builder()
                    .userObject(this)
                    .required(true)
                    .paramLabel(name)
                    .description(description)
                    .type(Object.class)
                    .arity("1")
                    .converters(converter::apply)
                    .build();
        }
        OptionSpec.Builder option = OptionSpec.builder(name.replace(NEGATABLE, "--"))
                .userObject(this)
                .description(description);
        if (converter != null) {
            return option.paramLabel(label)
                    .type(Object.class)
                    .arity("1")
                    .converters(converter::apply)
                    .build();
        }
        return option.type(Boolean.class)
                .arity("0")
                .negatable(name.startsWith(NEGATABLE))
                .usageHelp(this == Main.HELP)
                .versionHelp(this == Main.VERSION)
                .build();
    }

    /** A constant as it is typed. */
    static String plain(Object value) {
        return value.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int toWhole(String text, int least, int most) {
        long value = toLong(text);
        require(least <= value && value <= most);
        return (int) value;
    }

    /** Java's own grammar also takes the digits of other scripts. */
    private static long toLong(String text) {
        require(text.matches("[-+0-9]+"));
        return Long.parseLong(text);
    }

    /** Java's own grammar also takes hexadecimal digits, suffixes such as f, and spaces. */
    private static float toFloat(String text) {
        require(text.matches("[-+.0-9eE]+"));
        return Float.parseFloat(text);
    }

    /** Refuses a text as no value. */
    static void require(boolean sound) {
        if (!sound) {
            throw new IllegalArgumentException();
        }
    }
}
