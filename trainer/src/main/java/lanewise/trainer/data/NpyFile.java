package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_MEMORY;
import static lanewise.trainer.ExitCode.USAGE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.io.Heap;

/**
 * A NumPy array of rows: features, or images of unsigned bytes, which stay bytes. Its labels are a column of it or a file of
 * their own; an array does not tell, so {@code --label} must.
 */
final class NpyFile {
    /** From here on a float may stand for more than one whole number. */
    private static final float LABEL_LIMIT = 1 << 24;

    /** As floats a row is read into one array of bytes. */
    private static final int LONGEST_ROW = Heap.LONGEST_ARRAY / Float.BYTES;

    private NpyFile() {}

    static Dataset read(Source source, Reading reading) {
        requireLabel(source, reading);
        String label = reading.label();
        boolean column = reading.hasLabelColumn();
        Dataset rows = rows(source, reading, column);
        if (column || label == null || reading.withoutLabel()) {
            return rows;
        }
        return LabelFile.label(rows, reading.labelFile(), reading);
    }

    private static void requireLabel(Source source, Reading reading) {
        if (reading.label() == null && reading.labelled()) {
            throw new LanewiseException(USAGE, "an array does not tell where its labels are")
                    .in(source.name())
                    .expected("--label with a column or a file", "none");
        }
    }

    private static Dataset rows(Source source, Reading reading, boolean labelColumn) {
        return source.reading(() -> {
            try (Unpacked content = source.open()) {
                NpyHeader header = NpyHeader.read(content.stream());
                requireSize(header, content);
                Dataset rows = features(header, content.stream(), reading, labelColumn ? 1 : 0, source.name());
                reading.notes().accept(source.name() + ": an array of " + header.describeShape());
                if (!labelColumn) {
                    return rows;
                }
                LabelTable table = reading.newLabelTable();
                Dataset labelled = splitOff(rows, Integer.parseInt(reading.label()), table, 0);
                return labelled.withLabels(labelled.labels(), table.settle(labelled.labels()));
            }
        });
    }

    /** Opens the rows, to go through them once; a file of labels only if these are wanted. */
    static RowStream stream(Source source, Reading reading) {
        requireLabel(source, reading);
        boolean column = reading.hasLabelColumn();
        return source.reading(() -> {
            Unpacked content = source.open();
            LabelStream labels = null;
            try {
                NpyHeader header = rowsHeader(content, reading);
                reading.notes().accept(source.name() + ": an array of " + header.describeShape());
                LabelTable table = reading.newLabelTable();
                labels = column || !reading.labelled()
                        ? null
                        : LabelStream.open(Source.of(reading.labelFile()), table, header.shape()[0]);
                InputStream items = FortranStream.rowByRow(header, content);
                return new ArrayStream(
                        source,
                        items,
                        new NpyArray(header.rowByRow(), items),
                        image(header.shape()),
                        labels,
                        column ? Integer.parseInt(reading.label()) : 0,
                        table);
            } catch (IOException | RuntimeException e) {
                content.close();
                if (labels != null) {
                    labels.close();
                }
                throw e;
            }
        });
    }

    /** The header of an array of rows. */
    private static NpyHeader rowsHeader(Unpacked content, Reading reading) throws IOException {
        NpyHeader header = NpyHeader.read(content.stream());
        requireSize(header, content);
        requireRows(header, reading, reading.hasLabelColumn() ? 1 : 0);
        return header;
    }

    /** Holds the header against the size of the file, before anything is set aside for the items. */
    static void requireSize(NpyHeader header, Unpacked content) {
        long expected = header.contentLength();
        long most = content.largestContent();
        if (content.gzipped() && expected > most) {
            throw new LanewiseException(BAD_DATA, "the header claims more than the file can hold")
                    .expected(IdxHeader.count(expected), "at most " + IdxHeader.count(most) + " when unpacked");
        }
        if (!content.gzipped() && expected != most) {
            throw new LanewiseException(BAD_DATA, (expected > most ? "shorter" : "longer") + " than its header says")
                    .expected(IdxHeader.count(expected), IdxHeader.count(most));
        }
    }

    /**
     * The rows of an array.
     *
     * @param labelColumns how many of the columns are not features
     */
    static Dataset features(NpyHeader header, InputStream in, Reading reading, int labelColumns, Path file)
            throws IOException {
        requireRows(header, reading, labelColumns);
        boolean bytes = header.type() == NpyHeader.Type.U1 && labelColumns == 0;
        long needed = header.items() * (bytes ? 1 : Float.BYTES) * (labelColumns + 1L);
        NpyArray array = new NpyArray(header, in);
        array.requireHeap(needed, file);
        if (bytes) {
            return Dataset.ofBytes(array.bytes(), array.rows(), array.rowLength(), image(header.shape()));
        }
        return Dataset.of(array.floats(reading.keepMissing()), array.rows(), array.rowLength(), new int[0], 0);
    }

    static void requireRows(NpyHeader header, Reading reading, int labelColumns) {
        long[] shape = header.shape();
        if (shape.length < 2 || (labelColumns > 0 && shape.length != 2)) {
            throw new LanewiseException(BAD_DATA, "the wrong number of dimensions")
                    .expected(
                            labelColumns > 0 ? "rows x columns" : "rows x features or images", header.describeShape());
        }
        long rowLength = header.items() / shape[0];
        if (rowLength > LONGEST_ROW) {
            throw new LanewiseException(NO_MEMORY, "a row is too long")
                    .expected("at most " + LONGEST_ROW + " values", rowLength);
        }
        if (reading.features() > 0 && rowLength != reading.features() + labelColumns) {
            throw new LanewiseException(BAD_DATA, "rows of another width than the model takes")
                    .expected(reading.features() + labelColumns + " columns", rowLength);
        }
        if (labelColumns > 0) {
            requireColumn(Integer.parseInt(reading.label()), rowLength);
        }
    }

    private static void requireColumn(int column, long width) {
        if (column < 1 || column > width || width == 1) {
            throw new LanewiseException(USAGE, "there is no such column for the label")
                    .expected("1 to " + width, column);
        }
    }

    /** The height and width of grey images: rows x height x width, with or without a single channel. */
    static Optional<ImageShape> image(long[] shape) {
        boolean grey = shape.length == 3 || (shape.length == 4 && (shape[1] == 1 || shape[3] == 1));
        if (!grey) {
            return Optional.empty();
        }
        int height = shape.length == 4 && shape[3] != 1 ? 2 : 1;
        return Optional.of(new ImageShape((int) shape[height], (int) shape[height + 1]));
    }

    /**
     * Takes the labels out of their column.
     *
     * @param column counts from 1, and is not the only one
     * @param table gives the stand-ins with which the rows are labelled
     * @param before how many rows come before these
     */
    static Dataset splitOff(Dataset rows, int column, LabelTable table, int before) {
        int width = rows.features();
        int[] labels = new int[rows.rows()];
        float[] all = rows.values();
        float[] features = new float[rows.rows() * (width - 1)];
        for (int row = 0; row < labels.length; row++) {
            int start = row * width;
            float label = all[start + column - 1];
            String place = "row " + (before + row) + ", column " + (column - 1);
            if (Math.abs(label) >= LABEL_LIMIT && !table.isUnwanted()) {
                throw new LanewiseException(BAD_DATA, "the label is not a class")
                        .at(place)
                        .expected("a whole number below 2^24", label);
            }
            labels[row] = table.standInOf(NpyArray.number(label), () -> place);
            System.arraycopy(all, start, features, row * (width - 1), column - 1);
            System.arraycopy(all, start + column, features, row * (width - 1) + column - 1, width - column);
        }
        return Dataset.ofBlock(features, labels.length, width - 1, labels, RowStream.NOT_YET, Scaling.NONE);
    }
}
