package lanewise.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.IdxFolder;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.SGD;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Tribuo's logistic regression by SGD: one epoch from zeros in batches of 100, every run anew. Its features are sparse and
 * it has a bias, so its weights are not ours; instead it must classify the training set about as well.
 */
public final class Tribuo implements Peer {
    private static final float LEARNING_RATE = 0.2f;
    private static final int BATCH = 100;

    /** Errors on the training set after an epoch: ours makes 10.2 %. */
    private static final double WORST_ERROR = 0.15;

    @Override
    public String name() {
        return "tribuo";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        if (!work.kernel().equals("epoch-softmax") || work.threads() != 1) {
            return null;
        }
        MutableDataset<Label> train =
                examples(IdxFolder.load(Checkout.root().resolve("data/mnist")).train());
        LinearSGDTrainer trainer =
                new LinearSGDTrainer(new LogMulticlass(), SGD.getSimpleSGD(LEARNING_RATE), 1, -1, BATCH, 1);
        trainer.setShuffle(false);
        requireLearned(trainer.train(train), train);
        return new Contender() {
            @Override
            public void run() {
                trainer.train(train);
            }

            @Override
            public float[] result() {
                return new float[0];
            }
        };
    }

    private static MutableDataset<Label> examples(Dataset data) {
        LabelFactory factory = new LabelFactory();
        MutableDataset<Label> examples =
                new MutableDataset<>(new SimpleDataSourceProvenance("MNIST", factory), factory);
        float[] row = new float[data.features()];
        for (int i = 0; i < data.rows(); i++) {
            data.copyRows(i, 1, row, 0);
            List<String> names = new ArrayList<>();
            double[] values = new double[row.length];
            for (int j = 0; j < row.length; j++) {
                if (row[j] != 0) {
                    values[names.size()] = row[j];
                    // Tribuo sorts features by name.
                    names.add("%03d".formatted(j));
                }
            }
            Label label = new Label(Integer.toString(data.labels()[i]));
            examples.add(new ArrayExample<>(label, names.toArray(String[]::new), Arrays.copyOf(values, names.size())));
        }
        return examples;
    }

    private static void requireLearned(Model<Label> model, MutableDataset<Label> train) {
        int errors = 0;
        for (var prediction : model.predict(train)) {
            if (!prediction
                    .getOutput()
                    .getLabel()
                    .equals(prediction.getExample().getOutput().getLabel())) {
                errors++;
            }
        }
        if (errors > WORST_ERROR * train.size()) {
            throw new IllegalStateException("tribuo has " + errors + " errors of " + train.size());
        }
    }
}
