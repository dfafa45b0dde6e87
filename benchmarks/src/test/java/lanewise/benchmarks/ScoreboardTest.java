package lanewise.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class ScoreboardTest {
    @Test
    void everyBenchmarkHasItsRows() {
        var silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        List<String> known = BenchmarkList.defaultList().getAll(silent, List.of()).stream()
                .map(BenchmarkListEntry::getUsername)
                .toList();
        assertThat(Scoreboard.rows().stream()
                        .map(row -> row.benchmark().getDeclaringClass().getName() + "."
                                + row.benchmark().getName())
                        .collect(Collectors.toSet()))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void aProductCountsTwoOperationsForEachMultiplyAdd() {
        Scoreboard.Row row = row("sgemm", "NN:100x784x10");
        assertThat(row.rate(1e-3)).isEqualTo("1.57 GFLOP/s");
    }

    @Test
    void anythingElseCountsItsElements() {
        Scoreboard.Row row = row("log-sum-exp", "60000x10");
        assertThat(row.rate(1e-3)).isEqualTo("0.60 Gelem/s");
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
        assertThat(Scoreboard.time(seconds)).isEqualTo(text);
    }

    private static Scoreboard.Row row(String kernel, String shape) {
        return Scoreboard.rows().stream()
                .filter(row ->
                        row.kernel().equals(kernel) && row.shape().toString().equals(shape))
                .findFirst()
                .orElseThrow();
    }
}
