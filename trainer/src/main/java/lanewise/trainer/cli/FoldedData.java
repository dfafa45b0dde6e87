package lanewise.trainer.cli;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.Folds;
import lanewise.trainer.data.RawPart;
import lanewise.trainer.data.RawRows;
import lanewise.trainer.data.Split;
import lanewise.trainer.train.Trainer;

/**
 * Data that are dealt out to folds. They are in memory where a fold fits the heap beside them, or else in a file without a
 * name, from which each fold is packed in its turn. Neither changes a bit of it.
 */
final class FoldedData implements AutoCloseable {
    private final Arguments arguments;
    private final Trainer trainer;
    private final int count;
    private final TrainingDataReader reader;

    /** In memory, or null. */
    private Folds folds;

    /** On the disk, and the parts of each fold, or null. */
    private RawRows rows;

    private List<List<RawPart>> parts;

    /** Data that are read when a fold is asked for. */
    FoldedData(Arguments arguments, Trainer trainer, int count, Console console) {
        this.arguments = arguments;
        this.trainer = trainer;
        this.count = count;
        this.reader = new TrainingDataReader(arguments, console);
    }

    /**
     * What one of the folds learns and is measured by. The scaling is fitted on the training rows alone.
     *
     * @return the data, to be closed before the next are asked for
     */
    TrainingData<?> fold(int fold) {
        return rows == null ? TrainingDataReader.firstThatFits(() -> load(fold), () -> stream(fold)) : stream(fold);
    }

    private TrainingData<Dataset> load(int fold) {
        if (folds == null) {
            Dataset all = reader.loadTrain();
            folds = dealt(() -> Folds.stratified(all, count, seed()));
        }
        Split split = folds.split(fold);
        TrainingData<Dataset> data = new TrainingData<>(split.train(), split.validation());
        long besides = TrainingMemory.bytes(data);
        return reader.scaled(data, besides).checked(bytes(besides));
    }

    private TrainingData<DiskRows> stream(int fold) {
        folds = null;
        PackedFiles files = PackedFiles.nameless();
        if (rows == null) {
            rows = reader.copyTrain(files);
            packing().requireRoom(rows.foldsBytes());
            parts = dealt(() -> rows.folds(count, seed()));
        }
        return packing().write(parts.get(fold).get(0), parts.get(fold).get(1), files);
    }

    private Packing packing() {
        return new Packing(rows, arguments, bytes(besides()));
    }

    /** What stays of the rows beside those of a fold. */
    private long besides() {
        return rows.blockBytes() + (long) Integer.BYTES * rows.rows();
    }

    private <T> T dealt(Supplier<T> deal) {
        try {
            return deal.get();
        } catch (LanewiseException e) {
            throw e.in(DataOptions.data(arguments));
        }
    }

    private long seed() {
        return arguments.get(RecipeOptions.SEED);
    }

    /** What a fold takes, and what else is on the heap. */
    private ToLongFunction<TrainingData<?>> bytes(long besides) {
        return data -> TrainingMemory.bytes(arguments, trainer, data, besides, false);
    }

    /** Removes the file. */
    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
    }
}
