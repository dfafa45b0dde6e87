package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.CsvWriter.CsvWriterRecord;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lanewise.trainer.LanewiseException;
import tools.jackson.core.io.NumberOutput;

/** Data sets as text. A number has the fewest digits that read back as the same float. */
final class TextWriter {
    private static final int MOST_WHOLE = 1 << 24;

    private TextWriter() {}

    /** A table with a header, and the label in the last column. */
    static void writeTable(Dataset data, char delimiter, OutputStream out) throws IOException {
        try {
            writeRows(data, delimiter, out);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void writeRows(Dataset data, char delimiter, OutputStream out) throws IOException {
        boolean labelled = data.labels().length > 0;
        CsvWriter csv = CsvWriter.builder()
                .fieldSeparator(delimiter)
                .lineDelimiter(LineDelimiter.LF)
                .build(out, StandardCharsets.UTF_8);
        CsvWriterRecord header = csv.writeRecord();
        boolean named = areTold(data);
        for (int j = 0; j < data.features(); j++) {
            header.writeField(named ? data.featureNames().get(j) : "f" + (j + 1));
        }
        if (labelled) {
            header.writeField(labelName(data));
        }
        header.endRecord();
        float[] row = new float[data.features()];
        for (int i = 0; i < data.rows(); i++) {
            data.copyRows(i, 1, row, 0);
            CsvWriterRecord record = csv.writeRecord();
            for (float value : row) {
                record.writeField(number(value));
            }
            if (labelled) {
                record.writeField(data.classNames().get(data.labels()[i]));
            }
            record.endRecord();
        }
        csv.flush();
    }

    /** Its own name, unless the reader would take a feature for the label, or no header for one: a name that says nothing. */
    private static String labelName(Dataset data) {
        String name = data.labelName();
        boolean mistaken = !CsvDialect.isLabel(name)
                && data.featureNames().stream().filter(CsvDialect::isLabel).count() == 1;
        return mistaken || LabelTable.isMissing(name) ? Dataset.LABEL : name;
    }

    /** Whether there are names that the reader tells from a row, which may be of numbers; the name of the label may tell. */
    private static boolean areTold(Dataset data) {
        List<String> names = data.featureNames();
        if (names.isEmpty() || names instanceof ClassNames.Counted) {
            return false;
        }
        return names.stream().anyMatch(CsvDialect::isText) || isToldByLabel(data);
    }

    /** The name of a class makes a row of the first one, for a reader that knows the classes. */
    private static boolean isToldByLabel(Dataset data) {
        String name = labelName(data);
        return data.labels().length > 0
                && CsvDialect.isLabel(name)
                && !data.classNames().contains(name);
    }

    /** Labels and pairs, indices from 1, or from 0 if the rows come from a file that counts so; the first row shows that. */
    static void writeSparse(Dataset data, OutputStream out) throws IOException {
        if (data.labels().length == 0) {
            throw new LanewiseException(BAD_DATA, "sparse rows begin with their label").expected("labels", "none");
        }
        long[] numbers = ClassNames.numbers(data.classNames());
        int first = data.firstIndex() == 0 ? 0 : 1;
        Csr sparse = data.sparse().orElse(null);
        float[] row = new float[sparse == null ? data.features() : 0];
        StringBuilder line = new StringBuilder();
        boolean last = false;
        for (int i = 0; i < data.rows(); i++) {
            line.append(numbers[data.labels()[i]]);
            if (sparse != null) {
                if (i == 0 && first == 0 && (sparse.rowStart()[1] == 0 || sparse.columns()[0] > 0)) {
                    line.append(" 0:0");
                    last = data.features() == 1;
                }
                for (int at = sparse.rowStart()[i]; at < sparse.rowStart()[i + 1]; at++) {
                    pair(line, sparse.columns()[at] + first, sparse.values()[at]);
                    last |= sparse.columns()[at] == data.features() - 1;
                }
            } else {
                data.copyRows(i, 1, row, 0);
                for (int j = 0; j < row.length; j++) {
                    if (row[j] != 0) {
                        pair(line, j + first, row[j]);
                        last |= j == data.features() - 1;
                    }
                }
            }
            if (i == data.rows() - 1 && !last) {
                line.append(' ').append(data.features() - 1 + first).append(":0");
            }
            out.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
            line.setLength(0);
        }
    }

    private static void pair(StringBuilder line, int index, float value) {
        line.append(' ').append(index).append(':').append(number(value));
    }

    private static String number(float value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) <= MOST_WHOLE;
        boolean negativeZero = value == 0 && 1 / value < 0;
        return whole && !negativeZero ? Integer.toString((int) value) : NumberOutput.toString(value, true);
    }
}
