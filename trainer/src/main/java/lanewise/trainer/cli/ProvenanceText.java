package lanewise.trainer.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What Lanewise says of a model in its file, as lines for people: a name and a value each, whatever there is. So a file of
 * any version can be looked at.
 */
final class ProvenanceText {
    /** Of a longer list, this many elements are shown. */
    private static final int SHOWN = 12;

    private final Map<String, String> lines = new LinkedHashMap<>();

    private ProvenanceText() {}

    /**
     * Reads a JSON object.
     *
     * @param text the object
     * @return a value for each name, one of an object inside it behind the name of that; empty if the text is damaged
     */
    static Map<String, String> of(String text) {
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            ProvenanceText provenance = new ProvenanceText();
            if (json.nextToken() == JsonToken.START_OBJECT) {
                provenance.object("", json);
            }
            return json.nextToken() == null ? provenance.lines : Map.of();
        } catch (JacksonException e) {
            return Map.of();
        }
    }

    private void object(String prefix, JsonParser json) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = prefix + json.currentName();
            switch (json.nextToken()) {
                case START_OBJECT -> object(name + ".", json);
                case START_ARRAY -> lines.put(name, array(json));
                default -> lines.put(name, json.getString());
            }
        }
    }

    private static String array(JsonParser json) {
        StringJoiner shown = new StringJoiner(", ");
        int n = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            n++;
            if (n <= SHOWN) {
                shown.add(json.currentToken().isScalarValue() ? json.getString() : "...");
            }
            json.skipChildren();
        }
        return n <= SHOWN ? shown.toString() : shown + ", ... (" + n + ")";
    }
}
