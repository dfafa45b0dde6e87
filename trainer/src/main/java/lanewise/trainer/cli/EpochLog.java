package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Dash;
import lanewise.trainer.run.EpochLine;
import lanewise.trainer.train.EpochReport;

/**
 * The epochs of a run as JSON: a file, emptied when the run starts, or stdout in place of the table; one whole line at a
 * time. If a file fails, the run goes on: what it learns is worth more.
 */
final class EpochLog implements AutoCloseable {
    private final Path target;
    private OutputStream out;
    private IOException failure;

    /**
     * A log that is yet to be opened.
     *
     * @param target the file, or what stands for stdout, or null for no log
     */
    EpochLog(Path target, Console console) {
        this.target = target;
        this.out = leavesText() ? OutputStream.nullOutputStream() : console.out();
    }

    /**
     * Finds out whether the log could be created, without creating it.
     *
     * @throws LanewiseException if it could not (73)
     */
    static void check(Path target) {
        if (target == null || Dash.is(target)) {
            return;
        }
        Path folder = target.toAbsolutePath().getParent();
        String obstacle = null;
        if (Files.isDirectory(target)) {
            obstacle = "a folder, not a file";
        } else if (!Files.isDirectory(folder)) {
            obstacle = "there is no such folder";
        } else if (!Files.isWritable(Files.exists(target) ? target : folder)) {
            obstacle = "permission denied";
        }
        if (obstacle != null) {
            throw new LanewiseException(CANNOT_CREATE, obstacle).in(target);
        }
    }

    /**
     * Empties the log, or creates it. What an earlier run wrote is lost then, so the training is to be sure to begin.
     *
     * @throws LanewiseException if it cannot be created (73)
     */
    void open() {
        if (target == null || Dash.is(target)) {
            return;
        }
        try {
            out = Files.newOutputStream(target);
        } catch (IOException e) {
            throw new LanewiseException(CANNOT_CREATE, e).in(target);
        }
    }

    /** Whether stdout carries the table. */
    boolean leavesText() {
        return target == null || !Dash.is(target);
    }

    void append(EpochReport report) {
        if (target == null || failure != null) {
            return;
        }
        try {
            out.write(EpochLine.of(report));
            out.flush();
        } catch (IOException e) {
            failure = e;
        }
    }

    /**
     * Ends the log.
     *
     * @throws LanewiseException if a line is missing (74)
     */
    @Override
    public void close() {
        try {
            if (leavesText()) {
                out.close();
            }
            if (failure != null) {
                throw failure;
            }
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(target);
        }
    }
}
