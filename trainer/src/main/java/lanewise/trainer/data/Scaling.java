package lanewise.trainer.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import lanewise.trainer.io.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is done to the features before a model sees them: {@code (x - offset) * factor} for each, in double and rounded to
 * float once. It is fitted on the rows to be learned alone and goes with the model, which so takes features as they come.
 * Immutable.
 */
public final class Scaling {
    /** How offset and factor are found. */
    public enum Kind {
        /** Nothing is done. */
        NONE,
        /** Times the float nearest to 1/255, which brings bytes to 0..1. */
        PIXEL,
        /** The smallest value of each feature becomes 0 and the largest 1, as in scikit-learn's MinMaxScaler. */
        MINMAX,
        /** Each feature gets mean 0 and variance 1, as in scikit-learn's StandardScaler. */
        STANDARD;

        /**
         * Whether it is fitted to rows, and has a shift and a factor for each feature.
         *
         * @return true for {@link #MINMAX} and {@link #STANDARD}
         */
        public boolean isFitted() {
            return this == MINMAX || this == STANDARD;
        }
    }

    /** Features as they come. */
    public static final Scaling NONE = new Scaling(Kind.NONE, new double[0], new double[0]);

    /** Bytes to 0..1. */
    public static final Scaling PIXEL = new Scaling(Kind.PIXEL, new double[0], new double[0]);

    /** What a pixel is multiplied by to lie in 0..1. */
    static final float PIXEL_FACTOR = 1f / 255;

    /** The spacing of doubles at 1. */
    private static final double EPSILON = 0x1p-52;

    private static final int CHUNK = 1_024;

    private final Kind kind;
    private final double[] offsets;
    private final double[] factors;

    private Scaling(Kind kind, double[] offsets, double[] factors) {
        this.kind = kind;
        this.offsets = offsets;
        this.factors = factors;
    }

    /**
     * Finds the scaling of some rows. Sums run in double over the rows in order, so the result has the same bits everywhere.
     *
     * <p>A feature that does not vary keeps the factor 1 and becomes 0. As in scikit-learn that means a range below 10 * 2<sup>-52</sup>
     * for {@link Kind#MINMAX}, and for {@link Kind#STANDARD} a variance v of n rows around the mean m of at most
     * n * 2<sup>-52</sup> * v + (n * m * 2<sup>-52</sup>)<sup>2</sup>.
     *
     * @param kind how
     * @param data the rows to be learned, not scaled yet
     * @return the scaling
     * @throws IllegalArgumentException if the data are scaled already, hold a NaN or an infinity where the kind looks at
     *     the values, or are sparse and would not stay so
     */
    public static Scaling fit(Kind kind, Dataset data) {
        switch (kind) {
            case NONE:
                return NONE;
            case PIXEL:
                return PIXEL;
            default:
                Dataset raw = data.scaled(NONE);
                return fit(kind, raw.features(), raw.rows(), List.of(raw));
        }
    }

    /** As {@link #fit(Kind, Dataset)}, of rows that come in parts, once or twice. */
    static Scaling fit(Kind kind, int features, int rows, Iterable<Dataset> parts) {
        return switch (kind) {
            case NONE -> NONE;
            case PIXEL -> PIXEL;
            case MINMAX -> minMax(features, parts);
            case STANDARD -> standard(features, rows, parts);
        };
    }

    private static Scaling minMax(int n, Iterable<Dataset> parts) {
        double[] min = new double[n];
        double[] max = new double[n];
        Arrays.fill(min, Double.POSITIVE_INFINITY);
        Arrays.fill(max, Double.NEGATIVE_INFINITY);
        forEachRow(parts, (row, at) -> {
            for (int j = 0; j < n; j++) {
                min[j] = Math.min(min[j], row[at + j]);
                max[j] = Math.max(max[j], row[at + j]);
            }
        });
        double[] factors = new double[n];
        for (int j = 0; j < n; j++) {
            double range = requireFinite(j, max[j] - min[j]);
            factors[j] = range < 10 * EPSILON ? 1 : 1 / range;
        }
        return new Scaling(Kind.MINMAX, min, factors);
    }

    private static Scaling standard(int n, double rows, Iterable<Dataset> parts) {
        double[] mean = new double[n];
        forEachRow(parts, (row, at) -> {
            for (int j = 0; j < n; j++) {
                mean[j] += row[at + j];
            }
        });
        for (int j = 0; j < n; j++) {
            mean[j] /= rows;
        }
        double[] variance = new double[n];
        forEachRow(parts, (row, at) -> {
            for (int j = 0; j < n; j++) {
                double distance = row[at + j] - mean[j];
                variance[j] += distance * distance;
            }
        });
        double[] factors = new double[n];
        for (int j = 0; j < n; j++) {
            double v = requireFinite(j, variance[j] / rows);
            double noise = rows * mean[j] * EPSILON;
            factors[j] = v <= rows * EPSILON * v + noise * noise ? 1 : 1 / Math.sqrt(v);
        }
        return new Scaling(Kind.STANDARD, mean, factors);
    }

    private interface RowVisitor {
        void visit(float[] values, int at);
    }

    private static void forEachRow(Iterable<Dataset> parts, RowVisitor visitor) {
        parts.forEach(part -> forEachRow(part, visitor));
    }

    private static void forEachRow(Dataset data, RowVisitor visitor) {
        if (data.holdsSparse()) {
            throw new IllegalArgumentException("sparse data would not stay sparse");
        }
        int n = data.features();
        int chunk = Math.max(1, Math.min(data.rows(), CHUNK * CHUNK / n));
        float[] values = new float[chunk * n];
        for (int first = 0; first < data.rows(); first += chunk) {
            int count = Math.min(chunk, data.rows() - first);
            data.copyRows(first, count, values, 0);
            for (int row = 0; row < count; row++) {
                visitor.visit(values, row * n);
            }
        }
    }

    private static double requireFinite(int feature, double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("feature " + feature + " holds a value that is not finite");
        }
        return number;
    }

    /**
     * How offset and factor were found.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Whether rows of so many features can be scaled.
     *
     * @param features the number of features
     * @return always true unless the scaling was fitted
     */
    public boolean fits(int features) {
        return !isFitted() || features == offsets.length;
    }

    /**
     * What is subtracted from a feature.
     *
     * @param feature its index
     * @return a finite number
     */
    public double offset(int feature) {
        return isFitted() ? offsets[feature] : 0;
    }

    /**
     * What the difference is multiplied by.
     *
     * @param feature its index
     * @return a finite number
     */
    public double factor(int feature) {
        return isFitted() ? factors[feature] : ofBytes();
    }

    /**
     * Scales rows in place. A value far outside the rows that the scaling was fitted on can become infinite.
     *
     * @param values the rows, without gaps
     * @param at index of the first value
     * @param rows how many rows
     * @param features the number of features of a row
     * @throws IllegalArgumentException if the scaling is for another number of features, or the array does not hold the rows
     */
    public void apply(float[] values, int at, int rows, int features) {
        if (!fits(features)) {
            throw new IllegalArgumentException("a scaling of " + offsets.length + " features for rows of " + features);
        }
        if (at < 0 || rows < 0 || features < 0 || (long) rows * features > values.length - at) {
            throw new IllegalArgumentException(rows + " rows of " + features + " features are not in " + values.length
                    + " values from " + at + " on");
        }
        int end = at + rows * features;
        if (kind == Kind.PIXEL) {
            for (int i = at; i < end; i++) {
                values[i] *= PIXEL_FACTOR;
            }
        } else if (isFitted()) {
            for (int i = at; i < end; i += features) {
                for (int j = 0; j < features; j++) {
                    values[i + j] = (float) ((values[i + j] - offsets[j]) * factors[j]);
                }
            }
        }
    }

    /** What a byte is multiplied by, unless the scaling was fitted. */
    float ofBytes() {
        return kind == Kind.PIXEL ? PIXEL_FACTOR : 1;
    }

    /**
     * Whether it was fitted on rows, each feature by itself. Such a scaling does not leave a zero a zero.
     *
     * @return true for {@link Kind#MINMAX} and {@link Kind#STANDARD}
     */
    public boolean isFitted() {
        return kind.isFitted();
    }

    /**
     * The scaling as JSON, the same text on every machine.
     *
     * @return a string such as {@code "pixel"}, or for a fitted one
     *     {@code {"kind":"standard","offset":[..],"factor":[..]}}, whose numbers read back as the same doubles
     */
    public String toJson() {
        if (!isFitted()) {
            return '"' + toString() + '"';
        }
        return Json.object(json -> {
            json.writeStringProperty("kind", toString());
            json.writeName("offset");
            json.writeArray(offsets, 0, offsets.length);
            json.writeName("factor");
            json.writeArray(factors, 0, factors.length);
        });
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param json the text
     * @return the scaling
     * @throws IllegalArgumentException if it is something else
     */
    public static Scaling fromJson(String json) {
        try {
            JsonNode node = JsonMapper.shared().readTree(json);
            if (node.isString()) {
                return switch (node.stringValue()) {
                    case "none" -> NONE;
                    case "pixel" -> PIXEL;
                    default -> throw new IllegalArgumentException("no scaling is called " + node.stringValue());
                };
            }
            String name = Json.string(node.required("kind"));
            double[] offsets = numbers(Json.array(node.required("offset")));
            double[] factors = numbers(Json.array(node.required("factor")));
            Kind kind = name.equals("minmax") ? Kind.MINMAX : Kind.STANDARD;
            if (offsets.length == 0
                    || offsets.length != factors.length
                    || !name.equals(kind.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("no scaling of " + offsets.length + " offsets and " + factors.length
                        + " factors is called " + name);
            }
            return new Scaling(kind, offsets, factors);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the scaling is not JSON of the right form", e);
        }
    }

    private static double[] numbers(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(j -> requireFinite(j, array.get(j).doubleValue()))
                .toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scaling that
                && kind == that.kind
                && Arrays.equals(offsets, that.offsets)
                && Arrays.equals(factors, that.factors);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(offsets) + 17 * Arrays.hashCode(factors) + kind.ordinal();
    }

    /** The name of the kind, in lower case. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
