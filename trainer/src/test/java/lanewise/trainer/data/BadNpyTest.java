package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.NO_MEMORY;
import static lanewise.trainer.ExitCode.USAGE;
import static lanewise.trainer.Refusal.assertRefused;
import static lanewise.trainer.Refusal.refused;
import static lanewise.trainer.data.IdxBytes.concat;
import static lanewise.trainer.data.IdxBytes.gzip;
import static lanewise.trainer.data.IdxBytes.with;
import static lanewise.trainer.data.NpyBytes.bytes;
import static lanewise.trainer.data.NpyBytes.dict;
import static lanewise.trainer.data.NpyBytes.floats;
import static lanewise.trainer.data.NpyBytes.npy;
import static lanewise.trainer.data.NpyBytes.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.FaultyFileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged arrays and archives: each is refused with one line that says where, what was expected and what was found. */
@Tag("no-kernel")
class BadNpyTest {
    private static final byte[] TABLE = floats("(2, 3)", 1, 2, 3, 4, 5, 6);
    private static final byte[] LABELS = bytes("(2,)", 0, 1);
    private static final byte[] ARCHIVE = zip(false, "X.npy", TABLE, "y.npy", LABELS);
    private static final byte[] PACKED = zip(true, "X.npy", TABLE, "y.npy", LABELS);
    private static final String NO_FORMAT =
            "offset 0: of no format that is read (expected IDX, CSV, TSV, LIBSVM, NPY or NPZ, found ";

    @TempDir
    Path folder;

    private final DataReader unlabelled = DataReader.builder().label("none").build();
    private final DataReader labelled = DataReader.builder().build();

    private static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    /** The header of an array with a length of 32 bits. */
    private static byte[] versionTwo(long length) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC)
                .put((byte) 2)
                .put((byte) 0)
                .putInt((int) length)
                .array();
    }

    /** Begins as TABLE does, but for the magic. */
    private static byte[] withMagic(String magic) {
        byte[] changed = TABLE.clone();
        System.arraycopy(magic.getBytes(ISO_8859_1), 0, changed, 0, magic.length());
        return changed;
    }

    static Stream<Arguments> damagedArrays() {
        return Stream.of(
                arguments("0x92NUMPY", withMagic("\u0092NUMPY"), NO_FORMAT + "92 4e 55 4d 50 59 01 00)"),
                arguments("0x93numpy", withMagic("\u0093numpy"), NO_FORMAT + "93 6e 75 6d 70 79 01 00)"),
                arguments("0x93MATLB", withMagic("\u0093MATLB"), NO_FORMAT + "93 4d 41 54 4c 42 01 00)"),
                arguments("3 bytes", cut(TABLE, 3), "offset 3: the header is cut short (expected 8 bytes, found 3)"),
                arguments("9 bytes", cut(TABLE, 9), "offset 9: the header is cut short (expected 10 bytes, found 9)"),
                arguments(
                        "half a header",
                        cut(TABLE, 40),
                        "offset 40: the header is cut short (expected 70 bytes, found 40)"),
                arguments(
                        "version 0",
                        with(TABLE, 6, 0),
                        "offset 6: this version of the format is not read (expected 1.0, 2.0 or 3.0, found 0.0)"),
                arguments(
                        "version 4",
                        with(TABLE, 6, 4),
                        "offset 6: this version of the format is not read (expected 1.0, 2.0 or 3.0, found 4.0)"),
                arguments(
                        "version 1.1",
                        with(TABLE, 7, 1),
                        "offset 6: this version of the format is not read (expected 1.0, 2.0 or 3.0, found 1.1)"),
                arguments(
                        "version 255.255",
                        with(with(TABLE, 6, 255), 7, 255),
                        "offset 6: this version of the format is not read (expected 1.0, 2.0 or 3.0, found 255.255)"),
                arguments(
                        "a header of 4 GiB",
                        versionTwo(0xffffffffL),
                        "offset 8: the header is too long (expected at most 10000 bytes, found 4294967295)"),
                arguments(
                        "a header of 10,001 bytes",
                        versionTwo(10_001),
                        "offset 8: the header is too long (expected at most 10000 bytes, found 10001)"),
                arguments(
                        "1 byte short",
                        cut(TABLE, 93),
                        "shorter than its header says (expected 94 bytes, found 93 bytes)"),
                arguments(
                        "1 byte long",
                        concat(TABLE, new byte[1]),
                        "longer than its header says (expected 94 bytes, found 95 bytes)"),
                arguments(
                        "two arrays in a file",
                        concat(TABLE, TABLE),
                        "longer than its header says (expected 94 bytes, found 188 bytes)"),
                arguments(
                        "1 byte short, packed", gzip(cut(TABLE, 93)), "cut short (expected 94 bytes, found 93 bytes)"),
                arguments("1 byte long, packed", gzip(concat(TABLE, new byte[1])), "goes on after the last item"),
                arguments("a bomb", gzip(concat(TABLE, new byte[1 << 20])), "goes on after the last item"),
                arguments(
                        "bytes 1 short, packed",
                        gzip(cut(bytes("(1, 3)", 1, 2, 3), 72)),
                        "cut short (expected 73 bytes, found 72 bytes)"),
                arguments(
                        "not finite",
                        floats("(2, 2)", 1, 2, Float.NaN, 4),
                        "row 1, column 0: the value is not a finite float (expected a finite number, found NaN)"),
                arguments(
                        "infinite",
                        floats("(2, 2)", 1, 2, 3, Float.NEGATIVE_INFINITY),
                        "row 1, column 1: the value is not a finite float (expected a finite number, found -Infinity)"),
                arguments(
                        "too large for a float",
                        npy(
                                dict(">f8", "(1, 1)"),
                                ByteBuffer.allocate(8).putDouble(1e300).array()),
                        "row 0, column 0: the value is not a finite float (expected a finite number, found Infinity)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damagedArrays")
    void arraysAreRefused(String name, byte[] content, String line) throws IOException {
        Path file = Files.write(folder.resolve("a.npy"), content);
        assertRefused(() -> unlabelled.read(file), BAD_DATA, file + ": " + line);
    }

    private static final String TYPES = "(expected u1, i4, i8, f4 or f8, found ";

    /** In each dict TYPE and SHAPE stand for sound ones. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '~', textBlock = """
            {'descr': '|O', 'fortran_order': False, 'shape': SHAPE}   > offset 10: arrays of objects are refused: what is in them could run as a program TYPES|O)
            {'descr': 'O', 'fortran_order': False, 'shape': SHAPE}    > offset 10: arrays of objects are refused: what is in them could run as a program TYPESO)
            {'descr': '<U8', 'fortran_order': False, 'shape': SHAPE}  > offset 10: items of this type are not read TYPES<U8)
            {'descr': '|S4', 'fortran_order': False, 'shape': SHAPE}  > offset 10: items of this type are not read TYPES|S4)
            {'descr': '|b1', 'fortran_order': False, 'shape': SHAPE}  > offset 10: items of this type are not read TYPES|b1)
            {'descr': '<i2', 'fortran_order': False, 'shape': SHAPE}  > offset 10: items of this type are not read TYPES<i2)
            {'descr': '<f2', 'fortran_order': False, 'shape': SHAPE}  > offset 10: items of this type are not read TYPES<f2)
            {'descr': '<c8', 'fortran_order': False, 'shape': SHAPE}  > offset 10: items of this type are not read TYPES<c8)
            {'descr': '<f16', 'fortran_order': False, 'shape': SHAPE} > offset 10: items of this type are not read TYPES<f16)
            {'descr': '|f4', 'fortran_order': False, 'shape': SHAPE}  > offset 10: items of this type are not read TYPES|f4)
            {'descr': '', 'fortran_order': False, 'shape': SHAPE}     > offset 10: items of this type are not read TYPES)
            {'descr': [('a', '<f4')], 'fortran_order': False, 'shape': SHAPE} > offset 20: records are not read TYPESa list of fields)
            {'descr': TYPE, 'fortran_order': False, 'shape': ()}      > the wrong number of dimensions (expected rows x features or images, found a single number)
            {'descr': TYPE, 'fortran_order': False, 'shape': (1,)}    > the wrong number of dimensions (expected rows x features or images, found 1)
            {'descr': TYPE, 'fortran_order': False, 'shape': (0, 3)}  > offset 10: there is nothing in it (expected sizes of at least 1, found [0, 3])
            {'descr': TYPE, 'fortran_order': False, 'shape': (3, 0)}  > offset 10: there is nothing in it (expected sizes of at least 1, found [3, 0])
            {'descr': TYPE, 'fortran_order': False, 'shape': (0,)}    > offset 10: there is nothing in it (expected sizes of at least 1, found [0])
            {'descr': TYPE, 'fortran_order': False, 'shape': (2147483648, 1)} > shorter than its header says (expected 8,589,934,669 bytes, found 81 bytes)
            {'descr': TYPE, 'fortran_order': False, 'shape': (65536, 65536)}  > shorter than its header says (expected 17,179,869,260 bytes, found 80 bytes)
            {'descr': TYPE, 'fortran_order': False, 'shape': (4294967296, 4294967296)} > offset 10: the header claims more than any file can hold (expected at most 2^58 items, found [4294967296, 4294967296])
            {'descr': TYPE, 'fortran_order': False, 'shape': (9999999999999999999, 1)} > offset 61: a size is too large (expected at most 18 digits, found 9999999999999999999)
            {'descr': TYPE, 'fortran_order': False, 'shape': (-1, 1)} > offset 61: the header is damaged (expected a size, found -1, 1)}\\x0a)
            {'descr': TYPE, 'fortran_order': False, 'shape': (1)}     > offset 63: the header is damaged (expected a comma behind a single size, found }\\x0a)
            {'descr': TYPE, 'fortran_order': False, 'shape': (1.0, 1)} > offset 62: the header is damaged (expected ), found .0, 1)}\\x0a)
            {'descr': TYPE, 'fortran_order': False, 'shape': [1, 1]}  > offset 60: the header is damaged (expected (, found [1, 1]}\\x0a)
            {'descr': TYPE, 'fortran_order': False, 'shape': (1, 1    > offset 66: the header is damaged (expected ), found its end)
            {'descr': TYPE, 'fortran_order': 0, 'shape': SHAPE}       > offset 44: the header is damaged (expected True or False, found 0, 'shape')
            {'descr': TYPE, 'fortran_order': false, 'shape': SHAPE}   > offset 44: the header is damaged (expected True or False, found false, 'sh)
            {'descr': TYPE, 'fortran_order': False}                   > offset 10: the header is incomplete (expected descr, fortran_order and shape, found not all of them)
            {'descr': TYPE, 'shape': SHAPE}                           > offset 10: the header is incomplete (expected descr, fortran_order and shape, found not all of them)
            {}                                                        > offset 10: the header is incomplete (expected descr, fortran_order and shape, found not all of them)
            {'descr': TYPE, 'descr': TYPE, 'fortran_order': False, 'shape': SHAPE} > offset 27: a key is there twice (expected each once, found descr)
            {'descr': TYPE, 'fortran_order': False, 'shape': SHAPE, 'x': 1} > offset 68: an unknown key in the header (expected descr, fortran_order and shape, found x)
            {'descr': TYPE 'fortran_order': False, 'shape': SHAPE}    > offset 26: the header is damaged (expected }, found 'fortran_o)
            {'descr': '<f4, 'fortran_order': False, 'shape': SHAPE}   > offset 27: the header is damaged (expected }, found fortran_or)
            {'descr': '\\x3cf4', 'fortran_order': False, 'shape': SHAPE} > offset 21: the header is damaged (expected the end of a string, found \\x3cf4', ')
            {'descr': TYPE, 'fortran_order': False, 'shape': SHAPE}x  > offset 67: the header is damaged (expected nothing behind the dict, found x\\x0a)
            {'descr': TYPE                                            > offset 26: the header is damaged (expected }, found its end)
            ['descr']                                                 > offset 10: the header is damaged (expected {, found ['descr']\\x0a)
            __import__('os')                                          > offset 10: the header is damaged (expected {, found __import__)
            """)
    void headersAreRefused(String dict, String line) throws IOException {
        byte[] content =
                npy(dict.replace("TYPE", "'<f4'").replace("SHAPE", "(1, 1)"), (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        Path file = Files.write(folder.resolve("a.npy"), content);
        assertRefused(() -> unlabelled.read(file), BAD_DATA, file + ": " + line.replace("TYPES", TYPES));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', nullValues = "-", textBlock = """
            - > an array does not tell where its labels are (expected --label with a column or a file, found none)
            0 > there is no such column for the label (expected 1 to 3, found 0)
            00 > there is no such column for the label (expected 1 to 3, found 0)
            4 > there is no such column for the label (expected 1 to 3, found 4)
            """)
    void labelsThatAreNotThere(String label, String line) throws IOException {
        Path file = Files.write(folder.resolve("a.npy"), TABLE);
        DataReader reader = DataReader.builder().label(label).build();
        assertRefused(() -> reader.read(file), USAGE, file + ": " + line);
        assertRefused(() -> reader.copy(file, folder), USAGE, file + ": " + line);
        if (label != null) {
            DataReader known =
                    DataReader.builder().label(label).like(2, List.of("1", "4")).build();
            assertRefused(() -> known.rows(file), USAGE, file + ": " + line);
            assertRefused(() -> known.labelledRows(file, scaling -> scaling), USAGE, file + ": " + line);
        }
    }

    @Test
    void anArchiveWithoutLabels() throws IOException {
        Path file = Files.write(folder.resolve("a.npz"), zip(true, "X.npy", TABLE, "z.npy", LABELS));
        assertRefused(
                () -> labelled.read(file),
                USAGE,
                file + ": no member has the labels (expected one of y, Y, labels, label, target, targets, found X, z)."
                        + " --label names it.");
    }

    static Stream<Arguments> labelFiles() {
        return Stream.of(
                arguments(bytes("(3,)", 0, 1, 2), "not as many labels as rows (expected 2, found 3)"),
                arguments(IdxBytes.labels(1), "not as many labels as rows (expected 2, found 1)"),
                arguments(
                        bytes("(1, 2)", 0, 1),
                        "the labels have the wrong number of dimensions (expected one label a row, found 1 x 2)"),
                arguments(
                        bytes("()", 1),
                        "the labels have the wrong number of dimensions (expected one label a row, found a single number)"),
                arguments(floats("(2,)", 1, Float.NaN), "row 1: the label is missing (expected a class, found NaN)"),
                arguments(
                        floats("(2,)", 1, Float.POSITIVE_INFINITY),
                        "row 1: the label is not a class"
                                + " (expected a whole number or up to 1000 characters of text, found Infinity)"),
                arguments(
                        floats("(2,)", 1, 1.5f),
                        "row 1: the label is not a class (expected a whole number or text, found 1.5)."
                                + " If it is a feature, --label names the column of the classes."),
                arguments(
                        npy(dict("<U8", "(2,)"), new byte[64]),
                        "offset 10: items of this type are not read (expected u1, i4, i8, f4 or f8, found <U8)"),
                arguments(
                        cut(LABELS, LABELS.length - 1),
                        "shorter than its header says (expected 70 bytes, found 69 bytes)"),
                arguments(
                        "label".getBytes(US_ASCII),
                        "offset 0: not a NumPy array (expected 93 4e 55 4d 50 59, found 6c 61 62 65 6c)"));
    }

    @ParameterizedTest
    @MethodSource("labelFiles")
    void labelFilesAreRefused(byte[] content, String line) throws IOException {
        Path file = Files.write(folder.resolve("a.npy"), TABLE);
        Path labels = Files.write(folder.resolve("y"), content);
        DataReader reader = DataReader.builder().label(labels.toString()).build();
        assertRefused(() -> reader.read(file), BAD_DATA, labels + ": " + line);
    }

    /** A width that an int or an array cannot hold is not cut to one that it can. */
    @ParameterizedTest
    @CsvSource({"<f4, 600000000", "|u1, 4294968080", "|u1, 2147483648"})
    void aRowThatNoArrayHoldsIsRefused(String type, long width) throws IOException {
        Path file = folder.resolve("wide.npy");
        int size = type.charAt(2) - '0';
        Files.write(file, npy(dict(type, "(2, " + width + ")")));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), channel.size() + 2 * width * size - 1);
        }
        String line = file + ": a row is too long (expected at most 536870909 values, found " + width + ")";
        DataReader reader = DataReader.builder().label("1").build();
        assertRefused(() -> reader.read(file), NO_MEMORY, line);
        assertRefused(() -> reader.copy(file, folder), NO_MEMORY, line);
    }

    @Test
    void rowsThatTheModelDoesNotKnow() throws IOException {
        Path file = Files.write(folder.resolve("a.npy"), TABLE);
        DataReader like =
                DataReader.builder().labelled(false).like(2, List.of("0", "1")).build();
        assertRefused(
                () -> like.read(file),
                BAD_DATA,
                file + ": rows of another width than the model takes (expected 2 columns, found 3)");
        Files.write(file, zip(true, "X.npy", floats("(2, 2)", 1, 2, 3, 4), "y.npy", bytes("(2,)", 1, 2)));
        assertRefused(
                () -> like.read(file),
                BAD_DATA,
                file + ": y.npy, row 1: the label is not among the classes (expected 0, 1, found 2)");
    }

    /** No heap that held what the header asks for would help. */
    @Test
    void damageIsToldBeforeAShortage() throws IOException {
        byte[] rest = new byte[1 << 22];
        byte[] claim = npy(dict("|u1", "(2147483640, 1)"), rest);
        byte[] labelClaim = npy(dict("|u1", "(2147483640,)"), rest);
        String line = ": cut short (expected 2,147,483,%d bytes, found 4,194,%d bytes)";
        Path file = Files.write(folder.resolve("a"), gzip(claim, Deflater.NO_COMPRESSION));
        assertRefused(() -> unlabelled.read(file), BAD_DATA, file + line.formatted(719, 383));
        Files.write(file, zip(false, "X.npy", claim, "y.npy", LABELS));
        assertRefused(() -> labelled.read(file), BAD_DATA, file + ": X.npy" + line.formatted(719, 383));
        Files.write(file, zip(false, "X.npy", TABLE, "y.npy", labelClaim));
        assertRefused(() -> labelled.read(file), BAD_DATA, file + ": y.npy" + line.formatted(717, 381));
        Files.write(file, gzip(labelClaim, Deflater.NO_COMPRESSION));
        Reading any = new Reading(null, true, 0, List.of(), null, null, -1, 1, false, note -> {});
        assertRefused(
                () -> LabelFile.label(() -> null, 2_147_483_640L, file, any),
                BAD_DATA,
                file + line.formatted(717, 381));
    }

    /** The name behind the signature of a member or of its record in the directory. */
    private static int offsetOf(byte[] archive, int signature, int occurrence) {
        int found = 0;
        for (int i = 0; i < archive.length - 3; i++) {
            boolean here = archive[i] == 'P' && archive[i + 1] == 'K' && archive[i + 2] == signature;
            if (here && found++ == occurrence) {
                return i;
            }
        }
        throw new AssertionError("no signature " + signature);
    }

    private static byte[] withIn(byte[] archive, int signature, int occurrence, int offset, int value) {
        return with(archive, offsetOf(archive, signature, occurrence) + offset, value);
    }

    /** The second record of the directory is the first one. */
    private static byte[] listedTwice(byte[] archive) {
        byte[] changed = archive.clone();
        int first = offsetOf(archive, 1, 0);
        int second = offsetOf(archive, 1, 1);
        System.arraycopy(archive, first, changed, second, second - first);
        return changed;
    }

    /** The second record of the directory is missing. */
    private static byte[] notListed(byte[] archive) {
        int end = offsetOf(archive, 5, 0);
        return concat(cut(archive, offsetOf(archive, 1, 1)), Arrays.copyOfRange(archive, end, archive.length));
    }

    /** The front of a member whose sizes, of 64 bits, are in a field of their own. */
    private static byte[] large(byte[] sizes) {
        return ByteBuffer.allocate(39 + sizes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {'P', 'K', 3, 4, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                .putLong(-1)
                .putShort((short) 5)
                .putShort((short) (4 + sizes.length))
                .put("X.npy".getBytes(US_ASCII))
                .putShort((short) 1)
                .putShort((short) sizes.length)
                .put(sizes)
                .array();
    }

    private static byte[] many(int members) {
        Object[] content = new Object[2 * members];
        for (int i = 0; i < members; i++) {
            content[2 * i] = "m" + i;
            content[2 * i + 1] = new byte[0];
        }
        return zip(true, content);
    }

    static Stream<Arguments> damagedArchives() {
        byte[] claim = npy(dict("<f4", "(2000000000, 100)"), new byte[8]);
        String directory = "the directory of the archive is damaged";
        return Stream.of(
                arguments("cut inside a member", cut(ARCHIVE, 100), "the archive is cut short"),
                arguments("cut behind the members", cut(ARCHIVE, offsetOf(ARCHIVE, 1, 0)), "the archive is cut short"),
                arguments("cut inside the directory", cut(ARCHIVE, ARCHIVE.length - 30), "the archive is cut short"),
                arguments("cut inside the end", cut(ARCHIVE, ARCHIVE.length - 1), "the archive is cut short"),
                arguments("bytes behind", concat(ARCHIVE, new byte[1]), "something follows the archive"),
                arguments("an archive behind", concat(ARCHIVE, ARCHIVE), "something follows the archive"),
                arguments("encrypted", withIn(ARCHIVE, 3, 1, 6, 1), "member y.npy is encrypted"),
                arguments(
                        "an unknown method",
                        withIn(PACKED, 3, 0, 8, 12),
                        "member X.npy is packed by method 12, which is not read"),
                arguments("a wrong checksum", withIn(ARCHIVE, 3, 0, 14, ARCHIVE[14] ^ 1), directory),
                arguments(
                        "a changed item",
                        with(ARCHIVE, 30 + 5 + TABLE.length - 1, 0x7e),
                        "the checksum of member X.npy is wrong: the file is damaged"),
                arguments(
                        "another size in front",
                        withIn(ARCHIVE, 3, 0, 22, 10),
                        "member X.npy is stored under a false size"),
                arguments(
                        "stored with the size behind",
                        withIn(ARCHIVE, 3, 0, 6, 8),
                        "member X.npy is stored under a false size"),
                arguments("another size in the directory", withIn(ARCHIVE, 1, 0, 24, 10), directory),
                arguments("a lying directory, packed", withIn(PACKED, 1, 0, 24, 10), directory),
                arguments("another offset in the directory", withIn(ARCHIVE, 1, 1, 42, 1), directory),
                arguments("another name in the directory", withIn(ARCHIVE, 1, 0, 46, 'Y'), directory),
                arguments("another number of members", withIn(ARCHIVE, 5, 0, 10, 3), directory),
                arguments(
                        "two members of a name",
                        withIn(withIn(ARCHIVE, 3, 1, 30, 'X'), 1, 1, 46, 'X'),
                        "two members are called X.npy"),
                arguments("a member that is listed twice in place of another", listedTwice(ARCHIVE), directory),
                arguments(
                        "a member that is not listed",
                        notListed(ARCHIVE),
                        "the directory does not list the members: the file is damaged"),
                arguments(
                        "another size behind",
                        withIn(PACKED, 7, 0, 12, 1),
                        "member X.npy is not of the size it claims"),
                arguments(
                        "another packed size behind",
                        withIn(PACKED, 7, 1, 8, 1),
                        "member y.npy is not of the size it claims"),
                arguments(
                        "a negative size",
                        large(new byte[] {0, 0, 0, 0, 0, 0, 0, -1}),
                        "a size is negative: the file is damaged"),
                arguments("half a size", large(new byte[4]), "a size is missing: the file is damaged"),
                arguments("one size for two", large(new byte[8]), "a size is missing: the file is damaged"),
                arguments("corrupt packed data", withIn(PACKED, 3, 0, 35, 0xff), "member X.npy is corrupt"),
                arguments("too many members", many(1001), "more than 1000 members"),
                arguments(
                        "no features",
                        zip(true, "y.npy", LABELS),
                        "no member has the features (expected one of X, x, data, images, features, found none)"),
                arguments(
                        "features that are not known",
                        zip(true, "y.npy", LABELS, "a.npy", TABLE, "b.npy", TABLE),
                        "no member has the features (expected one of X, x, data, images, features, found a, b)"),
                arguments(
                        "fewer labels",
                        zip(true, "X.npy", TABLE, "y.npy", bytes("(1,)", 1)),
                        "not as many labels as rows (expected 2, found 1)"),
                arguments(
                        "no array",
                        zip(true, "X.npy", "hello".getBytes(US_ASCII), "y.npy", LABELS),
                        "X.npy, offset 0: not a NumPy array (expected 93 4e 55 4d 50 59, found 68 65 6c 6c 6f)"),
                arguments(
                        "an archive for an array",
                        zip(true, "X.npy", ARCHIVE, "y.npy", LABELS),
                        "X.npy, offset 0: not a NumPy array (expected 93 4e 55 4d 50 59, found 50 4b 03 04 0a 00)"),
                arguments(
                        "features in an archive",
                        zip(true, "X.npz", ARCHIVE, "y.npy", LABELS),
                        "no member has the features (expected one of X, x, data, images, features, found none)"),
                arguments(
                        "an empty member",
                        zip(true, "X.npy", new byte[0], "y.npy", LABELS),
                        "X.npy, offset 0: the file is empty"),
                arguments(
                        "a member cut short",
                        zip(false, "X.npy", cut(TABLE, 93), "y.npy", LABELS),
                        "X.npy: cut short (expected 94 bytes, found 93 bytes)"),
                arguments(
                        "a member that goes on",
                        zip(true, "X.npy", concat(TABLE, new byte[1 << 22]), "y.npy", LABELS),
                        "X.npy: goes on after the last item"),
                arguments(
                        "800 GB",
                        zip(true, "X.npy", claim, "y.npy", LABELS),
                        "X.npy: the header claims more than the archive can hold (expected at most "
                                + IdxHeader.count(1032 * zip(true, "X.npy", claim, "y.npy", LABELS).length)
                                + ", found 800,000,000,081 bytes)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damagedArchives")
    void archivesAreRefused(String name, byte[] content, String line) throws IOException {
        Path file = Files.write(folder.resolve("a.npz"), content);
        assertRefused(() -> labelled.read(file), BAD_DATA, file + ": " + line);
    }

    @Test
    void aMemberThatIsGoneWhenItIsReadAgain() throws IOException {
        FaultyFileSystem files = new FaultyFileSystem();
        Path real = folder.resolve("a.npz");
        Path file = files.path(real);
        for (String gone : List.of("X.npy", "y.npy")) {
            byte[] rest = gone.equals("X.npy") ? zip(false, "y.npy", LABELS) : zip(false, "X.npy", TABLE);
            String line = ": the file has changed while it was read";
            // The format is looked at, and the members are, before they are read.
            int[] opened = {0};
            files.beforeRead(path -> Files.write(path, opened[0]++ < 2 ? ARCHIVE : rest));
            Files.write(real, ARCHIVE);
            assertRefused(() -> labelled.read(file), BAD_DATA, file + line);
            opened[0] = 0;
            assertRefused(() -> labelled.copy(file, folder), BAD_DATA, file + ": " + gone + line);
        }
    }

    @Test
    void aLabelThatIsNoMember() throws IOException {
        Path file = Files.write(folder.resolve("a.npz"), ARCHIVE);
        assertRefused(
                () -> DataReader.builder().label("z").build().read(file),
                USAGE,
                file + ": there is no such member for the label (expected X, y, found z)");
    }

    /** Whatever is cut off, the file is refused; nothing but the declared exception comes out. */
    @Test
    void everyTruncationIsRefused() throws IOException {
        Path file = folder.resolve("a");
        byte[][] sound = {TABLE, ARCHIVE};
        for (byte[] whole : sound) {
            DataReader reader = whole == ARCHIVE ? labelled : unlabelled;
            for (int length = 0; length < whole.length; length++) {
                Files.write(file, cut(whole, length));
                assertThat(refused(() -> reader.read(file)).exitCode())
                        .as("%d bytes of %d", length, whole.length)
                        .isEqualTo(BAD_DATA);
            }
        }
    }

    /** A header that is flipped says something else that is sound, such as >f4, or is refused; its length is held. */
    @Test
    void everyFlippedBitOfAHeaderIsRefusedOrMeansSomethingSound() throws IOException {
        Path file = folder.resolve("a");
        for (int bit = 0; bit < 8 * 70; bit++) {
            byte[] flipped = TABLE.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            try {
                assertThat(unlabelled.read(file).values()).as("bit %d", bit).hasSize(6);
            } catch (LanewiseException e) {
                assertThat(e.exitCode()).as("bit %d: %s", bit, e.getMessage()).isIn(BAD_DATA, NO_MEMORY);
            }
        }
    }

    /** Times, versions and attributes say nothing about the content; everything else is held against something. */
    @Test
    void aFlippedBitOfAnArchiveIsRefusedOrMeansTheSame() throws IOException {
        Path file = folder.resolve("a");
        int read = 0;
        for (int bit = 0; bit < 8 * ARCHIVE.length; bit += 5) {
            byte[] flipped = ARCHIVE.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            try {
                Dataset data = labelled.read(file);
                assertThat(data.values()).as("bit %d", bit).containsExactly(1, 2, 3, 4, 5, 6);
                assertThat(data.labels()).as("bit %d", bit).containsExactly(0, 1);
                read++;
            } catch (LanewiseException e) {
                assertThat(e.exitCode()).as("bit %d: %s", bit, e.getMessage()).isEqualTo(BAD_DATA);
            }
        }
        assertThat(read).isLessThan(8 * ARCHIVE.length / 5 / 4);
    }
}
