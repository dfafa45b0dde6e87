package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.Json;
import lanewise.trainer.io.SameFile;
import tools.jackson.core.JsonGenerator;

/** The result of a command as JSON: a file that is there as a whole or not at all, or stdout in place of the text. */
final class JsonOutput {
    static final Option<Path> OPTION =
            Option.path("--json", "FILE", "writes the result as JSON too; - for stdout, as JSON alone");

    private static final Path STDOUT = Path.of("-");

    private final Path target;
    private final Console console;

    /**
     * Makes sure that it can be written later.
     *
     * @throws lanewise.trainer.LanewiseException if the file cannot be created (73)
     */
    JsonOutput(Arguments arguments, Console console) {
        this.target = arguments.get(OPTION);
        this.console = console;
        if (target != null && !isStdout(target)) {
            AtomicFile.checkWritable(target);
        }
    }

    /**
     * The same for something that learns, whose inputs are not to be lost.
     *
     * @throws lanewise.trainer.LanewiseException if the file is an input (2) or cannot be created (73)
     */
    static JsonOutput ofLearning(Arguments arguments, Console console) {
        Path target = arguments.get(OPTION);
        List<Path> inputs = new ArrayList<>(DataOptions.files(arguments));
        if (arguments.get(ModelOptions.INIT) != null) {
            inputs.add(arguments.get(ModelOptions.INIT));
        }
        if (target != null && !isStdout(target) && inputs.stream().anyMatch(input -> SameFile.are(target, input))) {
            throw Arguments.usage("the same file as an input").at(OPTION.name());
        }
        return new JsonOutput(arguments, console);
    }

    static boolean isStdout(Path target) {
        return target.equals(STDOUT);
    }

    /** Whether stdout carries the text. */
    boolean leavesText() {
        return target == null || !isStdout(target);
    }

    /** Writes one object, if JSON is wanted at all. */
    void write(Consumer<JsonGenerator> members) {
        if (target == null) {
            return;
        }
        byte[] line = Json.line(members);
        if (isStdout(target)) {
            console.out().writeBytes(line);
        } else {
            AtomicFile.write(target, out -> out.write(line));
        }
    }
}
