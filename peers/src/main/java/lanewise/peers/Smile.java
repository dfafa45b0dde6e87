package lanewise.peers;

import java.util.Arrays;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxFolder;
import smile.base.mlp.Layer;
import smile.base.mlp.OutputFunction;
import smile.classification.MLP;
import smile.math.TimeFunction;

/**
 * Smile's perceptron without hidden layers, in double precision: an epoch in batches of 100. It starts from random weights
 * and has a bias, so its weights are not ours; instead it must classify the training set about as well.
 */
public final class Smile implements Peer {
    private static final double LEARNING_RATE = 0.2;
    private static final int BATCH = 100;

    /** Errors on the training set after an epoch: ours makes 10.2 %. */
    private static final double WORST_ERROR = 0.15;

    @Override
    public String name() {
        return "smile";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        if (!work.kernel().equals("epoch-softmax") || work.threads() != 1) {
            return null;
        }
        Dataset mnist = IdxFolder.load(Checkout.root().resolve("data/mnist")).train();
        double[][] x = new double[mnist.rows()][mnist.features()];
        float[] row = new float[mnist.features()];
        for (int i = 0; i < x.length; i++) {
            mnist.copyRows(i, 1, row, 0);
            for (int j = 0; j < row.length; j++) {
                x[i][j] = row[j];
            }
        }
        MLP model = new MLP(mnist.features(), Layer.mle(mnist.classes(), OutputFunction.SOFTMAX));
        model.setLearningRate(TimeFunction.constant(LEARNING_RATE));
        Contender contender = new Contender() {
            @Override
            public void run() {
                for (int first = 0; first < x.length; first += BATCH) {
                    model.update(
                            Arrays.copyOfRange(x, first, first + BATCH),
                            Arrays.copyOfRange(mnist.labels(), first, first + BATCH));
                }
            }

            @Override
            public float[] result() {
                return new float[0];
            }
        };
        contender.run();
        int errors = 0;
        for (int i = 0; i < x.length; i++) {
            errors += model.predict(x[i]) == mnist.labels()[i] ? 0 : 1;
        }
        if (errors > WORST_ERROR * x.length) {
            throw new IllegalStateException("smile has " + errors + " errors of " + x.length);
        }
        return contender;
    }
}
