package lanewise.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToLongFunction;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.BlockReader;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.RawPart;
import lanewise.trainer.data.RawRows;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.PixelLayer;
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

    /** The file of the rows to learn. */
    private Path train() {
        return file(RunFolder.TRAIN_ROWS);
    }

    /** The file of the rows to measure by. */
    private Path test() {
        return file(RunFolder.TEST_ROWS);
    }

    /** A file of the run, or the folder, which stands for a new file in it that has no name. */
    private Path file(String name) {
        return run == null ? folder : run.file(name);
    }

    /** Removes the rows of a run that never began. */
    void clear() {
        if (run == null) {
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

    /**
     * Writes the files, scaled as the rows to learn ask for, sparse rows as wide as the widest.
     *
     * @param raw what both parts are read by
     * @param bytes what the run takes with them, which is looked at before the long work
     * @throws LanewiseException if that does not fit the heap (71)
     */
    TrainingData<DiskRows> pack(
            RawPart learned,
            RawPart measured,
            RawRows raw,
            Arguments arguments,
            ToLongFunction<TrainingData<?>> bytes) {
        int width = Math.max(learned.features(), measured.features());
        RawPart wide = learned.widened(width);
        RawPart wideTest = measured.widened(width);
        require(wide, wideTest, raw, arguments, bytes, Math.max(wide.packingBytes(), wideTest.packingBytes()));
        Scaling.Kind kind = arguments.get(DataOptions.SCALE);
        Scaling scaling = kind == null ? raw.usualScaling() : learned.fit(kind);
        boolean forPixels = forPixels(raw, arguments);
        BlockReader reader = new BlockReader();
        DiskRows packedTest = wideTest.write(test(), scaling, forPixels, reader);
        try {
            return new TrainingData<>(wide.write(train(), scaling, forPixels, reader), packedTest);
        } catch (Throwable t) {
            packedTest.close();
            throw t;
        }
    }

    /**
     * Sees that what comes before a run fits the heap, and else tells one figure that is enough for the run too.
     *
     * @param bytes what the run takes
     * @param before the bytes of what comes before it, packing apart
     * @throws LanewiseException if it does not fit (71)
     */
    static void requireRoom(RawRows raw, Arguments arguments, ToLongFunction<TrainingData<?>> bytes, long before) {
        long most = Math.max(before, raw.all().packingBytes());
        if (!Heap.fits(most, 0)) {
            require(raw.all(), raw.all(), raw, arguments, bytes, most);
        }
    }

    private static void require(
            RawPart learned,
            RawPart measured,
            RawRows raw,
            Arguments arguments,
            ToLongFunction<TrainingData<?>> bytes,
            long before) {
        boolean fitted = DataOptions.isFitted(arguments);
        boolean forPixels = forPixels(raw, arguments);
        TrainingMemory.require(
                bytes,
                new TrainingData<>(learned.packed(fitted, forPixels), measured.packed(fitted, forPixels)),
                before);
    }

    private static boolean forPixels(RawRows raw, Arguments arguments) {
        int classes = raw.classNames().size();
        return PixelLayer.suits(ModelOptions.architecture(arguments, raw.features(), classes));
    }
}
