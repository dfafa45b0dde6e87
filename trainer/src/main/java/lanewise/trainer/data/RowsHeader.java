package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import lanewise.kernels.Pixels;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a packed file of rows says about them, as JSON behind the rows.
 *
 * @param rows how many there are
 * @param form how a row is written
 * @param classNames a name for each class
 * @param classCounts how many rows each class has
 * @param scaling what has been done to the features
 * @param fingerprint as {@link Dataset#fingerprint}
 */
record RowsHeader(
        int rows, Form form, List<String> classNames, int[] classCounts, Scaling scaling, String fingerprint) {
    private static final int FORMAT = 1;

    /**
     * How a row is written.
     *
     * @param features how many features it has
     * @param image its shape, if it is an image
     * @param bytes whether a feature is an unsigned byte, and not a float
     * @param tiled whether the bytes stand in the order of the kernels, padded, and not in their own
     */
    record Form(int features, Optional<ImageShape> image, boolean bytes, boolean tiled) {
        /** How many bytes the features of a row take. */
        int rowBytes() {
            return tiled ? order().groups() * Pixels.GROUP : Math.multiplyExact(features, bytes ? 1 : Float.BYTES);
        }

        PixelOrder order() {
            return new PixelOrder(features, image);
        }

        /** The shape of so many rows in IDX form. */
        int[] shape(int rows) {
            return image.map(i -> new int[] {rows, i.height(), i.width()}).orElse(new int[] {rows, features});
        }
    }

    /** Where the features of a chunk begin; its labels, four bytes each, are behind them. */
    long featuresAt(int chunk) {
        return (long) chunk * Shuffle.CHUNK * (form.rowBytes() + Integer.BYTES);
    }

    /** Reads the labels of a chunk. */
    void readLabels(FileChannel channel, int chunk, int[] to) throws IOException {
        int count = Shuffle.chunkRows(chunk, rows);
        ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        DiskRows.read(channel, bytes, featuresAt(chunk) + (long) count * form.rowBytes());
        bytes.flip().asIntBuffer().get(to, 0, count);
    }

    /** The same with a fingerprint. */
    RowsHeader signed(String sha256) {
        return new RowsHeader(rows, form, classNames, classCounts, scaling, sha256);
    }

    /** How many bytes all rows take. */
    long length() {
        return (long) rows * (form.rowBytes() + Integer.BYTES);
    }

    byte[] toJson() {
        return Json.line(json -> {
            json.writeNumberProperty("format", FORMAT);
            json.writeNumberProperty("rows", rows);
            json.writeNumberProperty("features", form.features);
            form.image.ifPresent(shape -> {
                json.writeNumberProperty("height", shape.height());
                json.writeNumberProperty("width", shape.width());
            });
            json.writeStringProperty("kind", form.bytes ? "u8" : "f32");
            json.writeBooleanProperty("tiled", form.tiled);
            json.writeNumberProperty("classes", classNames.size());
            if (!ClassNames.areCounted(classNames)) {
                json.writeArrayPropertyStart("class_names");
                classNames.forEach(json::writeString);
                json.writeEndArray();
            }
            json.writeName("class_counts");
            json.writeArray(classCounts, 0, classCounts.length);
            json.writeName("scaling");
            json.writeRawValue(scaling.toJson());
            json.writeStringProperty("data_sha256", fingerprint);
        });
    }

    static RowsHeader parse(byte[] text) {
        try {
            JsonNode json = JsonMapper.shared().readTree(text);
            int format = json.required("format").intValue();
            if (format > FORMAT) {
                throw new LanewiseException(BAD_DATA, "the packed rows are of a newer version of Lanewise")
                        .expected("format " + FORMAT, "format " + format);
            }
            Optional<ImageShape> image = json.has("height")
                    ? Optional.of(new ImageShape(
                            json.required("height").intValue(),
                            json.required("width").intValue()))
                    : Optional.empty();
            Form form = new Form(
                    json.required("features").intValue(),
                    image,
                    json.required("kind").stringValue().equals("u8"),
                    json.required("tiled").booleanValue());
            JsonNode names = json.get("class_names");
            JsonNode counts = json.required("class_counts");
            return new RowsHeader(
                    json.required("rows").intValue(),
                    form,
                    names == null
                            ? ClassNames.counted(json.required("classes").intValue())
                            : names.valueStream().map(JsonNode::stringValue).toList(),
                    IntStream.range(0, counts.size())
                            .map(c -> counts.get(c).intValue())
                            .toArray(),
                    Scaling.fromJson(json.required("scaling").toString()),
                    json.required("data_sha256").stringValue());
        } catch (JacksonException | IllegalArgumentException e) {
            throw new LanewiseException(BAD_DATA, "the packed rows are damaged: " + e.getMessage());
        }
    }
}
