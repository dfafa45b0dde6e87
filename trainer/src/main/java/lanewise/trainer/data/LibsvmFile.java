package lanewise.trainer.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.io.NamelessFile;

/** Sparse rows of text: all at once, or to go through once. */
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
    static RowStream stream(Source source, Reading reading) {
        return source.reading(() -> new LibsvmStream(source, reading, null, new EntryCount(), 1));
    }

    /** Counts rows of which some do not fit the heap: what they would take is known then. */
    static RawRows count(Source source, Reading reading, Path folder) {
        return source.reading(() -> {
            try (Unpacked content = source.open()) {
                LibsvmRows rows = new LibsvmRows(source, reading, content);
                EntryCount count = count(rows);
                RowStream.Columns columns = rows.columns();
                int[] classOf = IntStream.range(0, count.labels()).toArray();
                List<String> names = rows.settle(classOf);
                RowForm form = RowForm.ofSparse(columns.features(), columns.first());
                List<String> standIns = RowStream.NOT_YET.subList(0, classOf.length);
                RowsHeader header = new RowsHeader(
                        count.rows(), form, count.all(), standIns, new int[classOf.length], Scaling.NONE, "");
                Scaling usual = reading.scalingOr(Scaling.NONE);
                return new RawRows(NamelessFile.in(folder), folder, header, usual, classOf, names, columns);
            }
        });
    }

    private static EntryCount count(LibsvmRows rows) throws IOException {
        EntryCount count = new EntryCount();
        while (rows.next(count)) {}
        return count;
    }

    /**
     * Opens the rows, to go through them once, when they have been looked through: the last one may tell how columns count.
     *
     * @param unit how many rows come at least, of which every block but the last has a multiple
     */
    static RowStream streamCounted(Source source, Reading reading, int unit) {
        return source.reading(() -> {
            try (Unpacked content = source.open()) {
                LibsvmRows rows = new LibsvmRows(source, reading, content);
                EntryCount counted = count(rows);
                RowStream.Columns columns = rows.columns();
                rows.settle(new int[0]);
                return new LibsvmStream(source, reading, columns, counted, unit);
            }
        });
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
