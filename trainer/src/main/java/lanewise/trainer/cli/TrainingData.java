package lanewise.trainer.cli;

import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.Rows;

/**
 * What a run learns and what it is measured by, both scaled alike.
 *
 * @param <R> data sets, or rows on the disk
 * @param train the rows to learn
 * @param test the rows of the table's Test
 */
record TrainingData<R extends Rows>(R train, R test) implements AutoCloseable {
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
