package lanewise.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import lanewise.kernels.Pixels;
import lanewise.kernels.Workers;
import lanewise.trainer.io.Heap;
import org.junit.jupiter.api.Test;

class DatasetTest {
    @Test
    void plainArraysAreTakenAsTheyAre() {
        float[] values = {1, 2, 3, 4, 5, 6};
        int[] labels = {1, 0};
        Dataset data = Dataset.of(values, 2, 3, labels, 4);
        assertThat(data.values()).isSameAs(values);
        assertThat(data.labels()).isSameAs(labels);
        assertThat(data.rows()).isEqualTo(2);
        assertThat(data.features()).isEqualTo(3);
        assertThat(data.classes()).isEqualTo(4);
        assertThat(data.image()).isEmpty();
    }

    /** Two roundings, of 1/255 and of the product, cost at most half a unit in the last place each: 2^-24 of the value. */
    @Test
    void everyPixelIsScaled() {
        byte[] pixels = new byte[256];
        for (int i = 0; i < 256; i++) {
            pixels[i] = (byte) i;
        }
        Dataset data = Dataset.ofPixels(pixels, 1, new ImageShape(16, 16), new int[1], 1);
        for (int i = 0; i < 256; i++) {
            double exact = i / 255.0;
            assertThat((double) data.values()[i]).isCloseTo(exact, within(2.001 * 0x1p-24 * exact));
        }
        assertThat(data.values()[255]).isEqualTo(1);
        assertThat(data.values()).isSameAs(data.values());
    }

    @Test
    void rowsAreCopiedAsTheyAre() {
        float[] floats = {1, 2, 3, 4, 5, 6, 7, 8};
        byte[] pixels = {1, 2, 3, 4, -5, 6, 7, -1};
        List<Dataset> sets = List.of(
                Dataset.of(floats, 4, 2, new int[4], 1),
                Dataset.ofPixels(pixels, 4, new ImageShape(1, 2), new int[4], 1));
        for (Dataset data : sets) {
            float[] copy = new float[6];
            data.copyRows(1, 2, copy, 1);
            assertThat(copy)
                    .containsExactly(0, data.values()[2], data.values()[3], data.values()[4], data.values()[5], 0);
        }
    }

    @Test
    void shapesAndLabelsMustAgree() {
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.of(new float[5], 2, 3, new int[2], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.of(new float[6], 2, 3, new int[3], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.of(new float[0], 0, 3, new int[0], 1));
        ImageShape image = new ImageShape(65_536, 65_536);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.ofPixels(new byte[0], 1, image, new int[1], 1))
                .withMessage("an image of 4294967296 pixels in 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new float[6], 2, 3, new int[] {0, 1}, 1))
                .withMessage("label 1 at row 1 is outside 0..0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new float[6], 2, 3, new int[] {-1, 0}, 1))
                .withMessage("label -1 at row 0 is outside 0..0");
    }

    @Test
    void theFingerprintOfPlainArraysIsThatOfTheirIdxForm() throws Exception {
        float[] values = {0.5f, -1e-40f, 3, Float.MAX_VALUE};
        assertThat(Dataset.of(values, 2, 2, new int[] {1, 0}, 2).fingerprint()).isEqualTo(sha256(out -> {
            out.writeInt(0x00000D02);
            out.writeInt(2);
            out.writeInt(2);
            for (float value : values) {
                out.writeFloat(value);
            }
            out.writeInt(0x00000801);
            out.writeInt(2);
            out.write(new byte[] {1, 0});
        }));
    }

    @Test
    void manyClassesAreFingerprintedAsInts() throws Exception {
        assertThat(Dataset.of(new float[] {1, 2}, 2, 1, new int[] {256, 3}, 257).fingerprint())
                .isEqualTo(sha256(out -> {
                    out.writeInt(0x00000D02);
                    out.writeInt(2);
                    out.writeInt(1);
                    out.writeFloat(1);
                    out.writeFloat(2);
                    out.writeInt(0x00000C01);
                    out.writeInt(2);
                    out.writeInt(256);
                    out.writeInt(3);
                }));
    }

    /** More items than are hashed at a time, all of them different. */
    @Test
    void longArraysAreFingerprintedToTheirEnd() throws Exception {
        int rows = 40_000;
        float[] values = new float[rows];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = i;
            labels[i] = i;
        }
        assertThat(Dataset.of(values, rows, 1, labels, rows).fingerprint()).isEqualTo(sha256(out -> {
            out.writeInt(0x00000D02);
            out.writeInt(rows);
            out.writeInt(1);
            for (float value : values) {
                out.writeFloat(value);
            }
            out.writeInt(0x00000C01);
            out.writeInt(rows);
            for (int label : labels) {
                out.writeInt(label);
            }
        }));
    }

    private static final Csr ROWS = new Csr(new int[] {0, 2, 2, 3}, new int[] {0, 3, 1}, new float[] {1, 2, -3});

    @Test
    void sparseRowsHaveTheirZeros() {
        Dataset data = Dataset.ofSparse(ROWS, 5, new int[] {0, 1, 1}, 2);
        assertThat(data.rows()).isEqualTo(3);
        assertThat(data.holdsFloats()).isFalse();
        assertThat(data.values()).containsExactly(1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, -3, 0, 0, 0);
        float[] copy = {9, 9, 9, 9, 9, 9, 9};
        data.copyRows(2, 1, copy, 1);
        assertThat(copy).containsExactly(9, 0, -3, 0, 0, 0, 9);
    }

    @Test
    void sparseRowsMustAgree() {
        assertThat(ROWS.width()).isEqualTo(4);
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.ofSparse(ROWS, 3, new int[3], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.ofSparse(ROWS, 4, new int[2], 1));
        int[][] starts = {{}, {1, 2}, {0, 3}, {0, 3, 2}, {0, -1, 2}};
        for (int[] start : starts) {
            assertThatIllegalArgumentException()
                    .as(Arrays.toString(start))
                    .isThrownBy(() -> new Csr(start, new int[] {0, 1}, new float[2]));
        }
        int[][] columns = {{1, 1}, {1, 0}, {-1, 0}, {0}, {0, Integer.MAX_VALUE}};
        for (int[] column : columns) {
            assertThatIllegalArgumentException()
                    .as(Arrays.toString(column))
                    .isThrownBy(() -> new Csr(new int[] {0, 2}, column, new float[2]));
        }
    }

    @Test
    void someOfTheRowsAreCopied() {
        int[] labels = {0, 1, 1};
        List<Dataset> sets = List.of(
                Dataset.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 3, 4, labels, 2),
                Dataset.ofPixels(
                        new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 3, new ImageShape(2, 2), labels, 2),
                Dataset.ofSparse(ROWS, 4, labels, 2));
        for (Dataset data : sets) {
            Dataset some = data.withClassNames(List.of("a", "b"))
                    .withFeatureNames(List.of("k", "l", "m", "n"))
                    .subset(new int[] {2, 0});
            float[] expected = new float[8];
            data.copyRows(2, 1, expected, 0);
            data.copyRows(0, 1, expected, 4);
            assertThat(some.values()).isEqualTo(expected);
            assertThat(some.labels()).containsExactly(1, 0);
            assertThat(some.classNames()).containsExactly("a", "b");
            assertThat(some.featureNames()).containsExactly("k", "l", "m", "n");
            assertThat(some.image()).isEqualTo(data.image());
            assertThat(some.scaling()).isEqualTo(data.scaling());
            assertThat(some.holdsFloats()).isEqualTo(data.holdsFloats());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> data.subset(new int[] {0, 3}))
                    .withMessage("row 3 is outside 0..2");
            assertThatIllegalArgumentException().isThrownBy(() -> data.subset(new int[] {-1}));
            assertThatIllegalArgumentException().isThrownBy(() -> data.subset(new int[0]));
        }
    }

    /** 2^32 values, of which an int keeps no bit. */
    @Test
    void moreValuesThanAnArrayHasAreRefused() {
        int n = 65_536;
        Dataset many = Dataset.ofSparse(new Csr(new int[n + 1], new int[0], new float[0]), n, new int[0], 0);
        assertThatIllegalArgumentException().isThrownBy(() -> many.copyRows(0, n, new float[0], 0));
        assertThatIllegalArgumentException().isThrownBy(many::dense);
        assertThatIllegalArgumentException()
                .isThrownBy(many::values)
                .withMessage("65536 rows of 65536 features are more than 2147483639 values");
        int[] columns = IntStream.range(0, n).toArray();
        List<Dataset> sets = List.of(
                Dataset.of(new float[n], 1, n, new int[0], 0),
                Dataset.ofPixels(new byte[n], 1, new ImageShape(256, 256), new int[0], 0),
                Dataset.ofSparse(new Csr(new int[] {0, n}, columns, new float[n]), n, new int[0], 0));
        for (Dataset data : sets) {
            assertThatIllegalArgumentException().isThrownBy(() -> data.subset(new int[n]));
            assertThatIllegalArgumentException().isThrownBy(() -> data.copyRows(0, 1, new float[n], 1));
            assertThatIllegalArgumentException().isThrownBy(() -> data.copyRows(0, 1, new float[n], -1));
            assertThatIllegalArgumentException().isThrownBy(() -> data.copyRows(1, 1, new float[n], 0));
            assertThatIllegalArgumentException().isThrownBy(() -> data.copyRows(-1, 1, new float[n], 0));
            assertThatIllegalArgumentException().isThrownBy(() -> data.copyRows(0, -1, new float[n], 0));
        }
    }

    @Test
    void tilesAreForTheKernelsAlone() {
        PixelOrder order = new PixelOrder(3, Optional.empty());
        byte[] bytes = new byte[2 * order.groups() * Pixels.GROUP + Pixels.SLACK];
        Features tiles =
                new TiledFeatures(order, bytes, PixelBlock.patchesIfFew(order.groups(), 2), 2, 3, Scaling.NONE);
        Dataset data = Dataset.ofTiles(tiles, new int[2], List.of("a"));
        assertThat(data.holdsPixels()).isTrue();
        assertThat(data.holdsFloats()).isFalse();
        assertThat(data.bytes()).isEmpty();
        assertThat(layout(data, PixelLayout.AUTO)).isEqualTo("patches");
        assertThat(layout(data, PixelLayout.DENSE)).isEqualTo("dense");
        Arrays.fill(bytes, (byte) 1);
        Dataset full = Dataset.ofTiles(
                new TiledFeatures(order, bytes, PixelBlock.patchesIfFew(order.groups(), 2), 2, 3, Scaling.NONE),
                new int[2],
                List.of("a"));
        assertThat(layout(full, PixelLayout.AUTO)).isEqualTo("dense");
        assertThat(layout(full, PixelLayout.PATCHES)).isEqualTo("patches");
        data.requireFinite();
        assertThatIllegalStateException()
                .isThrownBy(data::values)
                .withMessage("the features are in the layout of the kernels alone");
        assertThatIllegalStateException().isThrownBy(data::dense);
        assertThatIllegalStateException().isThrownBy(() -> data.copyRows(0, 1, new float[3], 0));
        assertThatIllegalStateException().isThrownBy(() -> Summary.of(data));
        assertThatIllegalStateException().isThrownBy(() -> data.subset(new int[1]));
        assertThatIllegalStateException().isThrownBy(() -> data.scaled(Scaling.PIXEL));
        assertThatIllegalStateException().isThrownBy(data::fingerprint);
    }

    /** 300 pixels take 320 bytes in this layout; an odd row has another one behind it. */
    @Test
    void moreGatheredPixelsThanAnArrayHasAreRefused() {
        assertThat(PixelRows.denseLength(6_710_885, 320)).isEqualTo(6_710_886 * 320 + Pixels.SLACK);
        assertThat(PixelRows.denseLength(67_108_862, 32)).isBetween(67_108_862 * 32, Heap.LONGEST_ARRAY);
        PixelRows rows = PixelRows.of(new PixelOrder(300, Optional.empty()), 1);
        for (int capacity : new int[] {6_710_887, 6_720_000, Integer.MAX_VALUE - 8}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rows.new Gathered(capacity))
                    .withMessage("a batch of " + (capacity + capacity % 2)
                            + " rows of 320 pixels is larger than an array can be");
        }
    }

    private static String layout(Dataset data, PixelLayout layout) {
        return data.pixelRows(layout, Workers.serial()).layout();
    }

    /** One thread wants the rows on workers that are at work for another one, which then wants them too. */
    @Test
    void nobodyWaitsForWorkersThatWaitForTheRows() {
        Dataset data = Dataset.ofPixels(new byte[64], 4, new ImageShape(4, 4), new int[4], 1);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (Workers workers = Workers.of(2)) {
                Thread other = new Thread(() -> data.pixelRows(PixelLayout.DENSE, workers));
                other.setDaemon(true);
                workers.run((part, parts) -> {
                    if (part == 0) {
                        other.start();
                        while (other.getState() != Thread.State.BLOCKED) {
                            Thread.onSpinWait();
                        }
                        data.pixelRows(PixelLayout.PATCHES, Workers.serial());
                    }
                });
                other.join();
                assertThat(data.pixelRows(PixelLayout.DENSE, workers).layout()).isEqualTo("dense");
            }
        });
    }

    @Test
    void otherLabelsAreForAllRowsOrForNone() {
        Dataset data = Dataset.of(new float[] {1, 2}, 2, 1, new int[2], 3);
        Dataset other = data.withLabels(new int[] {1, 0}, List.of("a", "b"));
        assertThat(other.labels()).containsExactly(1, 0);
        assertThat(other.classNames()).containsExactly("a", "b");
        assertThat(data.withLabels(new int[0], List.of()).isLabelled()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> data.withLabels(new int[1], List.of("a")));
        assertThatIllegalArgumentException().isThrownBy(() -> data.withLabels(new int[] {0, 1}, List.of("a")));
    }

    @Test
    void namesMustBeAsManyAsClassesAndFeatures() {
        Dataset data = Dataset.of(new float[] {1, 2}, 2, 1, new int[2], 3);
        assertThat(data.classNames()).containsExactly("0", "1", "2");
        assertThat(ClassNames.areCounted(data.classNames())).isTrue();
        assertThat(ClassNames.areCounted(List.of("0", "2"))).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> data.withClassNames(List.of("a", "b")));
        assertThatIllegalArgumentException().isThrownBy(() -> data.withFeatureNames(List.of("a", "b")));
    }

    /** As compute_class_weight of scikit-learn 1.2.1 prints them; it does not know of classes without rows. */
    @Test
    void balancedWeightsAreThoseOfScikitLearn() {
        Dataset data = Dataset.of(new float[7], 7, 1, new int[] {0, 0, 1, 3, 3, 3, 3}, 4);
        assertThat(data.classCounts()).containsExactly(2, 1, 0, 4);
        assertThat(data.balancedClassWeights()).containsExactly(7 / 6f, 7 / 3f, 0, 7 / 12f);
    }

    @Test
    void theFingerprintOfSparseRowsIsThatOfOneRowAfterTheOther() throws Exception {
        Dataset data = Dataset.ofSparse(ROWS, 4, new int[0], 0);
        assertThat(data.fingerprint()).isEqualTo(sha256(out -> {
            out.writeInt(0x00000C01);
            out.writeInt(3);
            for (int row = 0; row < 3; row++) {
                int[] columns = Arrays.copyOfRange(ROWS.columns(), ROWS.rowStart()[row], ROWS.rowStart()[row + 1]);
                out.writeInt(columns.length);
                for (int column : columns) {
                    out.writeInt(column);
                }
                for (int i = 0; i < columns.length; i++) {
                    out.writeFloat(ROWS.values()[ROWS.rowStart()[row] + i]);
                }
            }
        }));
    }

    /** Blocks from the disk lie in arrays that are as long as the longest of them. */
    @Test
    void sparseRowsMayStandInLongerArrays() {
        int[] columns = Arrays.copyOf(ROWS.columns(), 9);
        float[] values = Arrays.copyOf(ROWS.values(), 9);
        values[5] = Float.NaN;
        Dataset longer = Dataset.ofSparse(new Csr(ROWS.rowStart(), columns, values), 4, new int[0], 0);
        Dataset exact = Dataset.ofSparse(ROWS, 4, new int[0], 0);
        longer.requireFinite();
        assertThat(longer.fingerprint()).isEqualTo(exact.fingerprint());
        assertThat(longer.scaled(Scaling.PIXEL).fingerprint())
                .isEqualTo(exact.scaled(Scaling.PIXEL).fingerprint());
        assertThat(longer.subset(new int[] {2, 0}).values()).containsExactly(0, -3, 0, 0, 1, 0, 0, 2);
    }

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static String sha256(Content content) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeTo(new DataOutputStream(bytes));
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    }
}
