package lanewise.benchmarks.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import lanewise.kernels.Diagnostics;
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
 * What every benchmark of a kernel shares: it calls the facade, as a user would, once on each backend. A JVM has one
 * backend, chosen when the first facade is used, and a fork runs one backend alone: so it is chosen here, before that.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(5)
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public abstract class KernelBenchmark {
    /** The backend that the facades use. */
    @Param({"simd", "scalar"})
    public String backend;

    private final SplittableRandom random = new SplittableRandom(1);

    /** Chooses the backend, then makes the operands. */
    @Setup
    public final void setUp() {
        System.setProperty("lanewise.backend", backend);
        if (!Diagnostics.backend().equals(backend)) {
            throw new IllegalStateException(
                    "this JVM has the " + Diagnostics.backend() + " backend, not " + backend + ": run with forks");
        }
        allocate();
    }

    /** Makes the operands. */
    abstract void allocate();

    /** Ends the threads, if there are any. */
    @TearDown
    public void close() {}

    /**
     * What it works on, where a peer does the same work.
     *
     * @return see {@link lanewise.benchmarks.race.Peer#prepare}
     */
    public float[][] operands() {
        return new float[0][];
    }

    /**
     * What it made, where a peer does the same work, or where a method made something else than it returns.
     *
     * @return see {@link lanewise.benchmarks.race.Contender#result}
     */
    public float[] result() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " does not tell what it made");
    }

    /** Uniform numbers between -1 and 1. */
    final float[] floats(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }

    /** The same, but for so many in a hundred that are zeros. */
    final float[] floats(int n, int zeros) {
        float[] x = floats(n);
        for (int i = 0; i < n; i++) {
            if (random.nextInt(100) < zeros) {
                x[i] = 0;
            }
        }
        return x;
    }

    /** Uniform bytes. */
    final byte[] bytes(int n) {
        byte[] x = new byte[n];
        random.nextBytes(x);
        return x;
    }

    /** Uniform classes. */
    final int[] labels(int rows, int classes) {
        return random.ints(rows, 0, classes).toArray();
    }
}
