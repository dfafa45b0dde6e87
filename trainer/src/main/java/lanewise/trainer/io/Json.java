package lanewise.trainer.io;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/** JSON in memory. Numbers are unrounded, in the fewest digits that read back as the same bits, on every JDK alike. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private Json() {}

    /**
     * A line that is one object.
     *
     * @param members writes what is in it
     * @return the object and the end of the line, in UTF-8
     */
    public static byte[] line(Consumer<JsonGenerator> members) {
        return (object(members) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    /**
     * An object.
     *
     * @param members writes what is in it
     * @return its text, without white space
     */
    public static String object(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    /**
     * Writes a member that is an array of texts, unless it would be empty.
     *
     * @param json the object
     * @param name the member
     * @param texts what is in it
     */
    public static void strings(JsonGenerator json, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            json.writeArrayPropertyStart(name);
            texts.forEach(json::writeString);
            json.writeEndArray();
        }
    }

    /**
     * Reads what {@link #strings(JsonGenerator, String, List)} has written.
     *
     * @param json the object
     * @param name the member
     * @return what is in it, or nothing if there is no such member
     * @throws IllegalArgumentException if the member is not an array, or something else than a text is in it
     */
    public static List<String> strings(JsonNode json, String name) {
        JsonNode member = json.path(name);
        return member.isMissingNode()
                ? List.of()
                : array(member).valueStream().map(Json::string).toList();
    }

    /**
     * Takes an array, which an object is not, though it has values too.
     *
     * @param json the array
     * @return the same
     * @throws IllegalArgumentException if it is something else
     */
    public static JsonNode array(JsonNode json) {
        if (!json.isArray()) {
            throw new IllegalArgumentException(json + " is not an array");
        }
        return json;
    }

    /**
     * Reads a text, which null is not.
     *
     * @param json the text
     * @return what it says
     * @throws IllegalArgumentException if it is something else
     */
    public static String string(JsonNode json) {
        if (!json.isString() || !isText(json.stringValue())) {
            throw new IllegalArgumentException(json + " is not a string");
        }
        return json.stringValue();
    }

    /**
     * Whether UTF-8 can hold a text: not where half of a surrogate pair is missing, which an escape in JSON can bring about.
     *
     * @param text any characters
     * @return whether they are text
     */
    public static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
