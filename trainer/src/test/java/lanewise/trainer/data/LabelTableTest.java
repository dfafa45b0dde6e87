package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.Refusal.assertRefused;
import static lanewise.trainer.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelTableTest {
    /** The names and, behind a bar, the class of each label. */
    private static String classes(LabelTable table, String... labels) {
        int[] classes = Arrays.stream(labels)
                .mapToInt(label -> table.standInOf(label, () -> "at " + label))
                .toArray();
        List<String> names = table.settle(classes);
        return String.join(" ", names) + " | " + Arrays.toString(classes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            b a c a              > a b c | [1, 0, 2, 0]
            10 9 -1 9            > -1 9 10 | [2, 1, 0, 1]
            1 +1 1.0 -1 -1e0 01  > -1 1 | [1, 1, 1, 0, 0, 1]
            -0 0 0.0             > 0 | [0, 0, 0]
            10 9 x               > 10 9 x | [0, 1, 2]
            10 9 \u0663          > 10 9 \u0663 | [0, 1, 2]
            1.5 x                > 1.5 x | [0, 1]
            B a A b              > A B a b | [1, 2, 0, 3]
            \uff5e \ud83d\ude00  > \uff5e \ud83d\ude00 | [0, 1]
            9007199254740992 7   > 7 9007199254740992 | [1, 0]
            0e-2000000000 7e0    > 0 7 | [0, 1]
            """)
    void classesAreFoundInOrder(String labels, String expected) {
        assertThat(classes(new LabelTable(null), labels.split(" +"))).isEqualTo(expected);
    }

    @Test
    void labelsAreOfTheKnownClasses() {
        assertThat(classes(new LabelTable(List.of("-1", "7")), "7", "-1", "7.0", "-1e0", "+7"))
                .isEqualTo("-1 7 | [1, 0, 1, 0, 1]");
        assertThat(classes(new LabelTable(List.of("b", "NA", "a")), "a", "NA", "b"))
                .isEqualTo("b NA a | [2, 1, 0]");
        assertRefused(
                () -> classes(new LabelTable(List.of("b", "a")), "a", "c"),
                BAD_DATA,
                "at c: the label is not among the classes (expected b, a, found c)");
        assertRefused(
                () -> classes(new LabelTable(List.of("3", "4")), "3", "\u0663"),
                BAD_DATA,
                "at \u0663: the label is not among the classes (expected 3, 4, found \u0663)");
        for (String other : List.of("1.0", "+1", "01")) {
            assertRefused(
                    () -> classes(new LabelTable(List.of("1", "a")), "a", "1", other),
                    BAD_DATA,
                    "at " + other + ": the label is not among the classes (expected 1, a, found " + other + ")");
        }
        assertRefused(
                () -> classes(new LabelTable(List.of("1", "2")), "1", "1.5"),
                BAD_DATA,
                "at 1.5: the label is not among the classes (expected 1, 2, found 1.5)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', nullValues = "-", textBlock = """
            -    > the label is missing (expected a class, found nothing)
            ?    > the label is missing (expected a class, found ?)
            NA   > the label is missing (expected a class, found NA)
            NaN  > the label is missing (expected a class, found NaN)
            null > the label is missing (expected a class, found null)
            -inf > the label is not a class (expected a whole number or up to 1000 characters of text, found -inf)
            1.5  > the label is not a class (expected a whole number or text, found 1.5). If it is a feature, --label names the column of the classes.
            1e39 > the label is not a class (expected a whole number or text, found 1e39). If it is a feature, --label names the column of the classes.
            1e400 > the label is not a class (expected a whole number or text, found 1e400). If it is a feature, --label names the column of the classes.
            9007199254740993 > the label is not a class (expected a whole number or text, found 9007199254740993). If it is a feature, --label names the column of the classes.
            -9007199254740993 > the label is not a class (expected a whole number or text, found -9007199254740993). If it is a feature, --label names the column of the classes.
            4503599627370497.5 > the label is not a class (expected a whole number or text, found 4503599627370497.5). If it is a feature, --label names the column of the classes.
            1e-400 > the label is not a class (expected a whole number or text, found 1e-400). If it is a feature, --label names the column of the classes.
            1e-2000000000 > the label is not a class (expected a whole number or text, found 1e-2000000000). If it is a feature, --label names the column of the classes.
            1e-99999999999 > the label is not a class (expected a whole number or text, found 1e-99999999999). If it is a feature, --label names the column of the classes.
            """)
    void whatIsNoClassIsRefused(String label, String line) {
        String text = label == null ? "" : label;
        assertRefused(() -> classes(new LabelTable(null), "1", text, "2"), BAD_DATA, "at " + text + ": " + line);
    }

    @Test
    void aLongOrBinaryLabelIsRefused() {
        for (String text : new String[] {"a\0b", "a".repeat(1001)}) {
            assertThat(refused(() -> classes(new LabelTable(null), text)))
                    .hasMessageContaining("the label is not a class");
        }
    }

    @Test
    void thereAreNotTooManyClasses() {
        LabelTable table = new LabelTable(null);
        for (int i = 0; i < 65_536; i++) {
            assertThat(table.standInOf("n" + i, () -> "")).isEqualTo(i);
        }
        for (int i = 0; i < 65_536; i += 99) {
            assertThat(table.standInOf("n" + i, () -> "")).isEqualTo(i);
        }
        assertRefused(
                () -> table.standInOf("more", () -> "row 7"),
                BAD_DATA,
                "row 7: too many classes (expected at most 65536, found one more)."
                        + " If it is a feature, --label names the column of the classes.");
    }
}
