package lanewise.trainer.model;

import java.math.BigInteger;
import java.util.Map;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What Lanewise says of a model in its file, besides the tensors: one JSON object in the metadata, whose form has a version.
 * A file of an older version is read, one of a newer version refused, since what it says may change what the tensors mean.
 */
public final class ModelFormat {
    /** The key of the object in the metadata. */
    public static final String KEY = "lanewise";

    /** The version that is written. 2: classes can have names, and a scaling can be fitted. */
    public static final int VERSION = 2;

    private static final String FORMAT = "format";

    private ModelFormat() {}

    /**
     * Reads the version of a file.
     *
     * @param metadata the metadata of the file
     * @return the version, or 0 if the file does not say any
     * @throws LanewiseException if it is newer than this program (65)
     */
    public static int of(Map<String, String> metadata) {
        BigInteger format = format(metadata.get(KEY));
        if (format.compareTo(BigInteger.valueOf(VERSION)) > 0) {
            throw new LanewiseException(ExitCode.BAD_DATA, "the model is of a newer version of Lanewise")
                    .at("__metadata__." + KEY)
                    .expected("format " + VERSION, "format " + format)
                    .hint("Update Lanewise to use it.");
        }
        return format.intValue();
    }

    /** The number in the object. Whether the rest of it is sound is for those to say who need it. */
    private static BigInteger format(String text) {
        if (text == null) {
            return BigInteger.ZERO;
        }
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals(FORMAT)) {
                    return value == JsonToken.VALUE_NUMBER_INT ? json.getBigIntegerValue() : BigInteger.ZERO;
                }
                json.skipChildren();
            }
            return BigInteger.ZERO;
        } catch (JacksonException e) {
            return BigInteger.ZERO;
        }
    }
}
