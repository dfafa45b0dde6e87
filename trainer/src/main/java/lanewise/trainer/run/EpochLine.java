package lanewise.trainer.run;

import lanewise.trainer.io.Json;
import lanewise.trainer.train.EpochReport;

/** An epoch's report as a JSON object, unrounded: a line of a log. */
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
}
