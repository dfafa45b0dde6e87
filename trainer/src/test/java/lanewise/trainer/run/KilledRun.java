package lanewise.trainer.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import lanewise.trainer.data.BlockReader;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.DataWriter;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.RawRows;
import lanewise.trainer.data.Rows;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Schedule;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import lanewise.trainer.train.TrainingListener;

/** A run that saves after every step, in a process of its own, to be killed at any moment. */
final class KilledRun {
    /** What the run says when it begins to train. */
    static final char STARTED = '.';

    /** What the run says after each step, which it has saved if it does so at once. */
    static final char STEPPED = '+';

    private static final int ROWS = 20_000;
    private static final int FEATURES = 5;
    private static final int CLASSES = 3;

    private KilledRun() {}

    /** Trains in a folder, with a save after so many nanoseconds, on rows of a kind, or on those of a packed file. */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        long pause = Long.parseLong(args[1]);
        TrainingListener tell = new TrainingListener() {
            @Override
            public void onStart(Training training) {
                say(STARTED);
            }

            @Override
            public void onStep(int epoch, int rowsDone, int rows) {
                say(STEPPED);
            }
        };
        Path packed = Path.of(args[2]);
        if (!Files.exists(packed)) {
            train(folder, Kind.valueOf(args[2]).data.get(), pause, tell);
            return;
        }
        try (DiskRows rows = DiskRows.open(packed, new BlockReader())) {
            train(folder, rows, pause, tell);
        }
    }

    private static void say(char what) {
        System.out.write(what);
        System.out.flush();
    }

    /** Trains, or goes on to train. */
    static void train(Path folder, Rows rows, long pause, TrainingListener listener) {
        Trainer trainer = Trainer.builder()
                .epochs(20)
                .batch(70)
                .accumulate(11)
                .learningRate(.1f)
                .schedule(Schedule.COSINE)
                .momentum(.8f)
                .shuffle(true)
                .patience(15)
                .threads(1)
                .build();
        Model model = rows.holdsFloats()
                ? Model.mlp(FEATURES, List.of(7), CLASSES, true, 1)
                : Model.softmaxRegression(FEATURES, CLASSES, true);
        try (RunFolder run = RunFolder.open(folder)) {
            RunKeeper keeper = new RunKeeper(run, Provenance.of(trainer, rows), pause, 0);
            trainer.fit(model, rows, rows, keeper.and(listener));
        }
    }

    /** The rows, each kind of which is learned by a step of its own. */
    enum Kind {
        FLOATS(KilledRun::floats),
        PIXELS(KilledRun::pixels),
        SPARSE(KilledRun::sparse);

        final Supplier<Dataset> data;

        Kind(Supplier<Dataset> data) {
            this.data = data;
        }
    }

    private static Dataset floats() {
        Random random = new Random(1);
        float[] x = new float[ROWS * FEATURES];
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            y[i] = random.nextInt(CLASSES);
            for (int j = 0; j < FEATURES; j++) {
                x[i * FEATURES + j] = (j == y[i] ? 1 : 0) + random.nextFloat();
            }
        }
        return Dataset.of(x, ROWS, FEATURES, y, CLASSES);
    }

    private static Dataset pixels() {
        Dataset floats = floats();
        byte[] pixels = new byte[ROWS * FEATURES];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (100 * floats.values()[i]);
        }
        return Dataset.ofPixels(pixels, ROWS, new ImageShape(1, FEATURES), floats.labels(), CLASSES);
    }

    /** Every other feature of each row. */
    private static Dataset sparse() {
        Dataset floats = floats();
        int[] starts = new int[ROWS + 1];
        int[] columns = new int[ROWS * FEATURES];
        float[] values = new float[ROWS * FEATURES];
        int n = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int j = i % 2; j < FEATURES; j += 2) {
                columns[n] = j;
                values[n++] = floats.values()[i * FEATURES + j];
            }
            starts[i + 1] = n;
        }
        Csr rows = new Csr(starts, Arrays.copyOf(columns, n), Arrays.copyOf(values, n));
        return Dataset.ofSparse(rows, FEATURES, floats.labels(), CLASSES);
    }

    /** The floats, packed. */
    static void pack(Path folder, Path target) throws Exception {
        Path file = folder.resolve("data.npz");
        DataWriter.to(file, null).write(floats());
        try (RawRows raw = DataReader.builder().build().copy(file, folder)) {
            raw.all().write(target, Scaling.NONE, false, new BlockReader()).close();
        }
        Files.delete(file);
    }
}
