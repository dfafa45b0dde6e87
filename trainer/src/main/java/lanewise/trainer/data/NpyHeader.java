package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import lanewise.trainer.LanewiseException;

/**
 * The header of a NumPy array: the magic, the version, the length of what follows, and a Python dict that tells the type of
 * the items, their order and the shape.
 *
 * @param type what an item is
 * @param order the order of its bytes
 * @param fortran whether the first dimension varies fastest, instead of the last
 * @param shape the size of each dimension, at least 1
 * @param items the product of the sizes
 * @param length how many bytes the header takes
 */
record NpyHeader(Type type, ByteOrder order, boolean fortran, long[] shape, long items, int length) {
    /** The magic with which every array begins. */
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** NumPy itself reads no longer one unless it is told to. */
    private static final int LONGEST = 10_000;

    private static final int MOST_DIGITS = 18;

    /** So that the length in bytes is a long. */
    private static final int MOST_BITS = 58;

    /** What an item can be. */
    enum Type {
        U1(1),
        I4(4),
        I8(8),
        F4(4),
        F8(8);

        private final int size;

        Type(int size) {
            this.size = size;
        }

        /** How many bytes an item takes. */
        int size() {
            return size;
        }
    }

    static NpyHeader read(InputStream in) throws IOException {
        byte[] start = in.readNBytes(8);
        int compared = Math.min(start.length, MAGIC.length);
        if (start.length == 0) {
            throw bad(0, "the file is empty");
        }
        if (!Arrays.equals(start, 0, compared, MAGIC, 0, compared)) {
            throw bad(0, "not a NumPy array")
                    .expected("93 4e 55 4d 50 59", HexFormat.ofDelimiter(" ").formatHex(start, 0, compared));
        }
        requireWhole(start, 8, 0);
        int major = start[6] & 0xff;
        if (major < 1 || major > 3 || start[7] != 0) {
            throw bad(6, "this version of the format is not read")
                    .expected("1.0, 2.0 or 3.0", major + "." + (start[7] & 0xff));
        }
        int lengthSize = major == 1 ? 2 : 4;
        byte[] lengthBytes = in.readNBytes(lengthSize);
        requireWhole(lengthBytes, lengthSize, 8);
        ByteBuffer number = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
        long textLength =
                major == 1 ? Short.toUnsignedLong(number.getShort()) : Integer.toUnsignedLong(number.getInt());
        if (textLength > LONGEST) {
            throw bad(8, "the header is too long").expected("at most " + LONGEST + " bytes", textLength);
        }
        byte[] text = in.readNBytes((int) textLength);
        requireWhole(text, (int) textLength, 8 + lengthSize);
        return new DictParser(text, 8 + lengthSize).header();
    }

    private static void requireWhole(byte[] found, int expected, int offset) {
        if (found.length < expected) {
            throw bad(offset + found.length, "the header is cut short")
                    .expected((offset + expected) + " bytes", offset + found.length);
        }
    }

    /** The same for the same items in C's order. */
    NpyHeader rowByRow() {
        return new NpyHeader(type, order, false, shape, items, length);
    }

    /** How many bytes the whole array takes. */
    long contentLength() {
        return length + items * type.size();
    }

    /** The sizes as people write them. */
    String describeShape() {
        return shape.length == 0
                ? "a single number"
                : Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" x "));
    }

    private static LanewiseException bad(int offset, String what) {
        return new LanewiseException(BAD_DATA, what).at("offset " + offset);
    }

    /** Reads the one kind of Python dict that NumPy writes, and takes nothing else. */
    private static final class DictParser {
        private final byte[] text;

        /** Where the text stands in the file. */
        private final int offset;

        private int position;
        private String descr;
        private Boolean fortran;
        private long[] shape;

        DictParser(byte[] text, int offset) {
            this.text = text;
            this.offset = offset;
        }

        NpyHeader header() {
            expect('{');
            while (!skipIf('}')) {
                entry();
                if (!skipIf(',')) {
                    expect('}');
                    break;
                }
            }
            skipBlanks();
            if (position < text.length) {
                throw damaged("nothing behind the dict");
            }
            if (descr == null || fortran == null || shape == null) {
                throw bad(offset, "the header is incomplete")
                        .expected("descr, fortran_order and shape", "not all of them");
            }
            return new NpyHeader(type(), order(), fortran, shape, items(), offset + text.length);
        }

        private void entry() {
            int start = position;
            String key = string();
            expect(':');
            boolean twice = switch (key) {
                case "descr" -> descr != null;
                case "fortran_order" -> fortran != null;
                case "shape" -> shape != null;
                default ->
                    throw bad(offset + start, "an unknown key in the header")
                            .expected("descr, fortran_order and shape", key);
            };
            if (twice) {
                throw bad(offset + start, "a key is there twice").expected("each once", key);
            }
            switch (key) {
                case "descr" -> descr = string();
                case "fortran_order" -> fortran = bool();
                default -> shape = tuple();
            }
        }

        /** A string without escapes; the type of a record is a list in its place. */
        private String string() {
            skipBlanks();
            if (position < text.length && text[position] == '[') {
                throw bad(offset + position, "records are not read")
                        .expected("u1, i4, i8, f4 or f8", "a list of fields");
            }
            if (position == text.length || (text[position] != '\'' && text[position] != '"')) {
                throw damaged("a string");
            }
            byte quote = text[position++];
            int start = position;
            while (position < text.length && text[position] != quote && text[position] != '\\') {
                position++;
            }
            if (position == text.length || text[position] == '\\') {
                throw damaged("the end of a string");
            }
            return new String(text, start, position++ - start, StandardCharsets.UTF_8);
        }

        private boolean bool() {
            skipBlanks();
            for (String word : new String[] {"True", "False"}) {
                byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
                int end = position + bytes.length;
                if (end <= text.length && Arrays.equals(text, position, end, bytes, 0, bytes.length)) {
                    position = end;
                    return word.equals("True");
                }
            }
            throw damaged("True or False");
        }

        private long[] tuple() {
            long[] sizes = new long[0];
            expect('(');
            while (!skipIf(')')) {
                sizes = Arrays.copyOf(sizes, sizes.length + 1);
                sizes[sizes.length - 1] = size();
                if (!skipIf(',')) {
                    expect(')');
                    if (sizes.length == 1) {
                        throw damaged("a comma behind a single size");
                    }
                    break;
                }
            }
            return sizes;
        }

        private long size() {
            skipBlanks();
            int start = position;
            while (position < text.length && text[position] >= '0' && text[position] <= '9') {
                position++;
            }
            String digits = new String(text, start, position - start, StandardCharsets.US_ASCII);
            if (digits.isEmpty()) {
                throw damaged("a size");
            }
            if (digits.length() > MOST_DIGITS) {
                throw bad(offset + start, "a size is too large").expected("at most " + MOST_DIGITS + " digits", digits);
            }
            skipIf('L');
            return Long.parseLong(digits);
        }

        private void skipBlanks() {
            while (position < text.length && (text[position] == ' ' || text[position] == '\n')) {
                position++;
            }
        }

        private boolean skipIf(char c) {
            skipBlanks();
            boolean found = position < text.length && text[position] == c;
            position += found ? 1 : 0;
            return found;
        }

        private void expect(char c) {
            if (!skipIf(c)) {
                throw damaged(Character.toString(c));
            }
        }

        private LanewiseException damaged(String expected) {
            int end = Math.min(text.length, position + 10);
            String found = new String(text, position, end - position, StandardCharsets.ISO_8859_1);
            return bad(offset + position, "the header is damaged")
                    .expected(expected, found.isEmpty() ? "its end" : found);
        }

        private Type type() {
            for (Type type : Type.values()) {
                String orders = type == Type.U1 ? "|<>" : "<>";
                String code = type.name().toLowerCase(Locale.ROOT);
                if (descr.length() == 3 && orders.indexOf(descr.charAt(0)) >= 0 && descr.endsWith(code)) {
                    return type;
                }
            }
            String what = descr.startsWith("O") || descr.startsWith("|O")
                    ? "arrays of objects are refused: what is in them could run as a program"
                    : "items of this type are not read";
            throw bad(offset, what).expected("u1, i4, i8, f4 or f8", descr);
        }

        private ByteOrder order() {
            return descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }

        private long items() {
            BigInteger items =
                    Arrays.stream(shape).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
            if (items.signum() == 0) {
                throw bad(offset, "there is nothing in it").expected("sizes of at least 1", Arrays.toString(shape));
            }
            if (items.bitLength() > MOST_BITS) {
                throw bad(offset, "the header claims more than any file can hold")
                        .expected("at most 2^" + MOST_BITS + " items", Arrays.toString(shape));
            }
            return items.longValueExact();
        }
    }
}
