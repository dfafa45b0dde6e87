package lanewise.trainer.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static lanewise.trainer.ExitCode.BAD_DATA;
import static lanewise.trainer.ExitCode.USAGE;
import static lanewise.trainer.Refusal.assertRefused;
import static lanewise.trainer.Refusal.refused;
import static lanewise.trainer.data.IdxBytes.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import lanewise.trainer.LanewiseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that cannot be used: each is refused with one line that says where, what was expected and what was found. */
@Tag("no-kernel")
class BadCsvTest {
    private static final String LONG_CELL = "the cell is too long (expected at most 1048576 characters, found more)."
            + " A quote that is never closed makes one.";

    @TempDir
    Path folder;

    /** Writes a text in which each character is one byte, {@code /} ends a line and {@code ^} is NUL. */
    private Path write(String text) throws IOException {
        String lines = text.replace('/', '\n').replace('^', '\0');
        return Files.write(folder.resolve("t.csv"), lines.getBytes(ISO_8859_1));
    }

    private void isRefused(String text, DataReader reader, String line) throws IOException {
        Path file = write(text);
        assertRefused(() -> reader.read(file), BAD_DATA, file + ": " + line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '~', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            a,b,k/1,NaN,0/         > line 2, column 2 (b): a value is missing (expected a number, found NaN)
            a,b,k/1,nan,0/         > line 2, column 2 (b): a value is missing (expected a number, found nan)
            a,b,k/1,NA,0/          > line 2, column 2 (b): a value is missing (expected a number, found NA)
            a,b,k/1,?,0/           > line 2, column 2 (b): a value is missing (expected a number, found ?)
            a,b,k/1,,0/            > line 2, column 2 (b): a value is missing (expected a number, found nothing)
            a,b,k/1,"",0/          > line 2, column 2 (b): a value is missing (expected a number, found nothing)
            a,b,k/1,  ,0/          > line 2, column 2 (b): a value is missing (expected a number, found nothing)
            a,b,k/1,null,0/        > line 2, column 2 (b): a value is missing (expected a number, found null)
            1,2,0/3,,1/            > line 2, column 2: a value is missing (expected a number, found nothing)
            1,,0/3,4,1/            > line 1, column 2: a value is missing (expected a number, found nothing)
            1,2,0//3,x,1/          > line 3, column 2: not a number (expected a number such as -1.5e3, found x)
            a,b,k/1,inf,0/         > line 2, column 2 (b): not a number (expected a number such as -1.5e3, found inf)
            a,b,k/1,-Infinity,0/   > line 2, column 2 (b): not a number (expected a number such as -1.5e3, found -Infinity)
            1,inf,0/2,3,1/         > line 1, column 2: not a number (expected a number such as -1.5e3, found inf)
            1,-INF,x/2,3,y/        > line 1, column 2: not a number (expected a number such as -1.5e3, found -INF)
            +Infinity,1,0/2,3,1/   > line 1, column 1: not a number (expected a number such as -1.5e3, found +Infinity)
            1,2,inf/3,4,0/         > line 1, column 3: the label is not a class (expected a whole number or up to 1000 characters of text, found inf)
            a,b,k/1,1.5f,0/        > line 2, column 2 (b): not a number (expected a number such as -1.5e3, found 1.5f)
            a,b,k/1,2d,0/          > line 2, column 2 (b): not a number (expected a number such as -1.5e3, found 2d)
            a,b,k/1,0x1.8p1,0/     > line 2, column 2 (b): not a number (expected a number such as -1.5e3, found 0x1.8p1)
            a,b,k/1,1_000,0/       > line 2, column 2 (b): not a number (expected a number such as -1.5e3, found 1_000)
            a,b,k/1,1 000,0/       > line 2, column 2 (b): not a number (expected a number such as -1.5e3, found 1 000)
            a,b,k/1,1e39,0/        > line 2, column 2 (b): the number is too large for a float (expected at most 3.4028235e38, found 1e39)
            a,b,k/1,-1e39,0/       > line 2, column 2 (b): the number is too large for a float (expected at most 3.4028235e38, found -1e39)
            a;b;k/1,5;2;0/         > line 2, column 1 (a): not a number (expected a number such as -1.5e3, found 1,5). A decimal comma is to be a point.
            1,5;2,5;0/1,5;2,5;1/   > line 1, column 1: not a number (expected a number such as -1.5e3, found 1,5). A decimal comma is to be a point.
            1;2;0/1,5;2;1/         > line 2, column 1: not a number (expected a number such as -1.5e3, found 1,5). A decimal comma is to be a point.
            a,b,k/1,red,0/2,blue,1/ > line 2, column 2 (b): not a number (expected a number such as -1.5e3, found red). If it is the label, --label names the column of the classes.
            red,1,2/blue,1,4/      > line 2, column 1 (red): not a number (expected a number such as -1.5e3, found blue). If it is the label, --label names the column of the classes.
            /a,b,k/1,red,0/        > line 3, column 2 (b): not a number (expected a number such as -1.5e3, found red). If it is the label, --label names the column of the classes.
            //1,2,0/red,3,1/       > line 4, column 1: not a number (expected a number such as -1.5e3, found red)
            "a/x",b,k/1,red,0/     > line 3, column 2 (b): not a number (expected a number such as -1.5e3, found red). If it is the label, --label names the column of the classes.
            1,2,0/red,3,1/         > line 2, column 1: not a number (expected a number such as -1.5e3, found red)
            1,2,k/1,2/             > line 2: a row of another length (expected 3 columns, found 2)
            1,2,0/1,2/             > line 2: a row of another length (expected 3 columns, found 2)
            1,2,0/1,2,0,0/         > line 2: a row of another length (expected 3 columns, found 4)
            a,b,k/1,2/             > line 2: a row of another length (expected 3 columns, found 2)
            1,2,0/1/               > line 2: a row of another length (expected 3 columns, found 1)
            1,2,0/1,2,0/1,2,1,     > line 3: a row of another length (expected 3 columns, found 4)
            a,b,k/                 > there is no row in it (expected rows behind the header, found the header alone)
            a,b,k                  > there is no row in it (expected rows behind the header, found the header alone)
            ///                    > there is no row in it
            1/2/3/                 > a single column is not a table of features and a label. No comma, tab, semicolon or bar separates columns in the first row.
            {"a":1}/               > a single column is not a table of features and a label. No comma, tab, semicolon or bar separates columns in the first row.
            a,b,k/1,"2,0/3,4,0/    > line 2, column 2 (b): a quote is opened and never closed
            a,b,k/1,2,"0           > line 2, column 3 (k): a quote is opened and never closed
            "a,b,k/1,2,0/          > the first row: a quote is opened and never closed
            "a"b,k/1,2/            > the first row: something follows the closing quote
            a,b,k/1,"2"x,0/        > line 2, column 2 (b): something follows the closing quote
            a,b,k/1,2,"0" 1/       > line 2, column 3 (k): something follows the closing quote
            a,b,k/1,2,/            > line 2, column 3 (k): the label is missing (expected a class, found nothing)
            a,b,k/1,2,NaN/         > line 2, column 3 (k): the label is missing (expected a class, found NaN)
            a,b,k/1,2,?/           > line 2, column 3 (k): the label is missing (expected a class, found ?)
            a,b,k/1,2,inf/         > line 2, column 3 (k): the label is not a class (expected a whole number or up to 1000 characters of text, found inf)
            a,b,k/1,2,1/1,2,1.5/   > line 3, column 3 (k): the label is not a class (expected a whole number or text, found 1.5). If it is a feature, --label names the column of the classes.
            a,b,k/1,2,1e18/        > line 2, column 3 (k): the label is not a class (expected a whole number or text, found 1e18). If it is a feature, --label names the column of the classes.
            \u00e9,b/1,2/          > line 1, byte 1: byte 0xE9 is not UTF-8
            a,b/1,2/3,\u00e9/      > line 3, byte 3: byte 0xE9 is not UTF-8
            a,b/1,2/3,\u00c3       > line 3, byte 3: byte 0xC3 is not UTF-8
            a,b/1,\u00c0\u0080/    > line 2, byte 3: byte 0xC0 is not UTF-8
            a,b/1,\u00ed\u00a0\u0080/ > line 2, byte 3: byte 0xED is not UTF-8
            a,b/1,2^/              > offset 0: of no format that is read (expected IDX, CSV, TSV, LIBSVM, NPY or NPZ, found 61 2c 62 0a 31 2c 32 00)
            a,b/1,23^,4/           > offset 8: of no format that is read (expected IDX, CSV, TSV, LIBSVM, NPY or NPZ, found 31 2c 32 33 00 2c 34 0a)
            a,b,c/1,2,0/3,^4,1/    > offset 14: of no format that is read (expected IDX, CSV, TSV, LIBSVM, NPY or NPZ, found 30 0a 33 2c 00 34 2c 31)
            a,b,c/1,2,0/3,4,^      > offset 16: of no format that is read (expected IDX, CSV, TSV, LIBSVM, NPY or NPZ, found 33 2c 34 2c 00)
            \u00ff\u00fe1^,^2^     > offset 0: of no format that is read (expected IDX, CSV, TSV, LIBSVM, NPY or NPZ, found ff fe 31 00 2c 00 32 00). It looks like UTF-16: convert it to UTF-8 first.
            \u00fe\u00ff^1^,       > offset 0: of no format that is read (expected IDX, CSV, TSV, LIBSVM, NPY or NPZ, found fe ff 00 31 00 2c). It looks like UTF-16: convert it to UTF-8 first.
            """)
    void isRefused(String text, String line) throws IOException {
        isRefused(text, DataReader.builder().build(), line);
    }

    /** To look at, a table needs no label, and so may have a single column. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '~', textBlock = """
            a b k/1 2 1/3 4 2/ > line 2, column 1 (a b k): not a number (expected a number such as -1.5e3, found 1 2 1)
            a b k/x 2 1/3 4 2/ > line 2, column 1 (a b k): not a number (expected a number such as -1.5e3, found x 2 1)
            {"a":1}/           > there is no row in it (expected rows behind the header, found the header alone)
            """)
    void nothingSeparatesColumns(String text, String line) throws IOException {
        isRefused(
                text,
                DataReader.builder().labelled(false).build(),
                line + ". No comma, tab, semicolon or bar separates columns in the first row.");
    }

    @Test
    void aWebPage() throws IOException {
        isRefused(
                " <!DOCTYPE html><title>404<\\title>/",
                DataReader.builder().build(),
                "offset 0: of no format that is read (expected IDX, CSV, TSV, LIBSVM, NPY or NPZ,"
                        + " found  <!DOCTYPE html><title>404<\\title>). It looks like a web page: download it again.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html lang=en>/", "<HTML>/", "/  <Head>/", "<body >/", "<?xml version=1.0?>/"})
    void theStartOfAWebPage(String text) throws IOException {
        LanewiseException e = refused(() -> DataReader.builder().build().read(write(text)));
        assertThat(e).hasMessageEndingWith(". It looks like a web page: download it again.");
    }

    @Test
    void anEmptyFile() throws IOException {
        isRefused("", DataReader.builder().build(), "offset 0: the file is empty");
    }

    @Test
    void digitsOfAnotherScript() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "a,k\n\u0663,0\n", StandardCharsets.UTF_8);
        assertRefused(
                () -> DataReader.builder().build().read(file),
                BAD_DATA,
                file + ": line 2, column 1 (a): not a number (expected a number such as -1.5e3, found \u0663)");
    }

    /** What is behind the first 65,536 bytes is looked at cell by cell. */
    @Test
    void aZeroByteFarBehind() throws IOException {
        isRefused(
                "1,2,0/".repeat(20_000) + "1,2^,0/",
                DataReader.builder().build(),
                "line 20001, column 2: not a number (expected a number such as -1.5e3, found 2\\x00)");
        isRefused(
                "1,2,0/".repeat(20_000) + "1,2,\u00e9/",
                DataReader.builder().build(),
                "line 20001, byte 5: byte 0xE9 is not UTF-8");
    }

    @Test
    void aQuoteThatSwallowsMoreThanACellMayHold() throws IOException {
        isRefused(
                "1,2,0/1,\"2,0/" + "1,2,0/".repeat(600_000),
                DataReader.builder().build(),
                "line 2, column 2: " + LONG_CELL);
    }

    @Test
    void aCellThatIsTooLong() throws IOException {
        String longest = "1." + "0".repeat((1 << 20) - 2);
        assertThat(DataReader.builder()
                        .build()
                        .read(write("1," + longest + ",0/1," + longest + ",0/"))
                        .values())
                .containsExactly(1, 1, 1, 1);
        isRefused(
                "1,2,0/1," + longest.repeat(3) + ",0/", DataReader.builder().build(), "line 2, column 2: " + LONG_CELL);
        isRefused("1," + longest + "0,0/1,2,0/", DataReader.builder().build(), "the first row: " + LONG_CELL);
    }

    @Test
    void moreColumnsThanAllowed() throws IOException {
        isRefused(
                "1,2,3,4,0/",
                DataReader.builder().maxFeatures(3).build(),
                "too many columns (expected at most 3 features, found 4). --max-features raises the limit.");
        isRefused(
                "1,".repeat(1_000_001) + "0/",
                DataReader.builder().build(),
                "too many columns (expected at most 1000000 features, found 1000001). --max-features raises the limit.");
    }

    /** So many that they are not even counted. */
    @Test
    void farMoreColumnsThanAllowed() throws IOException {
        for (String row : List.of("1,2,3,4,5,0/", "1;2;3;4;5;0/", "a,b,c,d,e,f/1,2,3,4,5,0/")) {
            isRefused(
                    row,
                    DataReader.builder().maxFeatures(3).build(),
                    "too many columns (expected at most 3 features, found more). --max-features raises the limit.");
        }
        isRefused(
                "1,".repeat(1_500_000) + "0/",
                DataReader.builder().build(),
                "too many columns (expected at most 1000000 features, found more). --max-features raises the limit.");
    }

    /** No cell is, and there are not too many. */
    @Test
    void aFirstRowThatIsTooLong() throws IOException {
        isRefused(
                "1,1" + "0".repeat(600_000) + ",1" + "0".repeat(600_000) + "/1,2,0/",
                DataReader.builder().maxFeatures(2).build(),
                "the first row: the row is too long (expected at most 1048640 characters, found more)."
                        + " --max-features raises the limit.");
    }

    @Test
    void moreClassesThanAllowed() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= 65_536; i++) {
            text.append("1,").append(i).append('/');
        }
        isRefused(
                text.toString(),
                DataReader.builder().build(),
                "line 65537, column 2: too many classes (expected at most 65536, found one more)."
                        + " If it is a feature, --label names the column of the classes.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            a,b,k/1,2,0/ > x     > there is no such column for the label (expected 1 to 3 or one of a, b, k, found x)
            a,b,k/1,2,0/ > 4     > there is no such column for the label (expected 1 to 3 or one of a, b, k, found 4)
            1,2,0/1,2,0/ > 0     > there is no such column for the label (expected 1 to 3, found 0)
            1,2,0/1,2,0/ > k     > there is no such column for the label (expected 1 to 3, found k)
            1,2,0/1,2,0/ > 99999999999 > there is no such column for the label (expected 1 to 3, found 99999999999)
            a,k,k/1,2,0/ > k     > two columns have the name of the label (expected a name that is there once, or a number, found k)
            """)
    void aLabelThatIsNotThere(String text, String label, String line) throws IOException {
        Path file = write(text);
        DataReader reader = DataReader.builder().label(label).build();
        assertRefused(() -> reader.read(file), USAGE, file + ": " + line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            1,2/           > true  > rows of another width than the model takes (expected 2 features and a label, found 2 columns)
            1,2,3,x/       > true  > rows of another width than the model takes (expected 2 features and a label, found 4 columns)
            1/             > false > rows of another width than the model takes (expected 2 features, with or without a label, found 1 columns). No comma, tab, semicolon or bar separates columns in the first row.
            1,2,3,x/       > false > rows of another width than the model takes (expected 2 features, with or without a label, found 4 columns)
            1,2,x/1,2,z/   > true  > line 2, column 3: the label is not among the classes (expected x, y, found z)
            1,2,x/1,2,1/   > true  > line 2, column 3: the label is not among the classes (expected x, y, found 1)
            """)
    void rowsThatTheModelDoesNotKnow(String text, boolean labelled, String line) throws IOException {
        isRefused(
                text,
                DataReader.builder()
                        .labelled(labelled)
                        .like(2, List.of("x", "y"))
                        .build(),
                line);
    }

    /** Where a single column is what is wanted, nothing needs to separate it from others. */
    @Test
    void aSingleColumnMayBeRight() throws IOException {
        String bad = "line 2, column 1: not a number (expected a number such as -1.5e3, found x)";
        String hint = ". No comma, tab, semicolon or bar separates columns in the first row.";
        DataReader.Builder one = DataReader.builder().like(1, List.of("0", "1"));
        isRefused("1/x/", one.labelled(false).build(), bad);
        isRefused("1/x/", one.label("none").labelled(true).build(), bad);
        isRefused("1/x/", DataReader.builder().labelled(false).build(), bad + hint);
        isRefused("1/2/", one.label(null).build(), "a single column is not a table of features and a label" + hint);
    }

    @Test
    void columnsThatTheModelDoesNotKnow() throws IOException {
        DataReader reader = DataReader.builder()
                .like(2, List.of("x", "y"))
                .featureNames(List.of("a", "b"))
                .build();
        isRefused("k,b,a/x,1,2/", reader, "column 2 (b): not the columns that were learned (expected a, found b)");
    }

    /** The number may be an identifier, unless its name says that it is the label. */
    @Test
    void aColumnTooManyUnderAnyName() throws IOException {
        DataReader reader = DataReader.builder().labelled(false).like(2, null).build();
        Path file = write("a,b,id/1,2,3/");
        assertRefused(
                () -> reader.read(file),
                USAGE,
                file + ": one column more than the model has features"
                        + " (expected --label with the column to leave out, found 3 columns)");
        assertThat(reader.read(write("a,b,label/1,2,3/")).labels()).containsExactly(0);
    }

    @Test
    void aPackedTableThatEndsEarly() throws IOException {
        byte[] packed = gzip("1,2,0\n3,4,1\n".repeat(50).getBytes(ISO_8859_1));
        Path file = folder.resolve("t.csv.gz");
        for (int length = 2; length < packed.length; length++) {
            Files.write(file, Arrays.copyOf(packed, length));
            assertRefused(
                    () -> DataReader.builder().build().read(file), BAD_DATA, file + ": the packed data end early");
        }
        packed[packed.length - 5] ^= 1;
        Files.write(file, packed);
        assertRefused(
                () -> DataReader.builder().build().read(file),
                BAD_DATA,
                file + ": the checksum is wrong: the file is damaged");
    }

    /** Whatever is cut off or flipped, the table is read or refused; nothing but the declared exception comes out. */
    @Test
    void damageIsReadOrRefused() throws IOException {
        byte[] whole = "\u00efa,\"b\"\"\",k\n1,\"2\",x\r\n-3.5e1,4,y\n\n".getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("t.csv");
        int refusals = 0;
        for (int i = -whole.length; i < 8 * whole.length; i++) {
            byte[] damaged = i < 0 ? Arrays.copyOf(whole, whole.length + i) : whole.clone();
            if (i >= 0) {
                damaged[i / 8] ^= (byte) (1 << i % 8);
            }
            Files.write(file, damaged);
            try {
                assertThat(DataReader.builder().build().read(file).features()).isPositive();
            } catch (LanewiseException e) {
                assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(BAD_DATA);
                refusals++;
            }
        }
        assertThat(refusals).isPositive();
        assertThat(refused(() -> DataReader.builder().build().read(folder.resolve("none"))))
                .hasMessageEndingWith("none: no such file or folder");
    }
}
