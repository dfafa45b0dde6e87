package lanewise.trainer.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The data of a command: what {@code --data} names, or the MNIST that comes with Lanewise. */
final class DataFolder {
    static final Option<Path> OPTION = Option.path(
            "--data",
            "FILE|DIR",
            "the data set: IDX, CSV, TSV, LIBSVM, NPY or NPZ, the folder of MNIST's files, or - (default data/mnist)");

    private static final Path MNIST = Path.of("data", "mnist");

    private DataFolder() {}

    static Path of(Arguments arguments) {
        Path folder = arguments.get(OPTION);
        return folder == null ? shipped() : folder;
    }

    /** Where the script says that Lanewise is, or three levels above the jar, or else below the working directory. */
    private static Path shipped() {
        String home = System.getProperty("lanewise.home");
        if (home != null) {
            return Path.of(home).resolve(MNIST);
        }
        try {
            Path code = Path.of(DataFolder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path beside = code.resolve("../../..").normalize().resolve(MNIST);
            return Files.isDirectory(beside) ? beside : MNIST;
        } catch (URISyntaxException e) {
            return MNIST;
        }
    }
}
