package lanewise.benchmarks.jmh;

import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** One step of SGD on softmax regression, over the same batch again and again. */
public class StepBenchmark extends KernelBenchmark {
    /** Rows, pixels, the square of a whole number, and classes. */
    @Param("100x784x10")
    public String shape;

    /** How many threads train. */
    @Param("1")
    public int threads = 1;

    private Model model;
    private Training training;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(shape);
        int rows = sizes.size(0);
        int side = (int) Math.round(Math.sqrt(sizes.size(1)));
        float[] values = floats(rows * side * side);
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.round(255 * Math.max(0, values[i]));
        }
        Dataset batch =
                Dataset.ofPixels(pixels, rows, new ImageShape(side, side), labels(rows, sizes.size(2)), sizes.size(2));
        model = Model.softmaxRegression(batch.features(), batch.classes(), false);
        training = Trainer.builder()
                .threads(threads)
                .batch(rows)
                .layout(PixelLayout.DENSE)
                .build()
                .start(model, batch);
    }

    /** Forward, gradient and update. */
    @Benchmark
    public double trainStep() {
        return training.epoch();
    }

    @Override
    public float[] result() {
        Dense layer = model.layers().get(0);
        return layer.byInput(layer.stored());
    }

    @Override
    public void close() {
        training.close();
    }
}
