package lanewise.trainer.cli;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.io.InputFile;
import lanewise.trainer.io.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What makes a run, as its {@code config.json} says it: every option that decides the result, by its name without the dashes,
 * and the SHA-256 of every input.
 *
 * @param version the version of the program
 * @param options the values of the options; absent those that have none
 * @param sha256 the checksums by what they are of
 */
record RunConfig(String version, Map<Option<?>, Object> options, Map<String, String> sha256) {
    private static final int FORMAT = 1;
    private static final int LONGEST = 1 << 20;

    void write(Path file) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("format", FORMAT).put("version", version);
        ObjectNode values = json.putObject("options");
        options.forEach((option, value) -> put(values, option.key(), value));
        ObjectNode inputs = json.putObject("sha256");
        sha256.forEach(inputs::put);
        byte[] text = (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(text));
    }

    private static void put(ObjectNode json, String name, Object value) {
        if (value instanceof Boolean flag) {
            json.put(name, flag);
        } else if (value instanceof Number number) {
            json.set(name, JsonMapper.shared().valueToTree(number));
        } else {
            json.put(name, Option.text(value));
        }
    }

    /**
     * Reads a file.
     *
     * @param known the options that it may hold
     * @throws LanewiseException if it is missing (66), cannot be read (74), or is damaged, newer than this program, or holds
     *     an option that is unknown or has a bad value (65)
     */
    static RunConfig read(Path file, List<Option<?>> known) {
        try {
            return parse(JsonMapper.shared().readTree(text(file)), known);
        } catch (JacksonException | IllegalArgumentException e) {
            throw noConfig().in(file);
        } catch (LanewiseException e) {
            throw e.in(file);
        }
    }

    private static byte[] text(Path file) {
        try (FileChannel channel = InputFile.open(file)) {
            if (channel.size() > LONGEST) {
                throw noConfig().expected("at most " + LONGEST + " bytes", channel.size());
            }
            return Channels.newInputStream(channel).readNBytes(LONGEST);
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e);
        }
    }

    private static LanewiseException noConfig() {
        return new LanewiseException(BAD_DATA, "not the config.json of a run");
    }

    private static RunConfig parse(JsonNode json, List<Option<?>> known) {
        int format = json.required("format").intValue();
        if (format > FORMAT) {
            throw new LanewiseException(BAD_DATA, "the run is of a newer version of Lanewise")
                    .expected("format " + FORMAT, "format " + format);
        }
        Map<String, Option<?>> byKey = new HashMap<>();
        known.forEach(option -> byKey.put(option.key(), option));
        Map<Option<?>, Object> options = new LinkedHashMap<>();
        json.required("options").properties().forEach(entry -> {
            Option<?> option = byKey.get(entry.getKey());
            if (option == null) {
                throw new LanewiseException(BAD_DATA, "unknown option").at("options." + entry.getKey());
            }
            options.put(option, value(option, entry.getValue()));
        });
        Map<String, String> sha256 = new LinkedHashMap<>();
        json.required("sha256")
                .properties()
                .forEach(entry -> sha256.put(entry.getKey(), Json.string(entry.getValue())));
        return new RunConfig(Json.string(json.required("version")), options, sha256);
    }

    private static Object value(Option<?> option, JsonNode value) {
        return option.parse(value.isContainer() ? "" : value.asString())
                .orElseThrow(() -> new LanewiseException(BAD_DATA, "bad value")
                        .at("options." + option.key())
                        .expected(option.expected() == null ? "true or false" : option.expected(), value));
    }
}
