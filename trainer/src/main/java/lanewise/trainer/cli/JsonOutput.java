package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.function.Consumer;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.Dash;
import lanewise.trainer.io.Json;
import tools.jackson.core.JsonGenerator;

/** The result of a command as JSON: a file that is there as a whole or not at all, or stdout in place of the text. */
final class JsonOutput {
    static final Option<Path> OPTION =
            Option.path("--json", "FILE", "writes the result as JSON too; - for stdout, as JSON alone");

    private final Path target;
    private final Console console;

    /**
     * Makes sure that it can be written later.
     *
     * @param taken the files of the command
     * @throws lanewise.trainer.LanewiseException if it is one of them (2) or cannot be created (73)
     */
    JsonOutput(Arguments arguments, Console console, TakenFiles taken) {
        this.target = arguments.get(OPTION);
        this.console = console;
        taken.addOutput(OPTION, Dash.fileOrNull(target));
        if (target != null && !Dash.is(target)) {
            AtomicFile.checkWritable(target);
        }
    }

    /** Whether stdout carries the text. */
    boolean leavesText() {
        return target == null || !Dash.is(target);
    }

    /** Writes one object, if JSON is wanted at all. */
    void write(Consumer<JsonGenerator> members) {
        if (target == null) {
            return;
        }
        byte[] line = Json.line(members);
        if (Dash.is(target)) {
            console.out().writeBytes(line);
        } else {
            AtomicFile.write(target, out -> out.write(line));
        }
    }
}
