package lanewise.trainer.io;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import lanewise.trainer.LanewiseException;

/**
 * Files that are replaced as a whole: a reader, and whoever looks after a crash, finds the old content or the new and
 * never a part.
 *
 * <p>The content goes to a temporary file in the same folder, is forced to the disk, takes the name of the target, and
 * the folder is forced too. A symbolic link stays what it is and the file it points to is replaced; a hard link keeps
 * the old content. The permissions of a replaced file are kept. Threads write side by side; of two that
 * write one file, the one that ends last replaces what the other has written.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** What writes the content. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the whole content.
         *
         * @param out takes it; buffered, and closed by the caller
         * @throws IOException if the operating system fails to write
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** What writes the content, and may read what it has written. */
    @FunctionalInterface
    public interface ChannelContent {
        /**
         * Writes the whole content.
         *
         * @param channel takes it; closed by the caller
         * @throws IOException if the operating system fails to write or read
         */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Finds out whether {@link #write} can create the file, before work is spent on what goes into it.
     *
     * @param target the file to be
     * @throws LanewiseException if it cannot be created
     */
    public static void checkWritable(Path target) {
        try {
            create(target).close();
        } catch (IOException e) {
            throw new LanewiseException(CANNOT_CREATE, e).in(target);
        }
    }

    /**
     * Creates or replaces a file. On any failure, an exception of the content's own among them, the old file is
     * untouched and no temporary one is left; only when the folder cannot be forced is the new one there already, but
     * may not survive a power failure. What a killed process left behind goes with the next call.
     *
     * @param target the file
     * @param content what goes into it
     * @throws LanewiseException if the file cannot be created, or the operating system fails to write it
     */
    public static void write(Path target, Content content) {
        writeAll(Map.of(target, content));
    }

    /**
     * Creates or replaces files that belong together, each as {@link #write}: all are on the disk before the first takes its
     * name, so that a full disk leaves all the old ones.
     *
     * @param contents what goes into each file, in the order in which it is written
     * @throws LanewiseException if a file cannot be created, or the operating system fails to write it
     */
    public static void writeAll(Map<Path, Content> contents) {
        writeRest(contents.entrySet().iterator());
    }

    private static void writeRest(Iterator<Map.Entry<Path, Content>> rest) {
        if (!rest.hasNext()) {
            return;
        }
        Map.Entry<Path, Content> next = rest.next();
        writeChannel(next.getKey(), channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            next.getValue().writeTo(out);
            out.flush();
            if (rest.hasNext()) {
                channel.force(true);
                writeRest(rest);
            }
        });
    }

    /**
     * Creates or replaces a file, as {@link #write}, whose content is looked at again while it is written.
     *
     * @param target the file
     * @param content what goes into it
     * @throws LanewiseException if the file cannot be created, or the operating system fails to write it
     */
    public static void writeChannel(Path target, ChannelContent content) {
        try (TemporaryFile temporary = create(target)) {
            content.writeTo(temporary.channel());
            temporary.replaceTarget();
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(target);
        }
    }

    /**
     * Removes what processes that were killed while they wrote a file have left beside it. Whoever writes the file again does
     * that as well.
     *
     * @param target the file, which need not be there
     */
    public static synchronized void removeAbandoned(Path target) {
        TemporaryFile.removeAbandoned(target.toAbsolutePath());
    }

    /** One at a time, so that no thread looks for abandoned files before another one has said that a new one is its own. */
    private static synchronized TemporaryFile create(Path target) {
        try {
            Path file = destination(target);
            TemporaryFile.removeAbandoned(file);
            return TemporaryFile.create(file);
        } catch (IOException e) {
            throw new LanewiseException(CANNOT_CREATE, e).in(target);
        }
    }

    /** The file that a link points to, or the target itself. */
    private static Path destination(Path target) throws IOException {
        if (!Files.exists(target)) {
            if (Files.exists(target, NOFOLLOW_LINKS)) {
                throw cannotCreate("a link to nothing", target);
            }
            Path file = target.toAbsolutePath();
            if (!Files.isDirectory(file.getParent())) {
                throw cannotCreate("there is no such folder", target);
            }
            return file;
        }
        if (Files.isDirectory(target)) {
            throw cannotCreate("a folder, not a file", target);
        }
        if (!Files.isRegularFile(target)) {
            throw cannotCreate("not a regular file", target);
        }
        if (!Files.isWritable(target)) {
            throw cannotCreate("the file is read-only", target);
        }
        return target.toRealPath();
    }

    private static LanewiseException cannotCreate(String what, Path target) {
        return new LanewiseException(CANNOT_CREATE, what).in(target);
    }
}
