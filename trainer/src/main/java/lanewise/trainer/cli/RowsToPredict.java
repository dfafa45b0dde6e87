package lanewise.trainer.cli;

import java.nio.file.Path;
import java.util.function.Supplier;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.RowReader;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Heap;
import lanewise.trainer.io.ShortestDecimal;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Predictor;
import lanewise.trainer.model.SparseLayer;
import lanewise.trainer.model.SparsePredictor;

/** What one thread of a {@link PredictionStream} reads and predicts its blocks with. */
interface RowsToPredict {
    /** Features of a block, if it has them all, or outputs: a megabyte of floats, for a cache that a core has to itself. */
    int BLOCK = 1 << 18;

    /** And the blocks of all threads are at most this part of the heap: a block is there several times, once as text. */
    int PART = 64;

    int MOST_ROWS = 1 << 12;

    /** How many rows a block has at most. */
    int most();

    /**
     * Reads a block, while no other thread reads.
     *
     * @param firstRow how many rows have been read before
     * @return how many rows it has, 0 behind the last one
     */
    int read(long firstRow);

    /** Predicts the block. */
    void predict(float[] probabilities, int[] classes);

    /** Sparse rows stay so where one layer reads them as they come; a fitted scaling would fill them up. */
    private static boolean staySparse(Architecture sizes, RowReader input, Scaling scaling) {
        return input.holdsSparse() && !scaling.isFitted() && SparseLayer.suits(sizes);
    }

    /**
     * Sees that there is room for the model, and for a row of each thread with the outputs of the layers and the line. Blocks
     * have more rows where these are short.
     *
     * @throws LanewiseException if there is not (71)
     */
    static void requireRoom(SavedModel saved, Path modelFile, RowReader input, int threads) {
        Architecture sizes = saved.model().architecture();
        boolean sparse = staySparse(sizes, input, saved.scalingOr(input.usualScaling()));
        // A row is there twice while it is read, and a line while its memory grows.
        long floats = sizes.classes() + (sparse ? 0 : 2L * sizes.features()) + sizes.units();
        long line = 2L * ShortestDecimal.ROOM * sizes.classes();
        long weights = sizes.parameters() + (sparse ? SparseLayer.floats(sizes) : 0);
        long bytes = Float.BYTES * (weights + threads * floats) + threads * line;
        if (!Heap.fits(bytes, 0)) {
            throw Heap.shortage(bytes, "the prediction ").in(modelFile);
        }
    }

    /** The rows as the model takes them. */
    static Supplier<RowsToPredict> of(Model model, RowReader input, Path inputFile, Scaling scaling, int threads) {
        Architecture sizes = model.architecture();
        long block = Math.min(BLOCK, Runtime.getRuntime().maxMemory() / PART / threads / Float.BYTES);
        if (staySparse(sizes, input, scaling)) {
            SparseLayer layer = new SparseLayer(model);
            int rows = rows(block, layer.ld());
            return () -> new Sparse(layer, input, scaling, rows);
        }
        int rows = rows(block, Math.max(sizes.features(), sizes.widest()));
        return () -> new Dense(model, input, inputFile, scaling, rows);
    }

    private static int rows(long block, int floats) {
        return (int) Math.min(MOST_ROWS, Math.max(1, block / floats));
    }

    /** Rows with all their features. */
    final class Dense implements RowsToPredict {
        private final RowReader input;
        private final Path inputFile;
        private final Scaling scaling;
        private final int features;
        private final int most;
        private final Predictor predictor;
        private final float[] x;

        private long firstRow;
        private int rows;

        private Dense(Model model, RowReader input, Path inputFile, Scaling scaling, int most) {
            this.input = input;
            this.inputFile = inputFile;
            this.scaling = scaling;
            features = model.architecture().features();
            this.most = most;
            predictor = model.predictor(most);
            x = new float[Math.multiplyExact(most, features)];
        }

        @Override
        public int most() {
            return most;
        }

        @Override
        public int read(long firstRow) {
            this.firstRow = firstRow;
            rows = input.read(x, most);
            return rows;
        }

        @Override
        public void predict(float[] probabilities, int[] classes) {
            scaling.apply(x, 0, rows, features);
            try {
                predictor.predict(x, rows, probabilities, classes);
            } catch (IllegalArgumentException e) {
                throw tooFar();
            }
        }

        /** What was read is finite, so what is not became so by scaling. */
        private LanewiseException tooFar() {
            int i = 0;
            while (Float.isFinite(x[i])) {
                i++;
            }
            return new LanewiseException(ExitCode.BAD_DATA, "too far from what the scaling of the model was fitted on")
                    .in(inputFile)
                    .at("row " + (firstRow + i / features) + ", feature " + i % features);
        }
    }

    /** Rows with their entries alone. */
    final class Sparse implements RowsToPredict {
        private final RowReader input;
        private final Scaling scaling;
        private final int most;
        private final SparsePredictor predictor;

        private Dataset rows;

        private Sparse(SparseLayer layer, RowReader input, Scaling scaling, int most) {
            this.input = input;
            this.scaling = scaling;
            this.most = most;
            predictor = new SparsePredictor(layer, most);
        }

        @Override
        public int most() {
            return most;
        }

        @Override
        public int read(long firstRow) {
            rows = input.readSparse(most);
            return rows == null ? 0 : rows.rows();
        }

        @Override
        public void predict(float[] probabilities, int[] classes) {
            if (rows != null) {
                predictor.predict(rows.scaled(scaling).sparse().orElseThrow(), probabilities, classes);
            }
        }
    }
}
