package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;

import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SGD step: the SIMD backend gives the bits of the scalar one and touches nothing else. */
class SgdParityTest {
    private static final Kernels.Sgd SCALAR = Backend.scalar("test").sgd();
    private static final Kernels.Sgd SIMD = TestData.facade(Kernels.Sgd.class, Sgd.class);

    @Test
    void everySmallSizeAtEveryOffset() {
        for (int n = 0; n <= 67; n++) {
            for (int offset = 0; offset < 16; offset++) {
                assertParity(vector(n, offset, 1), vector(n, 15 - offset, 2), vector(n, (7 * offset + 3) % 16, 3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {997, 998, 999, 1000, 1001, 1002, 1003})
    void longVectors(int n) {
        assertParity(vector(n, 1, 1), vector(n, 2, 2), vector(n, 3, 3));
    }

    @ParameterizedTest
    @ValueSource(
            floats = {
                Float.NaN,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                0f,
                -0f,
                Float.MIN_VALUE,
                -1e-42f,
                Float.MAX_VALUE
            })
    void specialValuesAtEveryPosition(float special) {
        for (int which = 0; which < 3; which++) {
            for (int i = 0; i < 67; i++) {
                Matrix[] inputs = {vector(67, 5, 1), vector(67, 6, 2), vector(67, 7, 3)};
                inputs[which].array()[inputs[which].at(0, i)] = special;
                assertParity(inputs[0], inputs[1], inputs[2]);
            }
        }
    }

    private static void assertParity(Matrix w, Matrix g, Matrix v) {
        Matrix sameG = g.copy();
        for (float weightDecay : new float[] {0, 5e-4f}) {
            Matrix expected = w.copy();
            step(SCALAR, expected, g, weightDecay);
            Matrix actual = w.copy();
            step(SIMD, actual, g, weightDecay);
            actual.assertSameBits(expected);
            assertSameAsItsParts(w, g, weightDecay);

            for (boolean nesterov : new boolean[] {false, true}) {
                Matrix expectedW = w.copy();
                Matrix expectedV = v.copy();
                momentumStep(SCALAR, expectedW, g, expectedV, nesterov, weightDecay);
                Matrix actualW = w.copy();
                Matrix actualV = v.copy();
                momentumStep(SIMD, actualW, g, actualV, nesterov, weightDecay);
                actualW.assertSameBits(expectedW);
                actualV.assertSameBits(expectedV);
            }
        }
        g.assertSameBits(sameG);
    }

    /** The step that clears: the bits of the gradient scaled and then a step, on both backends, and zeros. */
    private static void assertSameAsItsParts(Matrix w, Matrix g, float weightDecay) {
        Matrix scaled = g.copy();
        Backend.scalar("test").level1().scal(g.cols(), 0.3f, scaled.array(), scaled.offset());
        Matrix expected = w.copy();
        step(SCALAR, expected, scaled, weightDecay);
        for (Kernels.Sgd kernel : new Kernels.Sgd[] {SCALAR, SIMD}) {
            Matrix actual = w.copy();
            Matrix cleared = g.copy();
            kernel.stepAndClear(
                    w.cols(),
                    actual.array(),
                    actual.offset(),
                    cleared.array(),
                    cleared.offset(),
                    0.3f,
                    0.2f,
                    weightDecay);
            actual.assertSameBits(expected);
            cleared.assertSameBits(Matrix.of(1, g.cols(), g.offset(), g.ld(), new float[g.cols()]));
        }
    }

    private static void step(Kernels.Sgd kernel, Matrix w, Matrix g, float weightDecay) {
        kernel.step(w.cols(), w.array(), w.offset(), g.array(), g.offset(), 0.2f, weightDecay);
    }

    private static void momentumStep(
            Kernels.Sgd kernel, Matrix w, Matrix g, Matrix v, boolean nesterov, float weightDecay) {
        kernel.momentumStep(
                w.cols(),
                w.array(),
                w.offset(),
                g.array(),
                g.offset(),
                v.array(),
                v.offset(),
                0.2f,
                0.9f,
                nesterov,
                weightDecay);
    }

    private static Matrix vector(int n, int offset, long seed) {
        return Matrix.of(1, n, offset, Math.max(1, n), outliers(100 * seed + n, n));
    }
}
