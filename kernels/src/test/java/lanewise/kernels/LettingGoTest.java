package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Test;

/** A call that fails in its middle leaves nothing of its caller's with the thread: its arrays are there to be collected. */
class LettingGoTest {
    private static final int N = 128;

    @Test
    void sgemm() {
        Kernels.Sgemm kernel = Backend.active().sgemm();
        Workers closed = Workers.of(2);
        closed.close();
        letGo(x -> kernel.sgemm(closed, false, false, N, N, N, 1, x[0], 0, N, x[1], 0, N, 0, x[2], 0, N));
    }

    /** The kernel believes what the facade would have checked, and reaches the end of B. */
    @Test
    void biasAndRelu() {
        Kernels.FusedSgemm kernel = Backend.active().fusedSgemm();
        letGo(x -> kernel.biasRelu(N, N, N, x[0], 0, N, x[1], N, N, x[2], 0, x[3], 0, N));
    }

    @Test
    void stepOfSgd() {
        Kernels.FusedSgemm kernel = Backend.active().fusedSgemm();
        letGo(x ->
                kernel.sgdStep(N, N, N, x[0], 0, N, x[1], N, N, false, x[2], 0, x[3], 0, x[4], 0, N, 1, 0, false, 0));
    }

    private static void letGo(Consumer<float[][]> call) {
        List<WeakReference<float[]>> arrays = fail(call);
        System.gc();
        // No array, whose elements would fill the message.
        assertThat(arrays.stream().filter(array -> !array.refersTo(null)).count())
                .as("arrays kept")
                .isZero();
    }

    /** A method of its own, whose frame is gone when the garbage is collected. */
    private static List<WeakReference<float[]>> fail(Consumer<float[][]> call) {
        float[][] arrays = new float[5][N * N];
        // Mostly zeros would leave out most of B.
        Arrays.fill(arrays[0], 1);
        assertThatThrownBy(() -> call.accept(arrays)).isInstanceOf(RuntimeException.class);
        return Arrays.stream(arrays).map(WeakReference::new).toList();
    }
}
