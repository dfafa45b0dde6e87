package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.io.Heap;

/** Labels in a file of their own, a NumPy array or an IDX file of one dimension, for rows that are in another. */
final class LabelFile {
    private LabelFile() {}

    /** The rows with the labels of the file. */
    static Dataset label(Dataset rows, Path file, Reading reading) {
        return label(() -> rows, rows.rows(), file, reading);
    }

    /** So many rows, which are read when the labels have been. */
    static Dataset label(Supplier<Dataset> rows, long count, Path file, Reading reading) {
        Source source = Source.of(file);
        int[] labels;
        List<String> names;
        try (LabelStream stream = LabelStream.open(source, reading.newLabelTable(), count)) {
            if (!Heap.fits(Integer.BYTES * count, count)) {
                stream.skip(count);
                throw Heap.shortage(Integer.BYTES * count, count, source.name());
            }
            labels = new int[(int) count];
            stream.read(labels, labels.length);
            names = stream.settle(labels);
        }
        return rows.get().withLabels(labels, names);
    }

    /** One label a row: an array of one dimension, or of a single column. */
    static int[] ofArray(NpyHeader header, InputStream in, LabelTable table, Path file) throws IOException {
        requireOneDimension(header);
        NpyArray array = new NpyArray(header, in);
        array.requireHeap(Integer.BYTES * header.items(), file);
        int[] labels = new int[(int) header.items()];
        array.readLabels(table, labels, labels.length);
        return labels;
    }

    static void requireOneDimension(NpyHeader header) {
        long[] shape = header.shape();
        if (shape.length == 0 || header.items() != shape[0]) {
            throw new LanewiseException(BAD_DATA, "the labels have the wrong number of dimensions")
                    .expected("one label a row", header.describeShape());
        }
    }

    static void requireRows(long labels, long rows) {
        if (labels != rows) {
            throw new LanewiseException(BAD_DATA, "not as many labels as rows").expected(rows, labels);
        }
    }
}
