package lanewise.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.BlockReader;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.run.RunFolder;

/**
 * Where the rows of a run are that do not fit the heap: in the folder of the run, where it finds them when it goes on, or in
 * files without a name, which go with the process.
 *
 * @param folder where they are
 * @param run whose they are, or null if they have no names
 */
record PackedFiles(Path folder, RunFolder run) {
    /** Those of a kept run, or else files beside the model to be written, or in the temporary folder. */
    static PackedFiles of(RunFolder run, Path out) {
        Path beside = run == null ? out : run.file(RunFolder.TRAIN_ROWS);
        return beside == null
                ? nameless()
                : new PackedFiles(beside.toAbsolutePath().getParent(), run);
    }

    /** Files without a name in the temporary folder. */
    static PackedFiles nameless() {
        return new PackedFiles(Path.of(System.getProperty("java.io.tmpdir")), null);
    }

    /** The file of the training rows. */
    Path train() {
        return file(RunFolder.TRAIN_ROWS);
    }

    /** The file of the rows to measure by. */
    Path test() {
        return file(RunFolder.TEST_ROWS);
    }

    /** A file of the run, or the folder, which stands for a new file in it that has no name. */
    private Path file(String name) {
        return run == null ? folder : run.file(name);
    }

    /** Removes what killed processes left of rows, and the rows of a run that never began, if there are some. */
    void clear() {
        if (run == null) {
            return;
        }
        AtomicFile.removeAbandoned(train());
        AtomicFile.removeAbandoned(test());
        if (run.holdsRun()) {
            return;
        }
        try {
            Files.deleteIfExists(train());
            Files.deleteIfExists(test());
        } catch (IOException e) {
            throw new LanewiseException(ExitCode.CANNOT_CREATE, e).in(train());
        }
    }

    /**
     * Opens the rows of a run that goes on, and reads them once to see that they are sound.
     *
     * @return nothing if they are not there, or damaged, of which a note says so
     */
    Optional<TrainingData<DiskRows>> open(Console console) {
        if (!Files.exists(train()) || !Files.exists(test())) {
            return Optional.empty();
        }
        BlockReader reader = new BlockReader();
        DiskRows rows = null;
        try {
            rows = DiskRows.open(test(), reader);
            return Optional.of(new TrainingData<>(DiskRows.open(train(), reader), rows));
        } catch (LanewiseException e) {
            if (rows != null) {
                rows.close();
            }
            if (e.exitCode() != ExitCode.BAD_DATA) {
                throw e;
            }
            console.note(e.getMessage() + ": the data are read again");
            return Optional.empty();
        }
    }
}
