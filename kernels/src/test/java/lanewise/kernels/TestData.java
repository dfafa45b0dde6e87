package lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Inputs of the kernel tests: repeatable, awkward, and guarded. */
public final class TestData {
    private static final float[] AWKWARD = {
        0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, 1e-39f, -1e-39f, Float.MIN_NORMAL, 1e-20f, -1e-20f, 1e5f, -1e5f
    };

    private TestData() {}

    /** Values uniform in -limit..limit. */
    public static float[] uniform(long seed, int n, float limit) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
        }
        return values;
    }

    /** Values in -4..4, among them an eighth in -50..50 and an eighth of signed zeros, subnormals, tiny and large ones. */
    public static float[] outliers(long seed, int n) {
        SplittableRandom random = new SplittableRandom(~seed);
        float[] values = uniform(seed, n, 4);
        for (int i = 0; i < n; i++) {
            switch (random.nextInt(8)) {
                case 0 -> values[i] = (float) (100 * random.nextDouble() - 50);
                case 1 -> values[i] = AWKWARD[random.nextInt(AWKWARD.length)];
                default -> {}
            }
        }
        return values;
    }

    /**
     * A matrix whose array holds canaries wherever no element stands: before the offset, between the rows and after the
     * end. A canary is a NaN of odd bits, so that a kernel which reads one shows it in its results, and one which writes
     * there is caught by {@link #assertCanaries}. A vector is a matrix of one row.
     */
    public record Matrix(int rows, int cols, float[] array, int offset, int ld) {
        private static final float CANARY = Float.intBitsToFloat(0x7fc0_1a5e);
        private static final int GUARD = 19;

        /** The given values, row by row. */
        public static Matrix of(int rows, int cols, int offset, int ld, float... values) {
            Matrix matrix = poisoned(rows, cols, offset, ld);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(values, i * cols, matrix.array, matrix.at(i, 0), cols);
            }
            matrix.assertCanaries();
            return matrix;
        }

        /** A matrix for an output: its elements are canaries as well until they are written. */
        public static Matrix poisoned(int rows, int cols, int offset, int ld) {
            float[] array = new float[offset + rows * ld + GUARD];
            Arrays.fill(array, CANARY);
            return new Matrix(rows, cols, array, offset, ld);
        }

        public int at(int i, int j) {
            return offset + i * ld + j;
        }

        public float get(int i, int j) {
            return array[at(i, j)];
        }

        public float[] row(int i) {
            return Arrays.copyOfRange(array, at(i, 0), at(i, cols));
        }

        public Matrix copy() {
            return new Matrix(rows, cols, array.clone(), offset, ld);
        }

        /** Nothing but elements of the matrix has been written. */
        public void assertCanaries() {
            for (int at = 0; at < array.length; at++) {
                int i = Math.floorDiv(at - offset, ld);
                int j = Math.floorMod(at - offset, ld);
                boolean element = i >= 0 && i < rows && j < cols;
                if (!element && Float.floatToRawIntBits(array[at]) != Float.floatToRawIntBits(CANARY)) {
                    throw new AssertionError("the canary at index " + at + ", row " + i + " column " + j + " of " + rows
                            + " x " + cols + ", was overwritten with " + array[at]);
                }
            }
        }

        /** The same bits, NaN for NaN, in every element and around them. */
        public void assertSameBits(Matrix expected) {
            assertCanaries();
            int at = Arrays.mismatch(array, expected.array);
            assertThat(at)
                    .as(() -> "first differing index of " + this + ": " + array[at] + " for " + expected.array[at])
                    .isNegative();
        }

        @Override
        public String toString() {
            return rows + " x " + cols + " (offset " + offset + ", ld " + ld + ")";
        }
    }

    /** A facade as the kernel of the same signatures that it checks the arguments of: no argument may get lost on the way. */
    public static <K> K facade(Class<K> kernel, Class<?> facade) {
        return kernel.cast(Proxy.newProxyInstance(
                kernel.getClassLoader(),
                new Class<?>[] {kernel},
                (proxy, method, arguments) -> facade.getMethod(method.getName(), method.getParameterTypes())
                        .invoke(null, arguments)));
    }

    /** Nothing leads to it any more. */
    public static void assertIsCollected(WeakReference<?> reference) {
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
        }
        assertThat(reference.get() == null).isTrue();
    }
}
