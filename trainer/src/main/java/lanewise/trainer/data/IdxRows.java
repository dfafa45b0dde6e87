package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import lanewise.kernels.Pixels;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Heap;
import lanewise.trainer.io.InputFile;

/** The images of an IDX file, whose pixels become floats of the same value. */
final class IdxRows implements RowReader {
    private static final int CHUNK = 1 << 16;

    private final IdxFile file;
    private final int features;
    private final Unpacked content;
    private final byte[] pixels = new byte[CHUNK];
    private long left;

    IdxRows(IdxFile file) {
        this.file = file;
        this.left = file.items();
        long pixelsOfOne = file.size(1) * file.size(2);
        if (pixelsOfOne > Heap.LONGEST_ARRAY) {
            throw Heap.shortage(pixelsOfOne, pixelsOfOne, file.path());
        }
        this.features = (int) pixelsOfOne;
        try {
            content = file.openItems();
        } catch (IOException e) {
            throw file.failed(e, 0);
        }
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public Scaling usualScaling() {
        return Scaling.PIXEL;
    }

    /** How many rows have not been read, or so many if there are more. */
    int rowsLeft(int most) {
        return (int) Math.min(most, left / features);
    }

    @Override
    public int read(float[] x, int most) {
        int rows = rowsLeft(most);
        int n = Math.multiplyExact(rows, features);
        for (int i = 0, count; i < n; i += count) {
            count = Math.min(CHUNK, n - i);
            readFully(pixels, count);
            Pixels.widen(count, pixels, 0, 1, x, i);
        }
        return rows;
    }

    /** Reads the next rows, which are there, as bytes. */
    void readBytes(byte[] x, int rows) {
        readFully(x, Math.multiplyExact(rows, features));
    }

    private void readFully(byte[] to, int count) {
        InputStream in = content.stream();
        try {
            for (int i = 0; i < count; ) {
                int n = in.read(to, i, count - i);
                if (n < 0) {
                    throw new EOFException();
                }
                i += n;
                left -= n;
            }
            if (count > 0 && left == 0 && in.read() >= 0) {
                throw new LanewiseException(BAD_DATA, "goes on after the last item").in(file.path());
            }
        } catch (IOException e) {
            throw file.failed(e, file.items() - left);
        }
    }

    @Override
    public void close() {
        InputFile.close(content);
    }
}
