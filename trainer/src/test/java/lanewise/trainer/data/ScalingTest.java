package lanewise.trainer.data;

import static lanewise.trainer.data.Scaling.Kind.MINMAX;
import static lanewise.trainer.data.Scaling.Kind.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lanewise.trainer.random.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingTest {
    /** Two columns are constant, one has a large mean, and one varies less than 10 * 2^-52. */
    private static final float[] X = {
        1.5f, -3, 7, 0.1f, 1e6f, 0, 2.25f, -3, 5, 0.1f, 1e6f + 1, 1e-30f, -4, -3, 9, 0.1f, 1e6f - 1, 3e-30f, 0.125f, -3,
        6.5f, 0.1f, 1e6f, 2e-30f
    };

    private static final Dataset DATA = Dataset.of(X, 4, 6, new int[] {0, 1, 0, 1}, 2);

    /** As MinMaxScaler of scikit-learn 1.2.1 prints it for X as float64. */
    @Test
    void minMaxIsThatOfScikitLearn() {
        float[] scaled = DATA.scaled(Scaling.fit(MINMAX, DATA)).values();
        assertClose(scaled, 0, .88, 0, .5, 0, .5, 0);
        assertClose(scaled, 1, 1, 0, 0, 0, 1, 1e-30);
        assertClose(scaled, 2, 0, 0, 1, 0, 0, 3e-30);
        assertClose(scaled, 3, .66, 0, .375, 0, .5, 2e-30);
    }

    /** As StandardScaler of scikit-learn 1.2.1 prints it for X as float64. */
    @Test
    void standardIsThatOfScikitLearn() {
        float[] scaled = DATA.scaled(Scaling.fit(STANDARD, DATA)).values();
        assertClose(scaled, 0, .6341216, 0, .08737041, 0, 0, -1.34164079);
        assertClose(scaled, 1, .94471177, 0, -1.31055608, 0, 1.41421356, -.4472136);
        assertClose(scaled, 2, -1.64353965, 0, 1.4852969, 0, -1.41421356, 1.34164079);
        assertClose(scaled, 3, .06470629, 0, -.26211122, 0, 0, .4472136);
    }

    private static void assertClose(float[] scaled, int row, double... expected) {
        for (int j = 0; j < expected.length; j++) {
            assertThat((double) scaled[row * 6 + j])
                    .as("row %d, feature %d", row, j)
                    .isCloseTo(expected[j], within(1e-7 * Math.abs(expected[j])));
        }
    }

    /** More values than are looked at at a time. */
    @Test
    void theLastRowsCountToo() {
        int rows = (1 << 20) + 2;
        float[] x = new float[rows];
        x[rows - 1] = 8;
        Dataset data = Dataset.of(x, rows, 1, new int[0], 0);
        assertThat(Scaling.fit(MINMAX, data).factor(0)).isEqualTo(1 / 8.0);
        assertThat(Scaling.fit(STANDARD, data).offset(0)).isEqualTo(8.0 / rows);
    }

    @ParameterizedTest
    @EnumSource(
            value = Scaling.Kind.class,
            names = {"MINMAX", "STANDARD"})
    void bytesAreFittedAsTheyAre(Scaling.Kind kind) {
        byte[] pixels = {0, 10, -1, 20, 100, 30};
        Dataset bytes = Dataset.ofPixels(pixels, 3, new ImageShape(1, 2), new int[3], 1);
        Dataset floats = Dataset.of(new float[] {0, 10, 255, 20, 100, 30}, 3, 2, new int[3], 1);
        Scaling scaling = Scaling.fit(kind, bytes);
        assertThat(scaling).isEqualTo(Scaling.fit(kind, floats));
        assertThat(bytes.scaled(scaling).values())
                .isEqualTo(floats.scaled(scaling).values());
        assertThat(bytes.scaled(scaling).scaling()).isEqualTo(scaling);
    }

    @Test
    void aPixelIsScaledAlikeInEveryStorage() {
        Dataset bytes = Dataset.ofPixels(new byte[] {0, 7, -1}, 1, new ImageShape(1, 3), new int[1], 1);
        Dataset floats = Dataset.of(new float[] {0, 7, 255}, 1, 3, new int[1], 1);
        Csr rows = new Csr(new int[] {0, 2}, new int[] {1, 2}, new float[] {7, 255});
        Dataset sparse = Dataset.ofSparse(rows, 3, new int[1], 1);
        assertThat(floats.scaled(Scaling.PIXEL).values()).containsExactly(bytes.values());
        assertThat(sparse.scaled(Scaling.PIXEL).values()).containsExactly(bytes.values());
        assertThat(bytes.scaled(Scaling.NONE).values()).containsExactly(0, 7, 255);
        assertThat(bytes.scaled(Scaling.NONE).scaled(Scaling.PIXEL).values()).containsExactly(bytes.values());
    }

    @Test
    void whatCannotBeScaledIsRefused() {
        Dataset scaled = DATA.scaled(Scaling.fit(STANDARD, DATA));
        assertThatIllegalArgumentException().isThrownBy(() -> Scaling.fit(MINMAX, scaled));
        assertThatIllegalArgumentException().isThrownBy(() -> scaled.scaled(Scaling.PIXEL));
        Dataset narrow = Dataset.of(new float[] {1, 2}, 2, 1, new int[2], 1);
        assertThatIllegalArgumentException().isThrownBy(() -> narrow.scaled(scaled.scaling()));
        Csr rows = new Csr(new int[] {0, 1}, new int[] {0}, new float[] {7});
        Dataset sparse = Dataset.ofSparse(rows, 6, new int[1], 1);
        assertThatIllegalArgumentException().isThrownBy(() -> Scaling.fit(STANDARD, sparse));
        assertThatIllegalArgumentException().isThrownBy(() -> sparse.scaled(scaled.scaling()));
        for (Scaling scaling : new Scaling[] {Scaling.NONE, Scaling.PIXEL, scaled.scaling()}) {
            assertThatIllegalArgumentException().isThrownBy(() -> scaling.apply(new float[11], 0, 2, 6));
            assertThatIllegalArgumentException().isThrownBy(() -> scaling.apply(new float[12], 1, 2, 6));
            assertThatIllegalArgumentException().isThrownBy(() -> scaling.apply(new float[12], -1, 1, 6));
            assertThatIllegalArgumentException().isThrownBy(() -> scaling.apply(new float[12], 0, -1, 6));
            assertThatIllegalArgumentException().isThrownBy(() -> scaling.apply(new float[1], 0, 65_536, 65_536));
        }
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Dataset broken = Dataset.of(new float[] {1, 1, 1, bad}, 2, 2, new int[2], 1);
            for (Scaling.Kind kind : new Scaling.Kind[] {MINMAX, STANDARD}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Scaling.fit(kind, broken))
                        .withMessage("feature 1 holds a value that is not finite");
            }
        }
    }

    @Test
    void everyScalingComesBackFromJson() {
        SplitMix64 random = SplitMix64.of(1, SplitMix64.Stream.WEIGHTS, 0);
        float[] values = new float[40 * 25];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * StrictMath.pow(10, random.nextInt(60) - 30));
        }
        Dataset data = Dataset.of(values, 40, 25, new int[40], 1);
        for (Scaling.Kind kind : Scaling.Kind.values()) {
            Scaling scaling = Scaling.fit(kind, data);
            Scaling read = Scaling.fromJson(scaling.toJson());
            assertThat(read).isEqualTo(scaling).hasSameHashCodeAs(scaling);
            assertThat(read.toJson()).isEqualTo(scaling.toJson());
        }
    }

    @Test
    void theJsonIsTheSameOnEveryMachine() {
        assertThat(Scaling.NONE.toJson()).isEqualTo("\"none\"");
        assertThat(Scaling.PIXEL.toJson()).isEqualTo("\"pixel\"");
        Dataset data = Dataset.of(new float[] {1, 0, 3, 2e-3f}, 2, 2, new int[2], 1);
        assertThat(Scaling.fit(MINMAX, data).toJson())
                .isEqualTo("{\"kind\":\"minmax\",\"offset\":[1.0,0.0],\"factor\":[0.5,499.9999762512755]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "7",
                "null",
                "\"cubic\"",
                "\"minmax\"",
                "{\"kind\":\"none\",\"offset\":[],\"factor\":[]}",
                "{\"kind\":\"minmax\",\"offset\":[1],\"factor\":[]}",
                "{\"kind\":\"minmax\",\"offset\":[],\"factor\":[]}",
                "{\"kind\":\"minmax\",\"offset\":1,\"factor\":1}",
                "{\"kind\":\"minmax\",\"offset\":{\"a\":1},\"factor\":{\"a\":1}}",
                "{\"kind\":\"minmax\",\"offset\":[1e999],\"factor\":[1]}",
                "{\"kind\":\"minmax\",\"offset\":[\"1\"],\"factor\":[1]}",
                "{\"kind\":\"Standard\",\"offset\":[1],\"factor\":[1]}",
                "{\"kind\":\"standard\",\"offset\":[1]}",
                "{\"kind\":[],\"offset\":[1],\"factor\":[1]}"
            })
    void otherJsonIsRefused(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> Scaling.fromJson(json));
    }

    /** Whatever their format makes usual: a model that learns the ones is measured by the others. */
    @Test
    void rowsThatAreToBeLikeOthersAreScaledAsThey(@TempDir Path folder) throws IOException {
        DataReader reader = DataReader.builder().build();
        IdxBytes.writeFolder(folder);
        Dataset train = reader.read(folder);
        Dataset test = reader.readTest(folder);
        Path table = folder.resolve("t.csv");
        Path sparse = folder.resolve("t.svm");
        DataWriter.to(table, null).write(test);
        DataWriter.to(sparse, null).write(test);
        for (Scaling scaling : List.of(Scaling.NONE, Scaling.PIXEL, Scaling.fit(MINMAX, train))) {
            DataReader like = reader.like(train.scaled(scaling));
            float[] expected = test.scaled(scaling).values();
            for (Path file : List.of(folder, table, sparse)) {
                if (scaling.isFitted() && file.equals(sparse)) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> like.readTest(file))
                            .withMessage("sparse data would not stay sparse");
                } else {
                    assertThat(like.readTest(file).scaling()).isEqualTo(scaling);
                    assertThat(like.readTest(file).values()).isEqualTo(expected);
                }
                try (LabelledRows rows = like.labelledRows(file, usual -> usual)) {
                    assertThat(rows.next().data().values()).isEqualTo(expected);
                }
            }
            try (RowReader rows = like.rows(table)) {
                assertThat(rows.usualScaling()).isEqualTo(scaling);
            }
        }
        try (RawRows pixels = reader.copy(folder, folder);
                RawRows numbers = reader.copy(table, folder);
                RawRows numbersLikePixels = reader.like(pixels).copyTest(table, folder);
                RawRows pixelsLikeNumbers = reader.like(numbers).copyTest(folder, folder)) {
            assertThat(numbersLikePixels.usualScaling()).isEqualTo(Scaling.PIXEL);
            assertThat(pixelsLikeNumbers.usualScaling()).isEqualTo(Scaling.NONE);
        }
    }
}
