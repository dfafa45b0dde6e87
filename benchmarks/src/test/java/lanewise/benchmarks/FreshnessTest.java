package lanewise.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshnessTest {
    @TempDir
    Path root;

    @TempDir
    Path repository;

    private Path source;
    private Path built;
    private Path installed;

    @BeforeEach
    void buildAndInstall() throws IOException {
        source = write(root.resolve("kernels/src/main/java/K.java"), "source", 1);
        built = write(root.resolve("kernels/target/k.jar"), "built", 2);
        installed = write(repository.resolve("k.jar"), "built", 2);
    }

    @Test
    void whatWasInstalledAfterTheLastEditIsFresh() {
        assertThatCode(() -> Freshness.require(root, "kernels", installed)).doesNotThrowAnyException();
    }

    @Test
    void anEditAfterInstallingIsStale() throws IOException {
        write(source, "edited", 3);
        assertStale("kernels was built before its sources were last changed: run mvn install -DskipTests", installed);
    }

    @Test
    void anEditBuiltButNotInstalledIsStale() throws IOException {
        write(built, "rebuilt", 3);
        assertStale("was not built from " + root.resolve("kernels/src/main"), installed);
    }

    @Test
    void aJarInstalledFromAnotherFolderIsStale() throws IOException {
        write(installed, "built elsewhere", 4);
        assertStale("run mvn install -DskipTests", installed);
    }

    @Test
    void aJarThatWasNeverBuiltHereIsStale() throws IOException {
        Files.delete(built);
        assertStale("run mvn install -DskipTests", installed);
    }

    @Test
    void classesOlderThanTheirSourcesAreStale() throws IOException {
        Path classes = root.resolve("kernels/target/classes");
        write(classes.resolve("K.class"), "class", 2);
        assertThatCode(() -> Freshness.require(root, "kernels", classes)).doesNotThrowAnyException();
        write(source, "edited", 3);
        assertStale("kernels was built before its sources were last changed", classes);
    }

    @Test
    void aJarOfEverythingHasWhatEachModuleBuilt() throws IOException {
        Path everything =
                zip(root.resolve("benchmarks/target/lanewise-benchmarks.jar"), 9, "K.class", "new", "B.class", "b");
        assertStale("no jar of kernels in " + root.resolve("kernels/target") + ": run mvn install", everything);
        Path jar = zip(
                root.resolve("kernels/target/lanewise-kernels-1.jar"), 2, "K.class", "new", "module-info.class", "m");
        zip(root.resolve("kernels/target/lanewise-kernels-1-sources.jar"), 2, "K.java", "new");
        assertThatCode(() -> Freshness.require(root, "kernels", everything)).doesNotThrowAnyException();
        write(source, "edited", 3);
        assertStale("kernels was built before its sources were last changed", everything);
        zip(jar, 4, "K.class", "newer");
        assertStale("lanewise-benchmarks.jar was not built from " + root.resolve("kernels/src/main"), everything);
    }

    private void assertStale(String message, Path loaded) {
        assertThatThrownBy(() -> Freshness.require(root, "kernels", loaded))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(message);
    }

    private static Path zip(Path file, int second, String... namesAndContents) throws IOException {
        Files.createDirectories(file.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[i]));
                zip.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000L * second));
    }

    private static Path write(Path file, String content, long second) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000 * second));
    }
}
