package lanewise.trainer.io;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

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
}
