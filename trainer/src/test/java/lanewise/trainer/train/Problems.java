package lanewise.trainer.train;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.Model;

/** Small data sets that can be learned, and what training made of a model. */
final class Problems {
    private Problems() {}

    /** Rows around one random centre for each class. */
    static Dataset clusters(int rows, int features, int classes, long seed) {
        Random random = new Random(seed);
        float[] centres = new float[classes * features];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = (float) random.nextGaussian();
        }
        float[] x = new float[rows * features];
        int[] y = new int[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = random.nextInt(classes);
            for (int j = 0; j < features; j++) {
                x[i * features + j] = centres[y[i] * features + j] + .5f * (float) random.nextGaussian();
            }
        }
        return Dataset.of(x, rows, features, y, classes);
    }

    /** Every weight and bias, layer by layer. */
    static List<float[]> parameters(Model model) {
        return model.layers().stream()
                .flatMap(layer ->
                        Stream.of(layer.byOutput(layer.stored()), layer.bias().clone()))
                .toList();
    }

    /** The bits of every weight and bias. */
    static List<Integer> bits(Model model) {
        return parameters(model).stream()
                .flatMap(values -> IntStream.range(0, values.length).mapToObj(i -> Float.floatToRawIntBits(values[i])))
                .toList();
    }

    /** Weights that are not zero, also for softmax regression. */
    static Model perturbed(Model model, long seed) {
        Random random = new Random(seed);
        for (Dense layer : model.layers()) {
            for (float[] values : List.of(layer.stored(), layer.bias())) {
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (.1 * random.nextGaussian());
                }
            }
        }
        return model;
    }
}
