package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lanewise.trainer.random.SplitMix64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("no-kernel")
class CsvFileTest {
    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private Path write(String text) throws IOException {
        return Files.write(folder.resolve("table.csv"), text.getBytes(UTF_8));
    }

    private Dataset read(String text, String label) throws IOException {
        return DataReader.builder()
                .label(label)
                .notes(note -> notes.add(note.substring(note.indexOf(": ") + 2)))
                .build()
                .read(write(text));
    }

    private Dataset read(String text) throws IOException {
        return read(text, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5,2,cat\n-3e1,.5,ant\n0,7,cat\n",
                "1.5,2,cat\r\n-3e1,.5,ant\r\n0,7,cat\r\n",
                "1.5,2,cat\r-3e1,.5,ant\r0,7,cat\r",
                "1.5,2,cat\n-3e1,.5,ant\n0,7,cat",
                "\ufeff1.5,2,cat\n-3e1,.5,ant\n0,7,cat\n",
                "\n\n1.5,2,cat\n\n-3e1,.5,ant\n0,7,cat\n\n",
                "1.5\t2\tcat\n-3e1\t.5\tant\n0\t7\tcat\n",
                "1.5;2;cat\n-3e1;.5;ant\n0;7;cat\n",
                "1.5|2|cat\n-3e1|.5|ant\n0|7|cat\n",
                " 1.5 , 2 , cat \n\t-3e1,.5,ant\n0,7,cat\n",
                "\"1.5\",\"2\",\"cat\"\n\"-3e1\",\".5\",\"ant\"\n\"0\",\"7\",\"cat\"\n",
                "a,b,c\n1.5,2,cat\n-3e1,.5,ant\n0,7,cat\n",
                "\"a\",\"b,c\",\"d\"\n1.5,2,cat\n-3e1,.5,ant\n0,7,cat\n",
                "Class,a,b\ncat,1.5,2\nant,-3e1,.5\ncat,0,7\n"
            })
    void everySpellingIsTheSameTable(String text) throws IOException {
        Dataset data = read(text);
        assertThat(data.rows()).isEqualTo(3);
        assertThat(data.values()).containsExactly(1.5f, 2, -30, .5f, 0, 7);
        assertThat(data.classNames()).containsExactly("ant", "cat");
        assertThat(data.labels()).containsExactly(1, 0, 1);
        assertThat(data.holdsFloats()).isTrue();
        assertThat(data.scaling()).isEqualTo(Scaling.NONE);
    }

    @Test
    void aHeaderOfNumbersIsToldByItsLabel() throws IOException {
        Dataset data = read("0,1,Label\n5,3,cat\n6,2,dog\n");
        assertThat(data.values()).containsExactly(5, 3, 6, 2);
        assertThat(data.classNames()).containsExactly("cat", "dog");
        DataReader known = DataReader.builder().like(2, List.of("cat", "label")).build();
        assertThat(known.read(write("0,1,label\n5,3,cat\n")).labels()).containsExactly(1, 0);
    }

    @Test
    void whatWasFoundIsTold() throws IOException {
        assertThat(read("a,b,kind\n1,2,x\n3,4,y\n").featureNames()).containsExactly("a", "b");
        assertThat(read("1\t2\t0\n3\t4\t1\n").featureNames()).isEmpty();
        read("a;Label;b\n1;0;2\n3;1;4\n");
        read("1|2\n3|4\n", "none");
        read("1\n3\n", "none");
        read("\n\na,b\n1,2\n");
        assertThat(notes)
                .containsExactly(
                        "a table with commas, a header in line 1, the label in column 3 (kind)",
                        "a table with tabs, no header, the label in column 3",
                        "a table with semicolons, a header in line 1, the label in column 2 (Label)",
                        "a table with bars, no header, no label",
                        "a table of one column, no header, no label",
                        "a table with commas, a header in line 3, the label in column 2 (b)");
    }

    /** The first cells of the label's row show which column it is: 10, 20 and 30. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -, 30
            3, 30
            1, 10
            2, 20
            a, 10
            b, 20
            y z, 30
            """)
    void theLabelIsFoundByNameOrNumber(String label, int first) throws IOException {
        assertThat(read("a,b,y z\n10,20,30\n1,2,3\n", label).classNames()).contains(Integer.toString(first));
    }

    /** Which of two is meant, nothing tells. */
    @Test
    void twoColumnsThatAreCalledAsLabelsAreLeaveTheLast() throws IOException {
        assertThat(read("class,target,x\n1,2,3\n4,5,6\n").classNames()).containsExactly("3", "6");
    }

    @Test
    void aNameThatIsANumberComesBeforeThePosition() throws IOException {
        assertThat(read("x,1,y\n10,20,30\n1,2,3\n", "1").classNames()).containsExactly("2", "20");
        assertThat(read("none,b\n10,20\n1,2\n", "none").features()).isEqualTo(2);
    }

    /** A header is told by a text that is no label, by the name of the label, or by a label above numbers. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', nullValues = "-", textBlock = """
            0,1,kind/1,2,0/3,4,1    > -    > 2
            0,1,2/1,2,0/3,4,1       > -    > 3
            1,2,x/3,4,y             > -    > 2
            a,2,x/3,4,y             > -    > 1
            7,8,x/3,4,5             > 7    > 1
            1,2,1/3,4,0             > 1    > 2
            1,?,5/2,3,4             > -    > -
            """)
    void aHeaderIsFound(String lines, String label, Integer rows) throws IOException {
        String text = lines.replace('/', '\n');
        if (rows == null) {
            assertThat(refused(() -> read(text, label))).hasMessageContaining("line 1, column 2");
        } else {
            assertThat(read(text, label).rows()).isEqualTo(rows);
        }
    }

    /** The first two rows would be tables of semicolons too, with more numbers; the third and the tenth are none. */
    @Test
    void tenRowsTellTheDelimiter() throws IOException {
        assertThat(read("1,2;5\n3,4;5\n5,6\n").classNames()).containsExactly("2;5", "4;5", "6");
        assertThat(read("1,2;5\n".repeat(9) + "5,6\n").classNames()).containsExactly("2;5", "6");
    }

    @Test
    void knownWidthTellsWhetherThereAreLabels() throws IOException {
        DataReader reader = DataReader.builder()
                .labelled(false)
                .like(2, List.of("ant", "cat"))
                .build();
        assertThat(reader.read(write("1,2\n3,4\n")).labels()).isEmpty();
        assertThat(reader.read(write("1,2\n3,4\n")).classes()).isZero();
        Dataset labelled = reader.read(write("1,2,cat\n3,4,cat\n"));
        assertThat(labelled.labels()).containsExactly(1, 1);
        assertThat(labelled.classNames()).containsExactly("ant", "cat");
    }

    @Test
    void quotedCellsHoldAnything() throws IOException {
        Dataset data = read("\"a\n\"\"b\"\"\",c\n1,\"x,\ny\"\n2,\"\"\"\"\n");
        assertThat(data.featureNames()).containsExactly("a\n\"b\"");
        assertThat(data.classNames()).containsExactly("\"", "x,\ny");
    }

    @Test
    void textIsUtf8() throws IOException {
        assertThat(read("\u00e4,\u65e5\n1,\ud83d\ude00\n2,\u00e9\n").classNames())
                .containsExactly("\u00e9", "\ud83d\ude00");
    }

    @Test
    void missingValuesBecomeNaNWhereTheyMay() throws IOException {
        DataReader reader = DataReader.builder().keepMissing(true).build();
        assertThat(reader.read(write("1,,0\nNA,?,0\nnan,5,1\n")).values())
                .containsExactly(1, Float.NaN, Float.NaN, Float.NaN, Float.NaN, 5);
    }

    @Test
    void oneWideRow() throws IOException {
        int columns = 100_000;
        Dataset data = read("1,".repeat(columns) + "x\n" + "2,".repeat(columns) + "y\n");
        assertThat(data.features()).isEqualTo(columns);
        assertThat(data.values()[0] + data.values()[2 * columns - 1]).isEqualTo(3);
    }

    /** Longer than every buffer on the way, also as a gzip file, and other spellings of a line's end in between. */
    @Test
    void manyRowsComeBack() throws IOException {
        SplitMix64 random = SplitMix64.of(3, SplitMix64.Stream.WEIGHTS, 0);
        int rows = 30_000;
        float[] values = new float[rows * 3];
        int[] labels = new int[rows];
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < 3; j++) {
                values[3 * i + j] = Float.intBitsToFloat(random.nextInt(1 << 30)) * (j - 1);
                text.append(values[3 * i + j]).append(',');
            }
            labels[i] = random.nextInt(3);
            text.append("n\u00e9 ").append(labels[i]).append(i % 3 == 0 ? "\r\n" : "\n");
        }
        Path packed = Files.write(
                folder.resolve("packed"), IdxBytes.gzip(text.toString().getBytes(UTF_8)));
        for (Dataset data :
                List.of(read(text.toString()), DataReader.builder().build().read(packed))) {
            assertThat(data.values()).isEqualTo(values);
            assertThat(data.labels()).isEqualTo(labels);
        }
    }

    @Test
    void theLocaleChangesNothing() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(read("LABEL,I\n1,2.5\n0,3\n").classNames()).containsExactly("0", "1");
        } finally {
            Locale.setDefault(before);
        }
    }
}
