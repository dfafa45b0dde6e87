package lanewise.benchmarks.scoreboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Heard;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Ours;
import lanewise.benchmarks.race.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DefaultLocale("und") // The root, as Main sets it.
class ScoreboardTest {
    private static final Work WORK = Work.parse("sgemm NN:1000x1000x1000 1");

    @TempDir
    Path folder;

    @Test
    void theDefaultRowsAreThoseOfThePromise() {
        List<String> rows = Rows.of(false).stream().map(Work::toString).toList();
        assertThat(rows)
                .contains("sgemm NN:4096x784x10 1", "sgemm NN:4096x784x10 2", "sgemm TN:784x100x400 1")
                .contains("softmax 60000x10 1", "softmax 4096x1000 1", "exp 4096 1", "epoch-softmax 60000x784x10 1")
                .doesNotContain("sgemm NN:2048x2048x2048 1")
                .doesNotHaveDuplicates();
        assertThat(Rows.of(true).stream().map(Work::toString))
                .containsAll(rows)
                .contains("sgemm NN:2048x2048x2048 2", "softmax 128x32000 1", "epoch-mlp400 60000x784x10 1")
                .doesNotHaveDuplicates();
        assertThat(Rows.of(true)).allSatisfy(work -> {
            assertThat(work.flops()).isPositive();
            assertThat(Ours.method(work.kernel())).isNotNull();
        });
    }

    @Test
    void aRowIsUnstableWhereItsJvmsDiffer() {
        assertThat(row(0.1, 0.80, 0.90, 0.91, 0.92, 0.99).remark()).isEmpty();
        assertThat(row(0.1, 0.80, 0.90, 0.91, 0.95, 0.95).remark()).isEqualTo("unstable: JVMs differ by 5 %");
    }

    @Test
    void aRowIsUnstableWhereJmhAndTheRacesDiffer() {
        for (double jmh : new double[] {0.08, 0.12}) {
            assertThat(row(jmh, 0.90, 0.90, 0.91, 0.92, 0.92).remark())
                    .isEqualTo("unstable: JMH and races differ by 20 %");
        }
    }

    @Test
    void aRowSaysAllThatIsWrongWithItAndAPeerWhatConcernsIt() {
        Row row = row(0.12, 0.80, 0.90, 0.91, 0.95, 0.95);
        row.peers().put("mkl", new Measurement(WORK, 0.12, 0.12, 1, 0));
        row.peers().put("ejml", new Measurement(WORK, 0.1, 0.2, 2, 0));
        assertThat(row.remark())
                .isEqualTo(
                        "unstable: JVMs differ by 5 %; unstable: JMH and races differ by 20 %; unstable against mkl");
        assertThat(Json.objects("1c4e1f9", List.of(row)))
                .extracting(object -> object.get("remark"))
                .containsExactly(
                        row.remark(),
                        row.remark(),
                        "unstable: JVMs differ by 5 %; unstable against mkl",
                        "unstable: JVMs differ by 5 %");
    }

    @Test
    void theRowsBeforeAFailureAreKept() {
        Row row = row(0.1, 0.9);
        List<Work> works = List.of(WORK, Work.parse("exp 4096 1"));
        List<List<Row>> kept = new ArrayList<>();
        Function<Work, Row> fails = work -> {
            if (work.equals(WORK)) {
                return row;
            }
            throw new Failure(Failure.FAILED, "a JVM ended");
        };
        assertThatThrownBy(() -> Scoreboard.rows(works, fails, shown -> {}, kept::add))
                .hasMessage("a JVM ended");
        assertThat(kept).containsExactly(List.of(row));
        assertThatThrownBy(() -> Scoreboard.rows(works.subList(1, 2), fails, shown -> {}, kept::add))
                .hasMessage("a JVM ended");
        assertThat(kept).hasSize(1);
        Scoreboard.rows(works, work -> row, shown -> {}, kept::add);
        assertThat(kept).last().isEqualTo(List.of(row, row));
    }

    @Test
    void everyRowOfTheTableIsAsWideAsItsHeading() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Table table = new Table(new PrintStream(bytes, true), List.of());
        table.header();
        for (Work work : Rows.of(true)) {
            table.row(new Row(work, 0.1, 1, List.of(new Measurement(work, 0.1, 0.09, 0.9, 0)), Map.of()));
        }
        assertThat(bytes.toString().lines().map(String::length).distinct()).hasSize(1);
    }

    @Test
    void theTableShowsWhatIsMissingAsADash() {
        Row row = row(0.1, 0.9, 0.9, 0.9);
        row.peers().put("mkl", new Measurement(WORK, 0.1, 0.15, 1.5, 0));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Table table = new Table(new PrintStream(bytes, true), List.of("openblas", "mkl"));
        table.header();
        table.row(row);
        assertThat(bytes.toString().lines().toList().get(1).split("\\s+"))
                .containsExactly(
                        "sgemm",
                        "1000x1000x1000",
                        "NN",
                        "1",
                        "100",
                        "ms",
                        "20.0",
                        "GFLOP/s",
                        "90.0",
                        "%",
                        "10.0x",
                        "-",
                        "1.50x");
    }

    /** Neither is the first to be tried, nor the last. */
    @Test
    void theCoreTypeIsThatOfTheSmallestRatioAndNoneWhereNoneIsFaster() {
        Map<String, String> zen = Map.of("OPENBLAS_CORETYPE", "ZEN");
        assertThat(Peers.fastestCore(environment -> environment.equals(zen) ? 0.9 : 1))
                .isEqualTo(zen);
        assertThat(Peers.fastestCore(environment -> environment.isEmpty() ? 1 : Double.MAX_VALUE))
                .isEmpty();
        assertThat(Peers.fastestCore(environment -> Double.MAX_VALUE)).isEmpty();
    }

    @Test
    void numPyIsRacedWithItsOwnCoreTypeTooAndOpenBlasOnceInEach() {
        Map<String, String> zen = Map.of("OPENBLAS_CORETYPE", "ZEN");
        Peers forced = new Peers(zen);
        assertThat(forced.environments("numpy")).containsExactly(Map.of(), zen);
        assertThat(forced.environments("openblas")).containsExactly(Map.of());
        assertThat(forced.environments("openblas-best")).containsExactly(zen);
        assertThat(forced.coreType()).endsWith("the core type that was fastest: ZEN");
        Peers free = new Peers(Map.of());
        assertThat(free.environments("numpy")).containsExactly(Map.of());
        assertThat(free.environments("openblas")).containsExactly(Map.of());
        assertThat(free.environments("openblas-best")).isEmpty();
        assertThat(free.coreType()).startsWith("openblas-best is not raced");
    }

    @Test
    void ofTwoRacesThatCountsInWhichThePeerWasFaster() {
        Work other = Work.parse("exp 4096 1");
        Measurement slow = new Measurement(WORK, 1, 3, 3, 0);
        Measurement fast = new Measurement(WORK, 2, 4, 2, 0);
        Measurement only = new Measurement(other, 1, 1, 1, 0);
        assertThat(Peers.fastest(List.of(slow, only, fast))).isEqualTo(Map.of(WORK, fast, other, only));
        assertThat(Peers.fastest(List.of(fast, slow, only))).isEqualTo(Map.of(WORK, fast, other, only));
    }

    @Test
    void aPeerThatFailsIsANoteAndNoMeasurement() {
        String heard =
                Heard.from(() -> assertThat(Peers.race(new Child(), "openblas-best", "openblas", 2, List.of(WORK)))
                        .isEmpty());
        assertThat(heard.lines())
                .containsExactly("note: openblas-best is not raced on 2 threads: Race ended with status 1:"
                        + " java.lang.IllegalArgumentException: no such peer: openblas");
    }

    @Test
    void theJsonHasAnObjectForEachImplementation() throws Exception {
        Row row = row(0.1, 0.9, 0.9, 0.9);
        row.peers().put("mkl", new Measurement(WORK, 0.1, 0.2, 2, 0));
        Path file = folder.resolve("rows.json");
        Json.write(file, "1c4e1f9", List.of(row));
        JsonNode rows = new JsonMapper().readTree(Files.readString(file));
        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).propertyNames())
                .containsExactly(
                        "kernel",
                        "shape",
                        "trans",
                        "threads",
                        "impl",
                        "seconds",
                        "gflops",
                        "ceiling_fraction",
                        "remark",
                        "jdk",
                        "cpu",
                        "revision");
        assertThat(rows)
                .extracting(object -> object.path("revision").asString())
                .containsOnly("1c4e1f9");
        assertThat(rows.get(0).path("impl").asString()).isEqualTo("lanewise-simd");
        assertThat(rows.get(1).path("impl").asString()).isEqualTo("lanewise-scalar");
        assertThat(rows.get(1).path("ceiling_fraction").asDouble()).isCloseTo(0.09, within(1e-12));
        assertThat(rows.get(2).path("impl").asString()).isEqualTo("mkl");
        assertThat(rows.get(2).path("ceiling_fraction").asDouble()).isCloseTo(0.45, within(1e-12));
        assertThat(rows.get(2).path("gflops").asDouble()).isCloseTo(10, within(1e-9));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }

        Files.writeString(file, Files.readString(file).replace("1000x1000x1000", "512x512x512"));
        Chart.run(file, folder.resolve("chart").toString());
        assertThat(Files.readString(folder.resolve("chart.svg"))).contains("<svg");
        assertThat(Files.readAllBytes(folder.resolve("chart.png"))).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void theShareOfAPeerIsOursOverTheRatioOfTheirRaceHoweverTheMachineChangedSince() {
        Row row = row(0.1, 0.8, 0.8, 0.8);
        row.peers().put("mkl", new Measurement(WORK, 0.15, 0.15, 1, 0));
        List<Map<String, Object>> objects = Json.objects("1c4e1f9", List.of(row));
        assertThat((double) objects.get(2).get("ceiling_fraction")).isCloseTo(0.8, within(1e-12));
        assertThat(objects).extracting(object -> object.get("remark")).containsOnly("unstable against mkl");
    }

    /** Of one thread, and of SIMD: all other bars would be too many. */
    @Test
    void aChartHasABarForEachProductAndImplementation() {
        List<Row> rows = new ArrayList<>();
        for (String work : List.of("NN:64x64x64 2", "NN:64x64x64 1", "TN:784x100x10 1", "NN:2048x2048x2048 1")) {
            Work product = Work.parse("sgemm " + work);
            Measurement race = new Measurement(product, 1, 1, 0.125 * (rows.size() + 1), 0);
            rows.add(new Row(product, 1, 9, List.of(race), Map.of("mkl", race)));
        }
        Path file = folder.resolve("rows.json");
        Json.write(file, "1c4e1f9", rows);
        CategoryChart chart = Chart.of(file);
        assertThat(chart.getSeriesCollection().stream().map(CategorySeries::getName))
                .containsExactly("lanewise-simd", "mkl");
        CategorySeries ours = chart.getSeries("lanewise-simd");
        assertThat((Object) ours.getXData()).isEqualTo(List.of("64x64x64", "784x100x10 tn"));
        assertThat(ours.getYData()).containsExactly(25, 37.5);
    }

    @Test
    void aChartOfSomethingElseIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("other.json"), "[]");
        assertThatThrownBy(() -> Chart.run(file, "chart"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("other.json: no product on one thread");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "{", "[]"})
    void aChartOfSharesThatAreNoNumbersIsRefusedInALine(String share) throws Exception {
        Path file = Files.writeString(folder.resolve("rows.json"), """
                [{"kernel": "sgemm", "trans": "NN", "shape": "64x64x64", "threads": 1, "impl": "mkl",
                "ceiling_fraction": %s}]""".formatted(share));
        assertThatThrownBy(() -> Chart.run(file, "chart"))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith(file + ": cannot be read: ")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "missing/rows.json, : missing/rows.json: there is no such folder",
        "., ': .: a folder, not a file'",
        "/, ': /: a folder, not a file'",
        "-, ' (found -)'",
        "/proc/rows.json, : /proc/rows.json: cannot be created",
        "/dev/null, : /dev/null: not a regular file"
    })
    void aFileThatCouldNotBeWrittenIsRefusedAtOnce(String file, String reason) {
        assertThatThrownBy(() -> Scoreboard.run(System.out, asked("--json", file)))
                .isInstanceOf(Failure.class)
                .hasMessage("--json needs a file that can be written" + reason);
    }

    @Test
    void anOptionAsksForNothingElse() {
        Scoreboard.Arguments full = asked("--full");
        assertThat(List.of(full.full, full.peers)).containsExactly(true, false);
        Scoreboard.Arguments peers = asked("--peers");
        assertThat(List.of(peers.full, peers.peers)).containsExactly(false, true);
    }

    private static Scoreboard.Arguments asked(String... options) {
        return CommandLine.populateCommand(new Scoreboard.Arguments(), options);
    }

    @ParameterizedTest
    @CsvSource({
        "1e-9, 1.00 ns",
        "9.994e-8, 99.9 ns",
        "9.996e-8, 100 ns",
        "9.996e-7, 1.00 us",
        "0.0123, 12.3 ms",
        "75, 75.0 s"
    })
    void aTimeHasThreeDigits(double seconds, String text) {
        assertThat(Table.time(seconds)).isEqualTo(text);
    }

    /** JMH's seconds, and the shares of the ceiling in three JVMs, which took 0.1 seconds each. */
    private static Row row(double jmh, double... fractions) {
        return new Row(
                WORK,
                jmh,
                10 * jmh,
                Arrays.stream(fractions)
                        .mapToObj(fraction -> new Measurement(WORK, 0.1, 0.1 * fraction, fraction, 0))
                        .toList(),
                new LinkedHashMap<>());
    }
}
