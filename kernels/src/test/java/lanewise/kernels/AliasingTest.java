package lanewise.kernels;

import static lanewise.kernels.TestData.uniform;
import static lanewise.kernels.Transpose.N;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * An output that shares elements with an input is refused before anything is written, and else one array may hold both. All
 * arguments of a call stand in the one array that it is given.
 */
class AliasingTest {
    @Test
    void exp() {
        refused("y shares the elements [1, 40)", a -> Exp.exp(40, a, 0, a, 1));
        refused("y shares the elements [1, 40)", a -> Exp.exp(40, a, 1, a, 0));
        accepted(a -> Exp.exp(40, a, 1, a, 1));
        accepted(a -> Exp.exp(40, a, 0, a, 40));
    }

    @Test
    void softmax() {
        refused("y shares", a -> Softmax.softmax(4, 10, a, 0, 10, a, 5, 10));
        refused("y shares", a -> Softmax.softmax(4, 10, a, 0, 10, a, 0, 11));
        refused("y shares", a -> Softmax.logSoftmax(4, 10, a, 0, 10, a, 39, 10));
        refused("out shares", a -> Softmax.logSumExp(4, 10, a, 0, 10, a, 39));
        refused("out shares", a -> Softmax.logSumExp(4, 10, a, 3, 10, a, 0));
        accepted(a -> Softmax.softmax(4, 10, a, 7, 11, a, 7, 11));
        accepted(a -> Softmax.softmax(1, 10, a, 0, 10, a, 0, 11));
        accepted(a -> Softmax.softmax(4, 10, a, 0, 10, a, 40, 10));
        accepted(a -> Softmax.logSoftmax(4, 10, a, 0, 10, a, 0, 10));
        accepted(a -> Softmax.logSumExp(4, 10, a, 4, 10, a, 0));
    }

    @Test
    void crossEntropy() {
        int[] labels = new int[9];
        float[] weights = {1, 1, 1, 1};
        refused("g shares", a -> CrossEntropy.gradient(4, 10, a, 0, 10, labels, 0, 1, a, 5, 10));
        refused("g shares", a -> CrossEntropy.lossAndGradient(4, 10, a, 0, 10, labels, 0, 1, a, 0, 11));
        refused("with weights", a -> CrossEntropy.gradient(4, 10, a, 40, 10, labels, 5, 0, a, 1, a, 0, 10));
        refused("with z", a -> CrossEntropy.gradient(4, 10, a, 0, 10, labels, 0, 0, weights, 1, a, 39, 10));
        refused("with weights", a -> CrossEntropy.lossAndGradient(4, 10, a, 0, 10, labels, 3, 0, a, 1, a, 0, 10));
        refused("z shares", a -> CrossEntropy.gradientByClass(4, 10, a, 3, 4, labels, 0, 0, a, 1));
        refused("z shares", a -> CrossEntropy.lossAndGradientByClass(4, 10, a, 3, 4, labels, 0, 0, a, 1));
        accepted(a -> CrossEntropy.gradient(4, 10, a, 4, 10, labels, 0, 0, a, 1, a, 4, 10));
        accepted(a -> CrossEntropy.lossAndGradient(4, 10, a, 4, 10, labels, 0, 0, null, 1, a, 4, 10));
        accepted(a -> CrossEntropy.gradientByClass(4, 10, a, 4, 4, labels, 0, 0, a, 1));
        accepted(a -> CrossEntropy.lossAndGradientByClass(4, 10, a, 4, 4, labels, 0, 0, a, 1));
    }

    @Test
    void sgemm() {
        float[] other = new float[40];
        // A and B are 20 x 2 and 2 x 20, stored as rows of two or as columns.
        for (Transpose t : Transpose.values()) {
            int ld = t == Transpose.T ? 2 : 20;
            int ldOther = t == Transpose.T ? 20 : 2;
            refused("with a", a -> Sgemm.sgemm(t, N, 2, 2, 20, 1, a, 0, ld, other, 0, 2, 0, a, 38, 2));
            refused("with b", a -> Sgemm.sgemm(N, t, 2, 2, 20, 1, other, 0, 20, a, 0, ldOther, 0, a, 38, 2));
            refused("with a", a -> Sgemm.sgemm(t, N, 20, 3, 2, 1, a, 0, ldOther, other, 0, 3, 0, a, 38, 3));
            refused("with b", a -> Sgemm.sgemm(N, t, 3, 20, 2, 1, other, 0, 2, a, 0, ld, 0, a, 38, 20));
            accepted(a -> Sgemm.sgemm(t, N, 2, 2, 20, 1, a, 0, ld, other, 0, 2, 0, a, 40, 2));
            accepted(a -> Sgemm.sgemm(N, t, 2, 2, 20, 1, other, 0, 20, a, 0, ldOther, 0, a, 40, 2));
        }
        // What is empty shares nothing.
        accepted(a -> Sgemm.sgemm(N, N, 2, 2, 0, 1, a, 0, 1, a, 0, 2, 1, a, 0, 2));
    }

    @Test
    void fusedSgemm() {
        refused("c shares", a -> FusedSgemm.biasRelu(2, 2, 20, a, 0, 20, a, 40, 2, null, 0, a, 39, 2));
        refused("with b", a -> FusedSgemm.biasRelu(2, 2, 20, a, 0, 20, a, 40, 2, null, 0, a, 79, 2));
        accepted(a -> FusedSgemm.biasRelu(2, 2, 20, a, 0, 20, a, 40, 2, null, 0, a, 80, 2));
        // A of 20 rows of two, B of 20 rows of three; G, W and V of two rows of three.
        refused("with a", a -> sgdStep(a, 38, 110, 120));
        refused("g shares", a -> sgdStep(a, 99, 110, 120));
        refused("w shares", a -> sgdStep(a, 110, 39, 120));
        refused("w shares", a -> sgdStep(a, 110, 112, 120));
        refused("v shares", a -> sgdStep(a, 110, 120, 99));
        refused("v shares", a -> sgdStep(a, 110, 120, 115));
        refused("v shares", a -> sgdStep(a, 110, 120, 125));
        accepted(a -> sgdStep(a, 100, 106, 112));
        float[] b = new float[40];
        refused(
                "g shares",
                a -> FusedSgemm.sgdStep(
                        20, 2, 2, a, 0, 20, b, 0, 2, false, a, 39, new float[40], 0, null, 0, 2, 1, 0, false, 0));
    }

    private static void sgdStep(float[] a, int gAt, int wAt, int vAt) {
        FusedSgemm.sgdStep(2, 3, 20, a, 0, 2, a, 40, 3, false, a, gAt, a, wAt, a, vAt, 3, 0.1f, 0.9f, true, 0);
    }

    /** The weights of two groups and ten classes are 320 floats. */
    @Test
    void pixels() {
        byte[] x = new byte[4 * 32 + Pixels.SLACK];
        refused("z shares", a -> Pixels.logits(4, 2, x, 0, 32, 10, a, 0, 1, a, 319, 4));
        refused("dw shares", a -> Pixels.accumulateGradient(4, 0, 2, x, 0, 32, 10, a, 0, 4, a, 39));
        accepted(a -> Pixels.logits(4, 2, x, 0, 32, 10, a, 0, 1, a, 320, 4));
        accepted(a -> Pixels.accumulateGradient(4, 0, 2, x, 0, 32, 10, a, 0, 4, a, 40));

        int[] starts = {0, 2, 3};
        char[] groups = {0, 1, 0};
        refused("z shares", a -> Patches.logits(0, 4, starts, groups, x, 10, a, 0, 1, a, 319, 4));
        refused("dw shares", a -> Patches.accumulateGradient(0, 4, 0, 2, starts, groups, x, 10, a, 0, 4, a, 39));
        accepted(a -> Patches.logits(0, 4, starts, groups, x, 10, a, 0, 1, a, 320, 4));
        accepted(a -> Patches.logits(0, 4, new int[] {0, 0, 1}, groups, x, 10, a, 0, 1, a, 160, 4));
        accepted(a -> Patches.accumulateGradient(0, 4, 0, 2, starts, groups, x, 10, a, 0, 4, a, 40));
    }

    /** Two rows that reach three features of four classes, 12 floats in the shortest layout. */
    @Test
    void sparseRows() {
        float[] values = {1, 2, 3};
        float[] bias = new float[4];
        refused("with w", a -> sparseLogits(values, a, 0, bias, 0, a, 11));
        refused("with bias", a -> sparseLogits(values, new float[12], 0, a, 9, a, 12));
        refused("with values", a -> sparseLogits(a, new float[12], 0, bias, 0, a, 200));
        refused("with g", a -> sparseGradient(values, a, 0, a, 7));
        refused("with values", a -> sparseGradient(a, new float[8], 0, a, 200));
        accepted(a -> sparseLogits(values, a, 0, a, 8, a, 12));
        accepted(a -> sparseLogits(values, a, 8, a, 0, a, 20));
        accepted(a -> sparseGradient(values, a, 0, a, 8));
        accepted(a -> sparseGradient(values, a, 12, a, 0));
    }

    private static void sparseLogits(float[] values, float[] w, int wAt, float[] bias, int biasAt, float[] z, int zAt) {
        int[] starts = {0, 2, 3};
        SparseRows.logits(2, starts, 0, starts, 1, new int[] {0, 2, 1}, values, 4, w, wAt, 4, bias, biasAt, z, zAt, 4);
    }

    private static void sparseGradient(float[] values, float[] g, int gAt, float[] dw, int dwAt) {
        int[] starts = {0, 2, 3};
        SparseRows.accumulateGradient(2, starts, 0, starts, 1, new int[] {0, 2, 1}, values, 4, g, gAt, 4, dw, dwAt, 4);
    }

    private static void refused(String what, Consumer<float[]> call) {
        float[] array = uniform(1, 400, 1);
        assertThatThrownBy(() -> call.accept(array))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what);
        assertThat(array).isEqualTo(uniform(1, 400, 1));
    }

    private static void accepted(Consumer<float[]> call) {
        assertThatCode(() -> call.accept(uniform(1, 400, 1))).doesNotThrowAnyException();
    }
}
