package lanewise.kernels;

import java.util.stream.LongStream;
import lanewise.kernels.backend.Kernels;

/** Measures how many floating-point operations a second the units of some cores can do at most. */
final class FmaCeiling {
    /** Long against the hand-over to the threads, short against the time slice of a busy machine. */
    private static final long ROUND = 3_000_000;

    /** Calls in a round: short ones at first, and soon so many of them that the JIT compiles the method as a whole. */
    private static final int CALLS = 100;

    /** How long to go on without a better round: longer than the compiler needs at the start. */
    private static final long PATIENCE = 1_000_000_000;

    /** And for how many rounds at least: where others want the cores, both the first rounds and the compiler take long. */
    private static final int FEWEST = 50;

    private FmaCeiling() {}

    /** The best round, in operations per nanosecond, which is 10^9 a second. */
    static double measure(Kernels.Ceiling loop, int threads) {
        try (Workers workers = Workers.of(threads)) {
            double best = 0;
            int steps = 16;
            long deadline = System.nanoTime() + PATIENCE;
            for (int left = FEWEST; left > 0 || System.nanoTime() < deadline; left--) {
                long start = System.nanoTime();
                double operations = round(loop, workers, steps);
                long end = System.nanoTime();
                double rate = operations / (end - start);
                if (rate > 1.02 * best) {
                    deadline = end + PATIENCE;
                    left = FEWEST;
                }
                best = Math.max(best, rate);
                if (end - start < ROUND) {
                    steps *= 2;
                }
            }
            return best;
        }
    }

    /** Has every worker call the loop so often, and returns how many operations they have done together. */
    static long round(Kernels.Ceiling loop, Workers workers, int steps) {
        long[] operations = new long[workers.count()];
        workers.run((part, parts) -> {
            for (int call = 0; call < CALLS; call++) {
                operations[part] += loop.run(steps);
            }
        });
        return LongStream.of(operations).sum();
    }
}
