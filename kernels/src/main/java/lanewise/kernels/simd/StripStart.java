package lanewise.kernels.simd;

import java.lang.ref.WeakReference;
import java.util.Arrays;

/**
 * Where in its array a packed strip of B should begin, so that its vectors are lines of the cache. A tile that reads halves
 * of two lines takes a twentieth to a tenth longer at 512 bits, and a quarter at 256.
 *
 * <p>Java does not say at what address an array stands. It stands at a multiple of 8 bytes, so one of eight beginnings is
 * right, and the time that products take tells which: each is tried in turn, and the one of the fastest panel is kept until a
 * garbage collection may have moved the array. No bit depends on it.
 */
final class StripStart {
    /** Floats of a line, of which a strip may begin with any second one. */
    static final int LINE = 16;

    private static final int CHOICES = LINE / 2;
    private static final int TRIALS = 6 * CHOICES;

    /** Multiply-adds that take long enough to be timed, some 20 microseconds. */
    private static final long TIMED = 1 << 21;

    private static final ThreadLocal<StripStart> OF_THREAD = ThreadLocal.withInitial(StripStart::new);

    private final double[] fastest = new double[CHOICES];
    private float[] array;
    private WeakReference<Object> sinceCollection = new WeakReference<>(null);
    private int trials;
    private int best;
    private long began;

    private StripStart() {}

    /** That of the calling thread, for strips in this array. */
    static StripStart of(float[] strips) {
        StripStart start = OF_THREAD.get();
        if (start.array != strips || start.sinceCollection.get() == null) {
            start.array = strips;
            start.sinceCollection = new WeakReference<>(new Object());
            start.trials = 0;
            Arrays.fill(start.fastest, Double.POSITIVE_INFINITY);
        }
        return start;
    }

    /** A panel begins: how many floats to leave out before its first strip, less than a line. */
    int begin() {
        if (trials == TRIALS) {
            return 2 * best;
        }
        began = System.nanoTime();
        return 2 * choice();
    }

    /** A panel has been packed and gone through. */
    void end(long multiplyAdds) {
        if (trials == TRIALS || multiplyAdds < TIMED) {
            return;
        }
        int choice = choice();
        fastest[choice] = Math.min(fastest[choice], (System.nanoTime() - began) / (double) multiplyAdds);
        if (++trials == TRIALS) {
            best = 0;
            for (int i = 1; i < CHOICES; i++) {
                best = fastest[i] < fastest[best] ? i : best;
            }
        }
    }

    /** Turned by one in each round, so that no choice meets the same of two alternating products every time. */
    private int choice() {
        return (trials + trials / CHOICES) % CHOICES;
    }
}
