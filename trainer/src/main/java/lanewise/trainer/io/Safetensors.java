package lanewise.trainer.io;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.DIVERGED;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.SafetensorsHeader.Entry;
import tools.jackson.core.StreamReadConstraints;

/**
 * Tensors in the safetensors format, all of type F32: the length of the header as a little-endian 64-bit number, the
 * header as JSON, the elements of the tensors as little-endian floats. The same content gives the same bytes.
 *
 * @param metadata strings about the tensors; empty if there are none
 * @param tensors in the order of their data, under different names
 */
public record Safetensors(Map<String, String> metadata, List<Tensor> tensors) {
    private static final long LONGEST_HEADER = 100_000_000;
    private static final int LONGEST_NAME = StreamReadConstraints.DEFAULT_MAX_NAME_LEN;
    private static final int CHUNK = 1 << 16;

    /** Takes the tensors of a file while they are read, so that none of them is held as a whole for it. */
    public interface Sink {
        /**
         * Takes the header.
         *
         * @param metadata strings about the tensors; empty if there are none
         * @param shapes the name and the shape of each tensor, in the order of their data
         */
        void begin(Map<String, String> metadata, Map<String, int[]> shapes);

        /**
         * Takes the next elements of a tensor. They come in their order, a tensor after the other.
         *
         * @param tensor its name
         * @param at how many of its elements came before
         * @param values holds the elements from its start on, until this returns
         * @param count how many there are
         */
        void take(String tensor, int at, float[] values, int count);
    }

    /** Holds all tensors. */
    private static final class Collected implements Sink {
        private Map<String, String> metadata;
        private final Map<String, Tensor> tensors = new LinkedHashMap<>();

        @Override
        public void begin(Map<String, String> strings, Map<String, int[]> shapes) {
            metadata = strings;
            shapes.forEach((name, shape) -> tensors.put(
                    name,
                    new Tensor(name, shape, new float[Tensor.elements(shape).intValueExact()])));
        }

        @Override
        public void take(String tensor, int at, float[] values, int count) {
            System.arraycopy(values, 0, tensors.get(tensor).data(), at, count);
        }
    }

    /**
     * Takes copies of the map and the list, but not of the tensors.
     *
     * @param metadata strings about the tensors
     * @param tensors in the order of their data
     * @throws IllegalArgumentException if two tensors have the same name, or one that of the metadata
     * @throws NullPointerException if something in the map or the list is null
     */
    public Safetensors {
        metadata.forEach((key, value) -> Objects.requireNonNull(value, () -> "the metadata " + key));
        metadata = Map.copyOf(metadata);
        tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>(Set.of(SafetensorsHeader.METADATA));
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("a second tensor of the name " + tensor.name());
            }
        }
    }

    /**
     * Reads a file. Its metadata may be missing; its tensors must fill it without a gap.
     *
     * @param file a safetensors file
     * @return its content
     * @throws LanewiseException if the file is missing or malformed, has a tensor of another type than F32 or a value
     *     that is not finite, or does not fit the heap
     */
    public static Safetensors read(Path file) {
        Collected all = new Collected();
        read(file, all);
        return new Safetensors(all.metadata, List.copyOf(all.tensors.values()));
    }

    /**
     * Reads a file, as {@link #read(Path)}.
     *
     * @param file a safetensors file
     * @param sink takes its content: tensors that would not fit the heap are not begun
     * @throws LanewiseException as {@link #read(Path)}, or as the sink does
     */
    public static void read(Path file, Sink sink) {
        try (FileChannel channel = InputFile.open(file)) {
            read(channel, file, sink);
        } catch (EOFException e) {
            throw new LanewiseException(BAD_DATA, "cut short while it was read").in(file);
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(file);
        } catch (LanewiseException e) {
            throw e.in(file);
        }
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @param file the file, which is replaced if it is there
     * @throws IllegalArgumentException if a name has more than 50,000 characters, or half of a surrogate pair is missing in
     *     a name or in the metadata, since no reader would take it
     * @throws LanewiseException if a value is not finite or the header is too long, since no reader would take it, or if the
     *     file cannot be created or written
     */
    public void write(Path file) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        tensors.forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
        byte[] header = header(file, metadata, shapes);
        tensors.forEach(tensor -> tensor.requireFinite(DIVERGED, file));
        AtomicFile.write(file, out -> {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(LITTLE_ENDIAN);
            out.write(length.putLong(header.length).array());
            out.write(header);
            for (Tensor tensor : tensors) {
                writeFloats(tensor.data(), out);
            }
        });
    }

    /**
     * Finds out whether {@link #write} takes the metadata and the names, before there are elements.
     *
     * @param file the file to be
     * @param metadata strings about the tensors
     * @param shapes the names and shapes of the tensors
     * @throws IllegalArgumentException as {@link #write}
     * @throws LanewiseException if the header is too long
     */
    public static void checkHeader(Path file, Map<String, String> metadata, Map<String, int[]> shapes) {
        header(file, metadata, shapes);
    }

    private static byte[] header(Path file, Map<String, String> metadata, Map<String, int[]> shapes) {
        metadata.forEach((key, value) -> requireReadable("the metadata", key, value));
        shapes.keySet().forEach(name -> requireReadable("the list of tensors", name, ""));
        byte[] header = SafetensorsHeader.of(metadata, shapes).encode();
        if (header.length > LONGEST_HEADER) {
            throw new LanewiseException(CANNOT_CREATE, "the metadata are longer than any reader takes")
                    .in(file)
                    .expected("at most " + LONGEST_HEADER + " bytes", header.length);
        }
        return header;
    }

    private static void requireReadable(String where, String name, String value) {
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a name in " + where + " is too long (expected at most " + LONGEST_NAME
                    + " characters, found " + name.length() + ")");
        }
        if (!Json.isText(name) || !Json.isText(value)) {
            throw new IllegalArgumentException(
                    "half of a surrogate pair is missing in " + where + " " + LanewiseException.printable(name));
        }
    }

    private static void read(FileChannel channel, Path file, Sink sink) throws IOException {
        int headerLength = headerLength(channel);
        ByteBuffer header = readFully(channel, ByteBuffer.allocate(headerLength));
        long dataLength = channel.size() - channel.position();
        SafetensorsHeader parsed = SafetensorsParser.parse(header.array(), dataLength);
        long longest =
                parsed.entries().stream().mapToLong(Entry::elements).max().orElse(0);
        if (!Heap.fits(dataLength, longest)) {
            throw Heap.shortage(dataLength, longest, file);
        }
        Map<String, int[]> shapes = new LinkedHashMap<>();
        parsed.entries().forEach(entry -> shapes.put(entry.name(), entry.shape()));
        sink.begin(parsed.metadata(), shapes);
        for (Entry entry : parsed.entries()) {
            read(channel, entry, file, sink);
        }
    }

    /** The length of the header, which is no larger than the file and the format allow. */
    private static int headerLength(FileChannel channel) throws IOException {
        long rest = channel.size() - Long.BYTES;
        if (rest < 0) {
            throw new LanewiseException(BAD_DATA, rest == -Long.BYTES ? "the file is empty" : "cut short")
                    .at("offset 0")
                    .expected("8 bytes for the length of the header", channel.size());
        }
        long length = readFully(channel, ByteBuffer.allocate(Long.BYTES).order(LITTLE_ENDIAN))
                .getLong();
        long most = Math.min(rest, LONGEST_HEADER);
        if (length > rest && length <= LONGEST_HEADER && beginsObject(channel)) {
            throw new LanewiseException(BAD_DATA, "cut short")
                    .at("offset " + Long.BYTES)
                    .expected("a header of " + length + " bytes", rest);
        }
        if (length < 0 || length > most) {
            throw new LanewiseException(BAD_DATA, "not the header of a safetensors file")
                    .at("offset 0")
                    .expected("a length of at most " + most, Long.toUnsignedString(length));
        }
        return (int) length;
    }

    private static boolean beginsObject(FileChannel channel) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(1);
        return channel.read(first) == 1 && first.get(0) == '{';
    }

    private static void read(FileChannel channel, Entry entry, Path file, Sink sink) throws IOException {
        int n = (int) entry.elements();
        float[] values = new float[Math.min(CHUNK / Float.BYTES, n)];
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(LITTLE_ENDIAN);
        int count;
        for (int i = 0; i < n; i += count) {
            count = Math.min(values.length, n - i);
            readFully(channel, buffer.clear().limit(count * Float.BYTES))
                    .asFloatBuffer()
                    .get(values, 0, count);
            Tensor.requireFinite(entry.name(), i, values, count, BAD_DATA, file);
            sink.take(entry.name(), i, values, count);
        }
    }

    private static ByteBuffer readFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    static void writeFloats(float[] values, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(LITTLE_ENDIAN);
        int count;
        for (int i = 0; i < values.length; i += count) {
            count = Math.min(CHUNK / Float.BYTES, values.length - i);
            buffer.asFloatBuffer().put(values, i, count);
            out.write(buffer.array(), 0, count * Float.BYTES);
        }
    }
}
