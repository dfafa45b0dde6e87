package lanewise.kernels;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A few long-lived threads that share one piece of work after another: {@link #run} hands the same task to every worker,
 * the calling thread among them, and returns when all have done their part.
 *
 * <p>A step of SGD takes tens of microseconds, too short for a pool with a queue. So a worker that has finished spins a
 * little for the next task, and parks when none comes: handing over costs about a microsecond while steps follow each
 * other, and an idle pool costs nothing. Waiting never needs a free core: whoever waits gives way to whoever works.
 *
 * <p>Any thread may call {@link #run}; calls from several threads take turns, and a call from inside a task does all of
 * its parts on the spot. The threads are daemons, and {@link #close} ends them.
 */
public final class Workers implements AutoCloseable {
    /** A piece of work that knows how to do one of its parts. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does one part of the work.
         *
         * @param part which part, from 0
         * @param parts how many parts there are
         */
        void run(int part, int parts);
    }

    /** Some 20 microseconds of polling before a waiting thread starts to give way: longer than a turn-around. */
    private static final int SPINS = 1_000;

    /** Some 200 microseconds of giving way, which cost nothing where no one else wants the core, before it parks. */
    private static final int YIELDS = 1_000;

    private static final Workers SERIAL = new Workers(1);

    private final Worker[] workers;
    private final ReentrantLock turn = new ReentrantLock();

    // What a turn hands over. The first three are written before phase, or before unfinished falls, and read after.
    private Task task;
    private final Throwable[] failures;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile int phase;

    private volatile Thread parkedCaller;
    private volatile boolean closed;

    private Workers(int count) {
        workers = new Worker[count - 1];
        failures = new Throwable[count];
        try {
            for (int i = 0; i < workers.length; i++) {
                workers[i] = new Worker(i + 1);
                workers[i].start();
            }
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    /**
     * The calling thread alone: runs every task in one part.
     *
     * @return a shared pool without threads, which need not be closed
     */
    public static Workers serial() {
        return SERIAL;
    }

    /**
     * Starts a pool.
     *
     * @param count how many parts a task is done in: the calling thread and {@code count - 1} new ones
     * @return the pool, to be closed when its work is over
     * @throws IllegalArgumentException if count is less than 1
     */
    public static Workers of(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count is less than 1: " + count);
        }
        return count == 1 ? SERIAL : new Workers(count);
    }

    /**
     * Where a part begins when n things are shared out evenly: part {@code p} owns {@code start(n, p, parts)} up to
     * {@code start(n, p + 1, parts)}.
     *
     * @param n how many things
     * @param part which part
     * @param parts how many parts
     * @return the first index of the part
     */
    public static int start(int n, int part, int parts) {
        return (int) ((long) n * part / parts);
    }

    /**
     * How many parts a task is done in.
     *
     * @return the number of workers, the calling thread included
     */
    public int count() {
        return workers.length + 1;
    }

    /**
     * Runs every part of a task and returns when all are done; what they wrote is then visible to the caller. Allocates
     * nothing.
     *
     * <p>Where a part throws, the others are done all the same, and then the exception of the lowest part that threw is
     * thrown here, those of higher parts suppressed in it.
     *
     * @param next the work
     * @throws IllegalStateException if the pool is closed
     */
    public void run(Task next) {
        Objects.requireNonNull(next, "task");
        int parts = count();
        if (parts == 1 || isInsideTask()) {
            for (int part = 0; part < parts; part++) {
                next.run(part, parts);
            }
            return;
        }
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the workers are closed");
            }
            task = next;
            unfinished.set(parts - 1);
            startPhase();
            attempt(0);
            awaitOthers();
            task = null;
            throwFailure();
        } finally {
            turn.unlock();
        }
    }

    /**
     * Ends the threads, after the task that they are at. Closing twice, or closing {@link #serial()}, does nothing.
     *
     * @throws IllegalStateException if called from inside a task of these workers
     */
    @Override
    public void close() {
        if (isInsideTask()) {
            throw new IllegalStateException("a task cannot close the workers that run it");
        }
        turn.lock();
        try {
            if (!closed && this != SERIAL) {
                closed = true;
                startPhase();
            }
        } finally {
            turn.unlock();
        }
    }

    private boolean isInsideTask() {
        return turn.isHeldByCurrentThread() || Thread.currentThread() instanceof Worker worker && worker.pool() == this;
    }

    /**
     * Sends every worker off. A worker that is about to park sets its flag and then looks at the phase; here the phase
     * is set first and the flags looked at afterwards. Both are volatile, so at least one of the two sees the other.
     */
    private void startPhase() {
        phase++;
        for (Worker worker : workers) {
            if (worker != null && worker.parked) {
                LockSupport.unpark(worker);
            }
        }
    }

    private void attempt(int part) {
        try {
            task.run(part, count());
        } catch (Throwable t) {
            failures[part] = t;
        }
    }

    /** The counterpart of {@link #startPhase}: flag, then condition, then park. An interrupt is kept for the caller. */
    private void awaitOthers() {
        boolean interrupted = false;
        for (int spins = 0; unfinished.get() != 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else if (spins < SPINS + YIELDS) {
                Thread.yield();
            } else {
                parkedCaller = Thread.currentThread();
                if (unfinished.get() != 0) {
                    LockSupport.park(this);
                }
                parkedCaller = null;
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() {
        Throwable first = null;
        for (int part = 0; part < failures.length; part++) {
            Throwable failure = failures[part];
            failures[part] = null;
            if (first == null) {
                first = failure;
            } else if (failure != null && failure != first) {
                first.addSuppressed(failure);
            }
        }
        if (first != null) {
            Workers.<RuntimeException>throwAsIs(first);
        }
    }

    /** A task of a language without checked exceptions may throw one; it passes as it is. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAsIs(Throwable failure) throws T {
        throw (T) failure;
    }

    private final class Worker extends Thread {
        private final int part;
        private volatile boolean parked;

        private Worker(int part) {
            super("lanewise-worker-" + part);
            this.part = part;
            setDaemon(true);
        }

        private Workers pool() {
            return Workers.this;
        }

        @Override
        public void run() {
            for (int seen = 0; ; seen++) {
                awaitPhaseAfter(seen);
                if (closed) {
                    return;
                }
                attempt(part);
                if (unfinished.decrementAndGet() == 0) {
                    LockSupport.unpark(parkedCaller);
                }
            }
        }

        private void awaitPhaseAfter(int seen) {
            for (int spins = 0; phase == seen; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else if (spins < SPINS + YIELDS) {
                    Thread.yield();
                } else {
                    parked = true;
                    if (phase == seen) {
                        LockSupport.park(Workers.this);
                    }
                    parked = false;
                    // No one waits for an interrupt that a task left behind, and parking again needs it gone.
                    Thread.interrupted();
                }
            }
        }
    }
}
