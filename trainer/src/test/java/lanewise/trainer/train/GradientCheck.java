package lanewise.trainer.train;

import java.util.Arrays;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.Model;

/**
 * The gradient that training uses, held against central differences of the loss in double precision, computed by plain
 * loops that share nothing with the kernels.
 *
 * <p>A difference tells the derivative only where there is one. So a row that brings any hidden unit within 1e-4 of the
 * kink of its ReLU, further than the differences reach, is left out of the batch; not so if the unit is 0 because all its
 * inputs are and it has no bias, since no difference moves it then.
 *
 * @param rows how many rows were used
 * @param rowsLeftOut how many were too close to a kink
 * @param worst the largest of |gradient - difference| / (1e-5 + 1e-3 |difference|) over all weights and biases
 * @param worstNorm the largest of |gradient - difference| / |difference| over all tensors, in Euclidean norms
 */
record GradientCheck(int rows, int rowsLeftOut, double worst, double worstNorm) {
    private static final double STEP = 1e-6;
    private static final double ABSOLUTE = 1e-5;
    private static final double RELATIVE = 1e-3;
    private static final double KINK = 1e-4;

    /**
     * Checks the gradient of the mean loss over a data set as one batch. Takes time in proportion to the rows and to the
     * square of the weights.
     *
     * @param model the model, which stays as it is
     * @param data the batch
     * @return how well they agree
     * @throws IllegalArgumentException if every row is too close to a kink
     * @throws lanewise.trainer.LanewiseException if the model does not fit the data (65)
     */
    static GradientCheck of(Model model, Dataset data) {
        model.requireFits(data);
        Exact exact = new Exact(model, data);
        if (exact.rows == 0) {
            throw new IllegalArgumentException("every row is too close to the kink of a ReLU");
        }
        Hyperparameters recipe = Trainer.builder().batch(exact.rows).build().hyperparameters();
        Dataset kept = Dataset.of(
                Arrays.copyOf(exact.features, exact.rows * data.features()),
                exact.rows,
                data.features(),
                Arrays.copyOf(exact.labels, exact.rows),
                data.classes());
        SgdStep step = new SgdStep(model, kept, recipe);
        step.use(kept);
        Batch batch = Batch.whole(exact.rows, 0);
        batch.closes = false;
        step.run(Workers.serial(), batch);

        double worst = 0;
        double worstNorm = 0;
        for (int l = 0; l < model.layers().size(); l++) {
            Dense layer = model.layers().get(l);
            float[] ofWeights = layer.byOutput(step.weightGradient(l));
            float[][] gradients = {ofWeights, step.biasGradient(l)};
            double[][] parameters = {exact.weights[l], exact.biases[l]};
            for (int t = 0; t < 2; t++) {
                double error = 0;
                double norm = 0;
                for (int i = 0; i < gradients[t].length; i++) {
                    double difference = exact.difference(parameters[t], i);
                    double off = Math.abs(gradients[t][i] - difference);
                    worst = Math.max(worst, off / (ABSOLUTE + RELATIVE * Math.abs(difference)));
                    error += off * off;
                    norm += difference * difference;
                }
                worstNorm = Math.max(worstNorm, norm == 0 ? Math.sqrt(error) : Math.sqrt(error / norm));
            }
        }
        return new GradientCheck(exact.rows, data.rows() - exact.rows, worst, worstNorm);
    }

    /**
     * Whether every element agrees.
     *
     * @return true if each is off by at most 1e-5 + 1e-3 |difference|
     */
    boolean passes() {
        return worst <= 1;
    }

    /** The model and the batch in double precision. */
    private static final class Exact {
        final double[][] weights;
        final double[][] biases;
        final float[] features;
        final int[] labels;
        final boolean hasBias;
        int rows;

        Exact(Model model, Dataset data) {
            int layers = model.layers().size();
            hasBias = model.architecture().bias();
            weights = new double[layers][];
            biases = new double[layers][];
            for (int l = 0; l < layers; l++) {
                Dense layer = model.layers().get(l);
                weights[l] = widen(layer.byOutput(layer.stored()));
                biases[l] = new double[layer.outputs()];
                System.arraycopy(widen(layer.bias()), 0, biases[l], 0, layer.bias().length);
            }
            int width = data.features();
            features = new float[data.rows() * width];
            labels = new int[data.rows()];
            for (int i = 0; i < data.rows(); i++) {
                System.arraycopy(data.values(), i * width, features, rows * width, width);
                labels[rows] = data.labels()[i];
                if (loss(rows, KINK) != null) {
                    rows++;
                }
            }
        }

        /** The derivative of the mean loss with respect to one parameter. */
        double difference(double[] parameters, int i) {
            double kept = parameters[i];
            parameters[i] = kept + STEP;
            double above = meanLoss();
            parameters[i] = kept - STEP;
            double below = meanLoss();
            parameters[i] = kept;
            return (above - below) / (2 * STEP);
        }

        private double meanLoss() {
            double sum = 0;
            for (int i = 0; i < rows; i++) {
                sum += loss(i, 0);
            }
            return sum / rows;
        }

        /** The loss of one row, or null if a hidden unit comes closer to 0 than the margin. */
        private Double loss(int row, double margin) {
            int width = features.length / labels.length;
            double[] x = new double[width];
            for (int j = 0; j < width; j++) {
                x[j] = features[row * width + j];
            }
            for (int l = 0; l < weights.length; l++) {
                double[] z = biases[l].clone();
                boolean moves = hasBias || Arrays.stream(x).anyMatch(v -> v != 0);
                for (int o = 0; o < z.length; o++) {
                    for (int j = 0; j < x.length; j++) {
                        z[o] += weights[l][o * x.length + j] * x[j];
                    }
                    if (l < weights.length - 1) {
                        if (moves && Math.abs(z[o]) < margin) {
                            return null;
                        }
                        z[o] = Math.max(z[o], 0);
                    }
                }
                x = z;
            }
            double max = Double.NEGATIVE_INFINITY;
            for (double z : x) {
                max = Math.max(max, z);
            }
            double sum = 0;
            for (double z : x) {
                sum += StrictMath.exp(z - max);
            }
            return max + StrictMath.log(sum) - x[labels[row]];
        }

        private static double[] widen(float[] values) {
            double[] wide = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                wide[i] = values[i];
            }
            return wide;
        }
    }
}
