package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.USAGE;

import de.siegmar.fastcsv.reader.CsvParseException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.io.Decimals;

/** Which columns a table has: one of labels, if any, and features in all others. */
final class CsvLayout {
    private static final int NO_LABEL = -1;
    private static final int LONGEST_NAME = 100;

    private final Source source;
    private final Reading reading;
    private final CsvDialect dialect;
    private final int columns;
    private final int label;
    private final boolean header;

    private CsvLayout(Source source, Reading reading, CsvDialect dialect) {
        this.source = source;
        this.reading = reading;
        this.dialect = dialect;
        this.columns = dialect.columns();
        requireFirstRow();
        // Each of three decisions rests on those before it.
        // 1. Whether there is a label: the number of columns tells, where that of the features is known.
        boolean labels = hasLabels();
        // 2. Whether there is a header: text makes one of the first row, but not that of a label.
        this.header = dialect.hasHeader(reading, labels ? position() : NO_LABEL);
        // 3. Where the label is: the header may name its column, or the features in all others.
        this.label = labels ? labelColumn() : NO_LABEL;
        if (labels && !reading.labelled() && reading.label() == null && reading.features() > 0 && !namesTell()) {
            requireObvious();
        }
        if (features() > reading.maxFeatures()) {
            throw tooManyColumns(features());
        }
        requireNames();
    }

    /** Refuses what has no first row to tell by. */
    private void requireFirstRow() {
        if (dialect.isTooLong()) {
            throw bad("the row is too long")
                    .at("the first row")
                    .expected("at most " + CsvDialect.longestRow(reading) + " characters", "more")
                    .hint("--max-features raises the limit.");
        }
        if (dialect.isTooWide()) {
            throw tooManyColumns("more");
        }
        if (dialect.failure() != null) {
            throw malformed(dialect.failure()).at("the first row");
        }
        if (columns == 0) {
            throw bad("there is no row in it");
        }
    }

    /** Looks at the first rows, and tells what it found. */
    static CsvLayout of(Source source, Reading reading) throws IOException {
        CsvLayout layout = new CsvLayout(source, reading, CsvDialect.of(source, reading));
        reading.notes().accept(layout.description());
        return layout;
    }

    char delimiter() {
        return dialect.delimiter();
    }

    /** How many columns every row has. */
    int columns() {
        return columns;
    }

    /** How many of them are features. */
    int features() {
        return isLabelled() ? columns - 1 : columns;
    }

    boolean isLabelled() {
        return label != NO_LABEL;
    }

    /** Which column holds the label, or -1. */
    int label() {
        return label;
    }

    /** Whether the first row names the columns. */
    boolean hasHeader() {
        return header;
    }

    /** The names of the features, or nothing at all. */
    List<String> featureNames() {
        if (!header) {
            return List.of();
        }
        List<String> names = new ArrayList<>(dialect.first());
        if (isLabelled()) {
            names.remove(label);
        }
        return names;
    }

    /** The name of the labels, or the usual one. */
    String labelName() {
        return header && isLabelled() ? dialect.first().get(label) : Dataset.LABEL;
    }

    /** Whether there is a column of labels; where the width is known, it tells. */
    private boolean hasLabels() {
        int known = reading.features();
        boolean wanted = wantsLabel() || !reading.withoutLabel() && (known == 0 ? columns > 1 : columns == known + 1);
        if (wanted && columns == 1) {
            throw undivided(bad("a single column is not a table of features and a label"));
        }
        if (known > 0 && columns != (wanted ? known + 1 : known)) {
            throw undivided(bad("rows of another width than the model takes")
                    .expected(
                            known
                                    + (wanted
                                            ? " features and a label"
                                            : reading.labelled() ? " features" : " features, with or without a label"),
                            columns + " columns"));
        }
        return wanted;
    }

    /** Whether there must be a label. */
    private boolean wantsLabel() {
        return !reading.withoutLabel() && (reading.labelled() || reading.label() != null);
    }

    /** Whether both the columns and the features that are wanted have names. */
    private boolean namesTell() {
        return header && !reading.featureNames().isEmpty();
    }

    /** The features stand in the order of the model, which knows them by their places alone. */
    private void requireNames() {
        if (!namesTell()) {
            return;
        }
        List<String> wanted = reading.featureNames();
        List<String> found = featureNames();
        for (int j = 0; j < wanted.size(); j++) {
            if (!found.get(j).equals(wanted.get(j))) {
                int column = isLabelled() && j >= label ? j + 1 : j;
                throw bad("not the columns that were learned")
                        .at(columnName(column))
                        .expected(shorten(wanted.get(j)), shorten(found.get(j)));
            }
        }
    }

    /** Of a table that has one column too many, the one to leave out is called a label, or holds text. */
    private void requireObvious() {
        List<String> row = header ? dialect.second() : dialect.first();
        boolean number = label < row.size() && Decimals.isNumber(row.get(label));
        if (number && !(header && CsvDialect.isLabel(dialect.first().get(label)))) {
            throw new LanewiseException(USAGE, "one column more than the model has features")
                    .in(source.name())
                    .expected("--label with the column to leave out", columns + " columns");
        }
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
        int named = namesTell() && reading.label() == null ? noFeature() : NO_LABEL;
        if (named == NO_LABEL && header) {
            named = dialect.labelByName(reading.label());
        }
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

    /** The one column that is called like none of the features, or -1. */
    private int noFeature() {
        Set<String> features = Set.copyOf(reading.featureNames());
        int[] others = IntStream.range(0, columns)
                .filter(column -> !features.contains(dialect.first().get(column)))
                .toArray();
        return others.length == 1 ? others[0] : NO_LABEL;
    }

    /** What was found, for people. */
    private String description() {
        String labels = isLabelled() ? "the label in " + columnName(label) : "no label";
        return source.name() + ": a table " + (columns == 1 ? "of one column" : "with " + dialect.delimiterName())
                + ", " + (header ? "a header in line " + dialect.line() + ", " : "no header, ") + labels;
    }

    /** What messages call a column. */
    String columnName(int column) {
        String name = header && column < columns ? dialect.first().get(column) : "";
        return "column " + (column + 1) + (name.isEmpty() ? "" : " (" + shorten(name) + ")");
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "...";
    }

    /** A parser that is lenient in everything else objects to quotes and to long cells alone. */
    LanewiseException malformed(CsvParseException e) {
        if (e.getMessage().startsWith("Unexpected character after closing quote")) {
            return bad("something follows the closing quote");
        }
        if (e.getMessage().startsWith("Unclosed quoted field")) {
            return bad("a quote is opened and never closed");
        }
        return bad("the cell is too long")
                .expected("at most " + CsvDialect.LONGEST + " characters", "more")
                .hint("A quote that is never closed makes one.");
    }

    /** The failure with what it may come from, if there is a single column where that is not what is wanted. */
    LanewiseException undivided(LanewiseException failure) {
        return columns == 1 && (wantsLabel() || reading.features() != 1)
                ? failure.hint("No comma, tab, semicolon or bar separates columns in the first row.")
                : failure;
    }

    private LanewiseException tooManyColumns(Object found) {
        return bad("too many columns")
                .expected("at most " + reading.maxFeatures() + " features", found)
                .hint("--max-features raises the limit.");
    }

    LanewiseException bad(String what) {
        return new LanewiseException(BAD_DATA, what).in(source.name());
    }
}
