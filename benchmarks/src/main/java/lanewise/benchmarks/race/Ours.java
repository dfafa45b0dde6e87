package lanewise.benchmarks.race;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import lanewise.benchmarks.jmh.BiasBenchmark;
import lanewise.benchmarks.jmh.CrossEntropyBenchmark;
import lanewise.benchmarks.jmh.EpochBenchmark;
import lanewise.benchmarks.jmh.ExpBenchmark;
import lanewise.benchmarks.jmh.FusedSgemmBenchmark;
import lanewise.benchmarks.jmh.KernelBenchmark;
import lanewise.benchmarks.jmh.Level1Benchmark;
import lanewise.benchmarks.jmh.PatchesBenchmark;
import lanewise.benchmarks.jmh.PixelsBenchmark;
import lanewise.benchmarks.jmh.PredictBenchmark;
import lanewise.benchmarks.jmh.ReluBenchmark;
import lanewise.benchmarks.jmh.SgdBenchmark;
import lanewise.benchmarks.jmh.SgemmBenchmark;
import lanewise.benchmarks.jmh.SoftmaxBenchmark;
import lanewise.benchmarks.jmh.SparseBenchmark;
import lanewise.benchmarks.jmh.SparseRowsBenchmark;
import lanewise.benchmarks.jmh.StepBenchmark;
import lanewise.kernels.Diagnostics;
import org.openjdk.jmh.annotations.Benchmark;

/** The JMH benchmarks of our kernels as contenders: what JMH measures and what is raced is one text. */
public final class Ours implements Contender {
    /** Every benchmark, in the order of the tables. */
    public static final List<Class<? extends KernelBenchmark>> BENCHMARKS = List.of(
            SgemmBenchmark.class,
            FusedSgemmBenchmark.class,
            ExpBenchmark.class,
            SoftmaxBenchmark.class,
            CrossEntropyBenchmark.class,
            BiasBenchmark.class,
            ReluBenchmark.class,
            SgdBenchmark.class,
            Level1Benchmark.class,
            PixelsBenchmark.class,
            PatchesBenchmark.class,
            SparseRowsBenchmark.class,
            StepBenchmark.class,
            EpochBenchmark.class,
            SparseBenchmark.class,
            PredictBenchmark.class);

    private final KernelBenchmark benchmark;
    private final MethodHandle method;
    private final MethodHandle body;
    private float[] made;

    private Ours(KernelBenchmark benchmark, MethodHandle method) {
        this.benchmark = benchmark;
        this.method = method;
        this.body = method.asType(MethodType.methodType(void.class));
    }

    /**
     * Prepares a piece of work, on the backend of this JVM.
     *
     * @param work what to do
     * @return ready to run
     */
    public static Ours prepare(Work work) {
        try {
            Method method = method(work.kernel());
            KernelBenchmark benchmark = (KernelBenchmark)
                    method.getDeclaringClass().getDeclaredConstructor().newInstance();
            benchmark.getClass().getField("shape").set(benchmark, work.shape().toString());
            if (work.threads() != 1) {
                benchmark.getClass().getField("threads").set(benchmark, work.threads());
            }
            benchmark.backend = Diagnostics.backend();
            benchmark.setUp();
            return new Ours(benchmark, MethodHandles.lookup().unreflect(method).bindTo(benchmark));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot prepare " + work, e);
        }
    }

    /**
     * Prepares a piece of work, for a caller of another class loader.
     *
     * @param work as {@link Work#toString()} writes it
     * @return does it once, and has done so; its method {@code result} tells what it made: the array that the benchmark
     *     returned, if it returns one
     * @throws Throwable what the kernel throws
     */
    public static Runnable runnable(String work) throws Throwable {
        Ours ours = prepare(Work.parse(work));
        if (ours.method.invoke() instanceof float[] array) {
            ours.made = array;
        }
        return ours;
    }

    /**
     * The benchmark of a kernel.
     *
     * @param kernel such as {@code log-softmax} for {@code logSoftmax}
     * @return a method that JMH runs
     */
    public static Method method(String kernel) {
        return methods()
                .filter(method -> kernel(method).equals(kernel))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no such kernel: " + kernel));
    }

    /**
     * The methods that JMH runs.
     *
     * @return in the order of {@link #BENCHMARKS}
     */
    public static Stream<Method> methods() {
        return BENCHMARKS.stream()
                .flatMap(type -> Stream.of(type.getMethods()))
                .filter(method -> method.isAnnotationPresent(Benchmark.class));
    }

    /**
     * The name of a kernel in the tables.
     *
     * @param method that JMH runs
     * @return such as {@code log-softmax} for {@code logSoftmax}
     */
    public static String kernel(Method method) {
        return method.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /**
     * What it works on, for a peer to work on too.
     *
     * @return see {@link Peer#prepare}
     */
    public float[][] operands() {
        return benchmark.operands();
    }

    @Override
    public void run() {
        try {
            body.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float[] result() {
        return made == null ? benchmark.result() : made;
    }

    @Override
    public void close() {
        benchmark.close();
    }
}
