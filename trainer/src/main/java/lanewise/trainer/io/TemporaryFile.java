package lanewise.trainer.io;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is to take the place of another one in the same folder. Its process holds a lock on it as long as it
 * lives: a temporary file that can be locked has been abandoned. (A process id in the name would not tell, since two
 * containers on one volume have the same ones.)
 */
final class TemporaryFile implements AutoCloseable {
    private static final String SUFFIX = ".tmp";

    /** Of bytes, on most file systems. */
    private static final int LONGEST_NAME = 255;

    /** Two points, the random digits and the suffix. */
    private static final int ADDED = 2 + 16 + SUFFIX.length();

    /** The names of those of this process, whatever their folders: to open one again and close it would give its lock away. */
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path target;
    private final FileChannel channel;

    private TemporaryFile(Path path, Path target) throws IOException {
        this.path = path;
        this.target = target;
        this.channel = FileChannel.open(path, CREATE_NEW, READ, WRITE);
        OWN.add(name(path));
    }

    static TemporaryFile create(Path target) throws IOException {
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        TemporaryFile file = new TemporaryFile(target.resolveSibling(prefix(target) + random + SUFFIX), target);
        try {
            file.lock();
            file.takePermissions();
        } catch (IOException e) {
            file.close();
            throw e;
        }
        if (Files.exists(file.path)) {
            return file;
        }
        // Another process has taken the file for abandoned before the lock was there.
        file.close();
        return create(target);
    }

    /** Removes the temporary files of processes that were killed while they replaced this target. */
    static void removeAbandoned(Path target) {
        DirectoryStream.Filter<Path> own = sibling -> {
            String name = name(sibling);
            return name.startsWith(prefix(target))
                    && name.endsWith(SUFFIX)
                    && name.length() == prefix(target).length() + 16 + SUFFIX.length()
                    && !OWN.contains(name)
                    && Files.isRegularFile(sibling, NOFOLLOW_LINKS);
        };
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(target.getParent(), own)) {
            for (Path sibling : siblings) {
                removeIfAbandoned(sibling);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A folder that cannot be listed may still take a file.
        }
    }

    FileChannel channel() {
        return channel;
    }

    /** Gives the file its name, in a way that a power failure cannot undo by halves. */
    void replaceTarget() throws IOException {
        channel.force(true);
        Files.move(path, target, ATOMIC_MOVE);
        forceFolder(target.getParent());
    }

    /** Removes the file, unless it has become its target. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(path);
        } finally {
            OWN.remove(name(path));
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private static String prefix(Path target) {
        String name = name(target);
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        // A longer name than that is refused, as it is.
        boolean full = bytes > LONGEST_NAME - ADDED && bytes <= LONGEST_NAME;
        return "." + (full ? Integer.toHexString(name.hashCode()) : name) + ".";
    }

    private void lock() throws FileLockInterruptionException {
        try {
            channel.lock();
        } catch (FileLockInterruptionException e) {
            throw e; // It has closed the channel too.
        } catch (IOException e) {
            // A file system without locks: nobody will take this file for abandoned there.
        }
    }

    private void takePermissions() throws IOException {
        PosixFileAttributeView old = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (old != null && Files.exists(target)) {
            Files.setPosixFilePermissions(path, old.readAttributes().permissions());
        }
    }

    private static void removeIfAbandoned(Path file) {
        try (FileChannel channel = FileChannel.open(file, WRITE, NOFOLLOW_LINKS)) {
            if (channel.tryLock() != null) {
                Files.delete(file);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // It is in use, or somebody else's: it stays.
        }
    }

    private static void forceFolder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, READ);
        } catch (IOException e) {
            return; // Windows opens no folder.
        }
        try (channel) {
            channel.force(true);
        }
    }
}
