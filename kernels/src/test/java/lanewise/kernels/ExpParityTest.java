package lanewise.kernels;

import static lanewise.kernels.TestData.outliers;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import lanewise.kernels.TestData.Matrix;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** e^x: the SIMD backend gives the bits of the scalar one and touches nothing else. */
@Tag("sweep")
class ExpParityTest {
    private static final Kernels.Exp SCALAR = Backend.scalar("test").exp();
    private static final Kernels.Exp SIMD = TestData.facade(Kernels.Exp.class, Exp.class);

    @Test
    void everySizeAtEveryOffset() {
        for (int n = 0; n <= 67; n++) {
            for (int offset = 0; offset <= 16; offset++) {
                assertParity(Matrix.of(1, n, offset, n + 1, outliers(n, n)));
            }
        }
        for (int n : new int[] {1023, 1024, 1025, 1040, 2047, 2049, 10_000}) {
            assertParity(Matrix.of(1, n, 3, n, outliers(n, n)));
        }
    }

    @Test
    void specialValuesAtEveryPosition() {
        float[] specials = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            0x1.62e42ep6f,
            0x1.62e430p6f,
            -0x1.9fe368p6f,
            -0x1.9fe36ap6f
        };
        for (float special : specials) {
            for (int j = 0; j < 67; j++) {
                Matrix x = Matrix.of(1, 67, 0, 67, outliers(j, 67));
                x.array()[j] = special;
                assertParity(x);
            }
        }
    }

    /** Over the bit patterns of all floats, of which a full sweep leaves out none. */
    @Test
    void everyFloat() {
        int n = 1 << 13;
        int stride = Sweep.stride(499);
        float[] x = new float[n];
        float[] expected = new float[n];
        float[] actual = new float[n];
        for (long from = 0; from < 1L << 32; from += (long) n * stride) {
            for (int i = 0; i < n; i++) {
                x[i] = Float.intBitsToFloat((int) (from + (long) i * stride));
            }
            SCALAR.exp(n, x, 0, expected, 0);
            SIMD.exp(n, x, 0, actual, 0);
            assertThat(Arrays.mismatch(actual, expected))
                    .as("from bit pattern %x", from)
                    .isNegative();
        }
    }

    private static void assertParity(Matrix x) {
        Matrix untouched = x.copy();
        Matrix expected = Matrix.poisoned(1, x.cols(), 5, x.ld());
        SCALAR.exp(x.cols(), x.array(), x.offset(), expected.array(), 5);
        Matrix actual = Matrix.poisoned(1, x.cols(), 5, x.ld());
        SIMD.exp(x.cols(), x.array(), x.offset(), actual.array(), 5);
        actual.assertSameBits(expected);
        x.assertSameBits(untouched);

        Matrix inPlace = x.copy();
        SIMD.exp(x.cols(), inPlace.array(), x.offset(), inPlace.array(), x.offset());
        assertThat(inPlace.row(0)).isEqualTo(expected.row(0));
        inPlace.assertCanaries();
    }
}
