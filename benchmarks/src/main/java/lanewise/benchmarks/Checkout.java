package lanewise.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the project stands: the benchmarks know it from where they were loaded. */
public final class Checkout {
    private Checkout() {}

    /**
     * The folder of the project.
     *
     * @return the folder three above {@code benchmarks/target/classes}, or above a jar in {@code benchmarks/target}
     */
    public static Path root() {
        return origin(Checkout.class).resolve("../../..").normalize();
    }

    /**
     * The revision of the project.
     *
     * @return such as {@code 1c4e1f9}, or {@code 1c4e1f9+changes} where files differ from it; empty if git does not tell
     */
    public static String revision() {
        return revision(root());
    }

    /** Nothing of a folder that merely stands in a repository of something else. */
    static String revision(Path root) {
        return Files.exists(root.resolve(".git"))
                ? Tools.ask(root, "git", "describe", "--always", "--exclude=*", "--dirty=+changes")
                : "";
    }

    /**
     * The jar of a module: the one without a classifier.
     *
     * @param root a folder of the project
     * @param module such as {@code kernels}
     * @return a file in the module's {@code target}
     * @throws Failure if there is none
     */
    public static Path jar(Path root, String module) {
        Path target = root.resolve(module).resolve("target");
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                Optional<Path> jar = files.filter(
                                file -> file.getFileName().toString().matches("lanewise-" + module + "-.*\\.jar"))
                        .filter(file -> !file.toString().matches(".*-(sources|javadoc|tests)\\.jar"))
                        .min(Comparator.naturalOrder());
                if (jar.isPresent()) {
                    return jar.get();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new Failure(Failure.FAILED, "no jar of " + module + " in " + target);
    }

    /** The folder or the jar that a class was loaded from. */
    static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
