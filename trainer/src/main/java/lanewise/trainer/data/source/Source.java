package lanewise.trainer.data.source;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.ZipException;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Dash;
import lanewise.trainer.io.InputFile;
import lanewise.trainer.io.NamelessFile;

/**
 * What data are read from: a regular file, or standard input, which is copied to a temporary file first. So every source
 * can be read more than once, and its size is known before anything is set aside for its content.
 */
public final class Source {
    /** What messages call standard input. */
    private static final Path STDIN = Path.of("stdin");

    // Standard input can be read once, and so its copy is kept.
    private static InputStream copied;
    private static Source ofStdin;

    private final Path name;

    /** The copy of standard input, or null. The file has no name any more, and goes when the process does. */
    private final FileChannel copy;

    /** The part of it that is read, or null. */
    private final String member;

    private Source(Path name, FileChannel copy, String member) {
        this.name = name;
        this.copy = copy;
        this.member = member;
    }

    /**
     * Names what is to be read.
     *
     * @param path a file, which is not looked at yet, or {@code -} for standard input, which is copied the first time
     * @return the source
     * @throws LanewiseException if standard input cannot be read (74) or its copy not be made (73, 74)
     */
    public static Source of(Path path) {
        return Dash.is(path) ? stdin() : new Source(path, null, null);
    }

    /**
     * The same, where messages name a member of an archive along with the place in it.
     *
     * @param part the name of the member
     * @return the source
     */
    public Source member(String part) {
        return new Source(name, copy, part);
    }

    private static synchronized Source stdin() {
        if (copied != System.in) {
            ofStdin = new Source(STDIN, copy(System.in), null);
            copied = System.in;
        }
        return ofStdin;
    }

    /**
     * What messages call a path.
     *
     * @param path as {@link #of} takes it
     * @return the same, or {@code stdin}
     */
    public static Path nameOf(Path path) {
        return Dash.is(path) ? STDIN : path;
    }

    /**
     * What messages call it.
     *
     * @return the path, or {@code stdin}
     */
    public Path name() {
        return name;
    }

    /**
     * The content from its start, unpacked if it is gzipped.
     *
     * @return the content, to be closed
     * @throws IOException if it cannot be read
     * @throws LanewiseException if there is no such regular file
     */
    public Unpacked open() throws IOException {
        return copy == null ? Unpacked.of(InputFile.open(name), true) : Unpacked.of(copy, false);
    }

    /**
     * Damage is the fault of the data, anything else that of the operating system.
     *
     * @param e what went wrong
     * @return the failure to throw, with the name of this source
     */
    public LanewiseException failed(IOException e) {
        if (e instanceof Utf8Reader.NotUtf8 found) {
            return TextPlace.notUtf8(this, found);
        }
        if (e instanceof EOFException && e.getMessage() == null) {
            return new LanewiseException(BAD_DATA, "cut short").in(name);
        }
        boolean damaged = e instanceof ZipException || e instanceof EOFException;
        return new LanewiseException(damaged ? BAD_DATA : IO_FAILED, e).in(name);
    }

    /**
     * What has been found in a file is not there when it is read again.
     *
     * @return the failure to throw
     */
    public static LanewiseException changed() {
        return new LanewiseException(BAD_DATA, "the file has changed while it was read");
    }

    /**
     * Reads, and names this source in whatever goes wrong.
     *
     * @param <T> what is read
     * @param reader reads
     * @return what it has read
     */
    public <T> T reading(Reader<T> reader) {
        try {
            return reader.read();
        } catch (IOException e) {
            throw failed(e);
        } catch (LanewiseException e) {
            throw placed(e);
        }
    }

    /**
     * A failure with the name of this source, and that of the member.
     *
     * @param e the failure
     * @return the same
     */
    public LanewiseException placed(LanewiseException e) {
        return (member == null ? e : e.at(e.where() == null ? member : member + ", " + e.where())).in(name);
    }

    /**
     * What reads.
     *
     * @param <T> what it reads
     */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * Reads.
         *
         * @return what was read
         * @throws IOException if something goes wrong
         */
        T read() throws IOException;
    }

    private static FileChannel copy(InputStream in) {
        try {
            return NamelessFile.temporary(in::transferTo);
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).at("stdin");
        }
    }
}
