package lanewise.trainer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.RowReader;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.Dash;

/** Says for each row of an input which class it is, and how likely each class is. */
final class PredictCommand implements Command {
    private static final Option<Path> INPUT =
            Option.path("INPUT", "FILE", "the rows, in any format, plain or gzipped; - for stdin");
    private static final Option<Path> OUT =
            Option.path("--out", "FILE", "where to write them as CSV, all or nothing (default stdout)");
    private static final Option<Path> JSON = Option.path(
            JsonOutput.OPTION.name(), "FILE", "the same as a JSON object for each row in place of CSV; - for stdout");

    @Override
    public String summary() {
        return "Predicts the class of each row, and the probability of each class.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(SavedModel.OPTION, INPUT, DataOptions.LABEL_OR_NONE, OUT, JSON);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path modelFile = arguments.get(SavedModel.OPTION);
        Path inputFile = arguments.get(INPUT);
        boolean csv = arguments.get(JSON) == null;
        Option<Path> output = csv ? OUT : JSON;
        if (!csv && arguments.get(OUT) != null) {
            throw Arguments.usage("not with " + OUT.name() + ", which takes CSV")
                    .at(JSON.name());
        }
        Path out = arguments.get(output);
        boolean toStdout = Dash.fileOrNull(out) == null;
        if (csv && out != null && toStdout) {
            throw TakenFiles.notStdout(OUT).hint("Without " + OUT.name() + " the lines go to stdout.");
        }
        TakenFiles files = DataFiles.taken(INPUT, inputFile, arguments).add(SavedModel.OPTION, modelFile);
        if (!toStdout) {
            files.addOutput(output, out);
            AtomicFile.checkWritable(out);
        }
        SavedModel saved = SavedModel.load(modelFile);
        console.checkBackend();
        DataReader reader = saved.reader(DataOptions.reader(arguments, console).labelled(false));
        try (RowReader input = reader.rows(inputFile);
                Workers workers = Workers.of(Runtime.getRuntime().availableProcessors())) {
            RowsToPredict.requireRoom(saved, modelFile, input, workers.count());
            PredictionStream predictions = new PredictionStream(
                    saved, modelFile, input, inputFile, csv ? PredictionFormat.CSV : PredictionFormat.JSONL, workers);
            if (toStdout) {
                predictions.writeTo(console.out(), console::finish);
            } else {
                AtomicFile.write(out, file -> predictions.writeTo(file, () -> {}));
            }
        } catch (IOException e) {
            throw new LanewiseException(ExitCode.IO_FAILED, e).at("stdout");
        }
        return ExitCode.OK;
    }
}
