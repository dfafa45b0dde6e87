package lanewise.trainer.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.RowReader;
import lanewise.trainer.model.Architecture;

/**
 * Predicts an input and writes a line for each row, in memory that does not depend on how many there are.
 *
 * <p>Each thread takes the next block of rows from the input, predicts it, makes its lines, and writes them when all blocks
 * before have been written. So one thread can read while another predicts, and no byte of the output depends on their
 * number.
 */
final class PredictionStream {
    private final SavedModel saved;
    private final Path modelFile;
    private final RowReader input;
    private final PredictionFormat format;
    private final Workers workers;
    private final Supplier<RowsToPredict> rowsToPredict;

    // Guarded by the input.
    private long rowsRead;
    private long blocksRead;
    private boolean atEnd;

    // Guarded by this.
    private long blocksWritten;
    private boolean failed;

    /**
     * Nothing is read yet.
     *
     * @param saved the model
     * @param modelFile what to call it
     * @param input the rows, of as many features as the model takes
     * @param inputFile what to call them
     * @param format what the lines look like
     * @param workers the threads
     */
    PredictionStream(
            SavedModel saved,
            Path modelFile,
            RowReader input,
            Path inputFile,
            PredictionFormat format,
            Workers workers) {
        this.saved = saved;
        this.modelFile = modelFile;
        this.input = input;
        this.format = format;
        this.workers = workers;
        this.rowsToPredict = RowsToPredict.of(
                saved.model(), input, inputFile, saved.scalingOr(input.usualScaling()), workers.count());
    }

    /**
     * Predicts all rows.
     *
     * @param out takes the lines
     * @param afterBlock runs after each block is written
     * @throws IOException if the output fails
     * @throws LanewiseException if the input is damaged, or a row cannot be predicted; the blocks before have been written
     *     then
     */
    void writeTo(OutputStream out, Runnable afterBlock) throws IOException {
        try {
            workers.run((part, parts) -> {
                Block block = new Block();
                while (block.next() && block.writeInTurn(out, afterBlock)) {}
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What one thread works with: a block after another in the same memory. */
    private final class Block {
        private final Architecture sizes = saved.model().architecture();
        private final RowsToPredict block = rowsToPredict.get();
        private final float[] probabilities = new float[Math.multiplyExact(block.most(), sizes.classes())];
        private final int[] classes = new int[block.most()];
        private final PredictionLines lines = new PredictionLines(format, sizes.classes(), saved.classNames());

        private long number;
        private long firstRow;
        private int rows;
        private Throwable failure;

        /** Reads the next block and makes its lines. What goes wrong waits for the turn of the block. */
        boolean next() {
            synchronized (input) {
                if (atEnd) {
                    return false;
                }
                number = blocksRead++;
                firstRow = rowsRead;
                attempt(() -> rows = block.read(firstRow));
                rowsRead += rows;
                atEnd = rows == 0 || failure != null;
            }
            attempt(this::predict);
            return rows > 0 || failure != null;
        }

        private void attempt(Runnable step) {
            try {
                if (failure == null) {
                    step.run();
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }

        private void predict() {
            block.predict(probabilities, classes);
            lines.clear();
            if (number == 0) {
                lines.addHeading();
            }
            for (int i = 0; i < rows; i++) {
                if (Float.isNaN(probabilities[i * sizes.classes()])) {
                    throw new LanewiseException(
                                    ExitCode.BAD_DATA, "the weights are too large to predict row " + (firstRow + i))
                            .in(modelFile);
                }
                lines.add(classes[i], probabilities, i * sizes.classes());
            }
        }

        /** Writes the lines after those of the blocks before. A failure ends all threads; then this tells false. */
        boolean writeInTurn(OutputStream out, Runnable afterBlock) {
            synchronized (PredictionStream.this) {
                awaitTurn();
                if (failed) {
                    return false;
                }
                failed = true;
                try {
                    if (failure instanceof Error e) {
                        throw e;
                    }
                    if (failure != null) {
                        throw (RuntimeException) failure;
                    }
                    lines.writeTo(out);
                    afterBlock.run();
                    failed = false;
                    blocksWritten++;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    PredictionStream.this.notifyAll();
                }
                return true;
            }
        }

        private void awaitTurn() {
            boolean interrupted = false;
            while (blocksWritten < number && !failed) {
                try {
                    PredictionStream.this.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
