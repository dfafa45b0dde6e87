package lanewise.trainer.eval;

import java.util.Arrays;
import lanewise.kernels.CrossEntropy;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.ForwardPass;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Prediction;

/**
 * Evaluates a model again and again, in memory that it sets aside once.
 *
 * <p>The rows are cut into chunks of fixed size, which the workers share. Each chunk sums its loss in double and in row
 * order, and the sums of the chunks are added in order: so the result does not depend on the number of workers.
 */
public final class Evaluator {
    /** How many rows a thread evaluates at a time. */
    public static final int CHUNK = 100;

    private final Model model;
    private final Workers workers;
    private final float[][] features;
    private final ForwardPass[] forward;
    private final int[][][] confusion;

    /**
     * Sets the memory aside.
     *
     * @param model the model
     * @param workers the threads
     */
    public Evaluator(Model model, Workers workers) {
        int classes = model.architecture().classes();
        this.model = model;
        this.workers = workers;
        this.features = new float[workers.count()][CHUNK * model.architecture().features()];
        this.forward = new ForwardPass[workers.count()];
        this.confusion = new int[workers.count()][classes][classes];
        for (int part = 0; part < forward.length; part++) {
            forward[part] = new ForwardPass(model, CHUNK);
        }
    }

    /**
     * Evaluates the model as it is now.
     *
     * @param data the data set
     * @return the evaluation
     * @throws lanewise.trainer.LanewiseException if the model does not fit the data (65)
     */
    public Evaluation evaluate(Dataset data) {
        model.requireFits(data);
        int rows = data.rows();
        int chunks = (rows - 1) / CHUNK + 1;
        double[] losses = new double[chunks];
        int[] errors = new int[chunks];
        workers.run((part, parts) -> {
            clear(confusion[part]);
            for (int chunk = Workers.start(chunks, part, parts);
                    chunk < Workers.start(chunks, part + 1, parts);
                    chunk++) {
                int first = chunk * CHUNK;
                int count = Math.min(CHUNK, rows - first);
                data.copyRows(first, count, features[part], 0);
                forward[part].run(0, count, features[part], 0);
                float[] z = forward[part].logits();
                int classes = model.architecture().classes();
                losses[chunk] = CrossEntropy.loss(count, classes, z, 0, classes, data.labels(), first);
                errors[chunk] = CrossEntropy.errors(count, classes, z, 0, classes, data.labels(), first);
                count(confusion[part], count, classes, z, data.labels(), first);
            }
        });
        double loss = 0;
        int wrong = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
            loss += losses[chunk];
            wrong += errors[chunk];
        }
        return new Evaluation(rows, loss / rows, (double) wrong / rows, support(data), sum(confusion));
    }

    private static void count(int[][] confusion, int rows, int classes, float[] z, int[] labels, int first) {
        for (int i = 0; i < rows; i++) {
            int predicted = Prediction.argMax(z, i * classes, classes);
            if (predicted != Prediction.NONE) {
                confusion[labels[first + i]][predicted]++;
            }
        }
    }

    private int[] support(Dataset data) {
        int[] support = new int[model.architecture().classes()];
        for (int label : data.labels()) {
            support[label]++;
        }
        return support;
    }

    private static void clear(int[][] counts) {
        for (int[] row : counts) {
            Arrays.fill(row, 0);
        }
    }

    private static int[][] sum(int[][][] parts) {
        int classes = parts[0].length;
        int[][] sum = new int[classes][classes];
        for (int[][] part : parts) {
            for (int i = 0; i < classes; i++) {
                for (int j = 0; j < classes; j++) {
                    sum[i][j] += part[i][j];
                }
            }
        }
        return sum;
    }
}
