package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;

/** Data sets as arrays: of NumPy, little-endian and in C's order, and in IDX form. */
final class ArrayWriter {
    /** No time in particular, but not the oldest one, beside which Java writes what it is in the zone of the machine. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

    private static final int ALIGNMENT = 64;

    private ArrayWriter() {}

    /** Bytes in the shape of their images, other features as floats. */
    static void writeNpy(Dataset data, OutputStream out) throws IOException {
        byte[] bytes = data.bytes().orElse(null);
        String shape = bytes == null || data.image().isEmpty()
                ? data.rows() + ", " + data.features()
                : data.rows() + ", " + data.image().get().height() + ", "
                        + data.image().get().width();
        out.write(npyHeader(bytes == null ? "<f4" : "|u1", "(" + shape + ")"));
        if (bytes != null) {
            out.write(bytes);
            return;
        }
        float[] row = new float[data.features()];
        ByteBuffer encoded =
                ByteBuffer.allocate(Math.multiplyExact(row.length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < data.rows(); i++) {
            data.copyRows(i, 1, row, 0);
            encoded.asFloatBuffer().put(row);
            out.write(encoded.array());
        }
    }

    /** One 64-bit number for each row. */
    static void writeNpyLabels(Dataset data, OutputStream out) throws IOException {
        long[] numbers = ClassNames.numbers(data.classNames());
        out.write(npyHeader("<i8", "(" + data.rows() + ",)"));
        ByteBuffer encoded = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int label : data.labels()) {
            out.write(encoded.putLong(0, numbers[label]).array());
        }
    }

    private static byte[] npyHeader(String type, String shape) {
        String dict = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
        int before = NpyHeader.MAGIC.length + 4;
        int blanks = ALIGNMENT - (before + dict.length() + 1) % ALIGNMENT;
        byte[] text = (dict + " ".repeat(blanks) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(before + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length)
                .put(text)
                .array();
    }

    /** X and, if there are labels, y, not packed. */
    static void writeNpz(Dataset data, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        writeMember("X.npy", member -> writeNpy(data, member), zip);
        if (data.labels().length > 0) {
            writeMember("y.npy", member -> writeNpyLabels(data, member), zip);
        }
        zip.finish();
    }

    /** The checksum stands in front of a member, so it is written twice, once to nowhere. */
    private static void writeMember(String name, AtomicFile.Content content, ZipOutputStream zip) throws IOException {
        CRC32 crc = new CRC32();
        Count count = new Count();
        content.writeTo(new CheckedOutputStream(count, crc));
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(count.bytes);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        content.writeTo(zip);
        zip.closeEntry();
    }

    private static final class Count extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            bytes += length;
        }
    }

    /** Images of unsigned bytes; rows that are not images become images of a single line. */
    static void writeIdx(Dataset data, OutputStream out) throws IOException {
        ImageShape shape = data.image().orElse(new ImageShape(1, data.features()));
        out.write(ByteBuffer.allocate(16)
                .putInt(0x00000803)
                .putInt(data.rows())
                .putInt(shape.height())
                .putInt(shape.width())
                .array());
        float[] row = new float[data.features()];
        byte[] bytes = new byte[row.length];
        for (int i = 0; i < data.rows(); i++) {
            data.copyRows(i, 1, row, 0);
            for (int j = 0; j < row.length; j++) {
                bytes[j] = (byte) row[j];
                if ((bytes[j] & 0xff) != row[j]) {
                    throw new LanewiseException(BAD_DATA, "IDX is written of bytes alone")
                            .at("row " + i + ", column " + j)
                            .expected("a whole number from 0 to 255", row[j]);
                }
            }
            out.write(bytes);
        }
    }

    /** One unsigned byte for each row. */
    static void writeIdxLabels(Dataset data, OutputStream out) throws IOException {
        long[] numbers = ClassNames.numbers(data.classNames());
        out.write(ByteBuffer.allocate(8).putInt(0x00000801).putInt(data.rows()).array());
        for (int i = 0; i < data.rows(); i++) {
            long number = numbers[data.labels()[i]];
            if (number < 0 || number > 255) {
                throw new LanewiseException(BAD_DATA, "IDX is written of bytes alone")
                        .at("row " + i)
                        .expected("a class from 0 to 255", number);
            }
            out.write((int) number);
        }
    }
}
