package lanewise.trainer.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.io.SafetensorsHeader.DATA_OFFSETS;
import static lanewise.trainer.io.SafetensorsHeader.DTYPE;
import static lanewise.trainer.io.SafetensorsHeader.F32;
import static lanewise.trainer.io.SafetensorsHeader.METADATA;
import static lanewise.trainer.io.SafetensorsHeader.SHAPE;
import static tools.jackson.core.JsonToken.END_ARRAY;
import static tools.jackson.core.JsonToken.END_OBJECT;
import static tools.jackson.core.JsonToken.START_ARRAY;
import static tools.jackson.core.JsonToken.START_OBJECT;
import static tools.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static tools.jackson.core.JsonToken.VALUE_STRING;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.SafetensorsHeader.Entry;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads the header of a safetensors file and takes nothing that its format does not allow. */
final class SafetensorsParser {
    /** More than anybody uses; the product of very many sizes takes minutes. */
    private static final int MOST_DIMENSIONS = 16;

    private final JsonParser json;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private SafetensorsParser(JsonParser json) {
        this.json = json;
    }

    /** Parses the header of a file in which so many bytes follow it. */
    static SafetensorsHeader parse(byte[] header, long dataLength) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser json = factory.createParser(ObjectReadContext.empty(), decode(header))) {
            SafetensorsParser parser = new SafetensorsParser(json);
            parser.header();
            parser.entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
            checkContiguous(parser.entries, dataLength);
            return new SafetensorsHeader(parser.metadata, parser.entries);
        } catch (JacksonException e) {
            throw bad("header", e.getOriginalMessage());
        }
    }

    /** Left to itself, the JSON parser would take UTF-16 and UTF-32 too. */
    private static String decode(byte[] header) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
        } catch (CharacterCodingException e) {
            throw bad("header", "not UTF-8");
        }
    }

    private void header() {
        expect(START_OBJECT, "header");
        while (json.nextToken() != END_OBJECT) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                metadata();
            } else {
                entries.add(entry(name));
            }
        }
        if (json.nextToken() != null) {
            throw bad("header", "something follows the JSON object");
        }
    }

    private void metadata() {
        expect(START_OBJECT, METADATA);
        while (json.nextToken() != END_OBJECT) {
            String key = json.currentName();
            expect(VALUE_STRING, METADATA);
            String value = json.getString();
            if (!Json.isText(key) || !Json.isText(value)) {
                throw bad(METADATA, "half of a surrogate pair is missing");
            }
            metadata.put(key, value);
        }
    }

    private Entry entry(String name) {
        String place = "tensor " + name;
        String type = null;
        int[] shape = null;
        long[] offsets = null;
        expect(START_OBJECT, place);
        while (json.nextToken() != END_OBJECT) {
            switch (json.currentName()) {
                case DTYPE -> {
                    expect(VALUE_STRING, place);
                    type = json.getString();
                }
                case SHAPE -> shape = shape(place);
                case DATA_OFFSETS -> offsets = numbers(place);
                default -> throw bad(place, "unknown key " + json.currentName());
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw bad(place, "incomplete").expected("dtype, shape and data_offsets", "not all of them");
        }
        if (!type.equals(F32)) {
            throw bad(place, "elements of this type are not read").expected(F32, type);
        }
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw bad(place, "wrong data_offsets").expected("[begin, end]", Arrays.toString(offsets));
        }
        checkLength(place, shape, offsets[1] - offsets[0]);
        return new Entry(name, shape, offsets[0], offsets[1]);
    }

    private int[] shape(String place) {
        long[] sizes = numbers(place);
        if (sizes.length > MOST_DIMENSIONS) {
            throw bad(place, "too many dimensions").expected("at most " + MOST_DIMENSIONS, sizes.length);
        }
        if (Arrays.stream(sizes).anyMatch(size -> size > Integer.MAX_VALUE)) {
            throw bad(place, "a size is too large").expected("at most " + Integer.MAX_VALUE, Arrays.toString(sizes));
        }
        return Arrays.stream(sizes).mapToInt(size -> (int) size).toArray();
    }

    private long[] numbers(String place) {
        LongStream.Builder numbers = LongStream.builder();
        expect(START_ARRAY, place);
        while (json.nextToken() != END_ARRAY) {
            if (json.currentToken() != VALUE_NUMBER_INT || json.getLongValue() < 0) {
                throw bad(place, "not a size or an offset").expected("a whole number of at least 0", json.getString());
            }
            numbers.add(json.getLongValue());
        }
        return numbers.build().toArray();
    }

    private static void checkLength(String place, int[] shape, long length) {
        BigInteger expected = Tensor.elements(shape).multiply(BigInteger.valueOf(Float.BYTES));
        if (!expected.equals(BigInteger.valueOf(length))) {
            throw bad(place, "data_offsets do not fit the shape " + Arrays.toString(shape))
                    .expected(expected + " bytes", length);
        }
    }

    private static void checkContiguous(List<Entry> entries, long dataLength) {
        long end = 0;
        for (Entry entry : entries) {
            if (entry.begin() != end) {
                throw bad("tensor " + entry.name(), entry.begin() < end ? "overlaps another one" : "a gap before it")
                        .expected("data_offsets from " + end, entry.begin());
            }
            end = entry.end();
        }
        if (end != dataLength) {
            throw bad(
                            "offset " + end + " of the data",
                            end < dataLength ? "bytes that belong to no tensor" : "cut short")
                    .expected(end + " bytes", dataLength);
        }
    }

    private void expect(JsonToken token, String place) {
        JsonToken found = json.nextToken();
        if (found != token) {
            throw bad(place, "of the wrong form")
                    .expected(describe(token), found == null ? "nothing" : describe(found));
        }
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            default -> token.asString();
        };
    }

    private static LanewiseException bad(String place, String what) {
        return new LanewiseException(BAD_DATA, what).at(place);
    }
}
