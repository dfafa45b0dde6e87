package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.List;
import lanewise.trainer.ExitCode;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.model.Model;

/** Writes a model for other programs to run. */
final class ExportCommand implements Command {
    private static final Option<Path> ONNX =
            Option.path("--onnx", "FILE", "writes an ONNX graph that takes the features as they come");

    @Override
    public String summary() {
        return "Writes a model for other programs to run. PyTorch reads the file of a model as it is.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(SavedModel.OPTION, ONNX);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path file = arguments.get(SavedModel.OPTION);
        Path onnx = arguments.get(ONNX);
        if (onnx == null) {
            throw Arguments.usage("--onnx is missing").at("export");
        }
        new TakenFiles().add(SavedModel.OPTION, file).addOutput(ONNX, onnx);
        AtomicFile.checkWritable(onnx);
        SavedModel saved = SavedModel.load(file);
        if (saved.provenance().isEmpty()) {
            console.note(file + " does not say how its features are scaled: the graph takes them as the model does");
        }
        Model model = saved.model();
        model.exportOnnx(onnx, model.metadata(), saved.scalingOr(Scaling.NONE), saved.classNames());
        return ExitCode.OK;
    }
}
