package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
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
                .containsExactly("sgemm NN", "sgemm NT", "sgemm TN", "sgemm TT", "exp");
        assertThat(results.get(0).detail()).contains("IndexOutOfBoundsException");
        assertThat(results.get(4).detail()).matches("value 100 is \\S+, not \\S+");
    }

    /** From 24 rows on, a B of more than 16 KB is packed, and an A of which most steps are zeros is taken by the others alone. */
    @Test
    void theSelfTestReachesTheFormsForLargeAndForSparseProducts() {
        Backend reference = Backend.scalar("test");
        Set<String> reached = new TreeSet<>();
        Kernels.Sgemm sgemm = (workers, ta, tb, m, n, k, alpha, a, aAt, lda, b, bAt, ldb, beta, c, cAt, ldc) -> {
            if (m >= 24 && n >= 64 && k * n > 4096) {
                reached.add("large " + (ta ? "T" : "N") + (tb ? "T" : "N"));
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
                        "large NN",
                        "large NT",
                        "large TN",
                        "large TT",
                        "sgdStep, dense",
                        "sgdStep, sparse");
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
    void theCeilingNeedsAThread() {
        assertThatThrownBy(() -> Diagnostics.fmaCeiling(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads is less than 1: 0");
    }
}
