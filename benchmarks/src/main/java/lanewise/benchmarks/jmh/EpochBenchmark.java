package lanewise.benchmarks.jmh;

import java.util.List;
import lanewise.benchmarks.Checkout;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxFolder;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** One pass over MNIST in batches of 100, without evaluation. */
public class EpochBenchmark extends KernelBenchmark {
    /** Rows, pixels and classes. */
    @Param("60000x784x10")
    public String shape;

    /** How many threads train. */
    @Param("1")
    public int threads = 1;

    private Dataset mnist;
    private Model model;
    private Training training;

    @Override
    void allocate() {
        mnist = IdxFolder.load(Checkout.root().resolve("data/mnist")).train();
    }

    /** Softmax regression over every pixel. */
    @Benchmark
    public double epochSoftmax() {
        return epoch(0, PixelLayout.DENSE);
    }

    /** Softmax regression without the patches that are zeros. */
    @Benchmark
    public double epochSoftmaxPatches() {
        return epoch(0, PixelLayout.PATCHES);
    }

    /** A network with 400 hidden units. */
    @Benchmark
    public double epochMlp400() {
        return epoch(400, PixelLayout.AUTO);
    }

    private double epoch(int hidden, PixelLayout layout) {
        if (training == null) {
            start(hidden, layout);
        }
        return training.epoch();
    }

    private void start(int hidden, PixelLayout layout) {
        model = hidden == 0 ? Model.softmaxRegression(mnist.features(), mnist.classes(), false) : network(hidden);
        training = Trainer.builder().threads(threads).layout(layout).build().start(model, mnist);
    }

    private Model network(int hidden) {
        return Model.mlp(mnist.features(), List.of(hidden), mnist.classes(), false, 0);
    }

    @Override
    public float[][] operands() {
        return network(400).layers().stream()
                .map(layer -> layer.byInput(layer.stored()))
                .toArray(float[][]::new);
    }

    @Override
    public float[] result() {
        Dense first = model.layers().get(0);
        return first.byInput(first.stored());
    }

    @Override
    public void close() {
        if (training != null) {
            training.close();
        }
    }
}
