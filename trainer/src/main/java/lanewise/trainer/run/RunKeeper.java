package lanewise.trainer.run;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.IO_FAILED;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Weights;
import lanewise.trainer.train.EpochReport;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.Training;
import lanewise.trainer.train.TrainingListener;
import lanewise.trainer.train.TrainingState;

/**
 * Keeps a training in its folder. When it saves has no influence on what is learned: whatever of the files is younger than
 * the checkpoint is made again, from the same state by the same steps, before the resumed run can end.
 */
final class RunKeeper implements TrainingListener {
    /** The shortest time between two saves. */
    static final long PAUSE_NANOS = 1_000_000_000;

    /** Between two saves lies this many times what a save takes. */
    static final long REST = 20;

    private final RunFolder run;
    private final Provenance provenance;
    private final long shortestPause;
    private final long rest;

    private Training training;
    private long saved;
    private long pause;
    private int bestSaved;

    // The model after the last epoch that has been reported, if this process has seen it.
    private Model last;
    private int lastEpoch;
    private int lastSaved;

    RunKeeper(RunFolder run, Provenance provenance, long shortestPause, long rest) {
        this.run = run;
        this.provenance = provenance;
        this.shortestPause = shortestPause;
        this.rest = rest;
    }

    @Override
    public void onStart(Training started) {
        training = started;
        training.keepBest();
        Path checkpoint = file(RunFolder.CHECKPOINT);
        if (Files.exists(checkpoint)) {
            try {
                TrainingState state =
                        CheckpointFile.read(checkpoint, training.model().architecture(), provenance);
                training.restore(state);
                if (state.epoch() > 0 && state.epoch() == state.reports().size()) {
                    keepLast();
                }
            } catch (IllegalArgumentException e) {
                throw new LanewiseException(BAD_DATA, e.getMessage()).in(checkpoint);
            }
        }
        AtomicFile.write(file(RunFolder.METRICS), out -> {
            for (EpochReport report : training.history().epochs()) {
                out.write(EpochLine.of(report));
            }
        });
        saved = System.nanoTime();
        pause = shortestPause;
    }

    @Override
    public void onStep(int epoch, int rowsDone, int rows) {
        saveIfDue();
    }

    @Override
    public void onEpoch(EpochReport report) {
        Path metrics = file(RunFolder.METRICS);
        try (OutputStream out = Files.newOutputStream(metrics, APPEND, NOFOLLOW_LINKS)) {
            out.write(EpochLine.of(report));
        } catch (IOException e) {
            throw new LanewiseException(IO_FAILED, e).in(metrics);
        }
        keepLast();
        saveIfDue();
    }

    @Override
    public void onEnd(Training ended) {
        save(System.nanoTime());
    }

    private void keepLast() {
        Model model = training.model();
        last = last == null ? Model.zeros(model.architecture()) : last;
        Weights.of(last).set(Weights.of(model));
        lastEpoch = training.epochs();
    }

    /** A file of the folder, which may be another run's once the lock is given back. */
    private Path file(String name) {
        run.requireOpen();
        return run.file(name);
    }

    private void saveIfDue() {
        long began = System.nanoTime();
        if (began - saved >= pause) {
            save(began);
        }
    }

    /**
     * The checkpoint comes last, so that no model is older than it says.
     *
     * @throws LanewiseException if the training has diverged (70), which nothing mends any more, or a file cannot be
     *     created or written (73, 74)
     */
    private void save(long began) {
        if (training == null) {
            throw new IllegalStateException("the listener of a run has not been told that the training starts");
        }
        training.requireFinite();
        TrainingState state = training.state();
        Model model = training.model();
        if (!state.best().isEmpty()) {
            int best = training.history().best().epoch();
            if (best != bestSaved) {
                toModel(model.architecture(), state.best()).save(file(RunFolder.BEST), provenance.toMetadata(best));
                bestSaved = best;
            }
        }
        if (lastEpoch != lastSaved) {
            last.save(file(RunFolder.LAST), provenance.toMetadata(lastEpoch));
            lastSaved = lastEpoch;
        }
        CheckpointFile.write(file(RunFolder.CHECKPOINT), state, model.architecture(), provenance);
        saved = System.nanoTime();
        pause = Math.max(shortestPause, rest * (saved - began));
    }

    private static Model toModel(Architecture architecture, List<float[]> tensors) {
        Model model = Model.zeros(architecture);
        Weights.of(model).set(tensors);
        return model;
    }
}
