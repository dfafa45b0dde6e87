package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static lanewise.trainer.Refusal.refused;
import static lanewise.trainer.data.IdxBytes.gzip;
import static lanewise.trainer.data.NpyBytes.bytes;
import static lanewise.trainer.data.NpyBytes.floats;
import static lanewise.trainer.data.NpyBytes.npy;
import static lanewise.trainer.data.NpyBytes.ofNumpy;
import static lanewise.trainer.data.NpyBytes.zip;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of NumPy, alone and in archives. */
class NpyFileTest {
    private static final float[] TABLE = {1, 2, 3, 4, 5, 250};
    private static final String TEST = "x_test, X_test, test_images";
    private static final String TRAIN = "x_train, X_train, train_images";
    private static final String PLAIN = "X, x, data, images, features";

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private Dataset read(byte[] content, String label) throws IOException {
        Path file = Files.write(folder.resolve("a"), content);
        return DataReader.builder()
                .label(label)
                .notes(note -> notes.add(note.substring(note.indexOf(": ") + 2)))
                .build()
                .read(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|u1", "<i4", ">i4", "<i8", ">i8", "<f4", ">f4", "<f8", ">f8"})
    void everyTypeInBothOrders(String type) throws IOException {
        for (String order : new String[] {"-C", "-F"}) {
            byte[] content = ofNumpy(type + order);
            for (Dataset data : List.of(read(content, "none"), read(gzip(content), "none"))) {
                assertThat(data.rows()).isEqualTo(2);
                assertThat(data.values()).containsExactly(TABLE);
                assertThat(data.labels()).isEmpty();
                assertThat(data.holdsFloats()).isEqualTo(!type.equals("|u1"));
                assertThat(data.scaling()).isEqualTo(Scaling.NONE);
            }
        }
        assertThat(notes).contains("an array of 2 x 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2", "v3"})
    void everyVersion(String name) throws IOException {
        assertThat(read(ofNumpy(name), "none").values()).containsExactly(TABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)}",
                "{\"shape\":(1,1),\"fortran_order\":True,\"descr\":\"<f4\"}",
                " { 'shape' : ( 1 , 1 , ) , 'descr' : '<f4' , 'fortran_order' : False , }  ",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 1L), }"
            })
    void everySpellingOfTheHeader(String dict) throws IOException {
        assertThat(read(npy(dict, (byte) 0, (byte) 0, (byte) 0x80, (byte) 0x3f), "none")
                        .values())
                .containsExactly(1);
    }

    @Test
    void imagesStayBytes() throws IOException {
        byte[] pixels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        for (String name : new String[] {"im-C", "im-F"}) {
            Dataset data = read(ofNumpy(name), "none");
            assertThat(data.image()).contains(new ImageShape(2, 3));
            assertThat(data.scaled(Scaling.PIXEL).fingerprint())
                    .isEqualTo(Dataset.ofPixels(pixels, 2, new ImageShape(2, 3), new int[0], 0)
                            .fingerprint());
        }
        assertThat(read(bytes("(1, 1, 2, 3)", 1, 2, 3, 4, 5, 6), "none").image())
                .contains(new ImageShape(2, 3));
        assertThat(read(bytes("(1, 2, 3, 1)", 1, 2, 3, 4, 5, 6), "none").image())
                .contains(new ImageShape(2, 3));
        assertThat(read(bytes("(1, 3, 2)", 1, 2, 3, 4, 5, 6), "none").image()).contains(new ImageShape(3, 2));
        assertThat(read(bytes("(1, 1, 2, 1, 3)", 1, 2, 3, 4, 5, 6), "none").image())
                .isEmpty();
        assertThat(read(bytes("(1, 6)", 1, 2, 3, 4, 5, 6), "none").image()).isEmpty();
    }

    @Test
    void theLabelIsAColumn() throws IOException {
        Dataset last = read(floats("(2, 3)", 1, 2, 7, 4, 5, -1), "3");
        assertThat(last.values()).containsExactly(1, 2, 4, 5);
        assertThat(last.classNames()).containsExactly("-1", "7");
        assertThat(last.labels()).containsExactly(1, 0);
        assertThat(read(bytes("(2, 3)", 9, 2, 7, 8, 5, 6), "1").values()).containsExactly(2, 7, 5, 6);
        assertThat(read(bytes("(2, 3)", 9, 2, 7, 8, 5, 6), "2").classNames()).containsExactly("2", "5");
    }

    /** Of i4 and f8 too, whose items have been rounded to floats. */
    @Test
    void aLabelThatMayHaveBeenRoundedIsRefused() throws IOException {
        byte[] items = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(3)
                .putInt(16_777_217)
                .array();
        byte[] array = npy(NpyBytes.dict("<i4", "(1, 2)"), items);
        assertThat(refused(() -> read(array, "2")))
                .hasMessageEndingWith("row 0, column 1: the label is not a class"
                        + " (expected a whole number below 2^24, found 1.6777216E7)");
        assertThat(read(floats("(1, 2)", 3, 16_777_215), "2").classNames()).containsExactly("16777215");
    }

    @Test
    void theLabelsAreAFile() throws IOException {
        byte[][] files = {
            bytes("(2,)", 3, 1), floats("(2, 1)", 3, 1), IdxBytes.labels(3, 1), gzip(bytes("(2,)", 3, 1)),
        };
        for (byte[] content : files) {
            Path labels = Files.write(folder.resolve("y"), content);
            for (byte[] features : new byte[][] {ofNumpy("<f4-C"), IdxBytes.images(2, 1, 3)}) {
                Dataset data = read(features, labels.toString());
                assertThat(data.classNames()).containsExactly("1", "3");
                assertThat(data.labels()).containsExactly(1, 0);
                assertThat(data.features()).isEqualTo(3);
            }
        }
    }

    @Test
    void anArchiveHasFeaturesAndLabels() throws IOException {
        Dataset data = read(ofNumpy("npz"), null);
        assertThat(data.values()).containsExactly(TABLE);
        assertThat(data.classNames()).containsExactly("-1", "7");
        assertThat(data.labels()).containsExactly(1, 0);
        assertThat(read(gzip(ofNumpy("npz")), null).labels()).containsExactly(1, 0);
        assertThat(notes).contains("the features in x, the labels in y");
    }

    /** Written to a pipe, with the sizes behind the members in 64 bits. */
    @Test
    void anArchiveMayHaveItsSizesBehind() throws IOException {
        Dataset data = read(ofNumpy("stream64"), null);
        assertThat(data.values()).containsExactly(TABLE);
        assertThat(data.labels()).containsExactly(0, 1);
    }

    /** The form for archives of more than 4 GiB, which some write at any length; a time is in front of the sizes. */
    @Test
    void anArchiveMayBeInItsLargeForm() throws IOException {
        byte[] x = floats("(2, 1)", 1, 2);
        CRC32 crc = new CRC32();
        crc.update(x);
        ByteBuffer time = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).putInt(0x00055455);
        ByteBuffer zip = ByteBuffer.allocate(500).order(ByteOrder.LITTLE_ENDIAN);
        zip.putInt(0x04034b50).putShort((short) 45).putInt(0).putInt(0).putInt((int) crc.getValue());
        zip.putLong(-1).putShort((short) 5).putShort((short) 29).put("x.npy".getBytes(US_ASCII));
        zip.put(time.array())
                .putInt(0x00100001)
                .putLong(x.length)
                .putLong(x.length)
                .put(x);
        zip.putInt(0x02014b50).putInt(0x002d002d).putInt(0).putInt(0).putInt((int) crc.getValue());
        zip.putLong(-1)
                .putShort((short) 5)
                .putShort((short) 37)
                .putShort((short) 0)
                .putLong(0);
        zip.putInt(-1).put("x.npy".getBytes(US_ASCII)).put(time.array());
        zip.putInt(0x00180001).putLong(x.length).putLong(x.length).putLong(0);
        zip.putInt(0x06064b50).putLong(44).put(new byte[44]).putInt(0x07064b50).put(new byte[16]);
        zip.putInt(0x06054b50).putInt(0).putInt(-1).putLong(-1).putShort((short) 0);
        assertThat(read(Arrays.copyOf(zip.array(), zip.position()), "none").values())
                .containsExactly(1, 2);
    }

    @Test
    void anArchiveMayHaveRowsToTestWith() throws IOException {
        Path file = Files.write(folder.resolve("a"), ofNumpy("npzc"));
        DataReader reader = DataReader.builder().build();
        DataReader.TrainAndTest both = reader.readBoth(file);
        assertThat(both.train().rows()).isEqualTo(2);
        assertThat(both.train().image()).contains(new ImageShape(2, 3));
        assertThat(both.test().orElseThrow().rows()).isEqualTo(1);
        assertThat(both.test().orElseThrow().classNames()).containsExactly("0", "1");
        assertThat(both.test().orElseThrow().labels()).containsExactly(1);
        assertThat(reader.readTest(file).rows()).isEqualTo(1);
        assertThat(reader.read(file).rows()).isEqualTo(2);
        Files.write(file, ofNumpy("npz"));
        assertThat(reader.readBoth(file).test()).isEmpty();
        assertThat(reader.readTest(file).rows()).isEqualTo(2);
    }

    /** The test rows would be measured by labels that are not theirs. */
    @Test
    void rowsToTestWithNeedLabelsOfTheirOwn() throws IOException {
        byte[] x = floats("(2, 1)", 1, 2);
        byte[] test = floats("(2, 1)", 3, 4);
        byte[] y = bytes("(2,)", 5, 6);
        Path file = Files.write(folder.resolve("a"), zip(true, "x.npy", x, "y.npy", y, "x_test.npy", test));
        DataReader reader = DataReader.builder().build();
        assertThat(reader.keepsTest(file)).isFalse();
        assertThat(reader.readBoth(file).test()).isEmpty();
        assertThat(reader.readTest(file).values()).containsExactly(1, 2);
        assertThat(DataReader.builder().labelled(false).build().readBoth(file).test())
                .isEmpty();
        DataReader unlabelled =
                DataReader.builder().labelled(false).like(1, List.of("5", "6")).build();
        assertThat(unlabelled.keepsTest(file)).isTrue();
        assertThat(unlabelled.readTest(file).values()).containsExactly(3, 4);
        assertThat(unlabelled.readTest(file).labels()).isEmpty();
        try (RowReader rows = unlabelled.rows(file)) {
            float[] read = new float[2];
            assertThat(rows.read(read, 2)).isEqualTo(2);
            assertThat(read).containsExactly(3, 4);
        }
    }

    @Test
    void allRowsAreMeasuredWhereNoneAreToTestWith() throws IOException {
        byte[] x = floats("(2, 1)", 1, 2);
        byte[] y = bytes("(2,)", 5, 6);
        Path file = Files.write(folder.resolve("a"), zip(true, "x_train.npy", x, "y_train.npy", y));
        assertThat(DataReader.builder().build().readTest(file).values()).containsExactly(1, 2);
        DataReader known = DataReader.builder().like(1, List.of("5", "6")).build();
        try (LabelledRows rows = known.labelledRows(file, usual -> usual)) {
            assertThat(rows.next().data().labels()).containsExactly(0, 1);
        }
    }

    /** Also where it comes in a later block than the first. */
    @Test
    void aRowThatIsRefusedIsNamedAsItCountsInTheFile() throws IOException {
        Path file = Files.write(folder.resolve("a"), floats("(3, 1)", 1, 2, Float.NaN));
        DataReader like = DataReader.builder().labelled(false).like(1, null).build();
        try (RowReader rows = like.rows(file)) {
            assertThat(rows.read(new float[2], 2)).isEqualTo(2);
            assertThat(refused(() -> rows.read(new float[2], 2))).hasMessageContaining("row 2, column 0");
        }
        int[] items = new int[70_000];
        byte[] x = bytes("(70000, 1)", items);
        items[69_999] = 7;
        byte[] y = bytes("(70000,)", items);
        Path labels = Files.write(folder.resolve("y"), IdxBytes.labels(items));
        float[] table = new float[140_000];
        table[139_999] = 7;
        isNotAmongTheClasses(zip(true, "x.npy", x, "y.npy", y), null, "y.npy, row 69999");
        isNotAmongTheClasses(x, labels.toString(), "row 69999");
        isNotAmongTheClasses(floats("(70000, 2)", table), "2", "row 69999, column 1");
    }

    private void isNotAmongTheClasses(byte[] content, String label, String place) throws IOException {
        Path file = Files.write(folder.resolve("a"), content);
        DataReader known =
                DataReader.builder().label(label).like(1, List.of("0")).build();
        try (LabelledRows rows = known.labelledRows(file, usual -> usual)) {
            assertThat(refused(() -> {
                        while (rows.next() != null) {}
                    }))
                    .hasMessageContaining(": " + place + ": the label is not among the classes");
        }
    }

    @Test
    void rowsToLearnTakeNoLabelsOfOthers() throws IOException {
        byte[] learn = floats("(2, 1)", 1, 2);
        byte[] x = floats("(2, 1)", 3, 4);
        byte[] y = bytes("(2,)", 5, 6);
        for (boolean labelled : new boolean[] {true, false}) {
            DataReader reader = DataReader.builder().labelled(labelled).build();
            Path file = folder.resolve("a");
            Files.write(file, zip(true, "x_train.npy", learn, "x.npy", x, "y.npy", y));
            assertThat(reader.read(file).values()).containsExactly(3, 4);
            Files.write(file, zip(true, "x_train.npy", learn, "y.npy", y));
            assertThat(reader.read(file).values()).containsExactly(1, 2);
            assertThat(reader.read(file).labels()).containsExactly(0, 1);
            Files.write(file, zip(true, "x_train.npy", learn, "x_test.npy", x, "y.npy", y));
            assertThat(refused(() -> reader.read(file)))
                    .hasMessageEndingWith("no member has the features"
                            + " (expected one of X, x, data, images, features, found x_train, x_test)");
        }
    }

    /** All are of one size, so that no count tells them apart. */
    @Test
    void aNamedMemberHasTheFeaturesOfItsPair() throws IOException {
        byte[] learn = floats("(2, 1)", 1, 2);
        byte[] test = floats("(2, 1)", 3, 4);
        byte[] y = bytes("(2,)", 5, 6);
        byte[] z = bytes("(2,)", 6, 5);
        for (String[] names : new String[][] {
            {"x_train", "y_train", "x_test", "y_test"}, {"X", "y", "X_test", "y_test"},
            {"train_images", "train_labels", "test_images", "test_labels"}, {"images", "labels", "x_test", "y_test"},
        }) {
            Path file = folder.resolve("a");
            Files.write(
                    file,
                    zip(
                            true,
                            names[0] + ".npy",
                            learn,
                            names[1] + ".npy",
                            y,
                            names[2] + ".npy",
                            test,
                            names[3] + ".npy",
                            z));
            assertAlwaysRead(file, names[1], new float[] {1, 2}, 0, 1);
            assertAlwaysRead(file, names[3], new float[] {3, 4}, 1, 0);
        }
    }

    /** A member of no pair is not of the test rows, unless there are no others. */
    @Test
    void aNamedMemberOfNoPairIsNotOfTheRowsToTestWith() throws IOException {
        byte[] learn = floats("(2, 1)", 1, 2);
        byte[] test = floats("(2, 1)", 3, 4);
        byte[] y = bytes("(2,)", 5, 6);
        byte[] z = bytes("(2,)", 6, 5);
        Path file = folder.resolve("a");
        for (String pair : List.of("_train", "")) {
            Files.write(
                    file,
                    zip(true, "x" + pair + ".npy", learn, "y" + pair + ".npy", y, "kind.npy", z, "x_test.npy", test));
            assertAlwaysRead(file, "kind", new float[] {1, 2}, 1, 0);
        }
        Files.write(file, zip(true, "kind.npy", z, "x_test.npy", test));
        assertAlwaysRead(file, "kind", new float[] {3, 4}, 1, 0);
    }

    @Test
    void aNamedMemberTakesNoFeaturesOfAnotherPair() throws IOException {
        byte[] x = floats("(2, 1)", 1, 2);
        byte[] y = bytes("(2,)", 5, 6);
        takesNoFeatures("y_test", TEST, "X, y", "X.npy", x, "y.npy", y, "y_test.npy", y);
        takesNoFeatures("y_test", TEST, "x_train", "x_train.npy", x, "y_test.npy", y);
        takesNoFeatures("y_train", TRAIN, "x_test", "x_test.npy", x, "y_train.npy", y);
        takesNoFeatures("y", PLAIN, "x_train, x_test", "x_train.npy", x, "x_test.npy", x, "y.npy", y);
        Path file = Files.write(folder.resolve("a"), zip(true, "X.npy", x, "y_train.npy", y));
        assertAlwaysRead(file, "y_train", new float[] {1, 2}, 0, 1);
    }

    private void takesNoFeatures(String label, String expected, String found, Object... members) throws IOException {
        Path file = Files.write(folder.resolve("a"), zip(true, members));
        DataReader reader = DataReader.builder().label(label).build();
        String message = "no member has the features (expected one of " + expected + ", found " + found + ")";
        assertThat(refused(() -> reader.read(file))).hasMessageEndingWith(message);
        assertThat(refused(() -> reader.readTest(file))).hasMessageEndingWith(message);
    }

    /** To learn, to measure, to stream and to predict. */
    private void assertAlwaysRead(Path file, String label, float[] values, int... labels) {
        DataReader reader =
                DataReader.builder().label(label).like(1, List.of("5", "6")).build();
        assertThat(reader.keepsTest(file)).isFalse();
        assertThat(reader.readBoth(file).test()).isEmpty();
        for (Dataset rows : List.of(reader.read(file), reader.readBoth(file).train(), reader.readTest(file))) {
            assertThat(rows.values()).containsExactly(values);
            assertThat(rows.labels()).containsExactly(labels);
        }
        try (LabelledRows rows = reader.labelledRows(file, usual -> usual)) {
            Dataset block = rows.next().data();
            assertThat(block.values()).containsExactly(values);
            assertThat(block.labels()).containsExactly(labels);
        }
        try (RowReader rows = reader.rows(file)) {
            float[] read = new float[2];
            assertThat(rows.read(read, 2)).isEqualTo(2);
            assertThat(read).containsExactly(values);
        }
        DataReader.RawTrainAndTest copied = reader.copyBoth(file, folder);
        assertThat(copied.test()).isEmpty();
        String expected = reader.read(file).fingerprint();
        for (RawRows raw : List.of(copied.train(), reader.copyTest(file, folder))) {
            try (raw;
                    DiskRows rows = raw.all().write(folder, raw.usualScaling(), false, new BlockReader())) {
                assertThat(rows.fingerprint()).isEqualTo(expected);
            }
        }
    }

    @Test
    void theMembersOfAnArchiveAreFound() throws IOException {
        byte[] x = floats("(2, 2)", 1, 2, 3, 4);
        byte[] y = bytes("(2,)", 5, 6);
        byte[] z = bytes("(2,)", 7, 8);
        byte[] text = {'h', 'i'};
        for (boolean packed : new boolean[] {true, false}) {
            byte[] archive = zip(packed, "readme.txt", text, "kind.npy", z, "y.npy", y, "X.npy", x, "../../w.npy", y);
            assertThat(read(archive, null).classNames()).containsExactly("5", "6");
            assertThat(read(archive, "kind").classNames()).containsExactly("7", "8");
            assertThat(read(archive, "none").labels()).isEmpty();
            assertThat(read(zip(packed, "a.npy", x, "b.npy", y), "b").classNames())
                    .containsExactly("5", "6");
        }
    }
}
