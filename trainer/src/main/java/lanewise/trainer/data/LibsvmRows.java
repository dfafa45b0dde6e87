package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.util.List;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.data.source.Utf8Reader;
import lanewise.trainer.io.Decimals;
import lanewise.trainer.io.Heap;

/**
 * Sparse rows as LIBSVM and SVMlight write them: {@code LABEL INDEX:VALUE INDEX:VALUE ...}, the indices ascending, with
 * {@code #} in front of a comment. A {@code qid:} behind the label is skipped.
 *
 * <p>Indices count from 1, unless a 0 among them shows that they count from 0, as in scikit-learn's
 * {@code load_svmlight_file}. That is known when all have been read, so the rows have their indices for columns.
 */
final class LibsvmRows {
    private static final int LONGEST_TOKEN = 1 << 16;

    /** How many entries are read at a time: with a row behind them, arrays that no collector treats apart. */
    private static final int BLOCK_ENTRIES = 1 << 15;

    private final Source source;
    private final Reading reading;
    private final LabelTable table;
    private final LabelTable.Place labelPlace = () -> "line " + lineNumber();

    // The text that has been read and not looked at yet: a line may be longer.
    private final Utf8Reader reader;
    private final char[] text = new char[LONGEST_TOKEN];
    private int position;
    private int limit;
    private boolean ended;
    private long lines;

    private boolean labelled;
    private long rows;
    private int smallest = Integer.MAX_VALUE;
    private int largest = -1;

    LibsvmRows(Source source, Reading reading, Unpacked content) {
        this.source = source;
        this.reading = reading;
        this.labelled = !reading.withoutLabel();
        this.table = reading.newLabelTable();
        this.reader = new Utf8Reader(content.stream());
    }

    /** A builder for {@link #read}. */
    CsrBuilder newBlock() {
        return new CsrBuilder(2 * BLOCK_ENTRIES, (needed, bytes) -> {
            long size = 2 * needed;
            if (!Heap.fits(bytes * (needed + size), size)) {
                throw Heap.shortage(bytes * (needed + size), size, source.name())
                        .at(place());
            }
            return (int) size;
        });
    }

    /**
     * Reads the next rows in place of those before: at most so many, or fewer units of them if they are long, and none behind
     * the last.
     */
    void read(CsrBuilder block, int most, int unit) throws IOException {
        block.clear();
        while (block.rows() < most && (block.entries() < BLOCK_ENTRIES || block.rows() % unit != 0) && next(block)) {}
    }

    /** Adds the next row, labelled with a stand-in, or returns false behind the last. */
    boolean next(SparseSink to) throws IOException {
        while (hasMore()) {
            lines++;
            boolean isRow = row(to);
            endLine();
            if (isRow) {
                return true;
            }
        }
        return false;
    }

    /** Whether the rows have labels, when one has been read. */
    boolean isLabelled() {
        return labelled;
    }

    /** Looks at what all rows have shown, and tells of it. */
    RowStream.Columns columns() {
        if (rows == 0) {
            throw bad("there is no row in it");
        }
        int known = reading.features();
        if (largest < 0 && known == 0) {
            throw bad("no row has a feature");
        }
        int first = reading.firstIndex() >= 0 ? reading.firstIndex() : smallest == 0 ? 0 : 1;
        if (smallest < first) {
            throw bad("an index is 0").expected("indices from 1, as in the training rows", 0);
        }
        int features = largest + 1 - first;
        if (known > 0 && features > known) {
            throw bad("more features than the model takes").expected("indices up to " + (known - 1 + first), largest);
        }
        reading.notes().accept(source.name() + ": sparse rows, indices from " + first);
        return new RowStream.Columns(first, Math.max(features, known));
    }

    /** Whether all indices so far are of columns that were told of. */
    boolean isWithin(RowStream.Columns columns) {
        return smallest >= columns.first() && largest - columns.first() < columns.features();
    }

    /** As {@link LabelTable#settle}; without labels there are no classes. */
    List<String> settle(int[] standIns) {
        return labelled ? table.settle(standIns) : List.of();
    }

    /** Whether there is more text at the position, behind the last of which there is none. */
    private boolean hasMore() throws IOException {
        while (position == limit && !ended) {
            fill();
        }
        return position < limit;
    }

    /** Moves what has begun to the front and reads on behind it. */
    private void fill() throws IOException {
        System.arraycopy(text, position, text, 0, limit - position);
        limit -= position;
        position = 0;
        // A pair of surrogates is read as a whole.
        if (limit >= text.length - 1) {
            throw bad("the token is too long")
                    .at(place())
                    .expected("at most " + (LONGEST_TOKEN - 2) + " characters", "more");
        }
        int n = reader.read(text, limit, text.length - limit);
        ended = n < 0;
        limit += Math.max(0, n);
    }

    /** Takes the row of the line, if there is one. */
    private boolean row(SparseSink to) throws IOException {
        if (!toToken()) {
            return false;
        }
        int end = tokenEnd();
        int label = 0;
        if (indexOf(':', position, end) < 0) {
            label = label(position, end);
            position = end;
            if (toToken()) {
                end = tokenEnd();
                int i = position;
                if (end - i > 4 && text[i] == 'q' && text[i + 1] == 'i' && text[i + 2] == 'd' && text[i + 3] == ':') {
                    position = end;
                }
            }
        } else {
            noLabel();
        }
        int last = -1;
        while (toToken()) {
            end = tokenEnd();
            last = pair(position, end, last, to);
            position = end;
        }
        rows++;
        to.endRow(label);
        return true;
    }

    /** Goes to the next token of the line, or returns false where there is none. */
    private boolean toToken() throws IOException {
        while (hasMore() && isBlank(text[position])) {
            position++;
        }
        return position < limit && !isLineEnd(text[position]) && text[position] != '#';
    }

    /** The end of the token at the position, all of which is in the text then. */
    private int tokenEnd() throws IOException {
        int i = position;
        while (true) {
            while (i < limit && !isEnd(text[i])) {
                i++;
            }
            if (i < limit || ended) {
                return i;
            }
            i -= position;
            fill();
        }
    }

    /** Goes behind the line, and any comment at its end. */
    private void endLine() throws IOException {
        while (hasMore() && !isLineEnd(text[position])) {
            position++;
        }
        if (hasMore() && text[position++] == '\r' && hasMore() && text[position] == '\n') {
            position++;
        }
    }

    private int label(int from, int to) {
        if (reading.withoutLabel()) {
            return 0;
        }
        if (indexOf(',', from, to) >= 0) {
            throw bad("several labels").at(place()).expected("one label", token(from, to));
        }
        if (!labelled) {
            throw bad("some rows have a label and some have none").at(place());
        }
        return table.standInOf(text, from, to, labelPlace);
    }

    private void noLabel() {
        if (!labelled) {
            return;
        }
        if (reading.labelled()) {
            throw bad("the label is missing").at(place());
        }
        if (rows > 0) {
            throw bad("some rows have a label and some have none").at(place());
        }
        labelled = false;
    }

    /** Takes one INDEX:VALUE, which follows that of the last index. */
    private int pair(int from, int to, int last, SparseSink row) {
        int colon = indexOf(':', from, to);
        int index = colon < 0 ? -1 : index(from, colon);
        if (index < 0) {
            throw bad("not a pair of index and value").at(place()).expected("such as 7:0.5", token(from, to));
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
            row.add(index, value);
        }
        return index;
    }

    /** The index that the digits say, or -1 if they are none; the largest int, which no limit is, stands for larger ones. */
    private int index(int from, int to) {
        long index = from == to ? -1 : 0;
        for (int i = from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return -1;
            }
            index = Math.min(10 * index + (text[i] - '0'), Integer.MAX_VALUE);
        }
        return (int) index;
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

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    /** Whether a token ends there. Digits, letters and most signs are told by one comparison. */
    private static boolean isEnd(char c) {
        return c <= '#' && (isBlank(c) || isLineEnd(c) || c == '#');
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
