package lanewise.trainer.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The texts behind {@code --help}. */
final class Help {
    private Help() {}

    /** The commands, and what can stand in front of them. */
    static void print(Console console, List<Option<?>> options, List<Command> commands) {
        console.line("Usage: lanewise COMMAND [OPTION..]");
        console.line("");
        for (Command command : commands) {
            console.line(columns(command.name(), command.summary()));
        }
        console.line("");
        options.forEach(option -> print(console, option));
        console.line("");
        console.line("lanewise COMMAND --help tells the options of a command.");
        console.line("JDK_JAVA_OPTIONS takes flags for the JVM, such as -Xmx8g or -Dlanewise.backend=scalar.");
    }

    /** What a command understands. */
    static void print(Console console, Command command) {
        StringBuilder usage = new StringBuilder("Usage: lanewise " + command.name());
        List<Option<?>> options = new ArrayList<>(command.options());
        options.stream()
                .filter(Option::isPositional)
                .forEach(file -> usage.append(' ').append(file.name()));
        console.line(usage + " [OPTION..]");
        console.line("");
        console.line(command.summary());
        console.line("");
        options.addAll(Main.COMMON);
        options.forEach(option -> print(console, option));
    }

    private static void print(Console console, Option<?> option) {
        String name = option.isFlag() || option.isPositional() ? option.name() : option.name() + " " + option.label();
        boolean told = !option.isFlag() && option.fallback() != null;
        console.line(columns(name, option.help() + (told ? " (default " + plain(option.fallback()) + ")" : "")));
    }

    private static String plain(Object value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    private static String columns(String left, String right) {
        return "  " + left + " ".repeat(Math.max(2, 24 - left.length())) + right;
    }
}
