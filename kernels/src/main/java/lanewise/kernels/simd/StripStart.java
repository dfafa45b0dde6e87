package lanewise.kernels.simd;

import java.lang.ref.WeakReference;
import java.util.Arrays;

/**
 * Where in its array a packed strip of B should begin, so that its vectors are lines of the cache. A tile that reads halves
 * of two lines takes a twentieth to a tenth longer at 512 bits, and a quarter at 256.
 *
 * <p>Java does not say at what address an array stands, but the time that products take tells which beginning is right: each
 * is tried in turn, and the one of the fastest panel is kept until a garbage collection may have moved the array. No bit
 * depends on it.
 */
final class StripStart {
    /** Floats of a line, of which a strip may begin with any. */
    static final int LINE = 16;

    private static final int TRIALS = 4 * LINE;

    /** Right for an array with a header of 16 bytes at the beginning of a line, as large ones under G1 are. */
    private static final int USUAL = 12;

    /** Multiply-adds that take long enough to be timed, some 20 microseconds. */
    private static final long TIMED = 1 << 21;

    private static final ThreadLocal<StripStart> OF_THREAD = ThreadLocal.withInitial(StripStart::new);

    private final double[] fastest = new double[LINE];
    private float[] array;
    private WeakReference<Object> sinceCollection = new WeakReference<>(null);
    private int trials;
    private int best;

    /** The fastest before this round of trials began. */
    private double record;

    // Of the panel under way: its multiply-adds, or 0 if it is not timed, and when it began.
    private long timed;
    private long began;

    private StripStart() {}

    /** That of the calling thread, for strips in this array. */
    static StripStart of(float[] strips) {
        StripStart start = OF_THREAD.get();
        if (start.array != strips || start.sinceCollection.get() == null) {
            start.array = strips;
            start.sinceCollection = new WeakReference<>(new Object());
            start.best = USUAL;
            start.record = Double.POSITIVE_INFINITY;
            start.restart();
        }
        return start;
    }

    /** A panel begins: how many floats to leave out before its first strip. */
    int begin(long multiplyAdds) {
        boolean decided = trials == TRIALS || multiplyAdds < TIMED;
        timed = decided ? 0 : multiplyAdds;
        began = decided ? 0 : System.nanoTime();
        return decided ? best : choice();
    }

    /** A panel has been packed and gone through. */
    void end() {
        if (timed == 0) {
            return;
        }
        int choice = choice();
        fastest[choice] = Math.min(fastest[choice], (System.nanoTime() - began) / (double) timed);
        if (++trials % LINE == 0) {
            for (int i = 0; i < LINE; i++) {
                best = fastest[i] < fastest[best] ? i : best;
            }
            // A round that is much faster than all before it was the first of compiled code.
            if (fastest[best] < 0.9 * record) {
                record = fastest[best];
                restart();
            }
        }
    }

    private void restart() {
        trials = 0;
        Arrays.fill(fastest, Double.POSITIVE_INFINITY);
    }

    /** Turned by one in each round, so that no choice meets the same of two alternating products every time. */
    private int choice() {
        return (trials + trials / LINE) % LINE;
    }
}
