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
import lanewise.trainer.io.SameFile;

/** Says for each row of an input which class it is, and how likely each class is. */
final class PredictCommand implements Command {
    private static final Option<Path> INPUT =
            Option.path("INPUT", "FILE", "the rows, in any format, plain or gzipped; - for stdin");
    private static final Option<PredictionFormat> FORMAT = Option.choice(
            "--format", PredictionFormat.CSV, "comma-separated values with a heading, or a JSON object on each line");
    private static final Option<Path> OUT =
            Option.path("--out", "FILE", "where to write them, all or nothing (default stdout)");

    @Override
    public String name() {
        return "predict";
    }

    @Override
    public String summary() {
        return "Predicts the class of each row, and the probability of each class.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(SavedModel.OPTION, INPUT, DataOptions.LABEL, FORMAT, OUT);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path modelFile = arguments.get(SavedModel.OPTION);
        Path inputFile = arguments.get(INPUT);
        Path out = arguments.get(OUT);
        checkOutput(out, modelFile, inputFile);
        SavedModel saved = SavedModel.load(modelFile);
        Console.checkBackend();
        int features = saved.model().architecture().features();
        DataReader reader = DataOptions.reader(arguments, console)
                .labelled(false)
                .like(features, null)
                .build();
        try (RowReader input = reader.rows(inputFile);
                Workers workers = Workers.of(Runtime.getRuntime().availableProcessors())) {
            PredictionStream predictions =
                    new PredictionStream(saved, modelFile, input, inputFile, arguments.get(FORMAT));
            if (out == null) {
                predictions.writeTo(workers, console.out(), console::finish);
            } else {
                AtomicFile.write(out, file -> predictions.writeTo(workers, file, () -> {}));
            }
        } catch (IOException e) {
            throw new LanewiseException(ExitCode.IO_FAILED, e).at("stdout");
        }
        return ExitCode.OK;
    }

    /** The output is neither of the inputs, which would be lost. */
    private static void checkOutput(Path out, Path modelFile, Path inputFile) {
        if (out == null) {
            return;
        }
        for (Path input : List.of(modelFile, inputFile)) {
            if (SameFile.are(out, input)) {
                throw Arguments.usage("the same file as " + (input == modelFile ? SavedModel.OPTION : INPUT).name())
                        .at(OUT.name());
            }
        }
        AtomicFile.checkWritable(out);
    }
}
