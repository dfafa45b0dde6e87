package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.source.Unpacked;

/**
 * The header of an IDX file of unsigned bytes: two zero bytes, the type of the items, the number of dimensions, and a
 * big-endian unsigned 32-bit size for each dimension. The items follow in row-major order, and nothing else.
 *
 * @param sizes the size of each dimension, at least 1
 * @param items how many bytes follow the header: the product of the sizes
 */
record IdxHeader(long[] sizes, long items) {
    private static final int UNSIGNED_BYTE = 0x08;

    /** Reads the header and holds it against the size of the file, before anything is set aside for the items. */
    static IdxHeader read(Unpacked content, int dimensions) throws IOException {
        byte[] bytes = content.stream().readNBytes(length(dimensions));
        if (bytes.length >= 4) {
            checkMagic(bytes, dimensions);
        }
        if (bytes.length < length(dimensions)) {
            throw bad(bytes.length, bytes.length == 0 ? "the file is empty" : "the header is cut short")
                    .expected(count(length(dimensions)), bytes.length);
        }
        long[] sizes = new long[dimensions];
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(length(i)));
        }
        return new IdxHeader(sizes, checkedItems(sizes, content));
    }

    /** Whether a file that starts with these bytes is an IDX file of any type. */
    static boolean isMagic(byte[] start) {
        return start.length >= 4 && start[0] == 0 && start[1] == 0 && typeName(start[2]) != null && start[3] > 0;
    }

    /** The length of the header in bytes. */
    int length() {
        return length(sizes.length);
    }

    private static int length(int dimensions) {
        return 4 + 4 * dimensions;
    }

    private static void checkMagic(byte[] start, int dimensions) {
        if (start[0] != 0 || start[1] != 0) {
            LanewiseException e = bad(0, "not an IDX file")
                    .expected(
                            "00 00 08 0" + dimensions,
                            HexFormat.ofDelimiter(" ").formatHex(start, 0, 4));
            throw start[0] == '<' ? e.hint("It looks like a web page: download it again.") : e;
        }
        if (start[2] != UNSIGNED_BYTE) {
            String type = typeName(start[2]);
            throw bad(2, type == null ? "not an IDX file" : "items of type " + type + " are not read")
                    .expected("08, unsigned byte", String.format("%02x", start[2]));
        }
        if (start[3] != dimensions) {
            LanewiseException e = bad(3, "the wrong number of dimensions").expected(dimensions, start[3] & 0xff);
            throw dimensions + start[3] == 4 ? e.hint("Images and labels look swapped.") : e;
        }
    }

    private static long checkedItems(long[] sizes, Unpacked content) {
        BigInteger items =
                Arrays.stream(sizes).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
        if (items.signum() == 0) {
            String product = Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(" x "));
            throw bad(4, "there is nothing in it").expected("sizes of at least 1", product);
        }
        BigInteger length = items.add(BigInteger.valueOf(length(sizes.length)));
        int excess = BigInteger.valueOf(content.largestContent()).compareTo(length);
        if (content.gzipped() && excess < 0) {
            throw bad(4, "the header claims more than the file can hold")
                    .expected(count(length), "at most " + count(content.largestContent()) + " when unpacked");
        }
        if (!content.gzipped() && excess != 0) {
            throw new LanewiseException(BAD_DATA, (excess < 0 ? "shorter" : "longer") + " than its header says")
                    .expected(count(length), count(content.fileSize()));
        }
        return items.longValueExact();
    }

    private static LanewiseException bad(int offset, String what) {
        return new LanewiseException(BAD_DATA, what).at("offset " + offset);
    }

    /** A count of bytes as people read it. */
    static String count(Number bytes) {
        return String.format(Locale.ROOT, "%,d bytes", bytes);
    }

    private static String typeName(byte type) {
        return switch (type) {
            case 0x08 -> "unsigned byte";
            case 0x09 -> "signed byte";
            case 0x0B -> "short";
            case 0x0C -> "int";
            case 0x0D -> "float";
            case 0x0E -> "double";
            default -> null;
        };
    }
}
