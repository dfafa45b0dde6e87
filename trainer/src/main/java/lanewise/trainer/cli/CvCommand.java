package lanewise.trainer.cli;

import static lanewise.trainer.cli.EpochTable.fixed;
import static lanewise.trainer.cli.EpochTable.padded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.History;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.TrainingListener;
import tools.jackson.core.JsonGenerator;

/** Tells how well a recipe does by cross-validation. It touches no test set and writes no model. */
final class CvCommand implements Command {
    private static final Option<Integer> FOLDS =
            Option.whole("--folds", 5, 2, 1_000, "how many parts the rows are dealt out to, each class evenly");

    /** What there is to tell of a fold. */
    private record Column(String name, String key, int width, ToDoubleFunction<EpochReport> value) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("Train Loss", "train_loss", 11, EpochReport::trainLoss),
            new Column("Train Err", "train_error", 10, EpochReport::trainError),
            new Column("Test Loss", "test_loss", 10, EpochReport::testLoss),
            new Column("Test Err", "test_error", 9, EpochReport::testError));

    @Override
    public String name() {
        return "cv";
    }

    @Override
    public String summary() {
        return "Measures a recipe by k-fold cross-validation on the train set: the mean and the standard deviation.";
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> options = new ArrayList<>(DataOptions.WITHOUT_VALIDATION);
        options.addAll(ModelOptions.OPTIONS);
        options.add(Preset.OPTION);
        options.addAll(RecipeOptions.OPTIONS);
        options.addAll(List.of(FOLDS, RecipeOptions.THREADS, JsonOutput.OPTION));
        return options;
    }

    @Override
    public ExitCode run(Arguments typed, Console console) {
        JsonOutput json = new JsonOutput(typed, console, ModelOptions.inputs(typed));
        Arguments arguments = Preset.under(typed);
        Trainer trainer = RecipeOptions.trainer(arguments);
        ModelOptions.hidden(arguments);
        console.checkBackend();
        console.note("seed " + trainer.hyperparameters().seed());
        if (trainer.hyperparameters().patience() > 0) {
            console.note("with a patience a fold counts its best epoch, which the rows it is measured by have chosen");
        }
        int count = arguments.get(FOLDS);
        List<EpochReport> reports = new ArrayList<>();
        try (FoldedData folds = new FoldedData(arguments, trainer, count, console)) {
            for (int fold = 0; fold < count; fold++) {
                try (TrainingData<?> data = folds.fold(fold)) {
                    if (fold == 0 && json.leavesText()) {
                        console.line("|  Fold | Train Loss | Train Err | Test Loss | Test Err |");
                    }
                    EpochReport report = train(fold, trainer, data, arguments, console);
                    reports.add(report);
                    if (json.leavesText()) {
                        console.line(row(Integer.toString(fold), column -> column.value.applyAsDouble(report)));
                    }
                }
            }
        }
        if (json.leavesText()) {
            console.line(row("mean", column -> mean(reports, column)));
            console.line(row("std", column -> deviation(reports, column)));
        }
        json.write(members -> write(reports, members));
        return ExitCode.OK;
    }

    private static EpochReport train(
            int fold, Trainer trainer, TrainingData<?> data, Arguments arguments, Console console) {
        Model model = ModelOptions.first(arguments, ModelOptions.architecture(arguments, data.train()));
        ModelOptions.noteInit(arguments, model, data.train(), console);
        ProgressBar bar = console.progressBar(trainer.hyperparameters().epochs());
        try {
            History history = trainer.fit(model, data.train(), data.test(), new TrainingListener() {
                @Override
                public void onStep(int epoch, int rowsDone, int rows) {
                    bar.update(epoch, rowsDone, rows);
                }
            });
            return trainer.hyperparameters().patience() > 0 ? history.best() : history.last();
        } catch (LanewiseException e) {
            throw e.exitCode() == ExitCode.DIVERGED ? e.at("fold " + fold + ", " + e.where()) : e;
        } finally {
            bar.clear();
        }
    }

    private static String row(String name, ToDoubleFunction<Column> value) {
        StringBuilder row = new StringBuilder("|" + padded(name, 6) + " |");
        for (Column column : COLUMNS) {
            row.append(padded(fixed(value.applyAsDouble(column)), column.width)).append(" |");
        }
        return row.toString();
    }

    private static double mean(List<EpochReport> reports, Column column) {
        double sum = 0;
        for (EpochReport report : reports) {
            sum += column.value.applyAsDouble(report);
        }
        return sum / reports.size();
    }

    /** Of the folds as a sample: the squares are divided by one less than there are folds. */
    private static double deviation(List<EpochReport> reports, Column column) {
        double mean = mean(reports, column);
        double squares = 0;
        for (EpochReport report : reports) {
            double off = column.value.applyAsDouble(report) - mean;
            squares += off * off;
        }
        return Math.sqrt(squares / (reports.size() - 1));
    }

    private static void write(List<EpochReport> reports, JsonGenerator json) {
        json.writeArrayPropertyStart("folds");
        for (EpochReport report : reports) {
            json.writeStartObject();
            COLUMNS.forEach(column -> json.writeNumberProperty(column.key, column.value.applyAsDouble(report)));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectPropertyStart("mean");
        COLUMNS.forEach(column -> json.writeNumberProperty(column.key, mean(reports, column)));
        json.writeEndObject();
        json.writeObjectPropertyStart("std");
        COLUMNS.forEach(column -> json.writeNumberProperty(column.key, deviation(reports, column)));
        json.writeEndObject();
    }
}
