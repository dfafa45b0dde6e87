package lanewise.benchmarks;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lanewise.benchmarks.jmh.BiasBenchmark;
import lanewise.benchmarks.jmh.CrossEntropyBenchmark;
import lanewise.benchmarks.jmh.EpochBenchmark;
import lanewise.benchmarks.jmh.ExpBenchmark;
import lanewise.benchmarks.jmh.KernelBenchmark;
import lanewise.benchmarks.jmh.Level1Benchmark;
import lanewise.benchmarks.jmh.ReluBenchmark;
import lanewise.benchmarks.jmh.SgdBenchmark;
import lanewise.benchmarks.jmh.SgemmBenchmark;
import lanewise.benchmarks.jmh.Shape;
import lanewise.benchmarks.jmh.SoftmaxBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The table that {@code mvn -pl benchmarks exec:java} prints: every benchmark with each of its shapes, on SIMD and on
 * scalar, each in a JVM of its own. A row appears as soon as it is measured.
 */
final class Scoreboard {
    /** In the order of the table. */
    static final List<Class<? extends KernelBenchmark>> BENCHMARKS = List.of(
            SgemmBenchmark.class,
            ExpBenchmark.class,
            SoftmaxBenchmark.class,
            CrossEntropyBenchmark.class,
            BiasBenchmark.class,
            ReluBenchmark.class,
            SgdBenchmark.class,
            Level1Benchmark.class,
            EpochBenchmark.class);

    /** For each unit of volume: a product is made of multiply-adds, an epoch of two products. */
    private static final Map<Class<?>, Integer> FLOATING_POINT_OPERATIONS =
            Map.of(SgemmBenchmark.class, 2, EpochBenchmark.class, 4);

    /** One line of the table. */
    record Row(Method benchmark, Shape shape) {
        String kernel() {
            return benchmark.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        }

        /** What these seconds make: floating-point operations of a product or an epoch, elements of anything else. */
        String rate(double seconds) {
            int operations = FLOATING_POINT_OPERATIONS.getOrDefault(benchmark.getDeclaringClass(), 0);
            return operations == 0
                    ? threeDigits(shape.volume() / seconds / 1e9) + " Gelem/s"
                    : threeDigits(operations * shape.volume() / seconds / 1e9) + " GFLOP/s";
        }
    }

    private final PrintStream out;

    Scoreboard(PrintStream out) {
        this.out = out;
    }

    /** Measures and prints every row. */
    void run() {
        out.println(Machine.describe());
        String format = "%-31s %-14s %-5s %10s %14s %10s %9s%n";
        out.printf(format, "kernel", "shape", "trans", "simd", "rate", "scalar", "speed-up");
        for (Row row : rows()) {
            double simd = seconds(row, "simd", 4);
            double scalar = seconds(row, "scalar", 2);
            out.printf(
                    Locale.ROOT,
                    format,
                    row.kernel(),
                    row.shape().sizes(),
                    row.shape().trans(),
                    time(simd),
                    row.rate(simd),
                    time(scalar),
                    String.format(Locale.ROOT, "%.1fx", scalar / simd));
        }
    }

    /** Every benchmark with every one of its shapes. */
    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Class<?> type : BENCHMARKS) {
            Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Benchmark.class))
                    .sorted(Comparator.comparing(Method::getName))
                    .forEach(method -> shapes(type).forEach(shape -> rows.add(new Row(method, shape))));
        }
        return rows;
    }

    private static List<Shape> shapes(Class<?> type) {
        try {
            Param shapes = type.getField("shape").getAnnotation(Param.class);
            return Arrays.stream(shapes.value()).map(Shape::parse).toList();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(type + " has no parameter named shape", e);
        }
    }

    private static double seconds(Row row, String backend, int iterations) {
        Options options = new OptionsBuilder()
                .include("^" + row.benchmark().getDeclaringClass().getName() + "."
                        + row.benchmark().getName() + "$")
                .param("shape", row.shape().toString())
                .param("backend", backend)
                .forks(1)
                .warmupIterations(iterations)
                .warmupTime(TimeValue.milliseconds(200))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(200))
                .build();
        RunResult result = Jmh.quietly(options);
        return result.getPrimaryResult().getStatistics().getPercentile(50) / 1e9;
    }

    /** A time with its unit. */
    static String time(double seconds) {
        double value = seconds * 1e9;
        for (String unit : List.of(" ns", " us", " ms")) {
            if (value < 999.5) {
                return threeDigits(value) + unit;
            }
            value /= 1e3;
        }
        return threeDigits(value) + " s";
    }

    private static String threeDigits(double value) {
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
