package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.USAGE;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.RecordType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.LanewiseException;

/**
 * A table of text: comma-separated values or one of their cousins, in UTF-8. Every cell is a number but for those of one
 * column, which may hold the classes as numbers or text. Blanks around a cell do not count.
 */
final class CsvFile {
    private static final int NO_LABEL = -1;
    private static final int LONGEST_NAME = 100;

    private final Source source;
    private final Reading reading;
    private final CsvDialect dialect;

    /** How many columns every row has. */
    private final int columns;

    /** Which of them holds the label, or {@link #NO_LABEL}. */
    private final int label;

    private final boolean header;

    private CsvFile(Source source, Reading reading, CsvDialect dialect) {
        this.source = source;
        this.reading = reading;
        this.dialect = dialect;
        this.columns = dialect.columns();
        if (dialect.failure() != null) {
            throw misquoted(dialect.failure()).at("the first row");
        }
        if (columns == 0) {
            throw bad("there is no row in it");
        }
        boolean labels = hasLabels();
        this.header = dialect.hasHeader(reading, labels ? position() : NO_LABEL);
        this.label = labels ? labelColumn() : NO_LABEL;
        if (features() > reading.maxFeatures()) {
            throw bad("too many columns")
                    .expected("at most " + reading.maxFeatures() + " features", features())
                    .hint("--max-features raises the limit.");
        }
    }

    static Dataset read(Source source, Reading reading) {
        try {
            CsvFile file = new CsvFile(source, reading, CsvDialect.of(source, reading));
            reading.notes().accept(file.description());
            return file.read();
        } catch (Utf8Reader.NotUtf8 e) {
            throw TextPlace.notUtf8(source, e);
        } catch (IOException e) {
            throw source.failed(e);
        }
    }

    /** Whether there is a column of labels; where the width is known, it tells. */
    private boolean hasLabels() {
        int known = reading.features();
        boolean wanted = !reading.withoutLabel()
                && (reading.labelled() || reading.label() != null || (known == 0 ? columns > 1 : columns == known + 1));
        if (wanted && columns == 1) {
            throw bad("a single column is no table of features and a label");
        }
        if (known > 0 && columns != (wanted ? known + 1 : known)) {
            throw bad("rows of another width than the model takes")
                    .expected(
                            known
                                    + (wanted
                                            ? " features and a label"
                                            : reading.labelled() ? " features" : " features, with or without a label"),
                            columns + " columns");
        }
        return wanted;
    }

    /** The column that {@code --label} names by its number, or the last one if it names none; otherwise none. */
    private int position() {
        String name = reading.label();
        if (name == null) {
            return columns - 1;
        }
        if (!name.matches("[0-9]{1,9}")) {
            return NO_LABEL;
        }
        int column = Integer.parseInt(name) - 1;
        return column < columns ? column : NO_LABEL;
    }

    private int labelColumn() {
        int named = header ? dialect.labelByName(reading.label()) : NO_LABEL;
        int column = named != NO_LABEL ? named : position();
        if (column == NO_LABEL) {
            String names = header ? " or one of " + String.join(", ", dialect.first()) : "";
            throw new LanewiseException(USAGE, "there is no such column for the label")
                    .in(source.name())
                    .expected("1 to " + columns + names, reading.label());
        }
        if (header && dialect.first().lastIndexOf(reading.label()) != named && reading.label() != null) {
            throw new LanewiseException(USAGE, "two columns have the name of the label")
                    .in(source.name())
                    .expected("a name that is there once, or a number", reading.label());
        }
        return column;
    }

    private int features() {
        return label == NO_LABEL ? columns : columns - 1;
    }

    /** What was found, for people. */
    private String description() {
        String labels = label == NO_LABEL ? "no label" : "the label in " + columnName(label);
        return source.name() + ": a table with " + dialect.delimiterName() + ", "
                + (header ? "a header in line 1, " : "no header, ") + labels;
    }

    private String columnName(int column) {
        String name = header && column < columns ? dialect.first().get(column) : "";
        return "column " + (column + 1) + (name.isEmpty() ? "" : " (" + shorten(name) + ")");
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "...";
    }

    private Dataset read() throws IOException {
        try (Unpacked content = source.open()) {
            Rows rows = new Rows(content);
            try (CsvReader<Object> csv =
                    CsvDialect.parser(dialect.delimiter()).build(rows, new Utf8Reader(content.stream()))) {
                csv.iterator().hasNext();
            } catch (CsvParseException e) {
                throw rows.failure(e);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            return rows.finish();
        }
    }

    /** A parser that is lenient in everything else objects to quotes alone. */
    private LanewiseException misquoted(CsvParseException e) {
        boolean behind = e.getMessage().startsWith("Unexpected character after closing quote");
        return bad(behind ? "something follows the closing quote" : "a quote is opened and never closed");
    }

    private LanewiseException bad(String what) {
        return new LanewiseException(BAD_DATA, what).in(source.name());
    }

    /** Takes the cells as they come, and builds no record of them. */
    private final class Rows extends AbstractBaseCsvCallbackHandler<Object> {
        private final Unpacked content;
        private final LabelTable table = reading.newLabelTable();
        private final LabelTable.Place labelPlace = () -> place(label);
        private boolean headerExpected = header;
        private float[] values;
        private int[] labels;
        private int rows;
        private int used;

        Rows(Unpacked content) {
            this.content = content;
            int first = Growth.first(content);
            this.values = new float[Math.max(first, features())];
            this.labels = new int[label == NO_LABEL ? 0 : first / columns + 1];
        }

        /** Short, so that the parser has it inlined. */
        @Override
        protected void handleField(int column, char[] text, int offset, int length, boolean quoted) {
            float value = column < columns && column != label && !headerExpected
                    ? Decimals.parse(text, offset, offset + length)
                    : Float.NaN;
            if (Float.isFinite(value) && used < values.length) {
                values[used++] = value;
            } else {
                rareField(column, text, offset, offset + length);
            }
        }

        /** A label, a number with blanks around it or without room, or what is no number. */
        private void rareField(int column, char[] text, int start, int end) {
            if (column >= columns || headerExpected) {
                return;
            }
            int from = start;
            int to = end;
            while (from < to && isBlank(text[from])) {
                from++;
            }
            while (from < to && isBlank(text[to - 1])) {
                to--;
            }
            if (column == label) {
                setLabel(table.classOf(text, from, to, labelPlace));
                return;
            }
            if (used == values.length) {
                long needed = (long) used + features();
                values = Arrays.copyOf(values, Growth.next(needed, content, Float.BYTES, source.name()));
            }
            float value = Decimals.parse(text, from, to);
            values[used++] =
                    Float.isFinite(value) ? value : notFinite(value, column, new String(text, from, to - from));
        }

        private boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }

        private void setLabel(int value) {
            if (rows == labels.length) {
                labels = Arrays.copyOf(labels, Growth.next(rows + 1L, content, Integer.BYTES, source.name()));
            }
            labels[rows] = value;
        }

        private float notFinite(float value, int column, String cell) {
            String found = cell.isEmpty() ? "nothing" : cell;
            if (Float.isInfinite(value)) {
                throw bad("the number is too large for a float")
                        .at(place(column))
                        .expected("at most 3.4028235e38", found);
            }
            if (LabelTable.isMissing(cell)) {
                if (reading.keepMissing()) {
                    return Float.NaN;
                }
                throw bad("a value is missing").at(place(column)).expected("a number", found);
            }
            LanewiseException failure =
                    bad("not a number").at(place(column)).expected("a number such as -1.5e3", found);
            throw Decimals.isNumber(cell.replace(',', '.'))
                    ? failure.hint("A decimal comma is to be a point.")
                    : failure;
        }

        private String place(int column) {
            return "line " + getStartingLineNumber() + ", " + columnName(column);
        }

        @Override
        protected Object buildRecord() {
            if (getRecordType() == RecordType.EMPTY) {
                return null;
            }
            if (getFieldCount() != columns) {
                throw bad("a row of another length")
                        .at("line " + getStartingLineNumber())
                        .expected(columns + " columns", getFieldCount());
            }
            rows += headerExpected ? 0 : 1;
            headerExpected = false;
            return null;
        }

        /** What the parser did not like, or what stopped it from here. */
        LanewiseException failure(CsvParseException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof LanewiseException cause) {
                return cause.in(source.name());
            }
            if (e.getCause() instanceof RuntimeException defect) {
                throw defect;
            }
            return misquoted(e).at(place(getFieldCount()));
        }

        Dataset finish() {
            if (rows == 0) {
                throw bad("there is no row in it").expected("rows behind the header", "the header alone");
            }
            int[] classes = Arrays.copyOf(labels, label == NO_LABEL ? 0 : rows);
            List<String> names;
            try {
                names = label == NO_LABEL ? List.of() : table.settle(classes);
            } catch (LanewiseException e) {
                throw e.in(source.name());
            }
            float[] exact = values.length == used ? values : Arrays.copyOf(values, used);
            Dataset data = Dataset.of(exact, rows, features(), classes, names.size());
            if (header) {
                List<String> featureNames = new ArrayList<>(dialect.first());
                if (label != NO_LABEL) {
                    featureNames.remove(label);
                }
                data = data.withFeatureNames(featureNames);
            }
            return data.withClassNames(names);
        }
    }
}
