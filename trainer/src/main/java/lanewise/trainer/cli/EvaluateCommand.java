package lanewise.trainer.cli;

import static lanewise.trainer.cli.Text.fixed;
import static lanewise.trainer.cli.Text.padded;

import java.nio.file.Path;
import java.util.List;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.ClassNames;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.LabelledRows;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.eval.Evaluator;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import tools.jackson.core.JsonGenerator;

/** Measures a model on a test set. */
final class EvaluateCommand implements Command {
    private static final int LONGEST_NAME = 24;

    @Override
    public String summary() {
        return "Measures a model on the test set: loss, error, confusion, precision and recall.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(SavedModel.OPTION, DataOptions.DATA, DataOptions.LABEL, JsonOutput.OPTION);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path file = arguments.get(SavedModel.OPTION);
        JsonOutput json =
                new JsonOutput(arguments, console, DataFiles.taken(arguments).add(SavedModel.OPTION, file));
        SavedModel saved = SavedModel.load(file);
        List<String> classes = saved.allClassNames();
        DataReader reader = saved.reader(DataOptions.reader(arguments, console));
        console.checkBackend();
        Evaluation evaluation;
        try (LabelledRows test = reader.labelledRows(DataOptions.data(arguments), saved::scalingOr)) {
            evaluation = evaluate(saved.model(), test, file);
        } catch (LanewiseException e) {
            throw e.exitCode() != ExitCode.BAD_DATA || arguments.given(DataOptions.DATA)
                    ? e
                    : e.hint("--data names the data; without it they are those of MNIST.");
        }
        if (!Double.isFinite(evaluation.loss())) {
            throw new LanewiseException(
                            ExitCode.BAD_DATA, "the weights are too large: the loss is " + evaluation.loss())
                    .in(file);
        }
        if (json.leavesText()) {
            print(evaluation, classes, console);
        }
        json.write(members -> write(evaluation, classes, members));
        return ExitCode.OK;
    }

    private static Evaluation evaluate(Model model, LabelledRows test, Path file) {
        try (Workers workers = Workers.of(Runtime.getRuntime().availableProcessors())) {
            Architecture sizes = model.architecture();
            test.requireRoom(
                    Float.BYTES
                            * (sizes.parameters()
                                    + Evaluator.floats(sizes, test.holdsSparse(), workers.count())
                                    + Evaluator.confusionFloats(sizes)),
                    Evaluator.longestArray(sizes, test.holdsSparse()));
            return Evaluation.of(model, test, workers);
        } catch (LanewiseException e) {
            throw e.in(file);
        }
    }

    private static void print(Evaluation evaluation, List<String> classes, Console console) {
        console.line("rows      " + evaluation.rows());
        console.line("loss      " + fixed(evaluation.loss()));
        console.line("error     " + fixed(evaluation.error()));
        console.line("accuracy  " + fixed(evaluation.accuracy()));
        console.line("");
        console.line("Confusion: each row a class, each column how often it is predicted.");
        List<String> names = classes.stream()
                .map(name -> LanewiseException.printable(
                        name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME)))
                .toList();
        int longest = names.stream().mapToInt(String::length).max().orElse(0);
        int first = Math.max(5, longest);
        int column = Math.max(7, longest + 2);
        int[][] confusion = evaluation.confusion();
        StringBuilder heading = new StringBuilder(padded("class", first));
        names.forEach(name -> heading.append(padded(name, column)));
        console.line(heading.toString());
        for (int c = 0; c < confusion.length; c++) {
            StringBuilder row = new StringBuilder(padded(names.get(c), first));
            for (int count : confusion[c]) {
                row.append(padded(Integer.toString(count), column));
            }
            console.line(row.toString());
        }
        console.line("");
        console.line(padded("class", first) + "  precision   recall       F1     rows");
        for (int c = 0; c < confusion.length; c++) {
            console.line(padded(names.get(c), first)
                    + padded(fixed(evaluation.precision(c)), 11)
                    + padded(fixed(evaluation.recall(c)), 9)
                    + padded(fixed(evaluation.f1(c)), 9)
                    + padded(Integer.toString(evaluation.support()[c]), 9));
        }
    }

    private static void write(Evaluation evaluation, List<String> classes, JsonGenerator json) {
        json.writeNumberProperty("rows", evaluation.rows());
        json.writeNumberProperty("loss", evaluation.loss());
        json.writeNumberProperty("error", evaluation.error());
        json.writeNumberProperty("accuracy", evaluation.accuracy());
        json.writeArrayPropertyStart("confusion");
        for (int[] row : evaluation.confusion()) {
            json.writeArray(row, 0, row.length);
        }
        json.writeEndArray();
        boolean counted = ClassNames.areCounted(classes);
        json.writeArrayPropertyStart("classes");
        for (int c = 0; c < evaluation.support().length; c++) {
            json.writeStartObject();
            if (counted) {
                json.writeNumberProperty("class", c);
            } else {
                json.writeStringProperty("class", classes.get(c));
            }
            json.writeNumberProperty("precision", evaluation.precision(c));
            json.writeNumberProperty("recall", evaluation.recall(c));
            json.writeNumberProperty("f1", evaluation.f1(c));
            json.writeNumberProperty("rows", evaluation.support()[c]);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
