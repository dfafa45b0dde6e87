package lanewise.trainer.data;

import java.io.IOException;

/** The rows of an array of NumPy in C's order, where they lie one behind the other. */
final class NpyRows implements RowReader {
    private final Source source;
    private final Unpacked content;
    private final NpyArray array;

    NpyRows(NpyHeader header, Source source) throws IOException {
        this.source = source;
        this.content = source.open();
        this.array = new NpyArray(header, content.stream());
        content.stream().skipNBytes(header.length());
    }

    @Override
    public int features() {
        return array.rowLength();
    }

    @Override
    public Scaling usualScaling() {
        return Scaling.NONE;
    }

    @Override
    public int read(float[] x, int most) {
        return source.reading(() -> array.readRows(x, most));
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException e) {
            // What has been read is sound.
        }
    }
}
