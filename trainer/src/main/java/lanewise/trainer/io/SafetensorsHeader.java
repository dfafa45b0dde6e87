package lanewise.trainer.io;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON object at the head of a safetensors file: {@code "name": {"dtype": "F32", "shape": [2, 3], "data_offsets":
 * [0, 24]}} for each tensor, with offsets from the end of the header, and {@code "__metadata__"}, a map of strings.
 *
 * @param metadata empty if the file has none
 * @param entries in the order of their data, without a gap
 */
record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries) {
    static final String METADATA = "__metadata__";
    static final String DTYPE = "dtype";
    static final String SHAPE = "shape";
    static final String DATA_OFFSETS = "data_offsets";
    static final String F32 = "F32";

    private static final int ALIGNMENT = 8;

    /**
     * Where a tensor lies.
     *
     * @param name the name of the tensor
     * @param shape the size of each dimension
     * @param begin where its bytes begin
     * @param end where they end: four times the product of the sizes later
     */
    record Entry(String name, int[] shape, long begin, long end) {
        long elements() {
            return (end - begin) / Float.BYTES;
        }
    }

    /** Lays tensors out one after the other. */
    static SafetensorsHeader of(Map<String, String> metadata, Map<String, int[]> shapes) {
        List<Entry> entries = new ArrayList<>();
        long begin = 0;
        for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
            int[] shape = tensor.getValue();
            long end = begin + Float.BYTES * Tensor.elements(shape).longValueExact();
            entries.add(new Entry(tensor.getKey(), shape, begin, end));
            begin = end;
        }
        return new SafetensorsHeader(metadata, entries);
    }

    /** The bytes of the object, the same for the same header: metadata by key, then the tensors, then spaces. */
    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart(METADATA);
                new TreeMap<>(metadata).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            for (Entry entry : entries) {
                json.writeObjectPropertyStart(entry.name);
                json.writeStringProperty(DTYPE, F32);
                json.writeName(SHAPE).writeArray(entry.shape, 0, entry.shape.length);
                json.writeName(DATA_OFFSETS).writeArray(new long[] {entry.begin, entry.end}, 0, 2);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        int padding = -bytes.size() & (ALIGNMENT - 1);
        byte[] padded = Arrays.copyOf(bytes.toByteArray(), bytes.size() + padding);
        Arrays.fill(padded, bytes.size(), padded.length, (byte) ' ');
        return padded;
    }
}
