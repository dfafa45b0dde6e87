package lanewise.trainer.data;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files for copies of data, which have no name and go when they are closed, or with the process. */
final class NamelessFile {
    private NamelessFile() {}

    /** Makes one in a folder. */
    static FileChannel in(Path folder) throws IOException {
        return FileChannel.open(Files.createTempFile(folder, "lanewise", ".rows"), READ, WRITE, DELETE_ON_CLOSE);
    }

    /** Makes one in the temporary folder. */
    static FileChannel temporary() throws IOException {
        return in(Path.of(System.getProperty("java.io.tmpdir")));
    }
}
