package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.Summary;
import lanewise.trainer.io.Heap;
import tools.jackson.core.JsonGenerator;

/** Tells what a data set holds: its size, its classes, and what each feature is like. */
final class DescribeCommand implements Command {
    /** Features that are worth a line each. */
    private static final int MOST_LINES = 100;

    @Override
    public String summary() {
        return "Tells the format, the rows, the classes, and the values of each feature.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(DataCommand.INPUT, DataOptions.LABEL_OR_NONE, DataOptions.MAX_FEATURES, JsonOutput.OPTION);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path input = arguments.get(DataCommand.INPUT);
        JsonOutput json = new JsonOutput(arguments, console, DataFiles.taken(DataCommand.INPUT, input, arguments));
        DataReader.TrainAndTest both = DataOptions.reader(arguments, console)
                .labelled(false)
                .keepMissing(true)
                .build()
                .readBoth(input);
        requireRoom(both, input);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(both.test().isPresent() ? "train" : "rows", both.train(), Summary.of(both.train())));
        both.test().ifPresent(test -> parts.add(new Part("test", test, Summary.of(test))));
        if (json.leavesText()) {
            console.line("format    " + both.format());
            parts.forEach(part -> part.print(console));
        }
        json.write(members -> {
            members.writeStringProperty("format", both.format());
            parts.forEach(part -> part.write(members));
        });
        return ExitCode.OK;
    }

    /** A summary of one feature may take more than its values. */
    private static void requireRoom(DataReader.TrainAndTest both, Path input) {
        long bytes = Stream.concat(Stream.of(both.train()), both.test().stream())
                .mapToLong(data -> TrainingMemory.bytes(data) + Summary.bytes(data))
                .sum();
        if (!Heap.fits(bytes, 0)) {
            throw Heap.shortage(bytes, 0, input);
        }
    }

    /** A data set under a name. */
    private record Part(String name, Dataset data, Summary summary) {
        void print(Console console) {
            int features = data.features();
            console.line(String.format(Locale.ROOT, "%-10s", name) + data.rows());
            console.line("features  " + features + ", "
                    + data.image()
                            .map(image -> image.height() + " x " + image.width() + " pixels, ")
                            .orElse("")
                    + "kept " + storage());
            console.line("constant  " + names(summary::isConstant));
            console.line("missing   " + names(j -> summary.missing()[j] > 0));
            console.line("sha256    " + data.fingerprint());
            int[] counts = data.classCounts();
            for (int c = 0; c < counts.length; c++) {
                console.line("class     "
                        + LanewiseException.printable(data.classNames().get(c)) + ": " + counts[c]);
            }
            if (features > MOST_LINES) {
                console.line("(--json tells of each feature)");
                return;
            }
            console.line("feature                        min          max         mean          std  missing");
            for (int j = 0; j < features; j++) {
                console.line(String.format(
                        Locale.ROOT,
                        "%-21s %12.6g %12.6g %12.6g %12.6g %8d",
                        LanewiseException.printable(featureName(j)),
                        summary.min()[j],
                        summary.max()[j],
                        summary.mean()[j],
                        summary.deviation()[j],
                        summary.missing()[j]));
            }
        }

        void write(JsonGenerator json) {
            json.writeObjectPropertyStart(name);
            json.writeNumberProperty("rows", data.rows());
            json.writeNumberProperty("features", data.features());
            json.writeStringProperty("storage", storage().substring("as ".length()));
            json.writeStringProperty("sha256", data.fingerprint());
            json.writeArrayPropertyStart("classes");
            int[] counts = data.classCounts();
            for (int c = 0; c < counts.length; c++) {
                json.writeStartObject();
                json.writeStringProperty("class", data.classNames().get(c));
                json.writeNumberProperty("rows", counts[c]);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("columns");
            for (int j = 0; j < data.features(); j++) {
                json.writeStartObject();
                json.writeStringProperty("name", featureName(j));
                json.writeNumberProperty("missing", summary.missing()[j]);
                if (summary.missing()[j] < data.rows()) {
                    json.writeNumberProperty("min", summary.min()[j]);
                    json.writeNumberProperty("max", summary.max()[j]);
                    json.writeNumberProperty("mean", summary.mean()[j]);
                    json.writeNumberProperty("std", summary.deviation()[j]);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        private String storage() {
            return data.holdsFloats() ? "as floats" : data.holdsSparse() ? "as sparse rows" : "as bytes";
        }

        private String featureName(int feature) {
            return data.featureNames().isEmpty()
                    ? Integer.toString(feature + 1)
                    : data.featureNames().get(feature);
        }

        /** How many features are so, and which. */
        private String names(IntPredicate which) {
            int[] features = IntStream.range(0, data.features()).filter(which).toArray();
            // One more than are listed, and not a name for each of millions.
            List<String> names = Arrays.stream(features)
                    .limit(Text.MOST_NAMES + 1L)
                    .mapToObj(this::featureName)
                    .toList();
            return features.length
                    + (features.length == 1 ? " feature" : " features")
                    + (names.isEmpty() ? "" : ": " + Text.listed(names));
        }
    }
}
