package lanewise.trainer.cli;

import java.util.List;
import lanewise.trainer.ExitCode;

/** Tells what Lanewise runs on, and whether it is in order. */
final class DoctorCommand implements Command {
    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "Tells what Lanewise runs on, and whether all of it is in order.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(JsonOutput.OPTION);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        return ExitCode.OK;
    }
}
