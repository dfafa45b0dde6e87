package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.LanewiseException;

/**
 * Sparse rows as LIBSVM and SVMlight write them: {@code LABEL INDEX:VALUE INDEX:VALUE ...}, the indices ascending, with
 * {@code #} in front of a comment. A {@code qid:} behind the label is skipped.
 *
 * <p>Indices count from 1, unless a 0 among them shows that they count from 0, as in scikit-learn's
 * {@code load_svmlight_file}.
 */
final class LibsvmFile {
    private static final int LONGEST_LINE = 1 << 24;
    private static final int FIRST_ROOM = 1 << 16;

    private final Source source;
    private final Reading reading;
    private final Unpacked content;
    private final LabelTable table;
    private final LabelTable.Place labelPlace = () -> "line " + lineNumber();

    // The text that has been read and not looked at yet, which begins with a line.
    private final Utf8Reader reader;
    private char[] text = new char[FIRST_ROOM];
    private int position;
    private int limit;
    private boolean ended;
    private long lines;

    private int[] labels;
    private boolean labelled = true;
    private int rows;
    private int[] rowStart;
    private int[] columns;
    private float[] values;
    private int kept;
    private int smallest = Integer.MAX_VALUE;
    private int largest = -1;

    private LibsvmFile(Source source, Reading reading, Unpacked content) {
        this.source = source;
        this.reading = reading;
        this.content = content;
        this.table = reading.newLabelTable();
        this.reader = new Utf8Reader(content.stream());
        int first = Growth.first(content);
        labels = new int[first / 8 + 1];
        rowStart = new int[labels.length + 1];
        columns = new int[first];
        values = new float[first];
    }

    static Dataset read(Source source, Reading reading) {
        return source.reading(() -> {
            try (Unpacked content = source.open()) {
                return new LibsvmFile(source, reading, content).read();
            }
        });
    }

    private Dataset read() throws IOException {
        for (int end = lineEnd(); end >= 0; end = lineEnd()) {
            row(end);
            boolean both = text[end] == '\r' && end + 1 < limit && text[end + 1] == '\n';
            position = Math.min(limit, end + (both ? 2 : 1));
        }
        if (rows == 0) {
            throw bad("there is no row in it");
        }
        return dataset();
    }

    /** The end of the next line, or -1 if there is no more. */
    private int lineEnd() throws IOException {
        lines++;
        int i = position;
        while (true) {
            while (i < limit && text[i] != '\n' && text[i] != '\r') {
                i++;
            }
            boolean pending = i + 1 == limit && text[i] == '\r' && !ended;
            if (i < limit && !pending) {
                return i;
            }
            if (ended) {
                return position < limit ? terminate() : -1;
            }
            i -= position;
            fill();
        }
    }

    /** Ends the last line, which lacks its line feed. */
    private int terminate() {
        if (limit == text.length) {
            text = Arrays.copyOf(text, limit + 1);
        }
        text[limit++] = '\n';
        return limit - 1;
    }

    /** Moves the line that has begun to the front and reads on behind it. */
    private void fill() throws IOException {
        System.arraycopy(text, position, text, 0, limit - position);
        limit -= position;
        position = 0;
        if (limit > LONGEST_LINE) {
            throw bad("the line is too long").at(place()).expected("at most " + LONGEST_LINE + " characters", "more");
        }
        if (limit > text.length / 2) {
            int room = Math.min(2 * text.length, LONGEST_LINE + FIRST_ROOM);
            text = room > text.length ? Arrays.copyOf(text, room) : text;
        }
        int n = reader.read(text, limit, text.length - limit);
        ended = n < 0;
        limit += Math.max(0, n);
    }

    private void row(int end) {
        int i = skipBlanks(position, end);
        if (i == end || text[i] == '#') {
            return;
        }
        begin();
        int tokenEnd = tokenEnd(i, end);
        if (indexOf(':', i, tokenEnd) < 0) {
            label(i, tokenEnd);
            i = skipBlanks(tokenEnd, end);
            if (end - i > 4 && text[i] == 'q' && text[i + 1] == 'i' && text[i + 2] == 'd' && text[i + 3] == ':') {
                i = skipBlanks(tokenEnd(i, end), end);
            }
        } else {
            noLabel();
        }
        int last = -1;
        while (i < end && text[i] != '#') {
            tokenEnd = tokenEnd(i, end);
            last = pair(i, tokenEnd, last);
            i = skipBlanks(tokenEnd, end);
        }
        rows++;
        rowStart[rows] = kept;
    }

    private void begin() {
        if (rows == labels.length) {
            int size = Growth.next(rows + 1L, content, 2 * Integer.BYTES, source.name());
            labels = Arrays.copyOf(labels, size);
            rowStart = Arrays.copyOf(rowStart, size + 1);
        }
    }

    private void label(int from, int to) {
        if (indexOf(',', from, to) >= 0) {
            throw bad("several labels").at(place()).expected("one label", token(from, to));
        }
        if (!labelled) {
            throw bad("some rows have a label and some have none").at(place());
        }
        labels[rows] = table.classOf(text, from, to, labelPlace);
    }

    private void noLabel() {
        if (reading.labelled()) {
            throw bad("the label is missing").at(place());
        }
        if (labelled && rows > 0) {
            throw bad("some rows have a label and some have none").at(place());
        }
        labelled = false;
    }

    /** Takes one INDEX:VALUE, which follows that of the last index. */
    private int pair(int from, int to, int last) {
        int colon = indexOf(':', from, to);
        int index = colon < 0 ? -1 : index(from, colon);
        if (index < 0) {
            throw bad("no pair of index and value").at(place()).expected("such as 7:0.5", token(from, to));
        }
        if (index > reading.maxFeatures()) {
            throw bad("the index is too large")
                    .at(place())
                    .expected("at most " + reading.maxFeatures(), token(from, colon))
                    .hint("--max-features raises the limit.");
        }
        if (index <= last) {
            throw bad(index == last ? "the index is there twice" : "the indices do not ascend")
                    .at(place())
                    .expected("more than " + last, index);
        }
        smallest = Math.min(smallest, index);
        largest = Math.max(largest, index);
        float value = Decimals.parse(text, colon + 1, to);
        if (!Float.isFinite(value)) {
            throw notFinite(value, colon + 1, to);
        }
        if (value != 0) {
            keep(index, value);
        }
        return index;
    }

    /** The index that the digits say, or -1 if they are none; one of more than 9 digits is larger than any limit. */
    private int index(int from, int to) {
        int index = from == to ? -1 : 0;
        for (int i = from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return -1;
            }
            index = index > 99_999_999 ? Integer.MAX_VALUE : 10 * index + (text[i] - '0');
        }
        return index;
    }

    private LanewiseException notFinite(float value, int from, int to) {
        if (Float.isInfinite(value)) {
            return bad("the number is too large for a float")
                    .at(place())
                    .expected("at most 3.4028235e38", token(from, to));
        }
        return bad("not a number")
                .at(place())
                .expected("a number such as -1.5e3", from == to ? "nothing" : token(from, to));
    }

    private void keep(int index, float value) {
        if (kept == columns.length) {
            int size = Growth.next(kept + 1L, content, Integer.BYTES + Float.BYTES, source.name());
            columns = Arrays.copyOf(columns, size);
            values = Arrays.copyOf(values, size);
        }
        columns[kept] = index;
        values[kept++] = value;
    }

    private Dataset dataset() {
        if (largest < 0) {
            throw bad("no row has a feature");
        }
        int base = reading.firstIndex() >= 0 ? reading.firstIndex() : smallest == 0 ? 0 : 1;
        if (smallest < base) {
            throw bad("an index is 0").expected("indices from 1, as in the rows to learn", 0);
        }
        int known = reading.features();
        int features = largest + 1 - base;
        if (known > 0 && features > known) {
            throw bad("more features than the model takes").expected("indices up to " + (known - 1 + base), largest);
        }
        features = Math.max(features, known);
        reading.notes().accept(source.name() + ": sparse rows, indices from " + base);
        for (int i = 0; i < kept; i++) {
            columns[i] -= base;
        }
        int[] classes = Arrays.copyOf(labels, labelled ? rows : 0);
        List<String> names = labelled ? table.settle(classes) : List.of();
        Csr csr = new Csr(Arrays.copyOf(rowStart, rows + 1), Arrays.copyOf(columns, kept), Arrays.copyOf(values, kept));
        return Dataset.ofSparse(csr, features, classes, names.size())
                .withClassNames(names)
                .withFeatureNames(new ClassNames.Counted(base, features));
    }

    private int skipBlanks(int from, int to) {
        int i = from;
        while (i < to && isBlank(text[i])) {
            i++;
        }
        return i;
    }

    private int tokenEnd(int from, int to) {
        int i = from;
        while (i < to && !isBlank(text[i]) && text[i] != '#') {
            i++;
        }
        return i;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private int indexOf(char c, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == c) {
                return i;
            }
        }
        return -1;
    }

    private String token(int from, int to) {
        return new String(text, from, to - from);
    }

    private long lineNumber() {
        return lines;
    }

    private String place() {
        return labelPlace.get();
    }

    private LanewiseException bad(String what) {
        return new LanewiseException(BAD_DATA, what);
    }
}
