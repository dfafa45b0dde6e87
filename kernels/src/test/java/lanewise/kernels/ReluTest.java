package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import lanewise.kernels.TestData.Matrix;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contract of the rectifier, which is exact. */
class ReluTest {
    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void forwardIsTheMaximumWithZero() {
        for (int cols = 0; cols <= 40; cols++) {
            Matrix x = Matrix.of(3, cols, 2, cols + 3, outliers(cols, 3 * cols));
            Matrix y = Matrix.poisoned(3, cols, 1, cols + 1);
            Relu.forward(3, cols, x.array(), 2, cols + 3, y.array(), 1, cols + 1);
            y.assertCanaries();
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < cols; j++) {
                    assertThat(y.get(i, j)).isEqualTo(Float.valueOf(Math.max(x.get(i, j), 0f)));
                }
            }
        }
    }

    @Test
    void forwardOfSpecialValues() {
        float[] x = {NAN, INFINITY, -INFINITY, 0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE};
        Relu.forward(1, 7, x, 0, 7, x, 0, 7);
        // containsExactly compares boxed floats: the zeros are +0.
        assertThat(x).containsExactly(NAN, INFINITY, 0f, 0f, 0f, Float.MIN_VALUE, 0f);
    }

    /** The derivative from finite differences, where both sides of x are on the same branch. */
    @Test
    void backwardIsTheDerivativeOfForward() {
        for (int cols = 1; cols <= 40; cols++) {
            float[] x = TestData.uniform(cols, cols, 4);
            float[] above = x.clone();
            float[] below = x.clone();
            float[] dx = new float[cols];
            for (int j = 0; j < cols; j++) {
                x[j] = Math.copySign(Math.max(0.5f, Math.abs(x[j])), x[j]);
                above[j] = x[j] + 0.25f;
                below[j] = x[j] - 0.25f;
            }
            float[] ones = new float[cols];
            Arrays.fill(ones, 1);
            Relu.backward(1, cols, x, 0, cols, ones, 0, cols, dx, 0, cols);
            Relu.forward(1, cols, above, 0, cols, above, 0, cols);
            Relu.forward(1, cols, below, 0, cols, below, 0, cols);
            for (int j = 0; j < cols; j++) {
                // The sums with 1/4 round by 2^-22, twice.
                assertThat(dx[j]).isCloseTo((above[j] - below[j]) / 0.5f, within(0x1p-20f));
            }
        }
    }

    @Test
    void backwardOfSpecialValues() {
        float[] y = {NAN, INFINITY, -INFINITY, 0f, -0f, 1f, 0f, 1f, -1f};
        float[] dy = {1f, 2f, 3f, 4f, 5f, NAN, NAN, -INFINITY, INFINITY};
        float[] expected = {1f, 2f, 0f, 0f, 0f, NAN, 0f, -INFINITY, 0f};
        float[] dx = new float[9];
        Relu.backward(1, 9, y, 0, 9, dy, 0, 9, dx, 0, 9);
        assertThat(dx).containsExactly(expected);
    }

    @Test
    void outputAndInputGateTheSameGradient() {
        float[] x = outliers(3, 100);
        float[] y = new float[100];
        Relu.forward(1, 100, x, 0, 100, y, 0, 100);
        float[] dy = outliers(4, 100);
        float[] byOutput = new float[100];
        float[] byInput = new float[100];
        Relu.backward(1, 100, y, 0, 100, dy, 0, 100, byOutput, 0, 100);
        Relu.backward(1, 100, x, 0, 100, dy, 0, 100, byInput, 0, 100);
        assertThat(byOutput).isEqualTo(byInput);
    }

    @Test
    void argumentsThatDoNotFitAreRejected() {
        float[] x = new float[12];
        float[] y = new float[12];
        assertRejected("the number of rows of x", () -> Relu.forward(-1, 4, x, 0, 4, y, 0, 4));
        assertRejected("the number of columns of x", () -> Relu.forward(3, -1, x, 0, 4, y, 0, 4));
        assertRejected("the leading dimension of x", () -> Relu.forward(3, 4, x, 0, 3, y, 0, 4));
        assertRejected("the leading dimension of y", () -> Relu.forward(3, 4, x, 0, 4, y, 0, 3));
        assertRejected("x is too short", () -> Relu.forward(3, 4, x, 1, 4, y, 0, 4));
        assertRejected("y is too short", () -> Relu.forward(3, 4, x, 0, 4, y, 0, 5));
        assertRejected("y shares the elements [4, 8)", () -> Relu.forward(2, 4, x, 0, 4, x, 4, 4));
        assertRejected("y shares the elements [0, 6)", () -> Relu.forward(2, 3, x, 0, 4, x, 0, 3));

        assertRejected("y is too short", () -> Relu.backward(4, 4, y, 0, 4, x, 0, 4, x, 0, 4));
        assertRejected("dy is too short", () -> Relu.backward(3, 4, y, 0, 4, x, 0, 5, x, 0, 4));
        assertRejected("dx is too short", () -> Relu.backward(3, 4, y, 0, 4, x, 0, 4, x, -1, 4));
        assertRejected("dx shares", () -> Relu.backward(2, 4, y, 0, 4, x, 0, 4, x, 1, 4));
        assertRejected("dx shares", () -> Relu.backward(2, 4, y, 0, 4, x, 0, 4, y, 1, 4));
        assertRejected("dx shares", () -> Relu.backward(2, 4, y, 0, 4, x, 0, 4, x, 0, 5));
        assertRejected("dx shares", () -> Relu.backward(2, 4, y, 0, 4, x, 0, 4, y, 0, 5));
        assertThat(x).containsOnly(0);
        assertThat(y).containsOnly(0);
    }

    private static void assertRejected(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }
}
