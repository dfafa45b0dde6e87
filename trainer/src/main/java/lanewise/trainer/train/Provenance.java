package lanewise.trainer.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.ClassNames;
import lanewise.trainer.data.Rows;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Json;
import lanewise.trainer.model.ModelFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a model comes from, as its file says it: one JSON object under the key {@code lanewise} of the metadata. It holds
 * what decides the weights, and nothing that depends on the machine, the clock, the number of threads or a path.
 *
 * @param classes the names of the classes of the training set, in the order of the outputs
 * @param scaling what was done to its features
 * @param hyperparameters how it was learned
 * @param dataSha256 the {@link Rows#fingerprint()} of the training set
 * @param firstIndex its {@link Rows#firstIndex()}
 * @param featureNames its {@link Rows#featureNames()}, unless they are of sparse rows or more than a million characters
 */
public record Provenance(
        List<String> classes,
        Scaling scaling,
        Hyperparameters hyperparameters,
        String dataSha256,
        int firstIndex,
        List<String> featureNames) {
    private static final int MOST_CHARACTERS = 1_000_000;

    /**
     * Checks what a file may say, and keeps a copy of the names.
     *
     * @param classes no null
     * @param scaling any
     * @param hyperparameters any
     * @param dataSha256 any
     * @param firstIndex 0, 1 or -1
     * @param featureNames no null
     * @throws IllegalArgumentException if that is another number
     * @throws NullPointerException if one of the others, or a name, is null
     */
    public Provenance {
        classes = ClassNames.copyOf(Objects.requireNonNull(classes, "classes"));
        Objects.requireNonNull(scaling, "scaling");
        Objects.requireNonNull(hyperparameters, "hyperparameters");
        Objects.requireNonNull(dataSha256, "dataSha256");
        featureNames = List.copyOf(Objects.requireNonNull(featureNames, "featureNames"));
        if (firstIndex < -1 || firstIndex > 1) {
            throw new IllegalArgumentException("columns are counted from 0 or 1, not " + firstIndex);
        }
    }

    /**
     * The provenance of a model that a trainer has trained. The command line takes a file of a model that has as many classes
     * as these data name, of which some may have no row.
     *
     * @param trainer how
     * @param data on what
     * @return what to save with the model
     */
    public static Provenance of(Trainer trainer, Rows data) {
        return new Provenance(
                data.classNames(),
                data.scaling(),
                trainer.hyperparameters(),
                data.fingerprint(),
                data.firstIndex(),
                data.holdsSparse() || isLong(data.featureNames()) ? List.of() : data.featureNames());
    }

    private static boolean isLong(List<String> names) {
        return names.stream().mapToLong(String::length).sum() > MOST_CHARACTERS;
    }

    /**
     * Reads the provenance of a model.
     *
     * @param metadata {@link lanewise.trainer.model.Model#metadata()}
     * @return what it says, or empty if the model is another program's
     * @throws LanewiseException if the text is damaged, or of a newer version of this program (65)
     */
    public static Optional<Provenance> of(Map<String, String> metadata) {
        ModelFormat.of(metadata);
        String json = metadata.get(ModelFormat.KEY);
        return json == null ? Optional.empty() : Optional.of(parse(json));
    }

    /**
     * The metadata to save a model with.
     *
     * @return one entry, the same for the same content
     */
    public Map<String, String> toMetadata() {
        return Map.of(ModelFormat.KEY, Json.object(this::write));
    }

    /**
     * The metadata to save a model with that is not what the whole run makes.
     *
     * @param epoch after how many epochs the model is as it is
     * @return one entry, the same for the same content
     */
    public Map<String, String> toMetadata(int epoch) {
        return Map.of(ModelFormat.KEY, Json.object(json -> {
            write(json);
            json.writeNumberProperty("epoch", epoch);
        }));
    }

    /** Member by member: a tree of them would first have the JSON library set itself up, which takes a new JVM long. */
    private void write(JsonGenerator json) {
        json.writeNumberProperty("format", ModelFormat.VERSION);
        json.writeNumberProperty("classes", classes.size());
        if (!ClassNames.areCounted(classes)) {
            Json.strings(json, "class_names", classes);
        }
        json.writeName("scaling");
        json.writeRawValue(scaling.toJson());
        json.writeStringProperty("data_sha256", dataSha256);
        if (firstIndex >= 0) {
            json.writeNumberProperty("first_index", firstIndex);
        }
        Json.strings(json, "feature_names", featureNames);
        json.writeNumberProperty("epochs", hyperparameters.epochs());
        json.writeNumberProperty("lr", decimal(hyperparameters.learningRate()));
        Schedule schedule = hyperparameters.schedule();
        json.writeStringProperty("schedule", lowerCase(schedule.kind()));
        json.writeNumberProperty("step_size", schedule.stepSize());
        json.writeNumberProperty("gamma", decimal(schedule.gamma()));
        json.writeNumberProperty("power_t", decimal(schedule.power()));
        json.writeNumberProperty("warmup_epochs", schedule.warmupEpochs());
        json.writeNumberProperty("batch", hyperparameters.batch());
        json.writeNumberProperty("momentum", decimal(hyperparameters.momentum()));
        json.writeBooleanProperty("nesterov", hyperparameters.nesterov());
        json.writeNumberProperty("weight_decay", decimal(hyperparameters.weightDecay()));
        json.writeNumberProperty("label_smoothing", decimal(hyperparameters.labelSmoothing()));
        json.writeStringProperty("class_weight", lowerCase(hyperparameters.classWeight()));
        json.writeNumberProperty("clip_norm", decimal(hyperparameters.clipNorm()));
        json.writeNumberProperty("accumulate", hyperparameters.accumulate());
        json.writeBooleanProperty("shuffle", hyperparameters.shuffle());
        json.writeNumberProperty("patience", hyperparameters.patience());
        json.writeNumberProperty("seed", hyperparameters.seed());
    }

    private static Provenance parse(String text) {
        try {
            JsonNode json = JsonMapper.shared().readTree(text);
            json.required("format").intValue();
            Hyperparameters hyperparameters = new Hyperparameters(
                    json.required("epochs").intValue(),
                    json.required("lr").floatValue(),
                    json.has("schedule") ? schedule(json) : Schedule.CONSTANT,
                    json.required("batch").intValue(),
                    json.required("momentum").floatValue(),
                    json.required("nesterov").booleanValue(),
                    json.required("weight_decay").floatValue(),
                    json.has("label_smoothing")
                            ? json.required("label_smoothing").floatValue()
                            : 0,
                    json.has("class_weight") ? ClassWeight.valueOf(upperCase(json, "class_weight")) : ClassWeight.NONE,
                    json.has("clip_norm") ? json.required("clip_norm").floatValue() : 0,
                    json.required("accumulate").intValue(),
                    json.required("shuffle").booleanValue(),
                    json.has("patience") ? json.required("patience").intValue() : 0,
                    json.required("seed").longValue());
            return new Provenance(
                    classNames(json),
                    Scaling.fromJson(json.required("scaling").toString()),
                    hyperparameters,
                    Json.string(json.required("data_sha256")),
                    json.has("first_index") ? json.required("first_index").intValue() : -1,
                    Json.strings(json, "feature_names"));
        } catch (JacksonException e) {
            throw damaged("it is not a JSON object with all the fields");
        } catch (IllegalArgumentException e) {
            throw damaged(e.getMessage());
        }
    }

    /** Absent from older files. */
    private static Schedule schedule(JsonNode json) {
        return new Schedule(
                Schedule.Kind.valueOf(upperCase(json, "schedule")),
                json.required("step_size").intValue(),
                json.required("gamma").floatValue(),
                json.required("power_t").floatValue(),
                json.required("warmup_epochs").intValue());
    }

    /** The names, which a model of format 1 does not have. */
    private static List<String> classNames(JsonNode json) {
        int classes = json.required("classes").intValue();
        if (!json.has("class_names")) {
            return ClassNames.counted(classes);
        }
        List<String> names = Json.strings(json, "class_names");
        if (names.size() != classes) {
            throw new IllegalArgumentException(names.size() + " names for " + classes + " classes");
        }
        return names;
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String upperCase(JsonNode json, String name) {
        return Json.string(json.required(name)).toUpperCase(Locale.ROOT);
    }

    private static LanewiseException damaged(String reason) {
        return new LanewiseException(ExitCode.BAD_DATA, "the provenance of the model is damaged: " + reason)
                .at("__metadata__." + ModelFormat.KEY);
    }

    /** The shortest decimal that reads as this float. Float.toString was not always the shortest before JDK 19. */
    private static BigDecimal decimal(float value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (Float.parseFloat(rounded.toString()) == value) {
                return rounded;
            }
        }
    }
}
