package lanewise.trainer.cli;

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
    private record Column(String key, ToDoubleFunction<EpochReport> value) {
        double of(EpochReport report) {
            return value.applyAsDouble(report);
        }

        double mean(List<EpochReport> reports) {
            double sum = 0;
            for (EpochReport report : reports) {
                sum += of(report);
            }
            return sum / reports.size();
        }

        /** Of the folds as a sample: the squares are divided by one less than there are folds. */
        double deviation(List<EpochReport> reports) {
            double mean = mean(reports);
            double squares = 0;
            for (EpochReport report : reports) {
                double off = of(report) - mean;
                squares += off * off;
            }
            return Math.sqrt(squares / (reports.size() - 1));
        }
    }

    /** In the order of the table. */
    private static final List<Column> COLUMNS = List.of(
            new Column("train_loss", EpochReport::trainLoss),
            new Column("train_error", EpochReport::trainError),
            new Column("test_loss", EpochReport::testLoss),
            new Column("test_error", EpochReport::testError));

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
                        console.line(EpochTable.header("Fold"));
                    }
                    EpochReport report = train(fold, trainer, data, arguments, console);
                    reports.add(report);
                    if (json.leavesText()) {
                        console.line(row(Integer.toString(fold), column -> column.of(report)));
                    }
                }
            }
        }
        if (json.leavesText()) {
            console.line(row("mean", column -> column.mean(reports)));
            console.line(row("std", column -> column.deviation(reports)));
        }
        json.write(members -> write(reports, members));
        return ExitCode.OK;
    }

    private static EpochReport train(
            int fold, Trainer trainer, TrainingData<?> data, Arguments arguments, Console console) {
        Model model = ModelOptions.first(arguments, data.train(), console);
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

    private static String row(String first, ToDoubleFunction<Column> figure) {
        return EpochTable.row(first, COLUMNS.stream().mapToDouble(figure).toArray());
    }

    private static void write(List<EpochReport> reports, JsonGenerator json) {
        json.writeArrayPropertyStart("folds");
        for (EpochReport report : reports) {
            json.writeStartObject();
            write(json, column -> column.of(report));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectPropertyStart("mean");
        write(json, column -> column.mean(reports));
        json.writeEndObject();
        json.writeObjectPropertyStart("std");
        write(json, column -> column.deviation(reports));
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ToDoubleFunction<Column> figure) {
        COLUMNS.forEach(column -> json.writeNumberProperty(column.key, figure.applyAsDouble(column)));
    }
}
