package lanewise.trainer.cli;

import java.util.function.ToLongFunction;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.Rows;

/**
 * What a run learns and what it is measured by, both scaled alike.
 *
 * @param <R> data sets, or rows on the disk
 * @param train the training rows
 * @param test the rows of the table's Test
 */
record TrainingData<R extends Rows>(R train, R test) implements AutoCloseable {
    /** These data, if what a run takes with them fits the heap; else they are closed. */
    TrainingData<R> checked(ToLongFunction<TrainingData<?>> bytes) {
        try {
            TrainingMemory.require(bytes, this, 0);
            return this;
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    /** The same as they would be read in a heap of so many bytes. */
    TrainingData<?> in(long heap) {
        return train instanceof DiskRows learned && test instanceof DiskRows measured
                ? new TrainingData<>(learned.in(heap), measured.in(heap))
                : this;
    }

    @Override
    public void close() {
        close(train);
        close(test);
    }

    private static void close(Rows rows) {
        if (rows instanceof DiskRows disk) {
            disk.close();
        }
    }
}
