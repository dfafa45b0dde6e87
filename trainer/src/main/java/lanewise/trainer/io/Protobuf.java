package lanewise.trainer.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import lanewise.trainer.LanewiseException;

/**
 * A message in the wire format of Protocol Buffers: fields one after the other, each a number and a value. Large arrays are
 * kept as they are and encoded on the way out.
 *
 * <p><b>Source.</b> Protocol Buffers, Encoding: a key of {@code field << 3 | wire type}; type 0 is a variable-length
 * number, least significant seven bits first, and type 2 a length and as many bytes.
 */
public final class Protobuf {
    private static final int NUMBER = 0;
    private static final int BYTES = 2;

    private final List<AtomicFile.Content> parts = new ArrayList<>();
    private long size;

    /**
     * Adds a number.
     *
     * @param field the number of the field
     * @param value the value
     * @return this
     */
    public Protobuf number(int field, long value) {
        varints((long) field << 3 | NUMBER, value);
        return this;
    }

    /**
     * Adds a text.
     *
     * @param field the number of the field
     * @param value the value
     * @return this
     * @throws IllegalArgumentException if half of a surrogate pair is missing
     */
    public Protobuf text(int field, String value) {
        if (!Json.isText(value)) {
            throw new IllegalArgumentException("not text: " + LanewiseException.printable(value));
        }
        return bytes(field, value.getBytes(UTF_8));
    }

    /**
     * Adds bytes.
     *
     * @param field the number of the field
     * @param value the value, not to be changed before the message is written
     * @return this
     */
    public Protobuf bytes(int field, byte[] value) {
        add(field, value.length, out -> out.write(value));
        return this;
    }

    /**
     * Adds floats as bytes, least significant first.
     *
     * @param field the number of the field
     * @param values the values, not to be changed before the message is written
     * @return this
     */
    public Protobuf floats(int field, float[] values) {
        add(field, (long) Float.BYTES * values.length, out -> Safetensors.writeFloats(values, out));
        return this;
    }

    /**
     * Adds a message.
     *
     * @param field the number of the field
     * @param value the value, not to be changed any more
     * @return this
     */
    public Protobuf message(int field, Protobuf value) {
        add(field, value.size, value::writeTo);
        return this;
    }

    /**
     * The length of the message.
     *
     * @return how many bytes {@link #writeTo} writes
     */
    public long size() {
        return size;
    }

    /**
     * Writes the message.
     *
     * @param out takes it
     * @throws IOException if the operating system fails to write
     */
    public void writeTo(OutputStream out) throws IOException {
        for (AtomicFile.Content part : parts) {
            part.writeTo(out);
        }
    }

    private void add(int field, long length, AtomicFile.Content content) {
        varints((long) field << 3 | BYTES, length);
        parts.add(content);
        size += length;
    }

    private void varints(long... values) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        for (long value : values) {
            long rest = value;
            for (; (rest & ~0x7f) != 0; rest >>>= 7) {
                encoded.write((int) rest & 0x7f | 0x80);
            }
            encoded.write((int) rest);
        }
        parts.add(encoded::writeTo);
        size += encoded.size();
    }
}
