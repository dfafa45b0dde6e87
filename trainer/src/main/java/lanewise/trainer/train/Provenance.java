package lanewise.trainer.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Dataset;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a model comes from, as its file says it: one JSON object under the key {@code lanewise} of the metadata. It holds
 * what decides the weights, and nothing that depends on the machine, the clock, the number of threads or a path.
 *
 * @param classes how many classes the training set had
 * @param scaling what was done to its features: {@code pixel}, bytes times 1/255, or {@code none}
 * @param hyperparameters how it was learned
 * @param dataSha256 the {@link Dataset#fingerprint()} of the training set
 */
public record Provenance(int classes, String scaling, Hyperparameters hyperparameters, String dataSha256) {
    private static final String KEY = "lanewise";
    private static final int FORMAT = 1;

    /**
     * The provenance of a model that a trainer has trained.
     *
     * @param trainer how
     * @param data on what
     * @return what to save with the model
     */
    public static Provenance of(Trainer trainer, Dataset data) {
        String scaling = data.image().isPresent() ? "pixel" : "none";
        return new Provenance(data.classes(), scaling, trainer.hyperparameters(), data.fingerprint());
    }

    /**
     * Reads the provenance of a model.
     *
     * @param metadata {@link lanewise.trainer.model.Model#metadata()}
     * @return what it says, or empty if the model is another program's
     * @throws LanewiseException if the text is damaged, or of a newer version of this program (65)
     */
    public static Optional<Provenance> of(Map<String, String> metadata) {
        String json = metadata.get(KEY);
        return json == null ? Optional.empty() : Optional.of(parse(json));
    }

    /**
     * The metadata to save a model with.
     *
     * @return one entry, the same for the same content
     */
    public Map<String, String> toMetadata() {
        return Map.of(KEY, toJson().toString());
    }

    /**
     * The metadata to save a model with that is not what the whole run makes.
     *
     * @param epoch after how many epochs the model is as it is
     * @return one entry, the same for the same content
     */
    public Map<String, String> toMetadata(int epoch) {
        return Map.of(KEY, toJson().put("epoch", epoch).toString());
    }

    private ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("format", FORMAT);
        json.put("classes", classes);
        json.put("scaling", scaling);
        json.put("data_sha256", dataSha256);
        json.put("epochs", hyperparameters.epochs());
        json.put("lr", decimal(hyperparameters.learningRate()));
        Schedule schedule = hyperparameters.schedule();
        json.put("schedule", schedule.kind().name().toLowerCase(Locale.ROOT));
        json.put("step_size", schedule.stepSize());
        json.put("gamma", decimal(schedule.gamma()));
        json.put("power_t", decimal(schedule.power()));
        json.put("warmup_epochs", schedule.warmupEpochs());
        json.put("batch", hyperparameters.batch());
        json.put("momentum", decimal(hyperparameters.momentum()));
        json.put("nesterov", hyperparameters.nesterov());
        json.put("weight_decay", decimal(hyperparameters.weightDecay()));
        json.put("clip_norm", decimal(hyperparameters.clipNorm()));
        json.put("accumulate", hyperparameters.accumulate());
        json.put("shuffle", hyperparameters.shuffle());
        json.put("patience", hyperparameters.patience());
        json.put("seed", hyperparameters.seed());
        return json;
    }

    private static Provenance parse(String text) {
        try {
            JsonNode json = JsonMapper.shared().readTree(text);
            int format = json.required("format").intValue();
            if (format > FORMAT) {
                throw new LanewiseException(ExitCode.BAD_DATA, "the model is of a newer version of Lanewise")
                        .at("__metadata__." + KEY)
                        .expected("format " + FORMAT, "format " + format);
            }
            Hyperparameters hyperparameters = new Hyperparameters(
                    json.required("epochs").intValue(),
                    json.required("lr").floatValue(),
                    json.has("schedule") ? schedule(json) : Schedule.CONSTANT,
                    json.required("batch").intValue(),
                    json.required("momentum").floatValue(),
                    json.required("nesterov").booleanValue(),
                    json.required("weight_decay").floatValue(),
                    json.has("clip_norm") ? json.required("clip_norm").floatValue() : 0,
                    json.required("accumulate").intValue(),
                    json.required("shuffle").booleanValue(),
                    json.has("patience") ? json.required("patience").intValue() : 0,
                    json.required("seed").longValue());
            return new Provenance(
                    json.required("classes").intValue(),
                    json.required("scaling").stringValue(),
                    hyperparameters,
                    json.required("data_sha256").stringValue());
        } catch (JacksonException e) {
            throw damaged("it is no JSON object with all the fields");
        } catch (IllegalArgumentException e) {
            throw damaged(e.getMessage());
        }
    }

    /** Absent from older files. */
    private static Schedule schedule(JsonNode json) {
        return new Schedule(
                Schedule.Kind.valueOf(json.required("schedule").stringValue().toUpperCase(Locale.ROOT)),
                json.required("step_size").intValue(),
                json.required("gamma").floatValue(),
                json.required("power_t").floatValue(),
                json.required("warmup_epochs").intValue());
    }

    private static LanewiseException damaged(String reason) {
        return new LanewiseException(ExitCode.BAD_DATA, "the provenance of the model is damaged: " + reason)
                .at("__metadata__." + KEY);
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
