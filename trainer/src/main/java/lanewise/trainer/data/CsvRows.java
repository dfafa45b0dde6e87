package lanewise.trainer.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.IOException;
import java.io.UncheckedIOException;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.data.source.Utf8Reader;
import lanewise.trainer.io.Decimals;
import lanewise.trainer.io.InputFile;

/**
 * The rows of a table of text. The parser hands over each cell as it lies in its buffer, so that no cell becomes a string
 * unless something is wrong with it.
 */
final class CsvRows implements AutoCloseable {
    /** Stands for a row that has been taken. */
    private static final Object ROW = new Object();

    private final Source source;
    private final Reading reading;
    private final CsvLayout layout;
    private final LabelTable table;
    private final Unpacked content;
    private final Cells cells;
    private final CloseableIterator<Object> records;

    /** The row after those that have been read, if there is one. */
    private final float[] next;

    private int nextLabel;
    private boolean hasNext;

    CsvRows(Source source, Reading reading, CsvLayout layout, LabelTable table) throws IOException {
        this.source = source;
        this.reading = reading;
        this.layout = layout;
        this.table = table;
        this.next = new float[layout.features()];
        this.cells = new Cells();
        this.content = source.open();
        this.records = CsvDialect.parser(layout.delimiter())
                .build(cells, new Utf8Reader(content.stream()))
                .iterator();
        try {
            advance();
            if (!hasNext) {
                throw layout.undivided(
                        layout.bad("there is no row in it").expected("rows behind the header", "the header alone"));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Reads the next rows with their stand-ins, as {@link LabelTable#standInOf} has them. The end is looked for along with
     * the last row.
     *
     * @param x receives them from an offset on
     * @param labels receives the stand-ins, or null
     * @return how many rows were read, fewer than asked for only at the end
     */
    int read(float[] x, int at, int[] labels, int most) {
        int rows = 0;
        while (rows < most && hasNext) {
            System.arraycopy(next, 0, x, at + rows * next.length, next.length);
            if (labels != null && layout.isLabelled()) {
                labels[rows] = nextLabel;
            }
            rows++;
            advance();
        }
        return rows;
    }

    /** Whether there are more rows. */
    boolean hasNext() {
        return hasNext;
    }

    /** Where a cell begins behind the blanks in front of it. */
    static int skipBlanks(char[] text, int from, int to) {
        int at = from;
        while (at < to && isBlank(text[at])) {
            at++;
        }
        return at;
    }

    /** Where a cell ends before the blanks behind it. */
    static int dropBlanks(char[] text, int from, int to) {
        int end = to;
        while (from < end && isBlank(text[end - 1])) {
            end--;
        }
        return end;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** What is being read, to foretell how much will come. */
    Unpacked content() {
        return content;
    }

    @Override
    public void close() {
        InputFile.close(content);
    }

    private void advance() {
        try {
            cells.used = 0;
            hasNext = records.hasNext();
            if (hasNext) {
                records.next();
            }
        } catch (CsvParseException e) {
            throw failure(e);
        } catch (UncheckedIOException e) {
            throw source.failed(e.getCause());
        }
    }

    /** What the parser did not like, or what stopped it from here. */
    private LanewiseException failure(CsvParseException e) {
        if (e.getCause() instanceof LanewiseException cause) {
            return cause.in(source.name());
        }
        CsvDialect.rethrowCause(e);
        return layout.malformed(e).at(cells.place(cells.column()));
    }

    /** Takes the cells of one row after the other. */
    private final class Cells extends AbstractBaseCsvCallbackHandler<Object> {
        private final LabelTable.Place labelPlace = () -> place(layout.label());
        private final int columns = layout.columns();
        private final int label = layout.label();
        private boolean headerExpected = layout.hasHeader();
        private boolean firstRow = true;
        private int used;

        int column() {
            return getFieldCount();
        }

        /** Short, so that the parser has it inlined. */
        @Override
        protected void handleField(int column, char[] text, int offset, int length, boolean quoted) {
            float value = column < columns && column != label && !headerExpected
                    ? Decimals.parse(text, offset, offset + length)
                    : Float.NaN;
            if (Float.isFinite(value)) {
                next[used++] = value;
            } else {
                rareField(column, text, offset, offset + length);
            }
        }

        /** A label, a number with blanks around it, or what is not a number. */
        private void rareField(int column, char[] text, int start, int end) {
            if (column >= columns || headerExpected) {
                return;
            }
            int from = skipBlanks(text, start, end);
            int to = dropBlanks(text, from, end);
            if (column == label) {
                nextLabel = table.standInOf(text, from, to, labelPlace);
                return;
            }
            float value = Decimals.parse(text, from, to);
            next[used++] = Float.isFinite(value) ? value : notFinite(value, column, new String(text, from, to - from));
        }

        private float notFinite(float value, int column, String cell) {
            String found = cell.isEmpty() ? "nothing" : cell;
            if (Float.isInfinite(value)) {
                throw layout.bad("the number is too large for a float")
                        .at(place(column))
                        .expected("at most 3.4028235e38", found);
            }
            if (LabelTable.isMissing(cell)) {
                if (reading.keepMissing()) {
                    return Float.NaN;
                }
                throw layout.bad("a value is missing").at(place(column)).expected("a number", found);
            }
            LanewiseException failure =
                    layout.bad("not a number").at(place(column)).expected("a number such as -1.5e3", found);
            if (Decimals.isNumber(cell.replace(',', '.'))) {
                throw failure.hint("A decimal comma is to be a point.");
            }
            throw isClassName(cell)
                    ? failure.hint("If it is the label, --label names the column of the classes.")
                    : layout.undivided(failure);
        }

        /** Whether the labels may be in this column, and not in the last one: in the first row a typing error is rare. */
        private boolean isClassName(String cell) {
            return reading.label() == null
                    && columns > 1
                    && firstRow
                    && Character.isLetter(cell.codePointAt(0))
                    && !LabelTable.isInfinite(cell);
        }

        private String place(int column) {
            return "line " + getStartingLineNumber() + ", " + layout.columnName(column);
        }

        @Override
        protected Object buildRecord() {
            if (getRecordType() == RecordType.EMPTY) {
                return null;
            }
            if (getFieldCount() != columns) {
                throw layout.bad("a row of another length")
                        .at("line " + getStartingLineNumber())
                        .expected(columns + " columns", getFieldCount());
            }
            boolean names = headerExpected;
            headerExpected = false;
            firstRow = names;
            return names ? null : ROW;
        }
    }
}
