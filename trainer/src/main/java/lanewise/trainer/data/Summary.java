package lanewise.trainer.data;

import java.util.Arrays;

/**
 * What the features of a data set are like. Sums run in double over the rows in order. Missing values, which are NaN, count
 * nowhere else; a feature of which every value is missing has NaN for all but their number.
 *
 * <p>Two are equal only if they have the same arrays, not for equal content: compare the arrays.
 *
 * @param missing how many values each feature lacks
 * @param min the smallest value of each feature
 * @param max the largest one
 * @param mean the mean
 * @param deviation the standard deviation, of the rows as they are and not of what they are drawn from: the sum of squares
 *     is divided by their number
 */
public record Summary(int[] missing, float[] min, float[] max, double[] mean, double[] deviation) {
    private static final int CHUNK = 1 << 20;

    /**
     * What a summary takes while it is made.
     *
     * @param data the data set
     * @return bytes, without those of the data
     */
    public static long bytes(Dataset data) {
        long ofFeature = 5L * Integer.BYTES + 2L * Double.BYTES;
        long block = data.holdsSparse() ? 0 : (long) Float.BYTES * blockRows(data) * data.features();
        return ofFeature * data.features() + block;
    }

    /**
     * Goes through a data set twice.
     *
     * @param data the data set; of bytes, the features are those in 0..255
     * @return the summary
     * @throws IllegalStateException if the rows are {@linkplain Dataset#holdsTiles tiles}
     */
    public static Summary of(Dataset data) {
        Dataset raw = data.bytes().isPresent() ? data.scaled(Scaling.NONE) : data;
        int n = raw.features();
        int[] seen = new int[n];
        int[] missing = new int[n];
        float[] min = new float[n];
        float[] max = new float[n];
        double[] mean = new double[n];
        Arrays.fill(min, Float.POSITIVE_INFINITY);
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
        forEach(raw, (feature, value) -> {
            if (Float.isNaN(value)) {
                missing[feature]++;
                return;
            }
            seen[feature]++;
            min[feature] = Math.min(min[feature], value);
            max[feature] = Math.max(max[feature], value);
            mean[feature] += value;
        });
        int[] zeros = new int[n];
        for (int j = 0; j < n; j++) {
            zeros[j] = raw.rows() - seen[j] - missing[j];
            if (zeros[j] > 0) {
                min[j] = Math.min(min[j], 0);
                max[j] = Math.max(max[j], 0);
            }
            mean[j] /= seen[j] + zeros[j];
            if (missing[j] == raw.rows()) {
                min[j] = Float.NaN;
                max[j] = Float.NaN;
            }
        }
        double[] deviation = new double[n];
        forEach(raw, (feature, value) -> {
            if (!Float.isNaN(value)) {
                double distance = value - mean[feature];
                deviation[feature] += distance * distance;
            }
        });
        for (int j = 0; j < n; j++) {
            double squares = deviation[j] + zeros[j] * mean[j] * mean[j];
            deviation[j] = Math.sqrt(squares / (seen[j] + zeros[j]));
        }
        return new Summary(missing, min, max, mean, deviation);
    }

    /**
     * Whether a feature has the same value in every row that has one.
     *
     * @param feature which feature
     * @return true also if every value is missing
     */
    public boolean isConstant(int feature) {
        return !(min[feature] < max[feature]);
    }

    private interface Visitor {
        void visit(int feature, float value);
    }

    /** The values that are kept: all of them, or those of sparse rows that are not zero. */
    private static void forEach(Dataset data, Visitor visitor) {
        Csr sparse = data.sparse().orElse(null);
        if (sparse != null) {
            for (int i = 0; i < sparse.entries(); i++) {
                visitor.visit(sparse.columns()[i], sparse.values()[i]);
            }
            return;
        }
        int n = data.features();
        int rows = blockRows(data);
        float[] values = new float[rows * n];
        for (int first = 0; first < data.rows(); first += rows) {
            int count = Math.min(rows, data.rows() - first);
            data.copyRows(first, count, values, 0);
            for (int i = 0; i < count * n; i++) {
                visitor.visit(i % n, values[i]);
            }
        }
    }

    /** How many rows are looked at at a time. */
    private static int blockRows(Dataset data) {
        return Math.max(1, Math.min(data.rows(), CHUNK / data.features()));
    }
}
