package lanewise.trainer.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import lanewise.trainer.data.BlockReader;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.DataWriter;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.DiskRows;
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

    private static final int ROWS = 20_000;

    private KilledRun() {}

    /** Trains in a folder, with a save after so many nanoseconds, on packed rows if some are named. */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        long pause = Long.parseLong(args[1]);
        TrainingListener tell = new TrainingListener() {
            @Override
            public void onStart(Training training) {
                System.out.write(STARTED);
                System.out.flush();
            }
        };
        if (args.length == 2) {
            train(folder, data(), pause, tell);
        } else {
            try (DiskRows rows = DiskRows.open(Path.of(args[2]), new BlockReader())) {
                train(folder, rows, pause, tell);
            }
        }
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
        Model model = Model.mlp(5, List.of(7), 3, true, 1);
        try (RunFolder run = RunFolder.open(folder)) {
            RunKeeper keeper = new RunKeeper(run, Provenance.of(trainer, rows), pause, 0);
            trainer.fit(model, rows, rows, keeper.and(listener));
        }
    }

    static Dataset data() {
        Random random = new Random(1);
        float[] x = new float[ROWS * 5];
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            y[i] = random.nextInt(3);
            for (int j = 0; j < 5; j++) {
                x[i * 5 + j] = (j == y[i] ? 1 : 0) + random.nextFloat();
            }
        }
        return Dataset.of(x, ROWS, 5, y, 3);
    }

    /** The same rows, packed. */
    static void pack(Path folder, Path target) throws Exception {
        Path file = folder.resolve("data.npz");
        DataWriter.to(file, null).write(data());
        try (RawRows raw = DataReader.builder().build().copy(file, folder)) {
            raw.all().write(target, Scaling.NONE, false, new BlockReader()).close();
        }
        Files.delete(file);
    }
}
