package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.io.InputFile;

/** The items of an IDX file, to go through them once; a failure says how many have come. */
final class IdxItems implements AutoCloseable {
    private final IdxFile file;
    private final Unpacked content;
    private long left;

    IdxItems(IdxFile file) {
        this.file = file;
        this.left = file.items();
        try {
            content = file.openItems();
        } catch (IOException e) {
            throw file.failed(e, 0);
        }
    }

    /** How many have not been read. */
    long left() {
        return left;
    }

    /**
     * Reads some of the items that are left.
     *
     * @param most how many at most, and no more than are left
     * @return how many have come, at least 1 of some
     * @throws LanewiseException if the file is cut short, damaged, or goes on after its last item
     */
    int read(byte[] to, int at, int most) {
        InputStream in = content.stream();
        try {
            int n = in.read(to, at, most);
            if (n < 0) {
                throw new EOFException();
            }
            left -= n;
            if (n > 0 && left == 0 && in.read() >= 0) {
                throw new LanewiseException(BAD_DATA, "goes on after the last item").in(file.path());
            }
            return n;
        } catch (IOException e) {
            throw file.failed(e, file.items() - left);
        }
    }

    /** Reads as many as that, which are left. */
    void readFully(byte[] to, int count) {
        for (int at = 0; at < count; ) {
            at += read(to, at, count - at);
        }
    }

    @Override
    public void close() {
        InputFile.close(content);
    }
}
