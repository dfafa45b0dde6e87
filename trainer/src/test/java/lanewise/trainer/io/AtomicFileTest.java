package lanewise.trainer.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.IO_FAILED;
import static lanewise.trainer.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    private static final byte[] OLD = "old".getBytes(UTF_8);
    private static final byte[] NEW = "new content".getBytes(UTF_8);

    @TempDir
    Path folder;

    @Test
    void aNewFileIsCreated() throws IOException {
        AtomicFile.write(folder.resolve("m"), out -> out.write(NEW));
        assertThat(folder.resolve("m")).hasBinaryContent(NEW);
        assertThat(names()).containsExactly("m");
    }

    @Test
    void anOldFileIsReplacedWithItsPermissionsKept() throws IOException {
        Path file = Files.write(folder.resolve("m"), OLD);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        AtomicFile.write(file, out -> out.write(NEW));
        assertThat(file).hasBinaryContent(NEW);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(names()).containsExactly("m");
    }

    /** A reader sees the old content until the new one is complete. */
    @Test
    void theOldFileStaysWhileTheNewOneIsWritten() throws IOException {
        Path file = Files.write(folder.resolve("m"), OLD);
        AtomicFile.write(file, out -> {
            out.write(NEW);
            out.flush();
            assertThat(file).hasBinaryContent(OLD);
            assertThat(names()).hasSize(2);
        });
        assertThat(file).hasBinaryContent(NEW);
    }

    @Test
    void aFailureToWriteLeavesTheOldFile() throws IOException {
        Path file = Files.write(folder.resolve("m"), OLD);
        assertRefused(
                () -> AtomicFile.write(file, out -> {
                    out.write(NEW);
                    out.flush();
                    throw new IOException("No space left on device");
                }),
                IO_FAILED,
                file + ": No space left on device");
        assertThat(file).hasBinaryContent(OLD);
        assertThat(names()).containsExactly("m");
    }

    /** The last one that is written has no room. */
    @Test
    void filesThatBelongTogetherAreReplacedTogetherOrNotAtAll() throws IOException {
        Path first = Files.write(folder.resolve("first"), OLD);
        Path last = Files.write(folder.resolve("last"), OLD);
        Map<Path, AtomicFile.Content> contents = new LinkedHashMap<>(Map.of(first, out -> out.write(NEW)));
        contents.put(last, out -> {
            assertThat(first).hasBinaryContent(OLD);
            out.write(NEW);
            throw new IOException("No space left on device");
        });
        assertRefused(() -> AtomicFile.writeAll(contents), IO_FAILED, last + ": No space left on device");
        assertThat(first).hasBinaryContent(OLD);
        assertThat(last).hasBinaryContent(OLD);

        contents.put(last, out -> out.write(NEW));
        AtomicFile.writeAll(contents);

        assertThat(first).hasBinaryContent(NEW);
        assertThat(last).hasBinaryContent(NEW);
        assertThat(names()).containsExactly("first", "last");
    }

    /** What is not on the disk when a name is changed may be missing under the new name after a power failure. */
    @Test
    void theContentIsForcedBeforeItsNameAndThenTheFolder() {
        FaultyFileSystem files = new FaultyFileSystem();
        AtomicFile.write(files.path(folder.resolve("m")), out -> out.write(NEW));
        assertThat(log(files)).containsSubsequence("write .m.tmp", "force .m.tmp", "move .m.tmp m", forceFolder());
    }

    @Test
    void filesThatBelongTogetherAreForcedBeforeTheFirstTakesItsName() {
        FaultyFileSystem files = new FaultyFileSystem();
        Map<Path, AtomicFile.Content> contents = new LinkedHashMap<>();
        List<String> names = List.of("a", "b", "c");
        names.forEach(name -> contents.put(files.path(folder.resolve(name)), out -> out.write(NEW)));
        AtomicFile.writeAll(contents);
        List<String> log = log(files);
        String firstMove = log.stream()
                .filter(change -> change.startsWith("move"))
                .findFirst()
                .orElseThrow();
        for (String name : names) {
            assertThat(log).containsSubsequence("write ." + name + ".tmp", "force ." + name + ".tmp", firstMove);
            assertThat(log).containsSubsequence("move ." + name + ".tmp " + name, forceFolder());
        }
    }

    private String forceFolder() {
        return "force " + folder.getFileName();
    }

    /** Without the digits that are drawn. */
    private static List<String> log(FaultyFileSystem files) {
        return files.log().stream()
                .map(change -> change.replaceAll("[.][0-9a-f]{16}[.]tmp", ".tmp"))
                .toList();
    }

    @Test
    void aFailureOfTheContentLeavesNothing() throws IOException {
        List<Throwable> failures = List.of(new IllegalStateException("bug"), new OutOfMemoryError("full"));
        for (Throwable failure : failures) {
            assertThatThrownBy(() -> AtomicFile.write(folder.resolve("m"), out -> {
                        out.write(NEW);
                        out.flush();
                        if (failure instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) failure;
                    }))
                    .isSameAs(failure);
            assertThat(names()).isEmpty();
        }
    }

    @Test
    void aLinkStaysAndItsFileIsReplaced() throws IOException {
        Path real = Files.write(Files.createDirectory(folder.resolve("real")).resolve("file"), OLD);
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real", "file"));
        AtomicFile.write(link, out -> out.write(NEW));
        assertThat(link).isSymbolicLink().hasBinaryContent(NEW);
        assertThat(real).isRegularFile().hasBinaryContent(NEW);
        assertThat(names()).containsExactly("link", "real");
    }

    @Test
    void whatCannotBeCreatedIsSaidBeforehand() throws Exception {
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Path file = Files.write(folder.resolve("m"), OLD);
        List<String> before = names();

        assertCannotCreate(folder, "a folder, not a file");
        assertCannotCreate(Path.of("/"), "a folder, not a file");
        assertCannotCreate(folder.resolve("no/m"), "there is no such folder");
        assertCannotCreate(file.resolve("m"), "there is no such folder");
        assertCannotCreate(dangling, "a link to nothing");
        assertCannotCreate(fifo, "not a regular file");
        assertCannotCreate(Path.of("/dev/null"), "not a regular file");
        assertCannotCreate(Path.of("/proc/m"), "cannot be created");
        assertCannotCreate(folder.resolve("m".repeat(300)), "File name too long");
        assertThat(names()).isEqualTo(before);
    }

    @Test
    void aCheckLeavesNothing() throws IOException {
        Path file = Files.write(folder.resolve("m"), OLD);
        AtomicFile.checkWritable(file);
        AtomicFile.checkWritable(folder.resolve("n"));
        assertThat(file).hasBinaryContent(OLD);
        assertThat(names()).containsExactly("m");
    }

    @Test
    void whatAKilledProcessLeftGoesWithTheNextSave() throws IOException {
        Files.write(folder.resolve(".m.0123456789abcdef.tmp"), OLD);
        Files.write(folder.resolve(".other.0123456789abcdef.tmp"), OLD);
        Files.write(folder.resolve(".m.notes.tmp"), OLD);
        Files.createDirectory(folder.resolve(".m.0123456789abcdee.tmp"));
        AtomicFile.write(folder.resolve("m"), out -> out.write(NEW));
        assertThat(names())
                .containsExactly(".m.0123456789abcdee.tmp", ".m.notes.tmp", ".other.0123456789abcdef.tmp", "m");
    }

    @Test
    void aFolderThatCannotBeListedTakesAFile() {
        FaultyFileSystem files = new FaultyFileSystem();
        files.beforeRead(file -> {
            throw new IOException("Input/output error");
        });
        AtomicFile.write(files.path(folder.resolve("m")), out -> out.write(NEW));
        assertThat(folder.resolve("m")).hasBinaryContent(NEW);
    }

    @Test
    void aNameMayBeAsLongAsTheFileSystemAllows() throws IOException {
        for (int length : new int[] {233, 234, 255}) {
            Path file = folder.resolve("m".repeat(length));
            AtomicFile.checkWritable(file);
            String[] temporary = new String[1];
            AtomicFile.write(file, out -> {
                out.write(NEW);
                temporary[0] = names().stream()
                        .filter(name -> name.endsWith(".tmp"))
                        .findFirst()
                        .orElseThrow();
            });
            assertThat(names()).containsExactly("m".repeat(length));
            Files.write(folder.resolve(temporary[0]), OLD);
            AtomicFile.write(file, out -> out.write(NEW));
            assertThat(names()).containsExactly("m".repeat(length));
            Files.delete(file);
        }
    }

    /** A file may take minutes to write; meanwhile its lock stays, whoever writes in the same folder. */
    @Test
    void filesAreWrittenSideBySide() throws IOException {
        Path file = folder.resolve("m");
        AtomicFile.write(file, out -> {
            out.write(NEW);
            out.flush();
            for (String name : List.of("other", "m")) {
                CompletableFuture.runAsync(
                                () -> AtomicFile.write(folder.resolve(name), other -> other.write(OLD)),
                                task -> new Thread(task).start())
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
                assertThat(folder.resolve(name)).hasBinaryContent(OLD);
            }
            assertThat(checksElsewhere(file)).isZero();
            assertThat(names()).hasSize(3);
        });
        assertThat(file).hasBinaryContent(NEW);
        assertThat(names()).containsExactly("m", "other");
    }

    /** The exit status of another process that removes what has been abandoned. */
    private static int checksElsewhere(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Checker.class.getName(),
                        file.toString())
                .start();
        return process.onExit().join().exitValue();
    }

    /** Checks that a file can be written. */
    static final class Checker {
        public static void main(String[] args) {
            AtomicFile.checkWritable(Path.of(args[0]));
        }
    }

    /** An interrupt is no fault of the disk, and the old file stays. */
    @Test
    void anInterruptIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("m"), OLD);
        for (boolean before : new boolean[] {true, false}) {
            if (before) {
                Thread.currentThread().interrupt();
            }
            assertRefused(
                    () -> AtomicFile.write(file, out -> {
                        Thread.currentThread().interrupt();
                        out.write(NEW);
                    }),
                    before ? CANNOT_CREATE : IO_FAILED,
                    file + ": the thread was interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(file).hasBinaryContent(OLD);
            assertThat(names()).containsExactly("m");
        }
    }

    @Test
    void whatALivingProcessWritesStays() throws IOException {
        Path other = folder.resolve(".m.0123456789abcdef.tmp");
        try (FileChannel channel = FileChannel.open(other, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            AtomicFile.write(folder.resolve("m"), out -> out.write(NEW));
            assertThat(other).exists();
        }
    }

    private void assertCannotCreate(Path target, String what) {
        assertRefused(() -> AtomicFile.checkWritable(target), CANNOT_CREATE, target + ": " + what);
        assertRefused(() -> AtomicFile.write(target, out -> out.write(NEW)), CANNOT_CREATE, target + ": " + what);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
