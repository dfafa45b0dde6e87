package lanewise.trainer.random;

/**
 * The generator behind every random choice of a run: 64 bits of state that step by a fixed odd constant, and a mixing
 * function that turns each state into a number. The same seed gives the same numbers on every machine and JDK.
 *
 * <p><b>Source.</b> Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014); the mixing function
 * is Stafford's variant 13.
 */
public final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;
    private double spare = Double.NaN;

    /** The generator of the paper, whose first number is mixed from state + gamma. */
    SplitMix64(long state) {
        this.state = state;
    }

    /**
     * One of the streams of a seed. Different streams of one seed share nothing that a test of randomness would see.
     *
     * @param seed the seed of the run
     * @param stream what the numbers are for
     * @param index which of them, such as the epoch
     * @return the stream, at its start
     */
    public static SplitMix64 of(long seed, Stream stream, long index) {
        long state = mix(seed + GOLDEN_GAMMA);
        state = mix(state + (stream.ordinal() + 1) * GOLDEN_GAMMA);
        return new SplitMix64(mix(state + (index + 1) * GOLDEN_GAMMA));
    }

    /** What random numbers are drawn for. The order is part of what a seed means: new purposes go to the end. */
    public enum Stream {
        /** The weights of a new network. */
        WEIGHTS,
        /** The order of the rows in an epoch. */
        SHUFFLE,
        /** The rows that are kept for validation. */
        VALIDATION,
        /** Which rows are measured by in which turn of a cross-validation. */
        FOLDS
    }

    /**
     * Draws 64 bits.
     *
     * @return each value of a long once in 2<sup>64</sup> draws
     */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /**
     * Draws from 0..bound-1 without bias: a product whose low half falls among the few that would be drawn once too
     * often is drawn again.
     *
     * <p><b>Source.</b> Lemire, Fast random integer generation in an interval (2019).
     *
     * @param bound how many values there are, at least 1
     * @return one of them
     */
    public int nextInt(int bound) {
        long product = (nextLong() >>> 32) * bound;
        if ((product & 0xffffffffL) < bound) {
            long surplus = (1L << 32) % bound;
            while ((product & 0xffffffffL) < surplus) {
                product = (nextLong() >>> 32) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    /**
     * Draws from the normal distribution of mean 0 and variance 1 by the polar method: a point in the unit disc gives two
     * draws. The logarithm is StrictMath's, so that every machine draws the same.
     *
     * <p><b>Source.</b> Marsaglia and Bray, A convenient method for generating normal variables (1964).
     *
     * @return a finite number
     */
    public double nextGaussian() {
        if (!Double.isNaN(spare)) {
            double kept = spare;
            spare = Double.NaN;
            return kept;
        }
        while (true) {
            double u = 2 * nextDouble() - 1;
            double v = 2 * nextDouble() - 1;
            double square = u * u + v * v;
            if (square > 0 && square < 1) {
                double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
                spare = v * factor;
                return u * factor;
            }
        }
    }

    /** Draws a multiple of 2^-53 from 0 to 1, 1 excluded. */
    private double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
