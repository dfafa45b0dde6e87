package lanewise.trainer.cli;

import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import lanewise.trainer.train.TrainingListener;

/** Shows a training: a bar while it runs, and a row for each epoch unless the log takes its place. */
final class TrainProgress implements TrainingListener, AutoCloseable {
    private final Trainer trainer;
    private final ProgressBar bar;
    private final EpochLog log;
    private final Console console;

    TrainProgress(Trainer trainer, EpochLog log, Console console) {
        this.trainer = trainer;
        this.bar = console.progressBar(trainer.hyperparameters().epochs());
        this.log = log;
        this.console = console;
    }

    @Override
    public void onStart(Training training) {
        log.open();
        if (training.epochs() > 0) {
            console.note((training.isOver() ? "there is nothing to do after epoch " : "goes on after epoch ")
                    + training.epochs());
        }
        if (log.leavesText()) {
            console.line(EpochTable.header("Epoch"));
        }
    }

    @Override
    public void onStep(int epoch, int rowsDone, int rows) {
        bar.update(epoch, rowsDone, rows);
    }

    @Override
    public void onEpoch(EpochReport report) {
        bar.clear();
        if (log.leavesText()) {
            console.line(EpochTable.row(report));
        }
        log.append(report);
    }

    @Override
    public void onEnd(Training training) {
        bar.clear();
        if (trainer.hyperparameters().patience() > 0 && !training.isStopped()) {
            int best = training.history().best().epoch();
            console.note("the model is that of row " + (best - 1) + ", which has the lowest test loss");
        }
    }

    @Override
    public void close() {
        bar.clear();
    }
}
