package lanewise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as Maven runs it: in a class loader of its own, and with another java.class.path. */
class MainTest {
    @TempDir
    Path folder;

    private final String classPath = System.getProperty("java.class.path");
    private final Locale locale = Locale.getDefault();
    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

    @BeforeEach
    void enterMaven() {
        URL[] urls = Arrays.stream(classPath.split(File.pathSeparator))
                .map(MainTest::url)
                .toArray(URL[]::new);
        Thread.currentThread().setContextClassLoader(new URLClassLoader(urls, loader));
        System.setProperty("java.class.path", "maven.jar");
        System.setProperty("jmh.ignoreLock", "true");
    }

    @AfterEach
    void leaveMaven() {
        Thread.currentThread().setContextClassLoader(loader);
        System.setProperty("java.class.path", classPath);
        System.clearProperty("jmh.ignoreLock");
        Locale.setDefault(locale);
    }

    @Test
    void aBenchmarkRunsInAForkAndReports() throws Exception {
        runExp("scalar");
        assertThat(Files.readString(folder.resolve("report.csv")))
                .contains("ExpBenchmark.exp\"", "ExpBenchmark.exp:gc.alloc.rate.norm\"");
    }

    @Test
    void aFailingBenchmarkFails() {
        assertThatThrownBy(() -> runExp("none"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("-Dlanewise.backend is none");
    }

    @Test
    void aPatternThatMatchesNothingFails() {
        assertThatThrownBy(() -> run("jmh NoSuchBenchmark"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("No benchmarks to run");
    }

    /** And starts nothing: there is no such benchmark. */
    @ParameterizedTest
    @CsvSource({"-lprof, Supported profilers:", "-lrf, Available formats:"})
    void whatJmhCanDoIsListed(String option, String line) {
        System.setProperty("java.class.path", classPath);
        assertThat(new Child().quiet().run(Main.class, List.of("jmh", option, "NoSuchBenchmark")))
                .anyMatch(said -> said.startsWith(line));
    }

    @ParameterizedTest
    @CsvSource({
        "fly, Unmatched argument at index 0: 'fly'",
        "--full, Unknown option: '--full'",
        "scoreboard --quick, Unknown option: '--quick'",
        "scoreboard --json, Missing required parameter for option '--json' (FILE)",
        "scoreboard --full --peers --json none/rows.json, --json needs a file that can be written",
        "chart rows.json, Missing required parameter: 'FILE'",
        "check --fast, Unknown option: '--fast'",
        "baseline, Missing required option: '--reason",
        "baseline --reason, Missing required parameter",
        "jmh [, jmh: Unclosed character class near index 0: [",
        "jmh Exp -e [, jmh: Unclosed character class near index 0: [",
        "jmh -o none/log Exp, jmh: none/log (No such file or directory)",
        "compare, Missing required parameter: 'REV'",
        "ladder, Missing required parameter: 'matmul|softmax'",
        "ladder matmul softmax, Unmatched argument at index 2: 'softmax'",
        "ladder --write conv, no such ladder: conv (expected matmul or softmax)"
    })
    void aCommandLineThatMakesNoSenseIsRefusedInALine(String arguments, String line) {
        assertThatThrownBy(() -> run(arguments))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith(line)
                .hasMessageNotContaining("\n")
                .extracting(failure -> ((Failure) failure).status())
                .isEqualTo(Failure.USAGE);
    }

    @Test
    void everyVerbIsExplained() {
        System.setProperty("java.class.path", classPath);
        assertThat(new Child()
                        .run(Main.class, List.of("--help")).stream()
                                .filter(line -> line.matches(" {2}\\S+ +[A-Z].*"))
                                .map(line -> line.strip().split(" ")[0]))
                .containsExactlyInAnyOrder(
                        "scoreboard", "chart", "jmh", "check", "baseline", "compare", "ladder", "prove-check");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scoreboard [--full] [--help] [--peers] [--json=FILE]",
                "check [--help] [--quick] [--strict]",
                "baseline [--help] --reason TEXT"
            })
    void aVerbTellsWhatItTakes(String synopsis) {
        System.setProperty("java.class.path", classPath);
        assertThat(new Child().run(Main.class, List.of(synopsis.split(" ")[0], "--help")))
                .first()
                .isEqualTo("Usage: lanewise-benchmarks " + synopsis);
    }

    @Test
    void helpIsPlainWhereColoursAreForced() {
        System.setProperty("java.class.path", classPath);
        assertThat(new Child().environment(Map.of("CLICOLOR_FORCE", "1")).run(Main.class, List.of("--help")))
                .noneMatch(line -> line.contains("\033"));
    }

    /** An old build of the benchmarks need not know an option that its sources have. */
    @Test
    void aBuildOlderThanItsSourcesSaysSoOfAnyCommandLine() throws Exception {
        System.setProperty("java.class.path", classPath);
        Path classes = Files.createDirectories(folder.resolve("benchmarks/target/classes/lanewise/benchmarks"));
        try (DirectoryStream<Path> built =
                Files.newDirectoryStream(Checkout.origin(Main.class).resolve("lanewise/benchmarks"), "*.class")) {
            for (Path file : built) {
                Files.copy(file, classes.resolve(file.getFileName()));
            }
        }
        Files.createDirectories(folder.resolve("kernels/src/main"));
        Path source = Files.createFile(
                Files.createDirectories(folder.resolve("benchmarks/src/main")).resolve("New.java"));
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        String heard = Heard.from(() -> assertThatThrownBy(() -> new Child()
                        .before(folder.resolve("benchmarks/target/classes").toString())
                        .run(Main.class, List.of("check", "--new")))
                .hasMessageEndingWith("ended with status 1"));
        assertThat(heard).contains("benchmarks was built before its sources were last changed: run mvn install");
    }

    @Test
    void whatTheSystemRefusesIsAFailure() {
        String home = System.setProperty("java.home", folder.toString());
        try {
            assertThatThrownBy(() -> run("ladder matmul"))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("Cannot run program \"" + folder.resolve("bin/java") + "\"");
        } finally {
            System.setProperty("java.home", home);
        }
    }

    @Test
    void aFileThatCannotBeCreatedIsAFailure() throws Exception {
        Path rows = Files.writeString(folder.resolve("rows.json"), """
                [{"kernel": "sgemm", "trans": "NN", "shape": "64x64x64", "threads": 1, "impl": "mkl"}]""");
        assertThatThrownBy(() -> run("chart " + rows + " " + folder.resolve("none/chart")))
                .isInstanceOf(Failure.class)
                .hasMessageMatching(".*none/chart\\.png: there is no such folder")
                .extracting(failure -> ((Failure) failure).status())
                .isEqualTo(Failure.FAILED);
    }

    @Test
    void aVerbThatMeasuresNeedsVectors() {
        System.setProperty("java.class.path", classPath);
        String heard = Heard.from(() -> assertThatThrownBy(() -> new Child()
                        .flags(List.of("-Dlanewise.backend=scalar"))
                        .run(Main.class, List.of("ladder", "matmul")))
                .hasMessageEndingWith("ended with status 2"));
        assertThat(heard).contains("lanewise-benchmarks: ladder needs SIMD: asked for with -Dlanewise.backend=scalar");
    }

    @Test
    void aRevisionThatIsNoneLeavesNothingBehind() {
        System.setProperty("java.class.path", classPath);
        assertThatThrownBy(() -> new Child()
                        .flags(List.of("-Djava.io.tmpdir=" + folder))
                        .quiet()
                        .run(Main.class, List.of("compare", "no-such-revision")))
                .hasMessageEndingWith("ended with status 1");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void forksHaveTheWidthOfThisJvm() throws Exception {
        System.setProperty("lanewise.vectorBits", "no width");
        try {
            assertThatThrownBy(() -> runExp("simd")).hasMessageContaining("-Dlanewise.vectorBits is no width");
        } finally {
            System.clearProperty("lanewise.vectorBits");
        }
    }

    @Test
    void numbersAreWrittenAlikeInEveryLocale() {
        Locale.setDefault(Locale.forLanguageTag("fa-IR"));
        assertThatThrownBy(() -> run("fly")).isInstanceOf(Failure.class);
        assertThat("%d %.1f".formatted(2, 0.5)).isEqualTo("2 0.5");
    }

    private void runExp(String backend) throws Exception {
        run("jmh ExpBenchmark.exp -f 1 -wi 0 -i 1 -r 10ms -p backend=" + backend + " -o " + folder.resolve("log")
                + " -rf csv -rff " + folder.resolve("report.csv"));
    }

    private static void run(String arguments) throws Exception {
        Main.main(arguments.split(" "));
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
