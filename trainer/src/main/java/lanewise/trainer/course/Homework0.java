package lanewise.trainer.course;

import java.util.List;
import lanewise.kernels.CrossEntropy;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;

/**
 * Homework 0 of Deep Learning Systems (Carnegie Mellon, 10-414/714), with arrays where it has NumPy: matrices are row-major
 * without gaps, weights are [inputs][outputs], batches are taken in order, and there are no biases.
 *
 * <p><b>Source.</b> github.com/dlsyscourse/hw0.
 */
public final class Homework0 {
    private Homework0() {}

    /**
     * The mean cross-entropy of rows of logits.
     *
     * @param z the logits, [rows][classes]
     * @param y the class of each row
     * @param classes how many classes there are
     * @return the mean of log sum e<sup>z</sup> - z<sub>y</sub>, in nats
     * @throws IllegalArgumentException if the lengths do not agree or a label is outside its range
     */
    public static double softmaxLoss(float[] z, int[] y, int classes) {
        int rows = y.length;
        requireLength("z", z, rows, classes);
        return CrossEntropy.loss(rows, classes, z, 0, classes, y, 0) / rows;
    }

    /**
     * Trains softmax regression for one epoch, in place.
     *
     * @param x the features, [rows][features]
     * @param y the class of each row
     * @param features how many features a row has
     * @param classes how many classes there are
     * @param theta the weights, [features][classes], read and written
     * @param learningRate the step size
     * @param batch how many rows a gradient is the mean over
     * @throws IllegalArgumentException if the lengths do not agree or a value is outside its range
     * @throws lanewise.trainer.LanewiseException if a feature is NaN or infinite (65)
     */
    public static void softmaxRegressionEpoch(
            float[] x, int[] y, int features, int classes, float[] theta, float learningRate, int batch) {
        requireLength("theta", theta, features, classes);
        Model model = Model.zeros(new Architecture(features, List.of(), classes, false));
        epoch(model, x, y, learningRate, batch, theta);
    }

    /**
     * Trains a network of one hidden ReLU layer for one epoch, in place.
     *
     * @param x the features, [rows][features]
     * @param y the class of each row
     * @param features how many features a row has
     * @param hidden how many hidden units there are
     * @param classes how many classes there are
     * @param w1 the weights of the hidden layer, [features][hidden], read and written
     * @param w2 the weights of the last layer, [hidden][classes], read and written
     * @param learningRate the step size
     * @param batch how many rows a gradient is the mean over
     * @throws IllegalArgumentException if the lengths do not agree or a value is outside its range
     * @throws lanewise.trainer.LanewiseException if a feature is NaN or infinite (65)
     */
    public static void nnEpoch(
            float[] x,
            int[] y,
            int features,
            int hidden,
            int classes,
            float[] w1,
            float[] w2,
            float learningRate,
            int batch) {
        requireLength("w1", w1, features, hidden);
        requireLength("w2", w2, hidden, classes);
        Model model = Model.zeros(new Architecture(features, List.of(hidden), classes, false));
        epoch(model, x, y, learningRate, batch, w1, w2);
    }

    private static void epoch(Model model, float[] x, int[] y, float learningRate, int batch, float[]... weights) {
        Architecture sizes = model.architecture();
        Dataset data = Dataset.of(x, y.length, sizes.features(), y, sizes.classes());
        for (int l = 0; l < weights.length; l++) {
            model.layers().get(l).setByInput(weights[l]);
        }
        Trainer trainer = Trainer.builder()
                .learningRate(learningRate)
                .batch(batch)
                .threads(1)
                .build();
        try (Training training = trainer.start(model, data)) {
            training.epoch();
        }
        for (int l = 0; l < weights.length; l++) {
            float[] trained =
                    model.layers().get(l).byInput(model.layers().get(l).stored());
            System.arraycopy(trained, 0, weights[l], 0, trained.length);
        }
    }

    private static void requireLength(String name, float[] values, int rows, int cols) {
        if (values.length != (long) rows * cols) {
            throw new IllegalArgumentException(
                    name + " has " + values.length + " elements (expected " + rows + " x " + cols + ")");
        }
    }
}
