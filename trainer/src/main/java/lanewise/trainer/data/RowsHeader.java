package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
 * @param entries those of sparse rows
 * @param classNames a name for each class
 * @param classCounts how many rows each class has
 * @param scaling what has been done to the features
 * @param fingerprint as {@link Dataset#fingerprint}
 */
record RowsHeader(
        int rows,
        RowForm form,
        Entries entries,
        List<String> classNames,
        int[] classCounts,
        Scaling scaling,
        String fingerprint) {
    private static final int FORMAT = 2;

    /** What an entry of a sparse row takes: its column and its value. */
    static final int ENTRY_BYTES = Integer.BYTES + Float.BYTES;

    /**
     * How many entries sparse rows have.
     *
     * @param ends for each chunk how many there are up to its end; nothing where the rows are not sparse
     * @param largestUnit how many the largest unit has
     */
    record Entries(long[] ends, int largestUnit) {
        static final Entries NONE = new Entries(new long[0], 0);

        /** How many come before a chunk. */
        long before(int chunk) {
            return chunk == 0 || ends.length == 0 ? 0 : ends[chunk - 1];
        }

        /** How many a chunk has. */
        long of(int chunk) {
            return ends.length == 0 ? 0 : ends[chunk] - before(chunk);
        }

        /** How many the largest chunk has. */
        long largestChunk() {
            return IntStream.range(0, ends.length).mapToLong(this::of).max().orElse(0);
        }

        /** How many there are. */
        long all() {
            return before(ends.length);
        }
    }

    /**
     * Where a chunk begins: with its features or, if its rows are sparse, with its entries and their numbers. Its labels, four
     * bytes each, are behind them.
     */
    long chunkAt(int chunk) {
        return (long) chunk * Shuffle.CHUNK * (form.rowBytes() + Integer.BYTES) + entries.before(chunk) * ENTRY_BYTES;
    }

    /** Reads the labels of a chunk. */
    void readLabels(FileChannel channel, int chunk, int[] to) throws IOException {
        long behind = chunkAt(chunk) + entries.of(chunk) * ENTRY_BYTES;
        readInts(channel, behind + (long) Shuffle.chunkRows(chunk, rows) * form.rowBytes(), chunk, to);
    }

    /** Reads how many entries each sparse row of a chunk has. */
    void readLengths(FileChannel channel, int chunk, int[] to) throws IOException {
        readInts(channel, chunkAt(chunk) + entries.of(chunk) * ENTRY_BYTES, chunk, to);
    }

    private void readInts(FileChannel channel, long at, int chunk, int[] to) throws IOException {
        int count = Shuffle.chunkRows(chunk, rows);
        ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        DiskRows.read(channel, bytes, at);
        bytes.flip().asIntBuffer().get(to, 0, count);
    }

    /** The same with a fingerprint. */
    RowsHeader signed(String sha256) {
        return new RowsHeader(rows, form, entries, classNames, classCounts, scaling, sha256);
    }

    /** How many bytes all rows take. */
    long length() {
        return (long) rows * (form.rowBytes() + Integer.BYTES) + entries.all() * ENTRY_BYTES;
    }

    byte[] toJson() {
        return Json.line(json -> {
            json.writeNumberProperty("format", FORMAT);
            json.writeNumberProperty("rows", rows);
            json.writeNumberProperty("features", form.features());
            form.image().ifPresent(shape -> {
                json.writeNumberProperty("height", shape.height());
                json.writeNumberProperty("width", shape.width());
            });
            json.writeStringProperty("kind", form.kind().text());
            json.writeBooleanProperty("tiled", form.tiled());
            if (form.sparse()) {
                json.writeName("entries");
                json.writeArray(entries.ends, 0, entries.ends.length);
                json.writeNumberProperty("largest_unit", entries.largestUnit);
                json.writeNumberProperty("first_index", form.firstIndex());
            }
            Json.strings(json, "feature_names", form.names());
            json.writeNumberProperty("classes", classNames.size());
            if (!ClassNames.areCounted(classNames)) {
                Json.strings(json, "class_names", classNames);
            }
            json.writeName("class_counts");
            json.writeArray(classCounts, 0, classCounts.length);
            json.writeName("scaling");
            json.writeRawValue(scaling.toJson());
            json.writeStringProperty("data_sha256", fingerprint);
        });
    }

    /** Whether there can be such rows. */
    private boolean isSound() {
        int widest = Integer.MAX_VALUE / (form.kind() == RowForm.Kind.FLOATS ? Float.BYTES : 1);
        return rows > 0
                && form.features() > 0
                && form.features() <= widest
                && entries.ends.length == (form.sparse() ? Shuffle.chunks(rows) : 0)
                && classCounts.length == classNames.size()
                && Arrays.stream(classCounts).asLongStream().sum() == rows
                && scaling.fits(form.features())
                && form.firstIndex() >= -1
                && form.firstIndex() <= 1
                && (form.names().isEmpty() || form.names().size() == form.features())
                && form.image().stream().allMatch(shape -> (long) shape.height() * shape.width() == form.features());
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
            RowForm form = new RowForm(
                    json.required("features").intValue(),
                    image,
                    RowForm.Kind.of(
                            Json.string(json.required("kind")),
                            json.required("tiled").booleanValue()),
                    json.path("first_index").intValue(-1),
                    Json.strings(json, "feature_names"));
            JsonNode ends = json.get("entries");
            Entries entries = ends == null
                    ? Entries.NONE
                    : new Entries(
                            Json.array(ends)
                                    .valueStream()
                                    .mapToLong(JsonNode::longValue)
                                    .toArray(),
                            json.required("largest_unit").intValue());
            List<String> names = Json.strings(json, "class_names");
            RowsHeader header = new RowsHeader(
                    json.required("rows").intValue(),
                    form,
                    entries,
                    names.isEmpty()
                            ? ClassNames.counted(json.required("classes").intValue())
                            : names,
                    Json.array(json.required("class_counts"))
                            .valueStream()
                            .mapToInt(JsonNode::intValue)
                            .toArray(),
                    Scaling.fromJson(json.required("scaling").toString()),
                    Json.string(json.required("data_sha256")));
            if (!header.isSound()) {
                throw DiskRows.notSound();
            }
            return header;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new LanewiseException(BAD_DATA, "the packed rows are damaged: " + e.getMessage());
        }
    }
}
