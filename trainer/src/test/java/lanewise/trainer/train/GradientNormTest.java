package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import lanewise.kernels.Workers;
import org.junit.jupiter.api.Test;

class GradientNormTest {
    /** Sizes around the ends of chunks and lanes; the sum of n squares is off by at most n roundings. */
    @Test
    void isTheRootOfTheSumOfAllSquares() {
        Random random = new Random(1);
        for (int[] sizes : new int[][] {{1}, {0, 7}, {8, 0, 9}, {4_095, 4_096, 4_097}, {10_000, 3, 8_192}}) {
            float[][] tensors = new float[sizes.length][];
            BigDecimal sum = BigDecimal.ZERO;
            for (int t = 0; t < sizes.length; t++) {
                tensors[t] = new float[sizes[t]];
                for (int i = 0; i < sizes[t]; i++) {
                    tensors[t][i] = (float) (random.nextGaussian() * Math.scalb(1, random.nextInt(20)));
                    sum = sum.add(new BigDecimal(tensors[t][i]).pow(2));
                }
            }
            double exact = sum.sqrt(MathContext.DECIMAL64).doubleValue();
            double norm = new GradientNorm(tensors).of(Workers.serial());
            assertThat(norm).as(Arrays.toString(sizes)).isCloseTo(exact, within(exact * 1e-12));
            for (int threads : new int[] {2, 3, 7}) {
                try (Workers workers = Workers.of(threads)) {
                    assertThat(new GradientNorm(tensors).of(workers)).isEqualTo(norm);
                }
            }
        }
    }

    @Test
    void doesNotOverflowAndHidesNoNaN() {
        float[] huge = {3e38f, 0, 0, 0, 0, 0, 0, 0, 0, -3e38f};
        GradientNorm norm = new GradientNorm(new float[][] {huge, new float[1]});
        assertThat(norm.of(Workers.serial())).isCloseTo(3e38f * Math.sqrt(2), within(1e26));
        huge[9] = Float.NaN;
        assertThat(norm.of(Workers.serial())).isNaN();
        huge[9] = Float.NEGATIVE_INFINITY;
        assertThat(norm.of(Workers.serial())).isInfinite();
    }
}
