package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.random.SplitMix64;

/**
 * A data set cut in two at random, in such a way that each class keeps its share in both parts. The rows stay in their order.
 * The cut depends on the labels, the fraction and the seed alone.
 *
 * @param train the training rows
 * @param validation the rows to measure by
 */
public record Split(Dataset train, Dataset validation) {
    /**
     * Cuts.
     *
     * <p>Of n rows the nearest whole number to n * fraction is for validation, or fewer. Each class gives its share, rounded
     * down; where rows are missing then, the classes that have lost most to rounding give one more each. One row of each class
     * stays to be learned: what a class cannot give for that reason, such as a class of one row, is not made up for otherwise.
     * Which rows go is drawn for each class by a generator of its own.
     *
     * @param data labelled rows
     * @param fraction what part of them is for validation, more than 0 and less than 1
     * @param seed names the draw
     * @return both parts, copies of the rows
     * @throws IllegalArgumentException if the fraction is none
     * @throws LanewiseException if a part would be empty, or the rows are not labelled (65)
     */
    public static Split stratified(Dataset data, double fraction, long seed) {
        if (data.labels().length == 0) {
            throw new LanewiseException(BAD_DATA, "rows without labels cannot be split by class");
        }
        Draw draw = new Draw(data.classCounts(), fraction, seed);
        boolean[] chosen = new boolean[data.rows()];
        for (int row = 0; row < chosen.length; row++) {
            chosen[row] = draw.isChosen(data.labels()[row]);
        }
        return new Split(
                data.subset(IntStream.range(0, chosen.length)
                        .filter(row -> !chosen[row])
                        .toArray()),
                data.subset(IntStream.range(0, chosen.length)
                        .filter(row -> chosen[row])
                        .toArray()));
    }

    /**
     * The draw, which goes through the rows once and keeps two numbers for each class: a row is chosen with probability rows
     * wanted / rows left.
     *
     * <p><b>Source.</b> Fan, Muller and Rezucha (1962); Knuth, The Art of Computer Programming, 3.4.2, Algorithm S.
     */
    static final class Draw {
        private final int[] left;
        private final int[] wanted;
        private final SplitMix64[] random;

        /**
         * Begins a draw.
         *
         * @param counts how many rows each class has
         * @throws LanewiseException if a part would be empty (65)
         */
        Draw(int[] counts, double fraction, long seed) {
            if (!(fraction > 0 && fraction < 1)) {
                throw new IllegalArgumentException("a fraction of " + fraction);
            }
            left = counts.clone();
            wanted = Split.quotas(counts, fraction);
            if (Arrays.stream(wanted).sum() == 0) {
                int rows = Arrays.stream(counts).sum();
                throw new LanewiseException(BAD_DATA, "too few rows to keep some for validation")
                        .expected(
                                "a class of at least 2 rows and a share of at least one",
                                rows + (rows == 1 ? " row" : " rows"));
            }
            random = new SplitMix64[counts.length];
            Arrays.setAll(random, c -> SplitMix64.of(seed, SplitMix64.Stream.VALIDATION, c));
        }

        /** How many rows of each class are still to be chosen. */
        int[] quotas() {
            return wanted.clone();
        }

        /** Whether the next row, which is of this class, is for validation. */
        boolean isChosen(int c) {
            boolean chosen = random[c].nextInt(left[c]--) < wanted[c];
            wanted[c] -= chosen ? 1 : 0;
            return chosen;
        }
    }

    /** How many rows each class gives: largest remainders first, of equals the lower class. */
    private static int[] quotas(int[] counts, double fraction) {
        int[] quota = new int[counts.length];
        long rest = Math.round(Arrays.stream(counts).asLongStream().sum() * fraction);
        for (int c = 0; c < counts.length; c++) {
            quota[c] = (int) Math.min(counts[c] * fraction, Math.max(0, counts[c] - 1));
            rest -= quota[c];
        }
        int[] byRemainder = IntStream.range(0, counts.length)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> quota[c] - counts[c] * fraction))
                .mapToInt(c -> c)
                .toArray();
        for (int c : byRemainder) {
            if (rest > 0 && quota[c] < counts[c] - 1) {
                quota[c]++;
                rest--;
            }
        }
        return quota;
    }
}
