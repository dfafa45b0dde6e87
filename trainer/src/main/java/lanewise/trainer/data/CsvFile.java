package lanewise.trainer.data;

import java.util.Arrays;
import java.util.List;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;

/**
 * A table of text: comma-separated values or one of their cousins, in UTF-8. Every cell is a number but for those of one
 * column, which may hold the classes as numbers or text. Blanks around a cell do not count.
 */
final class CsvFile {
    /** How many values are read at a time. */
    private static final int BLOCK = 1 << 14;

    private CsvFile() {}

    /** Opens the rows with their labels, to go through them once. */
    static RowStream stream(Source source, Reading reading) {
        return source.reading(() -> new TableStream(source, reading, reading.newLabelTable()));
    }

    /**
     * Opens the rows, to go through them once. No label is looked at, but classes that are known show what is not a header.
     */
    static RowStream streamUnlabelled(Source source, Reading reading) {
        return source.reading(() -> new TableStream(source, reading, new LabelTable(LabelTable.UNWANTED)));
    }

    /** Reads all rows. */
    static Dataset read(Source source, Reading reading) {
        return source.reading(() -> {
            CsvLayout layout = CsvLayout.of(source, reading);
            LabelTable table = reading.newLabelTable();
            try (CsvRows rows = new CsvRows(source, reading, layout, table)) {
                return read(rows, layout, table, source);
            }
        });
    }

    private static Dataset read(CsvRows from, CsvLayout layout, LabelTable table, Source source) {
        int features = layout.features();
        int most = Math.max(1, BLOCK / features);
        float[] block = new float[most * features];
        int[] blockLabels = new int[layout.isLabelled() ? most : 0];
        float[] values = new float[Math.max(Growth.first(from.content()), block.length)];
        int[] labels = new int[layout.isLabelled() ? values.length / features : 0];
        int rows = 0;
        for (int n = from.read(block, 0, blockLabels, most); n > 0; n = from.read(block, 0, blockLabels, most)) {
            long needed = (rows + (long) n) * features;
            if (needed > values.length) {
                values = Arrays.copyOf(values, Growth.next(needed, from.content(), Float.BYTES, source.name()));
            }
            System.arraycopy(block, 0, values, rows * features, n * features);
            if (layout.isLabelled()) {
                if (rows + n > labels.length) {
                    labels = Arrays.copyOf(labels, Growth.next(rows + n, from.content(), Integer.BYTES, source.name()));
                }
                System.arraycopy(blockLabels, 0, labels, rows, n);
            }
            rows += n;
        }
        float[] exact = values.length == rows * features ? values : Arrays.copyOf(values, rows * features);
        int[] classes = Arrays.copyOf(labels, layout.isLabelled() ? rows : 0);
        try {
            List<String> names = layout.isLabelled() ? table.settle(classes) : List.of();
            return Dataset.of(exact, rows, features, new int[0], 0)
                    .withFeatureNames(layout.featureNames())
                    .withLabelName(layout.labelName())
                    .withLabels(classes, names);
        } catch (LanewiseException e) {
            throw e.in(source.name());
        }
    }
}
