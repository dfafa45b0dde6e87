package lanewise.benchmarks.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.benchmarks.jmh.ReadBenchmark;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

class WorkTest {
    @ParameterizedTest
    @CsvSource({
        "sgemm NN:100x784x10 1, 1568000",
        "epoch-softmax 60000x784x10 2, 1881600000",
        // Forward and gradient of 784x400 and of 400x10, and back through 400x10.
        "epoch-mlp400 100x784x10 1, 127840000",
        "softmax 2x3 1, 174",
        "exp 4 1, 100",
    })
    void countsFloatingPointOperations(String text, double flops) {
        assertThat(Work.parse(text).flops()).isEqualTo(flops);
        assertThat(Work.parse(text)).hasToString(text);
    }

    @Test
    void memoryLimitsWhatTouchesEveryElementOnce() {
        assertThat(Work.parse("exp 4096 1").bytes()).isEqualTo(32768);
        assertThat(Work.parse("sgemm NN:4x4x4 1").limitedByMemory()).isFalse();
    }

    /** Each takes a few microseconds, and to hand over to another thread takes one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRunOfTheFmaCeilingIsManyCallsForEachThreadAndAmountsToAllOfThem(int threads) {
        AtomicInteger calls = new AtomicInteger();
        AtomicLong operations = new AtomicLong();
        Kernels.Ceiling ceiling = steps -> {
            calls.incrementAndGet();
            operations.addAndGet(2L * steps);
            return 2L * steps;
        };
        try (Ceilings.Fma limit = new Ceilings.Fma(ceiling, threads)) {
            limit.run();
            assertThat(calls.get()).isGreaterThanOrEqualTo(50 * threads);
            assertThat((double) operations.get()).isEqualTo(limit.amount());
        }
    }

    @Test
    void everyBenchmarkOfAKernelCanBeRaced() {
        var silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        List<String> known = BenchmarkList.defaultList().getAll(silent, List.of()).stream()
                .map(BenchmarkListEntry::getUsername)
                .filter(name -> !name.startsWith(ReadBenchmark.class.getName()))
                .toList();
        assertThat(Ours.methods()
                        .map(method -> method.getDeclaringClass().getName() + "." + method.getName())
                        .collect(Collectors.toSet()))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void everyOperationOfAFacadeHasABenchmark() {
        assertThat(Stream.of(Kernels.class.getClasses())
                        .filter(facade -> facade != Kernels.Ceiling.class)
                        .flatMap(facade -> Stream.of(facade.getMethods()))
                        .filter(operation -> Ours.methods().noneMatch(benchmark -> measures(benchmark, operation))))
                .isEmpty();
    }

    /** Such as {@code PixelsBenchmark.pixelsGradient} for {@code Pixels.accumulateGradient}; the facade may be left out. */
    private static boolean measures(Method benchmark, Method operation) {
        String facade = operation.getDeclaringClass().getSimpleName();
        String name = operation.getName().replace("accumulateGradient", "gradient");
        return benchmark.getDeclaringClass().getSimpleName().equals(facade + "Benchmark")
                && (benchmark.getName().equals(name) || benchmark.getName().equalsIgnoreCase(facade + name));
    }

    @Test
    void aProductOfOursIsTheProduct() {
        try (Ours ours = Ours.prepare(Work.parse("sgemm TN:3x5x2 1"))) {
            ours.run();
            float[] a = ours.operands()[0];
            float[] b = ours.operands()[1];
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 2; j++) {
                    double sum = 0;
                    for (int p = 0; p < 5; p++) {
                        sum += (double) a[p * 3 + i] * b[p * 2 + j];
                    }
                    assertThat((double) ours.result()[i * 2 + j]).isCloseTo(sum, within(2 * 25 * 0x1p-24));
                }
            }
        }
    }

    @Test
    void resultsThatDifferAreRefused() {
        Work work = Work.parse("softmax 1x2 1");
        Agreement.require(work, "peer", new float[] {0.5f, 0.5f}, new float[] {0.5000001f, 0.5f});
        assertThatThrownBy(() -> Agreement.require(work, "peer", new float[] {0.5f, 0.5f}, new float[] {0.5f, 0.4f}))
                .hasMessageContaining("peer has 0.4 at 1 (expected 0.5 within");
        assertThatThrownBy(() -> Agreement.require(work, "peer", new float[2], new float[] {0, Float.NaN}))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> Agreement.require(work, "peer", new float[2], new float[3]))
                .hasMessageContaining("made 3 numbers (expected 2)");
    }

    /** Twice k² units: 0.0012 for sums of a hundred products. */
    @Test
    void aProductMayBeOffByTheRoundingsOfItsSums() {
        Work work = Work.parse("sgemm NN:2x100x1 1");
        Agreement.require(work, "peer", new float[2], new float[] {0, 0.0011f});
        assertThatThrownBy(() -> Agreement.require(work, "peer", new float[2], new float[] {0, 0.0013f}))
                .hasMessageContaining("peer has 0.0013 at 1");
    }

    /** In units of 2^-24: twice the square of the terms, the bias or the weight among them, or twice 80 and a column. */
    @ParameterizedTest
    @CsvSource({
        "fused-sgemm-bias-relu 2x9x1x0 1, 200",
        "fused-sgemm-sgd-step 9x2x1x0 1, 200",
        "sparse-rows-logits 2x50x9x2 1, 200",
        "sparse-rows-gradient 9x50x3x2 1, 200",
        "patches-logits 2x16x2 1, 512",
        "patches-gradient 9x16x2 1, 51000",
        "cross-entropy-gradient 10x20 1, 20",
        "train-step 10x16x20 1, 220"
    })
    void aKernelMayBeOffByTheRoundingsOfItsSums(String text, double units) {
        Work work = Work.parse(text);
        float[] zero = {0};
        Agreement.require(work, "peer", zero, new float[] {(float) (0.99 * units * 0x1p-24)});
        assertThatThrownBy(() -> Agreement.require(work, "peer", zero, new float[] {(float) (1.01 * units * 0x1p-24)}))
                .hasMessageContaining("peer has");
    }

    @Test
    void aMeasurementOutlivesItsLine() {
        Measurement measurement = new Measurement(Work.parse("exp 4096 1"), 1e-6, 2e-6, 2, 0.01);
        assertThat(Measurement.parse(measurement.toString())).isEqualTo(measurement);
    }

    /** Where there are many columns, zeros are near the right numbers too. */
    @Test
    void aSoftmaxOfManyColumnsIsHeldToAShareOfItself() {
        int cols = 32_000;
        Work work = Work.parse("softmax 1x" + cols + " 1");
        float[] even = new float[cols];
        Arrays.fill(even, 1f / cols);
        float[] near = new float[cols];
        Arrays.fill(near, 1.003f / cols);
        float[] far = new float[cols];
        Arrays.fill(far, 1.005f / cols);
        Agreement.require(work, "peer", even, near);
        assertThatThrownBy(() -> Agreement.require(work, "peer", even, far)).hasMessageContaining("expected 3.125E-5");
        assertThatThrownBy(() -> Agreement.require(work, "peer", even, new float[cols]))
                .hasMessageContaining("has 0.0 at 0");
    }

    @ParameterizedTest
    @CsvSource({"0.5, 3", "0, 1", "1, 5", "0.75, 4"})
    void aQuantileIsOneOfTheValues(double share, double value) {
        assertThat(Duel.quantile(new double[] {5, 1, 4, 2, 3}, share)).isEqualTo(value);
    }
}
