package lanewise.trainer.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.IdxFolder;
import lanewise.trainer.io.Dash;
import lanewise.trainer.io.SameFile;

/**
 * The files that the options of data name, so that nothing is written over one, and a run that is kept finds them again.
 *
 * <p>What {@code --label} names depends on the data, and only {@link DataReader#namesLabelFile} looks at these:
 *
 * <pre>
 * data        --label 3   --label y   --label none
 * CSV, TSV    column      column      nothing
 * NPZ         member      member      nothing
 * NPY         column      file        nothing
 * IDX         file        file        nothing
 * LIBSVM      refused     refused     nothing
 * a folder    refused     refused     refused
 * </pre>
 *
 * <p>Where the data cannot be looked at yet, it may be a file, and is taken for one. A config has its full name if it is one.
 */
final class DataFiles {
    private DataFiles() {}

    /**
     * Every file that is learned from or measured by.
     *
     * @throws LanewiseException if standard input would be read twice (2)
     */
    static TakenFiles taken(Arguments arguments) {
        Path data = DataOptions.data(arguments);
        Path validation =
                Validation.fileOf(arguments.get(DataOptions.VALIDATION)).orElse(null);
        requireOnce(DataOptions.VALIDATION, data, validation);
        return taken(DataOptions.DATA, data, arguments).add(DataOptions.VALIDATION, Dash.fileOrNull(validation));
    }

    /**
     * Every file that is read for an option.
     *
     * @throws LanewiseException if standard input would be read twice (2)
     */
    static TakenFiles taken(Option<Path> option, Path data, Arguments arguments) {
        Path label = possibleLabelFile(DataOptions.label(arguments), data);
        requireOnce(DataOptions.LABEL, data, label);
        TakenFiles files = new TakenFiles().add(option, Dash.fileOrNull(data));
        if (!Files.isRegularFile(data)) {
            for (String name : IdxFolder.FILES) {
                files.add(option, data.resolve(name));
                files.add(option, data.resolve(name + ".gz"));
            }
        }
        return files.add(DataOptions.LABEL, Dash.fileOrNull(label));
    }

    private static void requireOnce(Option<?> option, Path data, Path other) {
        if (Dash.is(data) && other != null && Dash.is(other)) {
            throw Arguments.usage("standard input can be read once")
                    .at(option.name())
                    .expected("a file", "-");
        }
    }

    /** What the label names, if that may be a file; in some environments the name of a column cannot be that of one. */
    private static Path possibleLabelFile(String label, Path data) {
        try {
            return label == null || isSurelyNoFile(label, data) ? null : Path.of(label);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static boolean isSurelyNoFile(String label, Path data) {
        try {
            return Files.isRegularFile(data) && !namesFile(label, data);
        } catch (LanewiseException e) {
            // What is wrong with the data is told when they are read.
            return false;
        }
    }

    private static boolean namesFile(String label, Path data) {
        return DataReader.builder().label(label).build().namesLabelFile(data);
    }

    /** The value of an option, or null, any file in it named so that it is found from every folder. */
    static Object absolute(Arguments arguments, Option<?> option) {
        Object value = arguments.get(option);
        if (value instanceof Path path) {
            return absolute(path);
        }
        if (value instanceof Validation validation && validation.file() != null) {
            return new Validation(null, absolute(validation.file()));
        }
        return option == DataOptions.LABEL && namesFile((String) value, DataOptions.data(arguments))
                ? absolute(Path.of((String) value)).toString()
                : value;
    }

    private static Path absolute(Path file) {
        if (Dash.is(file)) {
            return file;
        }
        Path whole = file.toAbsolutePath();
        Path plain = whole.normalize();
        // What .. leads out of may be a link.
        return SameFile.are(whole, plain) ? plain : whole;
    }

    /** Whether a value that {@link #absolute} gave is that of a file. */
    static boolean isFile(Object value) {
        return value instanceof Path
                || value instanceof Validation validation && validation.file() != null
                || value instanceof String label && new File(label).isAbsolute();
    }
}
