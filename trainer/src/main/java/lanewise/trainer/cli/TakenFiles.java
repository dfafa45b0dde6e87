package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
     * @throws lanewise.trainer.LanewiseException if it is one of the others (2)
     */
    TakenFiles addOutput(Option<Path> option, Path file) {
        if (file != null) {
            names.forEach((taken, other) -> {
                if (SameFile.are(file, taken)) {
                    throw Arguments.usage("the same file as " + other.name()).at(option.name());
                }
            });
        }
        return add(option, file);
    }
}
