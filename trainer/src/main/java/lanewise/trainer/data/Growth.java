package lanewise.trainer.data;

import java.nio.file.Path;
import lanewise.trainer.data.source.Unpacked;
import lanewise.trainer.io.Heap;

/**
 * Sizes of arrays that are filled while a file is read: what has been read of it tells how much will come, so that an array
 * grows once or twice instead of doubling again and again, and a file that will not fit the heap is refused early.
 */
final class Growth {
    private static final int FIRST = 1 << 20;

    /** A small heap has many times as many bytes as the first array has items. */
    private static final int SHARE_OF_HEAP = 128;

    private Growth() {}

    /** A size to begin with: no more than a file of this size can fill, if an item takes two bytes of it. */
    static int first(Unpacked content) {
        long most = Math.min(FIRST, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
        return (int) Math.min(most, content.largestContent() / 2 + 16);
    }

    /**
     * The next size of an array that is full.
     *
     * @param needed how many items it must hold at least
     * @param content what is being read
     * @param bytes what an item takes, in this array and in those that grow with it
     * @throws lanewise.trainer.LanewiseException if it would not fit (71)
     */
    static int next(long needed, Unpacked content, int bytes, Path file) {
        double foretold = needed / Math.max(content.fractionRead(), 1e-6);
        long size = Math.max(needed + needed / 8, (long) (1.05 * foretold));
        if (!Heap.fits(bytes * 2 * size, size)) {
            size = needed + needed / 8;
        }
        if (!Heap.fits(bytes * (size + needed), size)) {
            long most = Math.max(size, (long) (1.05 * foretold));
            throw Heap.shortage(bytes * 2 * most, size, file);
        }
        return (int) size;
    }
}
