package lanewise.trainer.run;

import lanewise.trainer.io.Json;
import lanewise.trainer.train.EpochReport;
import tools.jackson.databind.JsonNode;

/** An epoch's report as a JSON object, unrounded: a line of a log, or an entry of a checkpoint of format 1. */
public final class EpochLine {
    private EpochLine() {}

    /**
     * The report as a line.
     *
     * @param report the report
     * @return the object and the end of the line
     */
    public static byte[] of(EpochReport report) {
        return Json.line(json -> json.writeNumberProperty("epoch", report.epoch())
                .writeNumberProperty("train_loss", report.trainLoss())
                .writeNumberProperty("train_error", report.trainError())
                .writeNumberProperty("test_loss", report.testLoss())
                .writeNumberProperty("test_error", report.testError())
                .writeNumberProperty("lr", report.learningRate())
                .writeNumberProperty("seconds", report.seconds())
                .writeNumberProperty("samples_per_second", report.samplesPerSecond()));
    }

    /** The report that an object was written from. */
    static EpochReport parse(JsonNode json) {
        return new EpochReport(
                json.required("epoch").intValue(),
                number(json, "train_loss"),
                number(json, "train_error"),
                number(json, "test_loss"),
                number(json, "test_error"),
                Float.parseFloat(json.required("lr").asString()),
                number(json, "seconds"),
                number(json, "samples_per_second"));
    }

    /** What is not finite stands there as a string. */
    private static double number(JsonNode json, String name) {
        return Double.parseDouble(json.required(name).asString());
    }
}
