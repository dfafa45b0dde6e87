package lanewise.trainer.data;

import static lanewise.trainer.ExitCode.BAD_DATA;

import java.util.stream.IntStream;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.random.SplitMix64;

/**
 * A data set dealt out to a number of parts, each of which is to be measured by once while the others are learned. Every class
 * has its share in every part, give or take a row. The deal depends on the labels, the number of parts and the seed alone.
 */
public final class Folds {
    private final Dataset data;
    private final int count;
    private final int[] foldOf;

    private Folds(Dataset data, int count, int[] foldOf) {
        this.data = data;
        this.count = count;
        this.foldOf = foldOf;
    }

    /**
     * Deals: the rows of each class in random order, one class after the other, so that the parts differ by a row at most.
     *
     * @param data labelled rows
     * @param folds how many parts, at least 2
     * @param seed names the deal
     * @return the parts
     * @throws IllegalArgumentException if there are fewer than 2 parts
     * @throws LanewiseException if there are fewer rows than parts, or the rows are not labelled (65)
     */
    public static Folds stratified(Dataset data, int folds, long seed) {
        if (data.labels().length == 0) {
            throw new LanewiseException(BAD_DATA, "rows without labels cannot be split by class");
        }
        return new Folds(data, folds, deal(data.labels(), data.classes(), folds, seed));
    }

    /** Which part each row comes to. The parts are of one size, but that the first may have a row more. */
    static int[] deal(int[] labels, int classes, int folds, long seed) {
        if (folds < 2) {
            throw new IllegalArgumentException("folds is out of range (expected at least 2, found " + folds + ")");
        }
        if (labels.length < folds) {
            throw new LanewiseException(BAD_DATA, "there are fewer rows than folds")
                    .expected("at least " + folds, labels.length);
        }
        int[] foldOf = new int[labels.length];
        int dealt = 0;
        for (int c = 0; c < classes; c++) {
            int ofClass = c;
            int[] rows = IntStream.range(0, foldOf.length)
                    .filter(row -> labels[row] == ofClass)
                    .toArray();
            SplitMix64 random = SplitMix64.of(seed, SplitMix64.Stream.FOLDS, c);
            for (int left = rows.length; left > 0; left--) {
                int drawn = random.nextInt(left);
                foldOf[rows[drawn]] = dealt++ % folds;
                rows[drawn] = rows[left - 1];
            }
        }
        return foldOf;
    }

    /**
     * How many parts there are.
     *
     * @return at least 2
     */
    public int count() {
        return count;
    }

    /**
     * One of the parts, and all the others.
     *
     * @param fold which part, from 0
     * @return the others to learn, and the part to measure by, as copies of the rows in their order
     * @throws IllegalArgumentException if there is no such part
     */
    public Split split(int fold) {
        if (fold < 0 || fold >= count) {
            throw new IllegalArgumentException(
                    "fold is out of range (expected 0 to " + (count - 1) + ", found " + fold + ")");
        }
        return new Split(data.subset(rows(fold, false)), data.subset(rows(fold, true)));
    }

    private int[] rows(int fold, boolean inside) {
        return IntStream.range(0, foldOf.length)
                .filter(row -> foldOf[row] == fold == inside)
                .toArray();
    }
}
