package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Dash;
import lanewise.trainer.io.SameFile;

/** The files that a command reads or writes, so that no output of it takes the place of another one. */
final class TakenFiles {
    private final Map<Path, Option<?>> names = new LinkedHashMap<>();

    /** Takes in a file, there or not, under the option that names it; null is none. */
    TakenFiles add(Option<?> option, Path file) {
        if (file != null) {
            names.putIfAbsent(file, option);
        }
        return this;
    }

    /**
     * Takes in a file that is to be written.
     *
     * @throws LanewiseException if it is one of the others (2), or none: what is written as a whole or not at all does not
     *     go to stdout
     */
    TakenFiles addOutput(Option<Path> option, Path file) {
        if (file != null) {
            if (Dash.is(file)) {
                throw notStdout(option);
            }
            names.forEach((taken, other) -> {
                if (SameFile.are(file, taken)) {
                    throw Arguments.usage("the same file as " + other.name()).at(option.name());
                }
            });
        }
        return add(option, file);
    }

    /** Why {@code -} is not a file to write. */
    static LanewiseException notStdout(Option<Path> option) {
        return Arguments.usage("not to stdout").at(option.name()).expected("the name of a file", "-");
    }
}
