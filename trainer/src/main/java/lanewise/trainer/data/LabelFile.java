package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.io.Heap;

/** Labels in a file of their own, a NumPy array or an IDX file of one dimension, for rows that are in another. */
final class LabelFile {
    private LabelFile() {}

    /** The rows with the labels of the file. */
    static Dataset label(Dataset rows, Path file, Reading reading) {
        LabelTable table = reading.newLabelTable();
        Source source = Source.of(file);
        try {
            int[] labels = IdxFile.isIdx(source) ? ofIdx(source, table) : ofNpy(source, table);
            requireRows(labels.length, rows.rows());
            return rows.withLabels(labels, table.settle(labels));
        } catch (LanewiseException e) {
            throw e.in(source.name());
        }
    }

    private static int[] ofIdx(Source source, LabelTable table) {
        IdxFile file = IdxFile.open(source, 1);
        requireHeap(file.items(), source.name());
        byte[] bytes = file.read();
        int[] labels = new int[bytes.length];
        for (int i = 0; i < labels.length; i++) {
            int row = i;
            labels[i] = table.classOf(Integer.toString(bytes[i] & 0xff), () -> "row " + row);
        }
        return labels;
    }

    private static int[] ofNpy(Source source, LabelTable table) {
        try (Unpacked content = source.open()) {
            NpyHeader header = NpyHeader.read(content.stream());
            NpyFile.requireSize(header, content);
            return ofArray(header, content.stream(), table, source.name());
        } catch (IOException e) {
            throw source.failed(e);
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
