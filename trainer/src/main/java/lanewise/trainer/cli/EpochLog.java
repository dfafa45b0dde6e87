package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.train.EpochReport;

/**
 * The epochs of a run as JSON, emptied when the run starts, then one whole line at a time. If the log fails, the run goes
 * on: what it learns is worth more.
 */
final class EpochLog implements AutoCloseable {
    private final Path file;
    private final OutputStream out;
    private IOException failure;

    private EpochLog(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Finds out whether the log could be created, without creating it.
     *
     * @throws LanewiseException if it could not (73)
     */
    static void check(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        String obstacle = null;
        if (Files.isDirectory(file)) {
            obstacle = "is a folder";
        } else if (Files.exists(file) ? !Files.isWritable(file) : !Files.isWritable(folder)) {
            obstacle = Files.isDirectory(folder) ? "permission denied" : "no such folder";
        }
        if (obstacle != null) {
            throw new LanewiseException(CANNOT_CREATE, obstacle).in(file);
        }
    }

    /**
     * Empties the log, or creates it.
     *
     * @throws LanewiseException if it cannot be created (73)
     */
    static EpochLog open(Path file) {
        try {
            return new EpochLog(file, Files.newOutputStream(file));
        } catch (IOException e) {
            throw new LanewiseException(CANNOT_CREATE, e).in(file);
        }
    }

    /** The line of an epoch. */
    static byte[] line(EpochReport report) {
        return Json.line(json -> json.writeNumberProperty("epoch", report.epoch())
                .writeNumberProperty("train_loss", report.trainLoss())
                .writeNumberProperty("train_error", report.trainError())
                .writeNumberProperty("test_loss", report.testLoss())
                .writeNumberProperty("test_error", report.testError())
                .writeNumberProperty("lr", report.learningRate())
                .writeNumberProperty("seconds", report.seconds())
                .writeNumberProperty("samples_per_second", report.samplesPerSecond()));
    }

    void append(EpochReport report) {
        if (failure == null) {
            try {
                out.write(line(report));
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    /**
     * Ends the log.
     *
     * @throws LanewiseException if a line is missing (74)
     */
    @Override
    public void close() {
        try (out) {
            if (failure != null) {
                throw failure;
            }
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(file);
        }
    }
}
