package lanewise.trainer.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import lanewise.kernels.Patches;
import lanewise.kernels.Pixels;

/** Some rows of pixels in a layout of the kernels: all their pixels, or pairs of rows without the groups of zeros. */
abstract class PixelBlock {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int GROUP = Pixels.GROUP;

    /** How many groups of a pair may stay for patches to be the faster layout: measured at half of them, 10.6 for 16.4. */
    private static final double FEW = 0.7;

    abstract void logits(
            int first, int rows, int groups, int classes, float[] w, int wAt, float scale, float[] z, int zAt, int ldz);

    abstract void accumulateGradient(
            int first,
            int rows,
            int fromGroup,
            int toGroup,
            int classes,
            float[] g,
            int gAt,
            int ldg,
            float[] dw,
            int dwAt);

    /** Copies a row, with all its pixels. */
    abstract void copyRow(int row, byte[] to, int at);

    /** The layout: {@link PixelLayout#DENSE} or {@link PixelLayout#PATCHES}. */
    abstract PixelLayout layout();

    /**
     * A block of rows that are there with all their pixels.
     *
     * @param x the rows, which become the block's own, and as many zeros behind them as {@link Pixels#SLACK} and, where their
     *     number is odd, another row
     */
    static PixelBlock of(int rows, int groups, byte[] x, PixelLayout layout) {
        if (layout == PixelLayout.DENSE) {
            return new Dense(groups, x);
        }
        int pairs = (rows + 1) / 2;
        int kept = 0;
        for (int pair = 0; pair < pairs; pair++) {
            for (int group = 0; group < groups; group++) {
                kept += isBlank(x, (2 * pair * groups + group) * GROUP, groups) ? 0 : 1;
            }
        }
        if (layout == PixelLayout.AUTO && kept > FEW * pairs * groups) {
            return new Dense(groups, x);
        }
        PatchBlock block = new PatchBlock(groups, pairs, kept);
        return block.set(rows, x) ? block : new Dense(groups, x);
    }

    /** A block that is filled again and again, of at most so many rows. */
    static PatchBlock reusable(int groups, int rows) {
        int pairs = (rows + 1) / 2;
        return new PatchBlock(groups, pairs, pairs * groups);
    }

    /** A block that is filled again and again, of at most so many rows, if they are few enough to be faster this way. */
    static PatchBlock patchesIfFew(int groups, int rows) {
        int pairs = (rows + 1) / 2;
        return new PatchBlock(groups, pairs, (int) (FEW * pairs * groups));
    }

    /** What that takes for a row of so many bytes, rounded up: FEW of its pixels, and the numbers of their groups. */
    static int patchBytesIfFew(int rowBytes) {
        return rowBytes / 4 * 3;
    }

    private static boolean isBlank(byte[] x, int at, int groups) {
        int other = at + groups * GROUP;
        return ((long) EIGHT.get(x, at)
                        | (long) EIGHT.get(x, at + 8)
                        | (long) EIGHT.get(x, other)
                        | (long) EIGHT.get(x, other + 8))
                == 0;
    }

    private static final class Dense extends PixelBlock {
        private static final int CACHE_LINE = 64;

        /** Bytes that are fetched at a time: L2 has room for them. */
        private static final int FETCHED = 128 << 10;

        /** Places that are fetched from side by side: of 4 to 100, 16 took least time. */
        private static final int PLACES = 16;

        private final int ld;
        private final byte[] x;

        /** Means nothing: without it nothing would be fetched. */
        private int fetched;

        Dense(int groups, byte[] x) {
            this.ld = groups * GROUP;
            this.x = x;
        }

        @Override
        void logits(
                int first,
                int rows,
                int groups,
                int classes,
                float[] w,
                int wAt,
                float scale,
                float[] z,
                int zAt,
                int ldz) {
            int most = Math.max(1, FETCHED / ld / PLACES) * PLACES;
            for (int done = 0, count; done < rows; done += count) {
                count = Math.min(most, rows - done);
                int at = (first + done) * ld;
                if (count * ld <= FETCHED) {
                    fetched += fetch(at, count * ld);
                }
                Pixels.logits(count, groups, x, at, ld, classes, w, wAt, scale, z, zAt + done, ldz);
            }
        }

        @Override
        void accumulateGradient(
                int first,
                int rows,
                int fromGroup,
                int toGroup,
                int classes,
                float[] g,
                int gAt,
                int ldg,
                float[] dw,
                int dwAt) {
            Pixels.accumulateGradient(rows, fromGroup, toGroup, x, first * ld, ld, classes, g, gAt, ldg, dw, dwAt);
        }

        @Override
        void copyRow(int row, byte[] to, int at) {
            System.arraycopy(x, row * ld, to, at, ld);
        }

        /**
         * Reads a byte of every line, so that the caches have the others. The kernel itself reads from four places at a time,
         * and the memory can serve many more: an epoch takes 0.88 of the time on one thread and 0.95 on two. (Rows as
         * patches arrive in time: it gains nothing there.)
         */
        private int fetch(int from, int bytes) {
            int sum = 0;
            int stretch = bytes / PLACES;
            for (int at = from; at < from + stretch; at += CACHE_LINE) {
                for (int place = 0; place < PLACES; place++) {
                    sum += x[at + place * stretch];
                }
            }
            return sum;
        }

        @Override
        PixelLayout layout() {
            return PixelLayout.DENSE;
        }
    }

    /**
     * Pairs of rows without the groups that are zero in both. Of a block from the disk they are made pair by pair as its rows
     * are read: while these are in the cache that takes half of the time.
     */
    static final class PatchBlock extends PixelBlock {
        private static final int MOST_NUMBERS = 1 << Character.SIZE;

        private final int rowGroups;
        private final int[] starts;
        private final char[] numbers;
        private final byte[] x;
        private int pairs;
        private boolean full;

        /** Where a row has more groups than there are numbers, there is room for rows of zeros alone. */
        private PatchBlock(int groups, int pairs, int most) {
            int kept = groups > MOST_NUMBERS ? 0 : most;
            rowGroups = groups;
            starts = new int[pairs + 1];
            numbers = new char[kept];
            x = new byte[kept * 2 * GROUP + Pixels.SLACK];
        }

        /** Fills the block, from rows as {@link PixelBlock#of} takes them, or returns false if it is too small for them. */
        boolean set(int rows, byte[] dense) {
            clear();
            return extendTo(rows, dense);
        }

        /** Leaves no row in the block. */
        void clear() {
            pairs = 0;
            full = false;
        }

        /** As {@link #set}, but of these rows the pairs that are there stay, and only those behind them are added. */
        boolean extendTo(int rows, byte[] dense) {
            int count = starts[pairs];
            for (int pair = pairs; 2 * pair < rows && !full; pair++) {
                for (int group = 0; group < rowGroups; group++) {
                    int at = (2 * pair * rowGroups + group) * GROUP;
                    if (!isBlank(dense, at, rowGroups)) {
                        if (count == numbers.length) {
                            full = true;
                            return false;
                        }
                        copy(dense, at, count * 2 * GROUP);
                        copy(dense, at + rowGroups * GROUP, (count * 2 + 1) * GROUP);
                        numbers[count++] = (char) group;
                    }
                }
                pairs = pair + 1;
                starts[pairs] = count;
            }
            return !full;
        }

        private void copy(byte[] from, int at, int to) {
            EIGHT.set(x, to, (long) EIGHT.get(from, at));
            EIGHT.set(x, to + 8, (long) EIGHT.get(from, at + 8));
        }

        @Override
        void logits(
                int first,
                int rows,
                int groups,
                int classes,
                float[] w,
                int wAt,
                float scale,
                float[] z,
                int zAt,
                int ldz) {
            Patches.logits(first, rows, starts, numbers, x, classes, w, wAt, scale, z, zAt, ldz);
        }

        @Override
        void accumulateGradient(
                int first,
                int rows,
                int fromGroup,
                int toGroup,
                int classes,
                float[] g,
                int gAt,
                int ldg,
                float[] dw,
                int dwAt) {
            Patches.accumulateGradient(
                    first, rows, fromGroup, toGroup, starts, numbers, x, classes, g, gAt, ldg, dw, dwAt);
        }

        @Override
        void copyRow(int row, byte[] to, int at) {
            Arrays.fill(to, at, at + rowGroups * GROUP, (byte) 0);
            for (int e = starts[row / 2]; e < starts[row / 2 + 1]; e++) {
                System.arraycopy(x, (2 * e + row % 2) * GROUP, to, at + numbers[e] * GROUP, GROUP);
            }
        }

        @Override
        PixelLayout layout() {
            return PixelLayout.PATCHES;
        }
    }
}
