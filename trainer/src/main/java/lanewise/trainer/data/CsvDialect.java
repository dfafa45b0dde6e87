package lanewise.trainer.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.data.source.Utf8Reader;
import lanewise.trainer.io.Decimals;

/**
 * How a table of text is written, told by its first rows.
 *
 * <p>The delimiter is the one of comma, tab, semicolon and bar under which all of these rows have the same number of columns,
 * two at least; of several the one under which more cells are numbers.
 *
 * <p>The first row is a header if a cell of it, other than the label, is not a number, if {@code --label} is the text of
 * a cell of it, if its label is what labels are often called, or if its label is not a number and that of the second row
 * is one; and if it has the names of the features that are wanted, and nothing else.
 *
 * @param delimiter what stands between two cells
 * @param first the cells of the first row
 * @param line in which line the first row begins
 * @param second the cells of the second row, or nothing
 * @param consistent whether all first rows have the same number of columns
 * @param failure why not even the first row could be read, or null
 */
record CsvDialect(
        char delimiter,
        List<String> first,
        long line,
        List<String> second,
        boolean consistent,
        CsvParseException failure) {
    private static final char[] DELIMITERS = {'\t', ';', '|', ','};
    private static final int ROWS = 10;

    /** The longest cell that is taken for sure; the parser keeps room for what comes behind it. */
    static final int LONGEST = 1 << 20;

    /** What the column of the classes is often called. */
    private static final Set<String> LABELS = Set.of("label", "labels", "class", "target");

    static CsvDialect of(Source source, Reading reading) throws IOException {
        List<CsvDialect> dialects = new ArrayList<>();
        for (char delimiter : DELIMITERS) {
            dialects.add(tryOut(delimiter, source, reading));
        }
        return dialects.stream()
                .max(Comparator.comparing(CsvDialect::fits)
                        .thenComparing(CsvDialect::isTooWide)
                        .thenComparingLong(dialect -> dialect.fits() ? dialect.numbers() : dialect.columns())
                        .thenComparingInt(CsvDialect::columns)
                        .thenComparing(CsvDialect::isTooLong))
                .orElseThrow();
    }

    private static CsvDialect tryOut(char delimiter, Source source, Reading reading) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        long line = 0;
        boolean consistent = true;
        CsvParseException failure = null;
        try (Unpacked content = source.open();
                CsvReader<CsvRecord> csv = parser(delimiter)
                        .build(
                                CsvRecordHandler.builder()
                                        .maxFields(reading.maxFeatures() + 2)
                                        .maxFieldSize(LONGEST)
                                        .maxRecordSize(longestRow(reading))
                                        .build(),
                                new Utf8Reader(content.stream()))) {
            var records = csv.iterator();
            for (int row = 0; row < ROWS && records.hasNext(); row++) {
                CsvRecord record = records.next();
                consistent &=
                        rows.isEmpty() || record.getFieldCount() == rows.get(0).size();
                if (row == 0) {
                    line = record.getStartingLineNumber();
                }
                if (row < 2) {
                    rows.add(record.getFields().stream().map(String::strip).toList());
                }
            }
        } catch (CsvParseException e) {
            rethrowCause(e);
            consistent = false;
            failure = rows.isEmpty() ? e : null;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        List<String> first = rows.isEmpty() ? List.of() : rows.get(0);
        return new CsvDialect(delimiter, first, line, rows.size() < 2 ? List.of() : rows.get(1), consistent, failure);
    }

    /** The longest first row: what so many numbers may take, and one long cell. */
    static int longestRow(Reading reading) {
        return (int) Math.min(Integer.MAX_VALUE, LONGEST + 32L * reading.maxFeatures());
    }

    /** A parser of the dialect that is as strict as can be. */
    static CsvReaderBuilder parser(char delimiter) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .maxBufferSize(2 * LONGEST);
    }

    /** Throws what has stopped the parser where that is not the text, such as a full heap. */
    static void rethrowCause(CsvParseException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        if (e.getCause() instanceof RuntimeException cause) {
            throw cause;
        }
    }

    int columns() {
        return first.size();
    }

    /** Whether the first row is too long, and was cut into cells, which the wrong delimiters do not do. */
    boolean isTooLong() {
        return failure != null && failure.getMessage().contains("exceeds the max record size");
    }

    /** Whether the first row has more cells than features are allowed, and a label. */
    boolean isTooWide() {
        return failure != null && failure.getMessage().contains("surpassed the maximum limit");
    }

    private boolean fits() {
        return consistent && columns() > 1;
    }

    /** How many cells are numbers, also with a comma for a point: then the comma is not what separates them. */
    private long numbers() {
        return IntStream.of(0, 1)
                .mapToObj(row -> row == 0 ? first : second)
                .flatMap(List::stream)
                .filter(CsvDialect::looksLikeNumber)
                .count();
    }

    /** The column of the labels if the first row is a header: the one that is named, or else is named as labels are, or last. */
    int labelByName(String label) {
        if (label != null) {
            return first.indexOf(label);
        }
        int[] named = IntStream.range(0, columns())
                .filter(column -> isLabel(first.get(column)))
                .toArray();
        return named.length == 1 ? named[0] : columns() - 1;
    }

    /** Whether a column is called as labels are. */
    static boolean isLabel(String name) {
        return LABELS.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Whether the first row names the columns.
     *
     * @param labelByPosition where the labels are if it does not; nowhere if -1
     */
    boolean hasHeader(Reading reading, int labelByPosition) {
        if (!first.isEmpty() && first.equals(reading.featureNames())) {
            return true;
        }
        String label = reading.label();
        if (label != null && !Decimals.isNumber(label) && first.contains(label)) {
            return true;
        }
        for (int column = 0; column < columns(); column++) {
            if (column != labelByPosition && isText(first.get(column))) {
                return true;
            }
        }
        if (labelByPosition < 0 || !isText(first.get(labelByPosition))) {
            return false;
        }
        String name = first.get(labelByPosition);
        boolean known = reading.classes() != null && reading.classes().contains(name);
        return !known
                && (isLabel(name) || labelByPosition < second.size() && Decimals.isNumber(second.get(labelByPosition)));
    }

    /** Neither a number, also with a comma for a point, nor what stands for a missing one or an infinity. */
    static boolean isText(String cell) {
        return !looksLikeNumber(cell) && !LabelTable.isMissing(cell) && !LabelTable.isInfinite(cell);
    }

    private static boolean looksLikeNumber(String cell) {
        return Decimals.isNumber(cell.replace(',', '.'));
    }

    /** The delimiter as people call it. */
    String delimiterName() {
        return switch (delimiter) {
            case '\t' -> "tabs";
            case ';' -> "semicolons";
            case '|' -> "bars";
            default -> "commas";
        };
    }
}
