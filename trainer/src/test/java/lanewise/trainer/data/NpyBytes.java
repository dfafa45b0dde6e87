package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes the bytes of NumPy arrays and archives, sound and damaged, and knows some that NumPy made. */
public final class NpyBytes {
    private NpyBytes() {}

    /** What NumPy itself wrote. */
    static byte[] ofNumpy(String name) throws IOException {
        try (InputStream in = NpyBytes.class.getResourceAsStream("numpy.txt")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> Base64.getDecoder().decode(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** An array with any dict in its header. */
    public static byte[] npy(String dict, byte... items) {
        byte[] text = (dict + "\n").getBytes(UTF_8);
        return ByteBuffer.allocate(10 + text.length + items.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length)
                .put(text)
                .put(items)
                .array();
    }

    public static String dict(String descr, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
    }

    /** An array of floats in C's order. */
    public static byte[] floats(String shape, float... items) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * items.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(items);
        return npy(dict("<f4", shape), bytes.array());
    }

    /** An array of bytes in C's order. */
    public static byte[] bytes(String shape, int... items) {
        byte[] bytes = new byte[items.length];
        for (int i = 0; i < items.length; i++) {
            bytes[i] = (byte) items[i];
        }
        return npy(dict("|u1", shape), bytes);
    }

    /** An archive of names and contents in turns, packed or not. */
    public static byte[] zip(boolean packed, Object... members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, US_ASCII)) {
            for (int i = 0; i < members.length; i += 2) {
                ZipEntry entry = new ZipEntry((String) members[i]);
                byte[] content = (byte[]) members[i + 1];
                if (!packed) {
                    CRC32 crc = new CRC32();
                    crc.update(content);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
