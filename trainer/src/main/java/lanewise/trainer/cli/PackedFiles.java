package lanewise.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.BlockReader;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.run.RunFolder;

/**
 * Where the rows of a run are that do not fit the heap: in the folder of the run, where it finds them when it goes on, or in
 * files without a name, which go with the process.
 *
 * @param folder where files without a name are
 * @param train the file of the rows to learn, or the folder
 * @param test the file of the rows to measure by, or the folder
 */
record PackedFiles(Path folder, Path train, Path test) {
    /** Those of a kept run, or else files beside the model to be written, or in the temporary folder. */
    static PackedFiles of(RunFolder run, Path out) {
        if (run != null) {
            Path train = run.file(RunFolder.TRAIN_ROWS);
            return new PackedFiles(train.toAbsolutePath().getParent(), train, run.file(RunFolder.TEST_ROWS));
        }
        return out == null ? nameless() : nameless(out.toAbsolutePath().getParent());
    }

    /** Files without a name in the temporary folder. */
    static PackedFiles nameless() {
        return nameless(Path.of(System.getProperty("java.io.tmpdir")));
    }

    private static PackedFiles nameless(Path folder) {
        return new PackedFiles(folder, folder, folder);
    }

    /** Removes the rows of a run that never began. A folder of files without names is not ours to remove. */
    void clear() {
        if (train.equals(folder)) {
            return;
        }
        try {
            Files.deleteIfExists(train);
            Files.deleteIfExists(test);
        } catch (IOException e) {
            throw new LanewiseException(ExitCode.CANNOT_CREATE, e).in(train);
        }
    }

    /**
     * Opens the rows of a run that goes on, and reads them once to see that they are sound.
     *
     * @return nothing if they are not there, or damaged, of which a note says so
     */
    Optional<TrainingData<DiskRows>> open(Console console) {
        if (!Files.exists(train) || !Files.exists(test)) {
            return Optional.empty();
        }
        BlockReader reader = new BlockReader();
        DiskRows rows = null;
        try {
            rows = DiskRows.open(test, reader);
            return Optional.of(new TrainingData<>(DiskRows.open(train, reader), rows));
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
