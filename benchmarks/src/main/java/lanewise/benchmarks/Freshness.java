package lanewise.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import lanewise.kernels.Sgemm;
import lanewise.trainer.train.Trainer;

/**
 * Holds what is about to be measured against the sources beside it. {@code mvn -pl benchmarks exec:java} compiles nothing
 * and takes kernels and trainer from the local repository, so without this an edit would seem to have no effect.
 */
public final class Freshness {
    private static final String REMEDY = ": run mvn install -DskipTests";

    private Freshness() {}

    /**
     * Fails unless what was built is as new as its sources, and what was loaded is what was built here. Where no sources
     * stand beside the benchmarks, nothing is known and nothing is held.
     */
    static void require() {
        Path root = Checkout.root();
        if (Files.isDirectory(root.resolve("kernels/src/main"))) {
            require(root, "benchmarks", Checkout.origin(Main.class));
            require(root, "trainer", Checkout.origin(Trainer.class));
            require(root, "kernels", Checkout.origin(Sgemm.class));
        }
    }

    /** Fails unless the module as it was loaded is that of the sources below the root. */
    static void require(Path root, String module, Path loaded) {
        try {
            Path sources = root.resolve(module).resolve("src/main");
            if (newest(loaded).compareTo(newest(sources)) < 0) {
                throw new Failure(Failure.FAILED, module + " was built before its sources were last changed" + REMEDY);
            }
            Path target = root.resolve(module).resolve("target").resolve(loaded.getFileName());
            if (!loaded.startsWith(root) && (!Files.exists(target) || Files.mismatch(loaded, target) >= 0)) {
                throw new Failure(Failure.FAILED, loaded + " was not built from " + sources + REMEDY);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * When a file, or the newest file of a folder, was last written.
     *
     * @param path a file or a folder
     * @return its time
     * @throws IOException if it cannot be read
     */
    public static FileTime newest(Path path) throws IOException {
        FileTime newest = FileTime.fromMillis(0);
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                FileTime time = Files.getLastModifiedTime(file);
                newest = time.compareTo(newest) > 0 ? time : newest;
            }
        }
        return newest;
    }
}
