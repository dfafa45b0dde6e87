package lanewise.trainer.data;

import lanewise.kernels.Pixels;
import lanewise.trainer.io.Heap;

/** The images of an IDX file, whose pixels become floats of the same value. */
final class IdxRows implements RowReader {
    private static final int CHUNK = 1 << 16;

    private final int features;
    private final IdxItems items;
    private final byte[] pixels = new byte[CHUNK];

    IdxRows(IdxFile file) {
        long pixelsOfOne = file.size(1) * file.size(2);
        if (pixelsOfOne > Heap.LONGEST_ARRAY) {
            throw Heap.shortage(pixelsOfOne, pixelsOfOne, file.path());
        }
        this.features = (int) pixelsOfOne;
        this.items = new IdxItems(file);
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
        return (int) Math.min(most, items.left() / features);
    }

    @Override
    public int read(float[] x, int most) {
        int rows = rowsLeft(most);
        int n = Math.multiplyExact(rows, features);
        for (int i = 0, count; i < n; i += count) {
            count = Math.min(CHUNK, n - i);
            items.readFully(pixels, count);
            Pixels.widen(count, pixels, 0, 1, x, i);
        }
        return rows;
    }

    /** Reads the next rows, which are there, as bytes. */
    void readBytes(byte[] x, int rows) {
        items.readFully(x, Math.multiplyExact(rows, features));
    }

    @Override
    public void close() {
        items.close();
    }
}
