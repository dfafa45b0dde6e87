package lanewise.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Random;
import lanewise.trainer.eval.Evaluation;
import lanewise.trainer.model.Model;
import lanewise.trainer.train.Trainer;
import lanewise.trainer.train.Training;
import lanewise.trainer.train.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** There is one pass at a time: whoever goes on with one that has been ended is told so, and gets no row of another. */
class BlockReaderTest {
    private static final int ROWS = 2_001;
    private static final int FEATURES = 16;

    /** A block has 128 rows, so there are more blocks than the reader holds. */
    private static final int BLOCK_BYTES = 1;

    @TempDir
    static Path folder;

    private final BlockReader reader = new BlockReader(BLOCK_BYTES);

    /** Packed rows, of which those of floats begin with their number. */
    private DiskRows rows(String kind) {
        Random random = new Random(1);
        int[] labels = random.ints(ROWS, 0, 3).toArray();
        float[] x = new float[ROWS * FEATURES];
        byte[] pixels = new byte[ROWS * FEATURES];
        for (int i = 0; i < x.length; i++) {
            int row = i / FEATURES;
            x[i] = i % FEATURES == 0 ? row / 1e4f : i % 3 == labels[row] ? random.nextFloat() : 0;
            pixels[i] = (byte) (255 * x[i]);
        }
        Dataset data = kind.equals("pixels")
                ? Dataset.ofPixels(pixels, ROWS, new ImageShape(4, 4), labels, 3)
                : Dataset.of(x, ROWS, FEATURES, labels, 3);
        boolean sparse = kind.equals("sparse");
        Path file = folder.resolve(sparse ? "x.svm" : kind.equals("pixels") ? "x.idx" : "x.npy");
        Path y = folder.resolve("y.npy");
        DataWriter.to(file, sparse ? null : y).write(data);
        DataReader.Builder source = DataReader.builder();
        try (RawRows raw =
                (sparse ? source : source.label(y.toString())).build().copy(file, folder)) {
            return raw.all().write(folder, raw.usualScaling(), true, reader);
        }
    }

    private static int rowOf(Rows.Block block) {
        float[] first = new float[FEATURES];
        block.data().copyRows(0, 1, first, 0);
        return Math.round(first[0] * 1e4f);
    }

    @Test
    void aPassThatAnotherHasEndedThrows() {
        try (DiskRows rows = rows("floats")) {
            Rows.Pass old = rows.pass(null, 0);
            assertThat(old.next().first()).isZero();
            assertThat(old.isEnded()).isFalse();
            Rows.Pass pass = rows.pass(null, 0);
            Rows.Block block = pass.next();
            for (int first = 0; first < ROWS; first += 128) {
                assertThat(old.isEnded()).isTrue();
                assertThatIllegalStateException()
                        .isThrownBy(old::next)
                        .withMessage("another pass over rows of the same reader has ended this one");
                assertThat(block.first()).isEqualTo(first);
                assertThat(rowOf(block)).isEqualTo(first);
                block = pass.next();
            }
            assertThat(block).isNull();
            assertThat(pass.next()).isNull();
            assertThat(pass.isEnded()).isFalse();
        }
    }

    @Test
    void aClosedReaderIsNoEnd() {
        DiskRows rows = rows("floats");
        Rows.Pass pass = rows.pass(null, 0);
        pass.next();
        rows.close();
        assertThat(pass.isEnded()).isTrue();
        assertThatIllegalStateException().isThrownBy(pass::next).withMessage("the reader is closed");
        assertThatIllegalStateException().isThrownBy(() -> rows.pass(null, 0)).withMessage("the reader is closed");
    }

    /** A step may begin in one block and end in the next. */
    @ParameterizedTest(name = "{0}, shuffle {1}, accumulate {2}")
    @CsvSource({
        "floats, false, 1", "floats, true, 3",
        "pixels, false, 1", "pixels, true, 3",
        "sparse, false, 1", "sparse, true, 3"
    })
    void aListenerMayGoThroughTheRowsInTraining(String kind, boolean shuffle, int accumulate) {
        Trainer trainer = Trainer.builder()
                .epochs(2)
                .shuffle(shuffle)
                .accumulate(accumulate)
                .threads(1)
                .build();
        try (DiskRows rows = rows(kind)) {
            Model expected = Model.softmaxRegression(FEATURES, 3, true);
            trainer.fit(expected, rows, rows);
            Model model = Model.softmaxRegression(FEATURES, 3, true);
            trainer.fit(model, rows, rows, new TrainingListener() {
                @Override
                public void onStep(int epoch, int rowsDone, int all) {
                    assertThat(Evaluation.of(expected, rows).rows()).isEqualTo(ROWS);
                }
            });
            assertThat(model.layers().get(0).stored())
                    .isEqualTo(expected.layers().get(0).stored());
            assertThat(model.layers().get(0).bias())
                    .isEqualTo(expected.layers().get(0).bias());
        }
    }

    /** What a step has read while another thread took its rows away is not learned in silence. */
    @Test
    void aPassThatEndsWithinAStepEndsTheTraining() {
        try (DiskRows rows = rows("floats")) {
            Rows taken = (Rows) Proxy.newProxyInstance(
                    Rows.class.getClassLoader(), new Class<?>[] {Rows.class}, (self, method, arguments) -> {
                        Object result = method.invoke(rows, arguments);
                        return result instanceof Rows.Pass pass ? takenAway(pass, rows) : result;
                    });
            Trainer trainer = Trainer.builder().threads(1).build();
            try (Training training = trainer.start(Model.softmaxRegression(FEATURES, 3, true), taken)) {
                assertThatIllegalStateException()
                        .isThrownBy(training::epoch)
                        .withMessage("the rows were closed, or another thread went through them, during a step");
            }
        }
    }

    /** A pass each of whose blocks is ended as soon as it is there. */
    private static Rows.Pass takenAway(Rows.Pass pass, Rows rows) {
        return new Rows.Pass() {
            @Override
            public Rows.Block next() {
                Rows.Block block = pass.next();
                rows.pass(null, 0);
                return block;
            }

            @Override
            public boolean isEnded() {
                return pass.isEnded();
            }
        };
    }
}
