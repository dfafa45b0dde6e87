package lanewise.trainer.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Safetensors;
import lanewise.trainer.io.Sha256;
import lanewise.trainer.io.Tensor;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.ModelFormat;
import tools.jackson.core.JsonGenerator;

/** Tells what a model holds. */
final class InspectCommand implements Command {
    private static final Option<Path> MODEL = Option.path("MODEL", "FILE", "a safetensors file");

    @Override
    public String summary() {
        return "Tells what a model is, where it comes from and what its tensors hold.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(MODEL, JsonOutput.OPTION);
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path file = arguments.get(MODEL);
        JsonOutput json = new JsonOutput(arguments, console, new TakenFiles().add(MODEL, file));
        Report report = Report.of(file);
        if (json.leavesText()) {
            report.print(console);
        }
        json.write(report::write);
        return ExitCode.OK;
    }

    /**
     * What a model is, where it comes from, and what is in its tensors.
     *
     * @param layers its layers, or null if the tensors are not those of a model
     */
    private record Report(Safetensors content, String sha256, Architecture layers) {
        static Report of(Path file) {
            Architecture layers = null;
            try {
                layers = Model.load(file).architecture();
            } catch (LanewiseException e) {
                // A sound file of other tensors, or of a newer version, has something to tell too.
            }
            return new Report(read(file), Sha256.of(file), layers);
        }

        /**
         * What does not even begin as such a file may be data, unless its name says that it is a model; packed data can seem to
         * have a header.
         */
        private static Safetensors read(Path file) {
            try {
                return Safetensors.read(file);
            } catch (LanewiseException e) {
                boolean begins = !"offset 0".equals(e.where()) && !"header".equals(e.where());
                boolean isNamed = file.toString().matches(".*\\.(safetensors|onnx)");
                throw Files.isDirectory(file) || !begins && !isNamed
                        ? e.hint("lanewise data describe tells what data hold.")
                        : e;
            }
        }

        void print(Console console) {
            line(console, "layers", layers == null ? "not those of a model" : layers.toString());
            line(console, "parameters", Long.toString(parameters()));
            line(console, "sha256", sha256);
            String own = content.metadata().getOrDefault(ModelFormat.KEY, "");
            Map<String, String> provenance = ProvenanceText.of(own);
            provenance.forEach((name, value) -> line(console, name, value));
            new TreeMap<>(content.metadata()).forEach((key, value) -> {
                if (!key.equals(ModelFormat.KEY) || provenance.isEmpty()) {
                    line(console, "metadata." + key, value);
                }
            });
            console.line("");
            console.line("tensor          shape             norm          min          max");
            for (Tensor tensor : content.tensors()) {
                Summary summary = Summary.of(tensor.data());
                console.line(String.format(
                        Locale.ROOT,
                        "%-15s %-12s %9.5g %12.5g %12.5g",
                        LanewiseException.printable(tensor.name()),
                        Arrays.toString(tensor.shape()),
                        summary.norm,
                        summary.min,
                        summary.max));
            }
        }

        private static void line(Console console, String name, String value) {
            console.line(LanewiseException.printable(String.format("%-15s %s", name, value)));
        }

        void write(JsonGenerator json) {
            if (layers != null) {
                json.writeObjectPropertyStart("layers");
                json.writeNumberProperty("features", layers.features());
                json.writeName("hidden");
                int[] hidden = layers.hidden().stream().mapToInt(units -> units).toArray();
                json.writeArray(hidden, 0, hidden.length);
                json.writeNumberProperty("classes", layers.classes());
                json.writeBooleanProperty("bias", layers.bias());
                json.writeEndObject();
            }
            json.writeNumberProperty("parameters", parameters());
            json.writeStringProperty("sha256", sha256);
            String own = content.metadata().getOrDefault(ModelFormat.KEY, "");
            if (!ProvenanceText.of(own).isEmpty()) {
                json.writeName("provenance");
                json.writeRawValue(own.replaceAll("[\r\n]", " "));
            }
            json.writeObjectPropertyStart("metadata");
            new TreeMap<>(content.metadata()).forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("tensors");
            for (Tensor tensor : content.tensors()) {
                Summary summary = Summary.of(tensor.data());
                json.writeStartObject();
                json.writeStringProperty("name", tensor.name());
                json.writeName("shape");
                json.writeArray(tensor.shape(), 0, tensor.shape().length);
                json.writeNumberProperty("norm", summary.norm);
                json.writeNumberProperty("min", summary.min);
                json.writeNumberProperty("max", summary.max);
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        private long parameters() {
            return content.tensors().stream().mapToLong(t -> t.data().length).sum();
        }
    }

    /** The Euclidean norm of some values, and their extremes; all 0 if there are none. */
    private record Summary(double norm, float min, float max) {
        static Summary of(float[] values) {
            double squares = 0;
            float min = values.length == 0 ? 0 : values[0];
            float max = min;
            for (float value : values) {
                squares += (double) value * value;
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            return new Summary(Math.sqrt(squares), min, max);
        }
    }
}
