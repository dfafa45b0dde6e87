package lanewise.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lanewise.kernels.Workers;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.data.ImageShape;
import lanewise.trainer.data.PixelLayout;
import lanewise.trainer.data.PixelRows;
import org.junit.jupiter.api.Test;

class PredictorTest {
    private static final int FEATURES = 37;
    private static final int CLASSES = 6;
    private static final int ROWS = 1_203;
    private static final List<List<Integer>> HIDDEN = List.of(List.of(), List.of(5), List.of(40, 7));
    private static final float[] X = normal(ROWS * FEATURES);

    private static float[] normal(int n) {
        Random random = new Random(1);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private static Model model(List<Integer> hidden) {
        return ModelTest.random(new Architecture(FEATURES, hidden, CLASSES, true), 1);
    }

    /** However wide its layers are, a predictor takes what a few rows fill, and gives each row the same bits. */
    @Test
    void aWideModelTakesFewRowsAtATime() {
        int units = 1_000_000;
        Model model = Model.mlp(2, List.of(units), CLASSES, true, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        Predictor predictor = model.predictor(4_096);
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(allocated).isLessThan(4L * Float.BYTES * units);
        float[] together = new float[3 * CLASSES];
        predictor.predict(X, 3, together, new int[3]);
        float[] alone = new float[CLASSES];
        predictor.predict(Arrays.copyOfRange(X, 4, 6), 1, alone, new int[1]);
        assertThat(alone).isEqualTo(Arrays.copyOfRange(together, 2 * CLASSES, 3 * CLASSES));
    }

    @Test
    void theArraysOfTheCallerGetTheBitsOfAPrediction() {
        for (List<Integer> hidden : HIDDEN) {
            Model model = model(hidden);
            Prediction expected = model.predict(X, ROWS);
            float[] probabilities = new float[ROWS * CLASSES];
            int[] classes = new int[ROWS];
            Predictor predictor = model.predictor(ROWS);
            predictor.predict(X, ROWS, probabilities, classes);
            assertThat(probabilities).isEqualTo(expected.probabilities());
            assertThat(classes).isEqualTo(expected.classes());

            float[] longer = new float[2 * CLASSES + 1];
            int[] longerClasses = {-7, -7, -7};
            predictor.predict(X, 2, longer, longerClasses);
            assertThat(longer)
                    .startsWith(Arrays.copyOf(expected.probabilities(), 2 * CLASSES))
                    .endsWith(0);
            assertThat(longerClasses).containsExactly(expected.classes()[0], expected.classes()[1], -7);
        }
    }

    @Test
    void rowsThatDoNotFitAreRefused() {
        Predictor predictor = model(List.of()).predictor(2);
        float[] p = new float[2 * CLASSES];
        int[] c = new int[2];
        assertThatThrownBy(() -> predictor.predict(X, 3, p, c)).hasMessage("rows is outside 0..2: 3");
        assertThatThrownBy(() -> predictor.predict(X, -1, p, c)).hasMessage("rows is outside 0..2: -1");
        assertThatThrownBy(() -> predictor.predict(new float[FEATURES + 1], 2, p, c))
                .hasMessage("x has 38 elements, too few for 74");
        assertThatThrownBy(() -> predictor.predict(X, 2, new float[2 * CLASSES - 1], c))
                .hasMessage("probabilities has 11 elements, too few for 12");
        assertThatThrownBy(() -> predictor.predict(X, 2, p, new int[1]))
                .hasMessage("classes has 1 elements, too few for 2");
        assertThatThrownBy(() -> model(List.of()).predictor(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Rows go through the layers some at a time, so that probabilities would take the place of rows still to come. */
    @Test
    void rowsAreNotOverwrittenByProbabilities() {
        float[] both = new float[2 * FEATURES];
        assertThatThrownBy(() -> model(List.of()).predictor(2).predict(both, 2, both, new int[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("probabilities and x are one array");
    }

    @Test
    void sparseRowsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new SparseLayer(model(List.of(5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a model of 37-5-6 with biases is not one layer whose weights an array can hold");
        SparseLayer layer = new SparseLayer(model(List.of()));
        assertThatThrownBy(() -> new SparsePredictor(layer, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("maxRows is outside 0..");
        assertThatThrownBy(() -> new SparsePredictor(layer, Integer.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("maxRows is outside 0..");
        SparsePredictor predictor = new SparsePredictor(layer, 2);
        float[] p = new float[2 * CLASSES];
        int[] c = new int[2];
        Csr two = new Csr(new int[] {0, 1, 2}, new int[] {0, FEATURES - 1}, new float[] {1, 1});
        assertRefused(predictor, two, new float[2 * CLASSES - 1], c, "probabilities has 11 elements");
        assertRefused(predictor, two, p, new int[1], "classes has 1 elements");
        assertRefused(predictor, new Csr(new int[4], new int[0], new float[0]), p, c, "rows is outside 0..2: 3");
        Csr wide = new Csr(new int[] {0, 1}, new int[] {FEATURES}, new float[] {1});
        assertRefused(predictor, wide, p, c, "rows have column 37, of 37 features");
        predictor.predict(two, p, c);
    }

    private static void assertRefused(SparsePredictor predictor, Csr rows, float[] p, int[] c, String start) {
        assertThatThrownBy(() -> predictor.predict(rows, p, c))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(start);
    }

    @Test
    void aLayerOverPixelsIsOneOfFewClasses() {
        Dataset pixels = Dataset.ofPixels(new byte[FEATURES], 1, new ImageShape(1, FEATURES), new int[1], 1);
        PixelRows rows = pixels.pixelRows(PixelLayout.AUTO, Workers.serial());
        for (Model model : List.of(model(List.of(5)), Model.softmaxRegression(FEATURES, 16, false))) {
            assertThatThrownBy(() -> new PixelLayer(model, rows, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("is not one layer of at most 15 classes whose weights an array can hold");
        }
    }

    /** Numbers whose squares overflow are finite all the same, and are predicted. */
    @Test
    void aFeatureThatIsNotFiniteIsNamed() {
        Predictor predictor = model(List.of(5)).predictor(ROWS);
        float[] p = new float[ROWS * CLASSES];
        int[] c = new int[ROWS];
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at : new int[] {0, 501 * FEATURES + 3, X.length - 1}) {
                float[] x = X.clone();
                x[at] = bad;
                assertThatThrownBy(() -> predictor.predict(x, ROWS, p, c))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("feature " + at % FEATURES + " of row " + at / FEATURES + " is not finite: " + bad);
            }
        }
        float[] large = new float[FEATURES];
        Arrays.fill(large, 1e30f);
        predictor.predict(large, 1, p, c);
        assertThat(c[0]).isBetween(0, CLASSES - 1);
    }

    @Test
    void eightThreadsOnOneModelGetTheBitsOfOne() throws Exception {
        Model model = model(List.of(40, 7));
        Prediction expected = model.predict(X, ROWS);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int seed = thread;
                tasks.add(() -> {
                    predictSlices(model, seed, expected);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Slices of all lengths, by a predictor of the thread's own and by the model that all share. */
    private static void predictSlices(Model model, int seed, Prediction expected) {
        Random random = new Random(seed);
        Predictor predictor = model.predictor(ROWS);
        float[] probabilities = new float[ROWS * CLASSES];
        int[] classes = new int[ROWS];
        for (int i = 0; i < 60; i++) {
            int rows = 1 + random.nextInt(i % 30 == 0 ? 600 : 9);
            int first = random.nextInt(ROWS - rows);
            float[] slice = Arrays.copyOfRange(X, first * FEATURES, (first + rows) * FEATURES);
            predictor.predict(slice, rows, probabilities, classes);
            Prediction shared = model.predict(slice, rows);
            float[] expectedSlice =
                    Arrays.copyOfRange(expected.probabilities(), first * CLASSES, (first + rows) * CLASSES);
            assertThat(Arrays.copyOf(probabilities, rows * CLASSES)).isEqualTo(expectedSlice);
            assertThat(shared.probabilities()).isEqualTo(expectedSlice);
            assertThat(Arrays.copyOf(classes, rows))
                    .isEqualTo(Arrays.copyOfRange(expected.classes(), first, first + rows));
            assertThat(shared.classes()).isEqualTo(Arrays.copyOf(classes, rows));
        }
    }

    /** Once compiled. The smallest object a call would be 16 bytes; to ask for the count takes some hundred by itself. */
    @Test
    void aCompiledPredictorAllocatesNothing() {
        for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(40, 7))) {
            for (int rows : new int[] {1, 100}) {
                Predictor predictor = model(hidden).predictor(rows);
                float[] probabilities = new float[rows * CLASSES];
                int[] classes = new int[rows];
                int calls = 500;
                long deadline = System.nanoTime() + 60_000_000_000L;
                double bytes;
                do {
                    long before = allocated();
                    for (int i = 0; i < calls; i++) {
                        predictor.predict(X, rows, probabilities, classes);
                    }
                    bytes = (double) (allocated() - before) / calls;
                } while (bytes > 8 && System.nanoTime() < deadline);
                assertThat(bytes)
                        .as("bytes a call, hidden %s, rows %d", hidden, rows)
                        .isLessThanOrEqualTo(8);
            }
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
