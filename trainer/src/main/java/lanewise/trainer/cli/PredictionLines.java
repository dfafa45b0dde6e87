package lanewise.trainer.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.io.ShortestDecimal;

/** Lines of predictions, in memory that is used again. Probabilities have the fewest digits that read back as the same bits. */
final class PredictionLines {
    private final PredictionFormat format;
    private final byte[] heading;
    private final byte[][] classes;
    private final int roomForRow;
    private byte[] bytes = new byte[1 << 12];
    private int length;

    /**
     * No lines yet.
     *
     * @param format what they look like
     * @param count how many classes there are
     * @param names a name for each, or nothing at all
     */
    PredictionLines(PredictionFormat format, int count, List<String> names) {
        this.format = format;
        this.heading = format.heading(count, names);
        this.classes = format.values(count, names);
        int longest = Arrays.stream(classes).mapToInt(name -> name.length).max().orElse(0);
        this.roomForRow = Math.addExact(
                format.start.length + longest + format.middle.length + format.end.length,
                Math.multiplyExact(count, ShortestDecimal.ROOM));
    }

    /** Forgets the lines. */
    void clear() {
        length = 0;
    }

    /** Adds what stands above the first line. */
    void addHeading() {
        makeRoom(heading.length);
        append(heading);
    }

    /**
     * Adds a line.
     *
     * @param c the class that is predicted
     * @param probabilities those of every class
     * @param at index of the first one
     */
    void add(int c, float[] probabilities, int at) {
        makeRoom(roomForRow);
        append(format.start);
        append(classes[c]);
        append(format.middle);
        for (int i = 0; i < classes.length; i++) {
            if (i > 0) {
                bytes[length++] = ',';
            }
            length = ShortestDecimal.write(probabilities[at + i], bytes, length);
        }
        append(format.end);
    }

    /** Writes the lines. */
    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    private void makeRoom(int n) {
        if (bytes.length - length < n) {
            bytes = Arrays.copyOf(bytes, Math.addExact(2 * length, n));
        }
    }

    private void append(byte[] text) {
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }
}
