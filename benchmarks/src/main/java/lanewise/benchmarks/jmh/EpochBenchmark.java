package lanewise.benchmarks.jmh;

import lanewise.benchmarks.Checkout;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxFolder;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;

/** One pass over MNIST in batches of 100, without evaluation. */
public class EpochBenchmark extends KernelBenchmark {
    /** Rows, pixels and classes. */
    @Param("60000x784x10")
    public String shape;

    /** How many threads train. */
    @Param("1")
    public int threads;

    private Training training;

    @Override
    void allocate() {
        Dataset mnist = IdxFolder.load(Checkout.root().resolve("data/mnist")).train();
        Model model = Model.softmaxRegression(mnist.features(), mnist.classes(), false);
        training = Trainer.builder().threads(threads).build().start(model, mnist);
    }

    /** Softmax regression. */
    @Benchmark
    public double epochSoftmax() {
        return training.epoch();
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        training.close();
    }
}
