package lanewise.benchmarks.jmh;

import java.util.Arrays;
import java.util.SplittableRandom;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Softmax regression over sparse rows: one pass without evaluation. */
public class SparseBenchmark extends KernelBenchmark {
    /** Rows, features, entries of a row, and classes. */
    @Param({"20000x50000x100x2", "20000x50000x100x10"})
    public String shape;

    /** How many threads train. */
    @Param("1")
    public int threads = 1;

    /** The learning rate of an update a row. */
    public static final float RATE = 2;

    private Dataset data;
    private Model model;
    private Training training;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(shape);
        data = rows(sizes.size(0), sizes.size(1), sizes.size(2), sizes.size(3), 1);
        model = Model.softmaxRegression(data.features(), data.classes(), true);
    }

    /**
     * Rows as words make them: few features are in most rows and most in few, every row has length 1, and a hidden linear
     * model with noise names the class.
     *
     * @param rows how many rows
     * @param features how many features
     * @param entries how many of them a row keeps
     * @param classes how many classes
     * @param seed names the draw
     * @return the data set
     */
    public static Dataset rows(int rows, int features, int entries, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] hidden = new float[features * classes];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = (float) random.nextGaussian();
        }
        int[] starts = new int[rows + 1];
        int[] columns = new int[rows * entries];
        float[] values = new float[columns.length];
        Arrays.fill(values, (float) (1 / Math.sqrt(entries)));
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            starts[i + 1] = (i + 1) * entries;
            int[] drawn = random.doubles()
                    .mapToInt(u -> (int) (features * u * u * u))
                    .distinct()
                    .limit(entries)
                    .sorted()
                    .toArray();
            System.arraycopy(drawn, 0, columns, starts[i], entries);
            labels[i] = label(columns, starts[i], entries, hidden, classes, random);
        }
        return Dataset.ofSparse(new Csr(starts, columns, values), features, labels, classes);
    }

    private static int label(
            int[] columns, int start, int entries, float[] hidden, int classes, SplittableRandom random) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            double score = 2 * random.nextGaussian();
            for (int e = start; e < start + entries; e++) {
                score += hidden[columns[e] * classes + c];
            }
            if (score > most) {
                most = score;
                best = c;
            }
        }
        return best;
    }

    /** Every row once, in batches of 100. */
    @Benchmark
    public double epochSparse() {
        return epoch(Trainer.builder());
    }

    /** Every row once, an update a row. */
    @Benchmark
    public double epochSparseUpdates() {
        return epoch(Trainer.builder().batch(1).learningRate(RATE));
    }

    private double epoch(Trainer.Builder recipe) {
        if (training == null) {
            training = recipe.threads(threads).build().start(model, data);
        }
        return training.epoch();
    }

    @Override
    public float[] result() {
        Dense layer = model.layers().get(0);
        return apart(layer.byInput(layer.stored()), layer.outputs());
    }

    /**
     * What sets the classes apart from the first, which is all that their probabilities depend on: w(p, c) - w(p, 0).
     *
     * @param w the weights, those of a feature side by side
     * @param classes how many of them a feature has
     * @return one less of each feature
     */
    public static float[] apart(float[] w, int classes) {
        float[] apart = new float[w.length / classes * (classes - 1)];
        for (int at = 0, i = 0; at < w.length; at += classes) {
            for (int c = 1; c < classes; c++) {
                apart[i++] = w[at + c] - w[at];
            }
        }
        return apart;
    }

    @Override
    public void close() {
        if (training != null) {
            training.close();
        }
    }
}
