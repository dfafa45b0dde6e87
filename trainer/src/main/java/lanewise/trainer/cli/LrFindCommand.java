package lanewise.trainer.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.LearningRateCurve;
import lanewise.trainer.train.Trainer;
import tools.jackson.core.JsonGenerator;

/** Finds a learning rate for {@code train}. It writes no model. */
final class LrFindCommand implements Command {
    private static final int LOSS_WIDTH = 11;

    @Override
    public String summary() {
        return "Raises the learning rate step by step, prints how the loss goes, and suggests one for train.";
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> options = new ArrayList<>(DataOptions.LEARNING);
        options.addAll(ModelOptions.OPTIONS);
        options.addAll(RecipeOptions.OF_A_STEP);
        options.addAll(List.of(RecipeOptions.THREADS, JsonOutput.OPTION));
        return options;
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        JsonOutput json = new JsonOutput(arguments, console, ModelOptions.inputs(arguments));
        Trainer trainer = RecipeOptions.trainer(arguments);
        ModelOptions.hidden(arguments);
        console.checkBackend();
        LearningRateCurve curve;
        try (TrainingData<?> data =
                new TrainingDataReader(arguments, console).read(PackedFiles.nameless(), bytes(arguments, trainer))) {
            Model model = ModelOptions.first(arguments, data.train(), console);
            console.note("seed " + trainer.hyperparameters().seed());
            curve = LearningRateCurve.of(trainer, model, data.train());
        }
        if (curve.points().isEmpty()) {
            throw new LanewiseException(ExitCode.DIVERGED, "the loss is not finite at any learning rate")
                    .in(DataOptions.data(arguments));
        }
        if (curve.suggestion() < curve.points().get(0).learningRate()) {
            console.note("the suggestion is lower than any rate that was tried, since the loss climbs almost at once:"
                    + " features of one scale may help (--scale)");
        }
        if (json.leavesText()) {
            print(curve, console);
        }
        json.write(members -> write(curve, members));
        return ExitCode.OK;
    }

    private static ToLongFunction<TrainingData<?>> bytes(Arguments arguments, Trainer trainer) {
        return data -> {
            int rows = data.train().rows();
            long measured = TrainingMemory.bytes(data.train()) / rows * Math.min(rows, LearningRateCurve.MEASURED);
            // It goes back to the weights that it began with.
            long before = Float.BYTES
                    * ModelOptions.architecture(arguments, data.train()).parameters();
            return TrainingMemory.bytes(arguments, trainer, data, measured + before, false);
        };
    }

    private static void print(LearningRateCurve curve, Console console) {
        console.line("| Learning Rate | Train Loss |");
        for (LearningRateCurve.Point point : curve.points()) {
            String rate = String.format(Locale.ROOT, "%.3e", point.learningRate());
            console.line("|" + Text.padded(rate, 14) + " |"
                    + Text.padded(Text.fixed(point.loss(), LOSS_WIDTH), LOSS_WIDTH) + " |");
        }
        console.line("suggestion  --lr " + Option.text(curve.suggestion()).replace('E', 'e'));
    }

    private static void write(LearningRateCurve curve, JsonGenerator json) {
        json.writeArrayPropertyStart("points");
        for (LearningRateCurve.Point point : curve.points()) {
            json.writeStartObject();
            json.writeNumberProperty("lr", point.learningRate());
            json.writeNumberProperty("loss", point.loss());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("suggestion", curve.suggestion());
    }
}
