package lanewise.trainer.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import lanewise.trainer.random.SplitMix64.Stream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    /** SplittableRandom is the generator of the same paper; JDK 17 on keeps its algorithm. */
    @Test
    void theNumbersAreThoseOfThePaper() {
        for (long seed : new long[] {0, 1, -1, 1234567, Long.MIN_VALUE}) {
            SplitMix64 ours = new SplitMix64(seed);
            SplittableRandom theirs = new SplittableRandom(seed);
            for (int i = 0; i < 100; i++) {
                assertThat(ours.nextLong()).isEqualTo(theirs.nextLong());
            }
        }
        assertThat(new SplitMix64(1234567).nextLong()).isEqualTo(6457827717110365317L);
    }

    @Test
    void streamsDifferAndRepeat() {
        long[] firsts = IntStream.range(0, 1_000)
                .mapToLong(i -> SplitMix64.of(i / 20, Stream.values()[i / 10 % 2], i % 10)
                        .nextLong())
                .toArray();
        assertThat(firsts).doesNotHaveDuplicates();
        assertThat(SplitMix64.of(7, Stream.SHUFFLE, 3).nextLong())
                .isEqualTo(SplitMix64.of(7, Stream.SHUFFLE, 3).nextLong());
    }

    /** 600,000 draws from 6: a count is off by 5 standard deviations, 1,443, less than once in a million. */
    @Test
    void boundedNumbersAreUniform() {
        SplitMix64 random = new SplitMix64(1);
        int[] counts = new int[6];
        for (int i = 0; i < 600_000; i++) {
            counts[random.nextInt(6)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(100_000 - 1_443, 100_000 + 1_443);
        }
        assertThat(random.nextInt(1)).isZero();
    }

    /** Bounds just above a power of two are where a biased draw shows: 3 x 2^29 would get a third of its values twice. */
    @Test
    void largeBoundsAreUniformToo() {
        SplitMix64 random = new SplitMix64(2);
        int bound = 3 << 29;
        int low = 0;
        for (int i = 0; i < 90_000; i++) {
            int draw = random.nextInt(bound);
            assertThat(draw).isBetween(0, bound - 1);
            low += draw % 3 == 0 ? 1 : 0;
        }
        assertThat(low).isBetween(30_000 - 707, 30_000 + 707);
    }

    /** Mean, variance, skewness and kurtosis of 10^6 draws within 5 standard errors: 1, sqrt 2, sqrt 6 and sqrt 96 thousandths. */
    @Test
    void gaussiansHaveTheMomentsOfTheNormalDistribution() {
        SplitMix64 random = new SplitMix64(3);
        double[] moments = new double[5];
        int n = 1_000_000;
        for (int i = 0; i < n; i++) {
            double x = random.nextGaussian();
            double power = 1;
            for (int k = 1; k <= 4; k++) {
                power *= x;
                moments[k] += power / n;
            }
        }
        assertThat(moments[1]).isCloseTo(0, within(.005));
        assertThat(moments[2]).isCloseTo(1, within(.0071));
        assertThat(moments[3]).isCloseTo(0, within(.0194));
        assertThat(moments[4]).isCloseTo(3, within(.049));
    }
}
