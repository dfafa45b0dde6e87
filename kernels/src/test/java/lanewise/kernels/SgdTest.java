package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static lanewise.kernels.TestData.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of the SGD step, against the formula of torch.optim.SGD in double precision. */
class SgdTest {
    private static final double U = 0x1p-24;
    private static final int N = 1003;

    /** What one step may lose beside its relative error: each of four FMAs one smallest subnormal. */
    private static final double UNDERFLOW = 4 * Float.MIN_VALUE;

    @ParameterizedTest
    @CsvSource({"0.2, 0", "0.2, 5e-4", "-0.1, 0.1", "0, 0"})
    void plainStepsFollowTorch(float learningRate, float weightDecay) {
        float[] w = uniform(1, N + 2, 2);
        for (int step = 0; step < 5; step++) {
            float[] g = outliers(step, N + 1);
            float[] before = w.clone();
            Sgd.step(N, w, 2, g, 1, learningRate, weightDecay);
            assertThat(w).startsWith(before[0], before[1]);
            for (int i = 0; i < N; i++) {
                Torch torch = new Torch(before[i + 2]);
                torch.step(g[i + 1], learningRate, 0, false, weightDecay);
                double d = Math.abs(weightDecay * (double) before[i + 2]) + Math.abs(g[i + 1]);
                double bound = 3 * U * (Math.abs(before[i + 2]) + Math.abs(learningRate) * d) + UNDERFLOW;
                assertThat(Math.abs(w[i + 2] - torch.param)).isLessThanOrEqualTo(bound);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "5e-4, false", "5e-4, true"})
    void aZeroHasNoSign(float weightDecay, boolean nesterov) {
        int n = 35;
        for (int signs = 0; signs < 8; signs++) {
            float[] w = new float[n];
            float[] v = new float[n];
            float[] g = new float[n];
            Arrays.fill(w, (signs & 1) == 0 ? 0f : -0f);
            Arrays.fill(v, (signs & 2) == 0 ? 0f : -0f);
            Arrays.fill(g, (signs & 4) == 0 ? 0f : -0f);
            Sgd.momentumStep(n, w, 0, g, 0, v, 0, 0.1f, 0.9f, nesterov, weightDecay);
            assertThat(v).isEqualTo(new float[n]);
            assertThat(w).isEqualTo(new float[n]);
            Arrays.fill(w, (signs & 1) == 0 ? 0f : -0f);
            Sgd.step(n, w, 0, g, 0, 0.1f, weightDecay);
            assertThat(w).isEqualTo(new float[n]);
            Arrays.fill(w, (signs & 1) == 0 ? 0f : -0f);
            Sgd.stepAndClear(n, w, 0, g, 0, 0.5f, 0.1f, weightDecay);
            assertThat(w).isEqualTo(new float[n]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.2, 0.9, false, 0",
        "0.2, 0.9, true, 0",
        "0.01, 0.9, false, 5e-4",
        "0.01, 0.99, true, 5e-4",
        "0.1, 0.5, true, 0.1"
    })
    void stepsWithMomentumFollowTorch(float learningRate, float momentum, boolean nesterov, float weightDecay) {
        float[] w = uniform(1, N, 2);
        float[] v = new float[N + 3];
        for (int step = 0; step < 5; step++) {
            float[] g = outliers(step, N + 1);
            float[] beforeW = w.clone();
            float[] beforeV = v.clone();
            Sgd.momentumStep(N, w, 0, g, 1, v, 3, learningRate, momentum, nesterov, weightDecay);
            for (int i = 0; i < N; i++) {
                Torch torch = new Torch(beforeW[i]);
                if (step > 0) {
                    torch.momentumBuffer = (double) beforeV[i + 3];
                }
                torch.step(g[i + 1], learningRate, momentum, nesterov, weightDecay);
                double d = Math.abs(weightDecay * (double) beforeW[i]) + Math.abs(g[i + 1]);
                double buffer = Math.abs(momentum * (double) beforeV[i + 3]) + d;
                double s = nesterov ? momentum * buffer + d : buffer;
                assertThat(Math.abs(v[i + 3] - torch.momentumBuffer)).isLessThanOrEqualTo(3 * U * buffer + UNDERFLOW);
                assertThat(Math.abs(w[i] - torch.param))
                        .isLessThanOrEqualTo(6 * U * (Math.abs(beforeW[i]) + learningRate * s) + UNDERFLOW);
            }
        }
    }

    /** One parameter under torch.optim.SGD, dampening 0, line by line as its documentation has it. */
    private static final class Torch {
        private double param;
        private Double momentumBuffer;

        Torch(double param) {
            this.param = param;
        }

        void step(double grad, double lr, double momentum, boolean nesterov, double weightDecay) {
            double g = grad;
            if (weightDecay != 0) {
                g = g + weightDecay * param;
            }
            if (momentum != 0) {
                if (momentumBuffer != null) {
                    momentumBuffer = momentum * momentumBuffer + g;
                } else {
                    momentumBuffer = g;
                }
                if (nesterov) {
                    g = g + momentum * momentumBuffer;
                } else {
                    g = momentumBuffer;
                }
            }
            param = param - lr * g;
        }
    }

    @Test
    void oneFusedStepHasTheBitsOfItsSequence() {
        float[] g = outliers(1, N);
        for (boolean nesterov : new boolean[] {false, true}) {
            float[] w = outliers(2, N);
            float[] v = outliers(3, N);
            float[] expectedW = w.clone();
            float[] d = g.clone();
            Level1.axpy(N, 0.01f, w, 0, d, 0);
            float[] expectedV = d.clone();
            Level1.axpy(N, 0.9f, v, 0, expectedV, 0);
            float[] direction = expectedV;
            if (nesterov) {
                direction = d.clone();
                Level1.axpy(N, 0.9f, expectedV, 0, direction, 0);
            }
            Level1.axpy(N, -0.2f, direction, 0, expectedW, 0);

            Sgd.momentumStep(N, w, 0, g, 0, v, 0, 0.2f, 0.9f, nesterov, 0.01f);
            assertSameBits(w, expectedW);
            assertSameBits(v, expectedV);
        }
    }

    /** Save for the sign of a zero, which a buffer of zeros cannot keep. */
    @Test
    void withoutMomentumAStepIsThePlainOne() {
        float[] g = uniform(1, N, 1);
        float[] plain = uniform(2, N, 1);
        float[] withMomentum = plain.clone();
        Sgd.step(N, plain, 0, g, 0, 0.2f, 0.01f);
        Sgd.momentumStep(N, withMomentum, 0, g, 0, new float[N], 0, 0.2f, 0, false, 0.01f);
        assertSameBits(withMomentum, plain);
    }

    @Test
    void specialValuesStayInTheirElement() {
        for (int i = 0; i < 67; i++) {
            float[] w = new float[67];
            float[] v = new float[67];
            float[] g = new float[67];
            g[i] = Float.POSITIVE_INFINITY;
            Sgd.momentumStep(67, w, 0, g, 0, v, 0, 0.1f, 0.9f, false, 0);
            float[] expectedW = new float[67];
            float[] expectedV = new float[67];
            expectedW[i] = Float.NEGATIVE_INFINITY;
            expectedV[i] = Float.POSITIVE_INFINITY;
            assertThat(w).isEqualTo(expectedW);
            assertThat(v).isEqualTo(expectedV);
            Sgd.step(67, w, 0, new float[67], 0, 0.1f, 0);
            expectedW[i] = Float.NaN;
            assertThat(w).isEqualTo(expectedW);
        }
    }

    @Test
    void argumentsThatDoNotFitAreRejected() {
        float[] w = new float[10];
        float[] g = new float[10];
        float[] v = new float[10];
        assertRejected("the size of w", () -> Sgd.step(-1, w, 0, g, 0, 0.1f, 0));
        assertRejected("w is too short", () -> Sgd.step(10, w, 1, g, 0, 0.1f, 0));
        assertRejected("g is too short", () -> Sgd.step(10, w, 0, g, -1, 0.1f, 0));
        assertRejected("w shares the elements [0, 10) of one array with g", () -> Sgd.step(10, w, 0, w, 0, 0.1f, 0));
        assertRejected("w is too short", () -> Sgd.stepAndClear(10, w, 1, g, 0, 1, 0.1f, 0));
        assertRejected("g is too short", () -> Sgd.stepAndClear(10, w, 0, g, 1, 1, 0.1f, 0));
        assertRejected("w shares the elements [2, 5)", () -> Sgd.stepAndClear(5, w, 0, w, 2, 1, 0.1f, 0));
        assertRejected("the size of w", () -> momentumStep(-1, w, 0, g, 0, v, 0));
        assertRejected("w is too short", () -> momentumStep(10, w, 1, g, 0, v, 0));
        assertRejected("g is too short", () -> momentumStep(10, w, 0, g, Integer.MAX_VALUE, v, 0));
        assertRejected("v is too short", () -> momentumStep(10, w, 0, g, 0, v, 1));
        assertRejected("w shares the elements [2, 5)", () -> momentumStep(5, w, 0, w, 2, v, 0));
        assertRejected("v shares the elements [2, 5)", () -> momentumStep(5, w, 0, g, 0, w, 2));
        assertRejected("v shares the elements [2, 5)", () -> momentumStep(5, w, 0, v, 0, v, 2));
        assertThat(w).containsOnly(0);
        assertThat(v).containsOnly(0);
    }

    private static void momentumStep(int n, float[] w, int wOffset, float[] g, int gOffset, float[] v, int vOffset) {
        Sgd.momentumStep(n, w, wOffset, g, gOffset, v, vOffset, 0.1f, 0.9f, true, 0);
    }

    private static void assertSameBits(float[] actual, float[] expected) {
        assertThat(Arrays.mismatch(actual, expected)).as("first difference").isEqualTo(-1);
    }

    private static void assertRejected(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }
}
