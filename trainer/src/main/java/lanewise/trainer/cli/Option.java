package lanewise.trainer.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;

/**
 * An option of a command, or one of the files that it names by their place.
 *
 * @param name as it is typed, such as {@code --lr}, with a bar between two spellings; {@code MODEL} and the like for a file
 *     known by its place
 * @param label stands for the value in the help; null for a flag, which takes none
 * @param help what it does, one line
 * @param fallback what it is when it is not given, or null
 * @param expected which values it takes, in words
 * @param parser turns the text into a value; null refuses it
 * @param <T> what it is in Java
 */
record Option<T>(String name, String label, String help, T fallback, String expected, Function<String, T> parser) {
    /** A switch: {@code --nesterov}, or with its opposite {@code --bias|--no-bias}. It is off unless it is given. */
    static Option<Boolean> flag(String name, String help) {
        return new Option<>(name, null, help, false, "no value", spelling -> !spelling.startsWith("--no-"));
    }

    /** A file or a folder. */
    static Option<Path> path(String name, String label, String help) {
        return new Option<>(name, label, help, null, "the name of a file or folder", Option::toPath);
    }

    /** A whole number. */
    static Option<Integer> whole(String name, int fallback, int least, int most, String help) {
        String expected = "a whole number from " + least + " to " + most;
        return new Option<>(name, "N", help, fallback, expected, text -> toWhole(text, least, most));
    }

    /** Any number of 64 bits. */
    static Option<Long> seed(String name, long fallback, String help) {
        String expected = "a whole number of 64 bits";
        return new Option<>(name, "N", help, fallback, expected, Option::toLong);
    }

    /** A number in a range; its ends are part of it where that is said. */
    static Option<Float> number(String name, float fallback, Range range, String help) {
        return new Option<>(name, "X", help, fallback, "a number " + range, text -> {
            Float x = toFloat(text);
            return x != null && range.holds(x) ? x : null;
        });
    }

    /** One of the constants of an enum, in lower case. */
    static <E extends Enum<E>> Option<E> choice(String name, E fallback, String help) {
        List<String> names = new ArrayList<>();
        E[] constants = fallback.getDeclaringClass().getEnumConstants();
        for (E constant : constants) {
            names.add(constant.name().toLowerCase(Locale.ROOT));
        }
        return new Option<>(name, String.join("|", names), help, fallback, String.join(" or ", names), text -> {
            int at = names.indexOf(text);
            return at < 0 ? null : constants[at];
        });
    }

    /** Whole numbers with commas between them. */
    static Option<List<Integer>> wholes(String name, int least, int most, String help) {
        String expected = "whole numbers from " + least + " to " + most + " with commas between them";
        return new Option<>(name, "N[,N..]", help, null, expected, text -> {
            List<Integer> values = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                values.add(toWhole(part, least, most));
            }
            return values.contains(null) ? null : List.copyOf(values);
        });
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

    boolean isPositional() {
        return !name.startsWith("--");
    }

    boolean isFlag() {
        return label == null;
    }

    /** What can be typed for it. */
    List<String> spellings() {
        return List.of(name.split("\\|"));
    }

    /** The value that a text stands for; a flag's is its spelling. */
    T parse(String spelling, String text) {
        T value = parser.apply(text);
        if (value == null) {
            throw new LanewiseException(ExitCode.USAGE, "bad value")
                    .at(spelling)
                    .expected(expected, text);
        }
        return value;
    }

    private static Path toPath(String text) {
        try {
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static Integer toWhole(String text, int least, int most) {
        Long value = toLong(text);
        return value == null || value < least || value > most ? null : value.intValue();
    }

    private static Long toLong(String text) {
        try {
            return consistsOf("+-0123456789", text) ? Long.parseLong(text) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Java's own grammar also takes hexadecimal digits, suffixes such as f, and spaces. */
    private static Float toFloat(String text) {
        try {
            return consistsOf("+-.0123456789eE", text) ? Float.parseFloat(text) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static boolean consistsOf(String characters, String text) {
        return text.chars().allMatch(c -> characters.indexOf(c) >= 0);
    }
}
