package lanewise.benchmarks.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import lanewise.trainer.data.Csr;
import lanewise.trainer.data.DataReader;
import lanewise.trainer.data.DataWriter;
import lanewise.trainer.data.Dataset;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reading files of each format into memory, on one thread. The file is in the page cache; the line {@code bytes} of the
 * score is in bytes of the file a microsecond, which is megabytes a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(5)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
    private static final int ROWS = 200_000;
    private static final int FEATURES = 20;
    private static final int WIDTH = 5_000;

    /** The ending that says the format; .svm has 20 of 5,000 features in a row, the others 20 of 20. */
    @Param({".csv", ".svm", ".npy", ".npz"})
    public String format;

    private Path file;
    private DataReader reader;

    /** Counts what is read. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Counters {
        /** How many bytes have been read. */
        public long bytes;
    }

    /** Writes the file. */
    @Setup
    public void write() throws IOException {
        file = Files.createTempFile("lanewise", format);
        DataWriter.to(file, null).write(format.equals(".svm") ? sparse() : dense());
        reader = DataReader.builder()
                .label(format.equals(".npy") ? "none" : null)
                .build();
    }

    private static Dataset dense() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[ROWS * FEATURES];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Dataset.of(values, ROWS, FEATURES, labels(random), 3);
    }

    private static Dataset sparse() {
        SplittableRandom random = new SplittableRandom(1);
        int[] starts = new int[ROWS + 1];
        int[] columns = new int[ROWS * FEATURES];
        float[] values = new float[columns.length];
        for (int i = 0; i < columns.length; i++) {
            starts[i / FEATURES + 1] = i + 1;
            int step = WIDTH / FEATURES;
            columns[i] = i % FEATURES * step + random.nextInt(step);
            values[i] = (float) random.nextGaussian();
        }
        return Dataset.ofSparse(new Csr(starts, columns, values), WIDTH, labels(random), 3);
    }

    private static int[] labels(SplittableRandom random) {
        return random.ints(ROWS, 0, 3).toArray();
    }

    /** Reads the file. */
    @Benchmark
    public Dataset read(Counters counters) throws IOException {
        counters.bytes += Files.size(file);
        return reader.read(file);
    }

    /** Removes the file. */
    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
    }
}
