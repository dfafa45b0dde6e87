package lanewise.kernels;

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

    /** About 20 microseconds of polling before a waiting thread starts to give way, and as long again until it parks. */
    private static final int SPINS = 1_000;

    private static final Workers SERIAL = new Workers(1);

    private final ReentrantLock turn = new ReentrantLock();
    private final Thread[] threads;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile int phase;
    private volatile Thread waiting;
    private volatile Throwable failure;
    private volatile boolean closed;
    private Task task;

    private Workers(int count) {
        threads = new Thread[count - 1];
        for (int i = 0; i < threads.length; i++) {
            int part = i + 1;
            threads[i] = new Thread(() -> work(part), "lanewise-worker-" + part);
            threads[i].setDaemon(true);
            threads[i].start();
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
     * @param n how many things there are
     * @param part which part, from 0 to parts
     * @param parts how many parts there are
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
        return threads.length + 1;
    }

    /**
     * Runs every part of a task and returns when all are done; what they wrote is then visible to the caller. Allocates
     * nothing.
     *
     * @param next the work
     * @throws IllegalStateException if the pool is closed
     */
    public void run(Task next) {
        int parts = count();
        if (parts == 1 || turn.isHeldByCurrentThread() || isWorker()) {
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
            failure = null;
            unfinished.set(parts - 1);
            waiting = Thread.currentThread();
            phase++;
            for (Thread thread : threads) {
                LockSupport.unpark(thread);
            }
            attempt(next, 0, parts);
            for (int spins = 0; unfinished.get() != 0; spins++) {
                pause(spins);
            }
            waiting = null;
            task = null;
            if (failure != null) {
                throw rethrown(failure);
            }
        } finally {
            turn.unlock();
        }
    }

    /** Ends the threads, after the task that they are at. Closing twice, or closing {@link #serial()}, does nothing. */
    @Override
    public void close() {
        turn.lock();
        try {
            if (this == SERIAL || closed) {
                return;
            }
            closed = true;
            phase++;
            for (Thread thread : threads) {
                LockSupport.unpark(thread);
            }
        } finally {
            turn.unlock();
        }
    }

    private void work(int part) {
        for (int seen = 0; ; seen++) {
            for (int spins = 0; phase == seen; spins++) {
                pause(spins);
            }
            if (closed) {
                return;
            }
            attempt(task, part, count());
            if (unfinished.decrementAndGet() == 0) {
                LockSupport.unpark(waiting);
            }
        }
    }

    private void attempt(Task next, int part, int parts) {
        try {
            next.run(part, parts);
        } catch (Throwable t) {
            failure = t;
        }
    }

    private static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else if (spins < 2 * SPINS) {
            Thread.yield();
        } else {
            LockSupport.park();
        }
    }

    private boolean isWorker() {
        Thread self = Thread.currentThread();
        for (Thread thread : threads) {
            if (thread == self) {
                return true;
            }
        }
        return false;
    }

    private static RuntimeException rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }
}
