package lanewise.trainer.data;

import java.io.IOException;
import java.io.InputStream;
import lanewise.trainer.io.InputFile;

/** The rows of an array of NumPy. */
final class NpyRows implements RowReader {
    private final Source source;
    private final InputStream items;
    private final NpyArray array;

    NpyRows(NpyHeader header, Source source) throws IOException {
        this.source = source;
        Unpacked content = source.open();
        try {
            content.stream().skipNBytes(header.length());
            this.items = FortranStream.rowByRow(header, content);
        } catch (IOException | RuntimeException e) {
            content.close();
            throw e;
        }
        this.array = new NpyArray(header.rowByRow(), items);
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
        InputFile.close(items);
    }
}
