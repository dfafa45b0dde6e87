package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Bits;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosticsTest {
    @Test
    void theSelfTestPassesEveryKernel() {
        List<Diagnostics.Result> results = Diagnostics.selfTest();
        assertThat(results)
                .extracting(Diagnostics.Result::name)
                .containsExactly(
                        "sgemm NN",
                        "sgemm NT",
                        "sgemm TN",
                        "sgemm TT",
                        "sgemm on two threads",
                        "exp",
                        "softmax",
                        "cross-entropy",
                        "bias",
                        "relu",
                        "sgd",
                        "level 1",
                        "pixels",
                        "sparse rows",
                        "fused sgemm");
        assertThat(results).allSatisfy(result -> {
            assertThat(result.passed()).as(result.detail()).isTrue();
            assertThat(result.detail()).matches("\\d+ values, the same bits");
        });
    }

    @Test
    void theSelfTestFindsOneWrongBitAndAnExceptionAndGoesOn() {
        Backend reference = Backend.scalar("test");
        Kernels.Exp wrong = (n, x, xOffset, y, yOffset) -> {
            reference.exp().exp(n, x, xOffset, y, yOffset);
            y[yOffset + 100] = Math.nextUp(y[yOffset + 100]);
        };
        Kernels.Sgemm failing = (workers, ta, tb, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc) -> {
            throw new IndexOutOfBoundsException(k);
        };
        Backend tested = backend(failing, reference.fusedSgemm(), wrong);
        List<Diagnostics.Result> results = SelfTest.run(tested, reference);
        assertThat(results)
                .filteredOn(result -> !result.passed())
                .extracting(Diagnostics.Result::name)
                .containsExactly("sgemm NN", "sgemm NT", "sgemm TN", "sgemm TT", "sgemm on two threads", "exp");
        assertThat(results.get(0).detail()).contains("IndexOutOfBoundsException");
        assertThat(results.get(5).detail()).matches("value 100 is \\S+, not \\S+");
    }

    /**
     * From 24 rows on, a B of more than 16 KB is packed, and an A of which most steps are zeros is taken by the others alone;
     * narrow products are dots, or transposed from 64 rows on where A is; up to 128 multiply-adds of fewer columns than a
     * vector are done without any, from a million on or half of that in dots they are shared, by columns from four strips on.
     */
    @Test
    void theSelfTestReachesEveryFormOfProduct() {
        Backend reference = Backend.scalar("test");
        Set<String> reached = new TreeSet<>();
        Kernels.Sgemm sgemm = (workers, ta, tb, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc) -> {
            if (m >= 24 && n >= 64 && k * n > 4096) {
                reached.add("large " + (ta ? "T" : "N") + (tb ? "T" : "N"));
            }
            boolean dots = Bits.dotShaped(ta, tb, n, k);
            if (dots) {
                reached.add("dots N" + (tb ? "T" : "N"));
            }
            if (ta && n < 16 && m >= 64) {
                reached.add("narrow T" + (tb ? "T" : "N"));
            }
            if (n < 8 && m * n * k <= 128) {
                reached.add("small, " + (n < 4 ? "any" : "longer") + " vectors");
            }
            if (workers.count() > 1 && m * n * k >= (dots ? 1 << 19 : 1 << 20)) {
                reached.add("shared " + (dots ? "dots" : n > m && n > 3 * 64 ? "columns" : "rows"));
            }
            reference.sgemm().sgemm(workers, ta, tb, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc);
        };
        // A proxy, since both methods begin with m, n, k and A and have many arguments behind.
        Kernels.FusedSgemm fused = (Kernels.FusedSgemm) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.FusedSgemm.class}, (proxy, method, args) -> {
                    float[] a = (float[]) args[3];
                    if ((int) args[0] >= 24 && (int) args[1] >= 64 && (int) args[1] * (int) args[2] > 4096) {
                        int zeros = 0;
                        for (float value : a) {
                            zeros += value == 0 ? 1 : 0;
                        }
                        reached.add(method.getName() + (zeros > 0.9 * a.length ? ", sparse" : ", dense"));
                    }
                    return method.invoke(reference.fusedSgemm(), args);
                });
        SelfTest.run(backend(sgemm, fused, reference.exp()), reference);
        assertThat(reached)
                .containsExactly(
                        "biasRelu, dense",
                        "biasRelu, sparse",
                        "dots NN",
                        "dots NT",
                        "large NN",
                        "large NT",
                        "large TN",
                        "large TT",
                        "narrow TN",
                        "narrow TT",
                        "sgdStep, dense",
                        "sgdStep, sparse",
                        "shared columns",
                        "shared dots",
                        "small, any vectors",
                        "small, longer vectors");
    }

    /** Every method of every kernel: one that fails, as where a class is missing, one wrong bit of each output, another sum. */
    @Tag("own-mode")
    @Test
    void theSelfTestLooksAtEveryOutputOfEveryMethod() throws ReflectiveOperationException {
        for (RecordComponent component : Backend.class.getRecordComponents()) {
            if (!component.getType().isInterface() || component.getType() == Kernels.Ceiling.class) {
                continue;
            }
            for (Method method : component.getType().getDeclaredMethods()) {
                int found = 0;
                for (int spoiled = -2; spoiled < method.getParameterCount(); spoiled++) {
                    // What the gradient of a fused step leaves in G is no output.
                    if (method.getName().equals("sgdStep") && spoiled == 10) {
                        continue;
                    }
                    boolean[] reached = new boolean[1];
                    List<Diagnostics.Result> results =
                            SelfTest.run(spoilt(component, method, spoiled, reached), Backend.scalar("test"));
                    assertThat(results.stream().allMatch(Diagnostics.Result::passed))
                            .as("%s, argument %d", method, spoiled)
                            .isEqualTo(!reached[0]);
                    found += reached[0] ? 1 : 0;
                }
                assertThat(found).as(method.toString()).isGreaterThan(1);
            }
        }
    }

    /** A scalar backend one method of which fails (-2), returns something else (-1), or gets one bit of an argument wrong. */
    private static Backend spoilt(RecordComponent component, Method spoilt, int at, boolean[] reached)
            throws ReflectiveOperationException {
        Object kernel = component.getAccessor().invoke(Backend.scalar("test"));
        Object proxy = Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {component.getType()}, (self, method, arguments) -> {
                    if (!method.equals(spoilt)) {
                        return method.invoke(kernel, arguments);
                    }
                    if (at == -2) {
                        reached[0] = true;
                        throw new NoClassDefFoundError(method.getName());
                    }
                    float[] before = at >= 0 && arguments[at] instanceof float[] x ? x.clone() : null;
                    Object result = method.invoke(kernel, arguments);
                    if (at == -1 && result instanceof Number number && number.doubleValue() != 0) {
                        reached[0] = true;
                        return number instanceof Float f
                                ? Math.nextUp(f)
                                : number instanceof Integer i ? i + 1 : 2 * number.doubleValue();
                    }
                    float[] after = before == null ? new float[0] : (float[]) arguments[at];
                    for (int i = 0; i < after.length; i++) {
                        if (after[i] != before[i] && Math.abs(after[i]) < Float.MAX_VALUE) {
                            after[i] = Math.nextUp(after[i]);
                            reached[0] = true;
                            break;
                        }
                    }
                    return result;
                });
        RecordComponent[] components = Backend.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = components[i].getName().equals(component.getName())
                    ? proxy
                    : components[i].getAccessor().invoke(Backend.scalar("test"));
        }
        return Backend.class.getConstructor(types).newInstance(values);
    }

    private static Backend backend(Kernels.Sgemm sgemm, Kernels.FusedSgemm fused, Kernels.Exp exp) {
        Backend reference = Backend.scalar("test");
        return new Backend(
                "simd",
                128,
                "test",
                sgemm,
                fused,
                exp,
                reference.softmax(),
                reference.crossEntropy(),
                reference.bias(),
                reference.relu(),
                reference.sgd(),
                reference.level1(),
                reference.pixels(),
                reference.patches(),
                reference.sparseRows(),
                reference.ceiling());
    }

    /** A tenth of an operation a nanosecond is less than any FMA unit does, a thousand a core more than any. */
    @Test
    void theCeilingIsThatOfAMachine() {
        assertThat(Diagnostics.fmaCeiling(1)).isBetween(0.1, 1_000.0);
    }

    /** A hundred calls each. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theCeilingCountsTheWorkOfEveryThread(int threads) {
        try (Workers workers = Workers.of(threads)) {
            assertThat(FmaCeiling.round(steps -> 2L * steps, workers, 7)).isEqualTo(threads * 100 * 14);
        }
    }

    @Test
    void theCeilingIsMeasuredOnEveryThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        FmaCeiling.measure(
                steps -> {
                    threads.add(Thread.currentThread());
                    return steps;
                },
                2);
        assertThat(threads).hasSize(2);
    }

    @Test
    void theCeilingNeedsAThread() {
        assertThatThrownBy(() -> Diagnostics.fmaCeiling(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads is less than 1: 0");
    }
}
