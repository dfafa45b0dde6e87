package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Source;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.data.source.ZipStream;

/** How data are written, told by their first bytes; between the two kinds of text their name may decide. Who reads them. */
enum Format {
    /** Images, as MNIST has them. */
    IDX,
    /** A table of text. */
    CSV,
    /** Sparse rows of text. */
    LIBSVM,
    /** One array of NumPy. */
    NPY,
    /** Several arrays of NumPy. */
    NPZ;

    private static final int PEEK = 1 << 16;
    private static final List<String> SPARSE_NAMES = List.of(".libsvm", ".svm", ".svmlight");

    private static final int LINES = 20;

    /** How many bytes a message shows. */
    private static final int SHOWN = 8;

    /** The name of a column may begin as a tag does. */
    private static final Pattern WEB_PAGE = Pattern.compile("(?i)\\s*+<([!?]|(html|head|body)[\\s>])");

    /** A label, which may be missing, and pairs of index and value behind it. */
    private static final Pattern PAIRS =
            Pattern.compile("(?s)(\\S+[ \\t]+)?(qid:\\S+[ \\t]+)?[0-9]+:[^\\s:,;]+(\\s.*)?");

    /** Whatever is in it: read as ISO 8859-1, a byte of another letter may end a line, as patterns have it. */
    private static final Pattern COMMENT = Pattern.compile("(?s)#.*");

    private static final Pattern LABEL = Pattern.compile("[^\\s,;|]+");

    static Format of(Source source) {
        try (Unpacked content = source.open()) {
            return of(content.stream().readNBytes(PEEK), source);
        } catch (IOException e) {
            throw source.failed(e);
        }
    }

    /**
     * Reads all rows.
     *
     * @param test whether to read those that an archive keeps to test with, in place of the others
     */
    Dataset read(Source source, Reading reading, boolean test) {
        return switch (this) {
            case IDX -> ImageFile.read(source, reading);
            case CSV -> CsvFile.read(source, reading);
            case LIBSVM -> LibsvmFile.read(source, reading);
            case NPY -> NpyFile.read(source, reading);
            case NPZ -> NpzFile.read(source, reading, test);
        };
    }

    /** Opens the rows that {@link #read} reads, to go through them once. */
    RowStream stream(Source source, Reading reading, boolean test) {
        return switch (this) {
            case IDX -> ImageFile.stream(source, reading);
            case CSV -> CsvFile.stream(source, reading);
            case LIBSVM -> LibsvmFile.stream(source, reading);
            case NPY -> NpyFile.stream(source, reading);
            case NPZ -> NpzFile.stream(source, reading, test);
        };
    }

    /** Opens rows of which labels are not wanted, to go through them once. */
    RowReader rows(Source source, Reading given) {
        Reading reading = given.withoutLabels();
        return new RowReader(
                switch (this) {
                    case IDX -> ImageFile.streamUnlabelled(source, reading);
                    case CSV -> CsvFile.streamUnlabelled(source, given);
                    case LIBSVM -> LibsvmFile.streamCounted(source, reading, 1);
                    case NPY, NPZ -> stream(source, reading, true);
                },
                reading);
    }

    private static Format of(byte[] start, Source source) {
        if (start.length == 0) {
            throw new LanewiseException(BAD_DATA, "the file is empty")
                    .in(source.name())
                    .at("offset 0");
        }
        if (IdxHeader.isMagic(start)) {
            return IDX;
        }
        int compared = Math.min(start.length, NpyHeader.MAGIC.length);
        if (Arrays.equals(start, 0, compared, NpyHeader.MAGIC, 0, compared)) {
            return NPY;
        }
        if (start.length >= 4 && (ByteBuffer.wrap(start).getInt() == ZipStream.MAGIC)) {
            return NPZ;
        }
        return ofText(start, source);
    }

    private static Format ofText(byte[] start, Source source) {
        boolean utf16 = start.length >= 2 && (start[0] & start[1] & 0xff) >= 0xfe && start[0] != start[1];
        if (utf16) {
            throw ofNone(source, 0, bytes(start, 0)).hint("It looks like UTF-16: convert it to UTF-8 first.");
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        int zero = text.indexOf(0);
        if (zero >= 0) {
            // The first bytes tell what a file is that is no text.
            int at = zero < SHOWN ? 0 : zero;
            throw ofNone(source, at, bytes(start, Math.max(0, at - SHOWN / 2)));
        }
        if (WEB_PAGE.matcher(text).lookingAt()) {
            throw ofNone(source, 0, text.lines().findFirst().orElse(text))
                    .hint("It looks like a web page: download it again.");
        }
        String name = source.name().toString().toLowerCase(Locale.ROOT).replaceAll("\\.gz$", "");
        if (SPARSE_NAMES.stream().anyMatch(name::endsWith)) {
            return LIBSVM;
        }
        return looksSparse(text) ? LIBSVM : CSV;
    }

    private static LanewiseException ofNone(Source source, int offset, String found) {
        return new LanewiseException(BAD_DATA, "of no format that is read")
                .in(source.name())
                .at("offset " + offset)
                .expected("IDX, CSV, TSV, LIBSVM, NPY or NPZ", found);
    }

    private static String bytes(byte[] start, int from) {
        return HexFormat.ofDelimiter(" ").formatHex(start, from, Math.min(from + SHOWN, start.length));
    }

    /** Whether the first lines are labels with pairs behind some of them. In one that is cut, these may be missing. */
    private static boolean looksSparse(String text) {
        int cut = 1 + Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
        String whole = text.length() < PEEK ? text : text.substring(0, cut);
        return firstLines(text).anyMatch(line -> PAIRS.matcher(line).matches())
                && firstLines(whole)
                        .allMatch(line -> PAIRS.matcher(line).matches()
                                || LABEL.matcher(line).matches());
    }

    private static Stream<String> firstLines(String text) {
        return text.lines()
                .map(line -> COMMENT.matcher(line).replaceFirst("").strip())
                .filter(line -> !line.isEmpty())
                .limit(LINES);
    }
}
