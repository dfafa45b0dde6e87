package lanewise.trainer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.core.io.JsonStringEncoder;

/** How predictions are written: a line for each row, in UTF-8. */
enum PredictionFormat {
    /** Comma-separated values behind a heading: the class, then the probability of each class. */
    CSV("", ",", "\n"),

    /** A JSON object on each line: the class, and the probabilities of all classes as an array. */
    JSONL("{\"class\":", ",\"probabilities\":[", "]}\n");

    /** What stands before the class. */
    final byte[] start;

    /** What stands between the class and the probabilities, which have commas between them. */
    final byte[] middle;

    /** What stands behind the probabilities. */
    final byte[] end;

    PredictionFormat(String start, String middle, String end) {
        this.start = start.getBytes(UTF_8);
        this.middle = middle.getBytes(UTF_8);
        this.end = end.getBytes(UTF_8);
    }

    /**
     * What stands above the first line.
     *
     * @param classes how many classes there are
     * @param names a name for each, or nothing at all
     */
    byte[] heading(int classes, List<String> names) {
        if (this == JSONL) {
            return new byte[0];
        }
        StringBuilder line = new StringBuilder("class");
        for (int c = 0; c < classes; c++) {
            line.append(',').append(names.isEmpty() ? "p" + c : quoted("p_" + names.get(c)));
        }
        return line.append('\n').toString().getBytes(UTF_8);
    }

    /**
     * How each class is written.
     *
     * @param classes how many classes there are
     * @param names a name for each, or nothing at all, which makes them numbers
     */
    byte[][] values(int classes, List<String> names) {
        return IntStream.range(0, classes)
                .mapToObj(c -> names.isEmpty() ? Integer.toString(c) : value(names.get(c)))
                .map(text -> text.getBytes(UTF_8))
                .toArray(byte[][]::new);
    }

    private String value(String name) {
        return this == CSV
                ? quoted(name)
                : '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(name)) + '"';
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                && text.equals(text.strip());
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
