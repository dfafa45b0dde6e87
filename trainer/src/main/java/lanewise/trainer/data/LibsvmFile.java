package lanewise.trainer.data;

import java.util.List;

/** Sparse rows of text: all at once, with their labels to go through once, or without them. */
final class LibsvmFile {
    private LibsvmFile() {}

    /** Reads all rows. */
    static Dataset read(Source source, Reading reading) {
        return source.reading(() -> {
            try (Unpacked content = source.open()) {
                LibsvmRows rows = new LibsvmRows(source, reading, content);
                CsrBuilder all = new CsrBuilder(
                        Growth.first(content), (needed, bytes) -> Growth.next(needed, content, bytes, source.name()));
                while (rows.next(all)) {}
                return dataset(rows, all);
            }
        });
    }

    /** Opens the rows, to go through them once. */
    static RowReader open(Source source, Reading reading) {
        return source.reading(() -> new LibsvmReader(source, reading));
    }

    /** Opens the rows with their labels, to go through them once. */
    static RowStream stream(Source source, Reading reading) {
        return source.reading(() -> new LibsvmStream(source, reading));
    }

    private static Dataset dataset(LibsvmRows rows, CsrBuilder all) {
        RowStream.Columns columns = rows.columns();
        int[] labels = rows.isLabelled() ? all.labels() : new int[0];
        List<String> names = rows.settle(labels);
        return Dataset.ofSparse(all.rowsFrom(columns.first()), columns.features(), labels, names.size())
                .withClassNames(names)
                .withFeatureNames(new ClassNames.Counted(columns.first(), columns.features()));
    }
}
