package lanewise.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
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
     * Fails unless what was built is as new as its sources, and what was loaded is what was built here. The jar that holds
     * every module has the kernels and the trainer of the local repository where the benchmarks alone were packaged. Where
     * no sources stand beside the benchmarks, nothing is known and nothing is held.
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
            Path folder = root.resolve(module);
            Path sources = folder.resolve("src/main");
            boolean shaded = loaded.startsWith(root) && !loaded.startsWith(folder);
            Path built = shaded ? jar(root, module) : loaded;
            if (newest(built).compareTo(newest(sources)) < 0) {
                throw new Failure(Failure.FAILED, module + " was built before its sources were last changed" + REMEDY);
            }
            Path target = folder.resolve("target").resolve(loaded.getFileName());
            if (shaded
                    ? !classes(loaded).entrySet().containsAll(classes(built).entrySet())
                    : !loaded.startsWith(root) && (!Files.exists(target) || Files.mismatch(loaded, target) >= 0)) {
                throw new Failure(Failure.FAILED, loaded + " was not built from " + sources + REMEDY);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path jar(Path root, String module) {
        try {
            return Checkout.jar(root, module);
        } catch (Failure none) {
            throw new Failure(none.status(), none.getMessage() + REMEDY);
        }
    }

    /** The checksums of the classes of a jar, by name; a jar that holds those of several modules has no module-info. */
    private static Map<String, Long> classes(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .filter(entry -> !entry.getName().endsWith("module-info.class"))
                    .collect(Collectors.toMap(ZipEntry::getName, ZipEntry::getCrc));
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
