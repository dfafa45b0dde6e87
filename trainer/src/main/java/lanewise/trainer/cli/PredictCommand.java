package lanewise.trainer.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxFolder;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.Json;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Prediction;
import tools.jackson.core.io.NumberOutput;

/** Says for each row of an input which class it is, and how likely each class is. */
final class PredictCommand implements Command {
    private static final int CHUNK = 500;

    private static final Option<Path> MODEL = Option.path("MODEL", "FILE", "the model, as train --out wrote it");
    private static final Option<Path> INPUT = Option.path("INPUT", "FILE", "images in IDX form, plain or gzipped");
    private static final Option<Path> JSON =
            Option.path("--json", "FILE", "writes a line of JSON for each row in place of the CSV; - for stdout");

    @Override
    public String name() {
        return "predict";
    }

    @Override
    public String summary() {
        return "Predicts the class of each row, and the probability of each class, as CSV.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(MODEL, INPUT, JSON);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path json = arguments.get(JSON);
        boolean toFile = json != null && !JsonOutput.isStdout(json);
        if (toFile) {
            AtomicFile.checkWritable(json);
        }
        Path file = arguments.get(MODEL);
        Model model = Model.load(file);
        Dataset input = IdxFolder.loadImages(arguments.get(INPUT));
        requireWidth(model, input, arguments.get(INPUT));
        Console.checkBackend();
        try {
            if (toFile) {
                AtomicFile.write(json, out -> write(model, input, true, out));
            } else {
                write(model, input, json != null, console.out());
            }
        } catch (LanewiseException e) {
            throw e.exitCode() == ExitCode.BAD_DATA ? e.in(file) : e;
        } catch (IOException e) {
            throw new LanewiseException(ExitCode.IO_FAILED, e).at("stdout");
        }
        return ExitCode.OK;
    }

    private static void requireWidth(Model model, Dataset input, Path file) {
        if (input.features() != model.architecture().features()) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the model was made for rows of another width")
                    .in(file)
                    .expected(model.architecture().features() + " pixels", input.features());
        }
    }

    /** Some rows at a time, so that neither their floats nor their lines need much room. */
    private static void write(Model model, Dataset input, boolean json, OutputStream out) throws IOException {
        int classes = model.architecture().classes();
        if (!json) {
            out.write(heading(classes).getBytes(StandardCharsets.US_ASCII));
        }
        float[] x = new float[CHUNK * input.features()];
        for (int first = 0; first < input.rows(); first += CHUNK) {
            int count = Math.min(CHUNK, input.rows() - first);
            input.copyRows(first, count, x, 0);
            Prediction prediction = model.predict(x, count);
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (int row = 0; row < count; row++) {
                if (Float.isNaN(prediction.probabilities()[row * classes])) {
                    throw new LanewiseException(
                            ExitCode.BAD_DATA, "the weights are too large to predict row " + (first + row));
                }
                lines.writeBytes(json ? jsonLine(prediction, classes, row) : csvLine(prediction, classes, row));
            }
            lines.writeTo(out);
        }
    }

    private static String heading(int classes) {
        StringBuilder line = new StringBuilder("class");
        for (int c = 0; c < classes; c++) {
            line.append(",p").append(c);
        }
        return line.append('\n').toString();
    }

    /** A probability has the fewest digits that read back as the same bits. */
    private static byte[] csvLine(Prediction prediction, int classes, int row) {
        StringBuilder line = new StringBuilder().append(prediction.classes()[row]);
        for (int c = 0; c < classes; c++) {
            line.append(',').append(NumberOutput.toString(prediction.probabilities()[row * classes + c], true));
        }
        return line.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] jsonLine(Prediction prediction, int classes, int row) {
        return Json.line(json -> {
            json.writeNumberProperty("class", prediction.classes()[row]);
            json.writeArrayPropertyStart("probabilities");
            for (int c = 0; c < classes; c++) {
                json.writeNumber(prediction.probabilities()[row * classes + c]);
            }
            json.writeEndArray();
        });
    }
}
