package lanewise.benchmarks.race;

import lanewise.kernels.Workers;
import lanewise.kernels.backend.Backend;
import lanewise.kernels.backend.Kernels;

/** What the machine can do at most, as contenders that kernels are raced against. */
public final class Ceilings {
    /** A call takes 3.5 to 13 microseconds. */
    private static final int STEPS = 2000;

    /** So many calls in a run that the hand-over to the threads, about a microsecond, is lost in it. */
    private static final int CALLS = 50;

    private Ceilings() {}

    /**
     * Races a contender against the limit that applies to its work.
     *
     * @param work what to do
     * @param contender does it
     * @param seconds for how long
     * @return the time that the limit takes for the same amount, and the share of the limit
     */
    public static Measurement race(Work work, Contender contender, double seconds) {
        try (Limit limit = of(work)) {
            Duel.Outcome outcome = Duel.race(contender, limit, seconds);
            double scale = (work.limitedByMemory() ? work.bytes() : work.flops()) / limit.amount();
            return new Measurement(work, outcome.a(), outcome.b() * scale, outcome.ratio() * scale, outcome.spread());
        }
    }

    /** FMAs in registers on as many threads, or for what memory limits a pass over arrays of the same size. */
    private static Limit of(Work work) {
        return work.limitedByMemory()
                ? new Stream((int) work.shape().volume(), work.threads())
                : new Fma(work.threads());
    }

    /** A contender that does a known amount a run. */
    interface Limit extends Contender {
        /** What one run amounts to, in floating-point operations or bytes. */
        double amount();

        @Override
        default float[] result() {
            return new float[0];
        }
    }

    /** Fused multiply-adds in registers and nothing else, on every thread. */
    static final class Fma implements Limit {
        private final Kernels.Ceiling ceiling;
        private final int threads;
        private final Workers workers;
        private final Workers.Task task = this::calls;

        Fma(int threads) {
            this(Backend.active().ceiling(), threads);
        }

        Fma(Kernels.Ceiling ceiling, int threads) {
            this.ceiling = ceiling;
            this.threads = threads;
            workers = Workers.of(threads);
        }

        private void calls(int part, int parts) {
            for (int call = 0; call < CALLS; call++) {
                ceiling.run(STEPS);
            }
        }

        @Override
        public double amount() {
            return (double) ceiling.run(1) * STEPS * CALLS * threads;
        }

        @Override
        public void run() {
            workers.run(task);
        }

        @Override
        public void close() {
            workers.close();
        }
    }

    /** y = 0.5 x: reads an array and writes another, which is the least that exp and softmax do. */
    public static final class Stream implements Limit {
        private final float[] x;
        private final float[] y;
        private final Workers workers;
        private final Workers.Task task = this::scale;

        /**
         * A limit of some cores.
         *
         * @param n elements of each array
         * @param threads how many threads share them
         */
        public Stream(int n, int threads) {
            x = new float[n];
            y = new float[n];
            workers = Workers.of(threads);
        }

        @Override
        public double amount() {
            return 8.0 * x.length;
        }

        @Override
        public void run() {
            workers.run(task);
        }

        private void scale(int part, int parts) {
            int end = Workers.start(x.length, part + 1, parts);
            for (int i = Workers.start(x.length, part, parts); i < end; i++) {
                y[i] = 0.5f * x[i];
            }
        }

        @Override
        public void close() {
            workers.close();
        }
    }
}
