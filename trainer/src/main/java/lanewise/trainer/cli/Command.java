package lanewise.trainer.cli;

import java.util.List;
import java.util.Map;
import lanewise.trainer.ExitCode;

/** One of the commands, such as {@code train}. */
interface Command {
    /** What it does, one line. */
    String summary();

    /** What it understands besides {@link Main#COMMON}: the files known by their place first, then the options. */
    List<Option<?>> options();

    /** The commands that its name is followed by, if it is only a roof for them, by their names in the order of the help. */
    default Map<String, Command> verbs() {
        return Map.of();
    }

    /**
     * Begins what takes long at first, while the words are parsed, by what they look like. To guess wrong costs time alone.
     */
    default void foresee(List<String> words) {}

    /**
     * Does it.
     *
     * @throws lanewise.trainer.LanewiseException if the user has to mend something
     */
    ExitCode run(Arguments arguments, Console console);
}
