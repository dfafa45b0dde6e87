package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.io.Heap;

/** Labels in a file of their own, a NumPy array or an IDX file of one dimension, for rows that are in another. */
final class LabelFile {
    private LabelFile() {}

    /** The rows with the labels of the file. */
    static Dataset label(Dataset rows, Path file, Reading reading) {
        Source source = Source.of(file);
        try (LabelStream labels = LabelStream.open(source, reading.newLabelTable(), rows.rows())) {
            requireHeap(rows.rows(), source.name());
            Dataset labelled = labels.label(rows);
            return labelled.withLabels(labelled.labels(), labels.settle(labelled.labels()));
        }
    }

    /** One label a row: an array of one dimension, or of a single column. */
    static int[] ofArray(NpyHeader header, InputStream in, LabelTable table, Path file) throws IOException {
        requireOneDimension(header);
        requireHeap(header.items(), file);
        int[] labels = new int[(int) header.items()];
        new NpyArray(header, in).readLabels(table, labels, labels.length);
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

    private static void requireHeap(long labels, Path file) {
        if (!Heap.fits(Integer.BYTES * labels, labels)) {
            throw Heap.shortage(Integer.BYTES * labels, labels, file);
        }
    }
}
