package lanewise.trainer.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Schedule;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.TrainingListener;

/** Small runs in which everything that a checkpoint must hold has an influence. */
final class Runs {
    static final Dataset TRAIN = data(23, 1);
    static final Dataset TEST = data(30, 2);

    private Runs() {}

    /** Two steps of up to three batches to the epoch, momentum, an order for each epoch, a rate that drops twice, and an end by patience. */
    static Trainer.Builder recipe() {
        return Trainer.builder()
                .epochs(9)
                .batch(4)
                .accumulate(3)
                .learningRate(.3f)
                .schedule(Schedule.plateau(1, .5f).withWarmup(1))
                .momentum(.8f)
                .nesterov(true)
                .weightDecay(.01f)
                .clipNorm(2)
                .shuffle(true)
                .patience(3)
                .seed(4)
                .threads(1);
    }

    static Model model() {
        return Model.mlp(5, List.of(7), 3, true, 1);
    }

    /** Trains in a folder, with a save at the end, and tells a listener too. */
    static Model train(Path folder, Trainer.Builder recipe, TrainingListener listener) {
        return train(folder, recipe, listener, Long.MAX_VALUE);
    }

    /** Trains in a folder, with a save at the end and after every step. */
    static Model train(Path folder, Trainer.Builder recipe) {
        return train(folder, recipe, TrainingListener.NONE, 0);
    }

    /** Trains in a folder, with a save at the end and after so many nanoseconds, and tells a listener too. */
    static Model train(Path folder, Trainer.Builder recipe, TrainingListener listener, long pause) {
        Trainer trainer = recipe.build();
        Model model = model();
        try (RunFolder run = RunFolder.open(folder)) {
            RunKeeper keeper = new RunKeeper(run, Provenance.of(trainer, TRAIN), pause, 0);
            trainer.fit(model, TRAIN, TEST, keeper.and(listener));
        }
        return model;
    }

    /** What a run has left, but for how long it took. */
    static TreeMap<String, String> content(Path folder) {
        TreeMap<String, String> content = new TreeMap<>();
        try {
            for (String name : List.of(RunFolder.BEST, RunFolder.LAST)) {
                content.put(name, new String(Files.readAllBytes(folder.resolve(name)), ISO_8859_1));
            }
            content.put(
                    "metrics",
                    Files.readString(folder.resolve(RunFolder.METRICS)).replaceAll("\"seconds.*", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return content;
    }

    /** Rows around centres that lie close, with some labels wrong, so that a network soon learns too much. */
    private static Dataset data(int rows, long seed) {
        Random random = new Random(seed);
        float[] x = new float[rows * 5];
        int[] y = new int[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = random.nextInt(3);
            for (int j = 0; j < 5; j++) {
                x[i * 5 + j] = (j == y[i] ? 1 : 0) + (float) random.nextGaussian();
            }
        }
        return Dataset.of(x, rows, 5, y, 3);
    }
}
