package lanewise.trainer.data;

import java.io.IOException;
import lanewise.trainer.LanewiseException;

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
        try {
            return array.readRows(x, most);
        } catch (IOException e) {
            throw source.failed(e);
        } catch (LanewiseException e) {
            throw e.in(source.name());
        }
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
