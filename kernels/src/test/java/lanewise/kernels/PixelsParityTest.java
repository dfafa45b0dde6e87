package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import lanewise.kernels.backend.Backend;
import org.junit.jupiter.api.Test;

/** Widened pixels have the same bits on vectors and one by one. */
class PixelsParityTest {
    @Test
    void everyPixelAtEveryLaneAndOffset() {
        byte[] x = new byte[600];
        for (int i = 0; i < x.length; i++) {
            x[i] = (byte) (i * 7);
        }
        for (float scale : new float[] {1, 1f / 255, -3e38f, 1e-44f, Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int n = 0; n < 300; n += n < 70 ? 1 : 13) {
                for (int offset = 0; offset < 17; offset++) {
                    float[] expected = new float[n + offset + 20];
                    Arrays.fill(expected, 7);
                    float[] found = expected.clone();
                    Backend.scalar("test").pixels().widen(n, x, offset, scale, expected, offset + 1);
                    Backend.simd("test").pixels().widen(n, x, offset, scale, found, offset + 1);
                    assertThat(Arrays.mismatch(found, expected)).isEqualTo(-1);
                }
            }
        }
    }
}
