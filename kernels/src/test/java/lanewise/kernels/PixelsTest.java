package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Pixels are unsigned, and what lies around them is left alone. */
class PixelsTest {
    @Test
    void allPixels() {
        byte[] x = new byte[259];
        for (int i = 0; i < 256; i++) {
            x[i + 3] = (byte) i;
        }
        float[] y = new float[260];
        y[1] = -1;
        y[258] = -1;
        Pixels.widen(256, x, 3, 0.5f, y, 2);
        for (int i = 0; i < 256; i++) {
            assertThat(y[i + 2]).isEqualTo(i / 2f);
        }
        assertThat(y[1]).isEqualTo(-1);
        assertThat(y[258]).isEqualTo(-1);
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> Pixels.widen(5, new byte[4], 0, 1, new float[5], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x is too short");
        assertThatThrownBy(() -> Pixels.widen(5, new byte[5], 0, 1, new float[5], 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("y is too short");
    }
}
