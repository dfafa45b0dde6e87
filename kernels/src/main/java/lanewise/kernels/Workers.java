package lanewise.kernels;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A few long-lived threads that share one piece of work after another: {@link #run} hands the same task to every worker,
 * the calling thread among them, and returns when all have done their part.
 *
 * <p>A step of SGD takes tens of microseconds, too short for a pool with a queue. So a worker that has finished polls a
 * little for the next task, and parks when none comes: handing over costs less than a microsecond while steps follow
 * each other, and an idle pool costs nothing. Where others want the cores, no thread polls for long, and the caller does the
 * parts that no worker has begun: a task takes hardly longer than on one thread, however late the others come.
 *
 * <p>Any thread may call {@link #run}; calls from several threads take turns, and a call from inside a task does all of
 * its parts on the spot. Tasks of two pools that call into each other may wait for each other for ever: a task of one pool
 * may run tasks of a second only if no task of the second runs any of the first. The threads are daemons, and {@link #close}
 * ends them.
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

    private static final Workers SERIAL = new Workers(1);

    private final Worker[] workers;
    private final Thread[] threads;

    /** Held for a turn. A monitor, since a thread whose stack ends while it takes or leaves a lock may keep that for ever. */
    private final Object turn = new Object();

    /** Whose turn it is. A thread looks for itself alone, and sees what it wrote. */
    private Thread inTurn;

    // What a turn hands over: the task before phase rises, the failures before unfinished falls.
    private Task task;
    private final Throwable[] failures;
    private volatile int phase;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile boolean closed;

    private final Waiter caller;

    private Workers(int count) {
        boolean polls = count <= Runtime.getRuntime().availableProcessors();
        failures = new Throwable[count];
        caller = new Waiter(polls) {
            @Override
            boolean ready() {
                return unfinished.get() == 0;
            }
        };
        workers = new Worker[count - 1];
        threads = new Thread[count - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1, polls);
            threads[i] = new Thread(workers[i], "lanewise-worker-" + (i + 1));
            threads[i].setDaemon(true);
        }
        try {
            for (Thread thread : threads) {
                thread.start();
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
     * Starts a pool. A pool of one is {@link #serial()}, which is shared and never closed.
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
     * {@code start(n, p + 1, parts)}. It is asked by every part of every task, so nothing is checked.
     *
     * @param n how many things, at least 0
     * @param part which part, 0 to parts
     * @param parts how many parts, at least 1
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
     * Runs every part of a task and returns when all are done; what they wrote is then visible to the caller. Parts may run
     * at the same time or one after the other, so none may wait for another to begin. Allocates nothing.
     *
     * <p>Where a part throws, the others are done all the same, and then the exception of the lowest part that threw is
     * thrown here, those of higher parts suppressed in it. An interrupt ends nothing: the caller is still interrupted
     * afterwards. Where the stack of the caller ends outside its parts, a part may still run when that is thrown, and the
     * pool is closed to further tasks.
     *
     * @param next the work
     * @throws NullPointerException if there is none
     * @throws IllegalStateException if the pool is closed
     */
    public void run(Task next) {
        Objects.requireNonNull(next, "task");
        int parts = count();
        if (parts == 1 || isInsideTask()) {
            runHere(next, parts);
            return;
        }
        synchronized (turn) {
            requireOpen();
            inTurn = Thread.currentThread();
            try {
                task = next;
                unfinished.set(parts - 1);
                startPhase();
                attempt(0);
                for (Worker worker : workers) {
                    if (worker.claim(phase)) {
                        attempt(worker.part);
                        unfinished.decrementAndGet();
                    }
                }
                if (caller.await()) {
                    Thread.currentThread().interrupt();
                }
                throwFailure();
            } finally {
                // What stands here calls nothing: the stack may have ended in one of the calls above.
                if (task != null) {
                    closed = true;
                }
                inTurn = null;
            }
        }
    }

    /** For a facade to ask before it writes: a kernel that shares nothing comes to no {@link #run}. */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the workers are closed");
        }
    }

    private static void runHere(Task task, int parts) {
        Throwable first = null;
        for (int part = 0; part < parts; part++) {
            try {
                task.run(part, parts);
            } catch (Throwable t) {
                first = firstOf(first, t);
            }
        }
        throwAny(first);
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
        synchronized (turn) {
            if (this != SERIAL) {
                closed = true;
                startPhase();
            }
        }
    }

    private boolean isInsideTask() {
        Thread self = Thread.currentThread();
        if (inTurn == self) {
            return true;
        }
        for (Thread thread : threads) {
            if (thread == self) {
                return true;
            }
        }
        return false;
    }

    private void startPhase() {
        phase++;
        for (Worker worker : workers) {
            worker.wake();
        }
    }

    private void attempt(int part) {
        try {
            task.run(part, count());
        } catch (Throwable t) {
            failures[part] = t;
        }
    }

    /** Throws what the parts threw, and ends the turn. */
    private void throwFailure() {
        Throwable first = null;
        try {
            for (Throwable failure : failures) {
                first = firstOf(first, failure);
            }
        } finally {
            // To suppress one takes memory; where there is none, the rest must not be thrown by the next turn.
            for (int part = 0; part < failures.length; part++) {
                failures[part] = null;
            }
            task = null;
        }
        throwAny(first);
    }

    /** The first of two failures, with the second suppressed in it; either may be null. */
    private static Throwable firstOf(Throwable first, Throwable second) {
        if (first == null) {
            return second;
        }
        if (second != null && second != first) {
            first.addSuppressed(second);
        }
        return first;
    }

    private static void throwAny(Throwable failure) {
        if (failure != null) {
            Workers.<RuntimeException>throwAsIs(failure);
        }
    }

    /** A task of a language without checked exceptions may throw one; it passes as it is. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAsIs(Throwable failure) throws T {
        throw (T) failure;
    }

    private final class Worker extends Waiter implements Runnable {
        private final int part;
        private int seen;

        /** The last phase whose part has been begun, by this worker or by the caller: one of them gets it. */
        private final AtomicInteger claimed = new AtomicInteger();

        Worker(int part, boolean polls) {
            super(polls);
            this.part = part;
        }

        @Override
        boolean ready() {
            return phase != seen;
        }

        /** Whether the part of a phase is still to be had. The phase lasts, and with it the task, until it is done. */
        boolean claim(int wanted) {
            return claimed.compareAndSet(wanted - 1, wanted);
        }

        @Override
        public void run() {
            while (true) {
                await();
                // An interrupt that a task leaves behind is no one's.
                Thread.interrupted();
                // There may have been several, of which the caller did the part.
                seen = phase;
                if (closed) {
                    return;
                }
                if (claim(seen)) {
                    attempt(part);
                    if (unfinished.decrementAndGet() == 0) {
                        caller.wake();
                    }
                }
            }
        }
    }

    /**
     * The waiting of one thread for a condition: it polls for as long as it usually takes, then parks.
     *
     * <p>Polling is for a core that no one else wants. With more threads than cores no thread polls. And a thread that
     * finds itself preempted while it polls parks at once, and does not poll the next times: the scheduler soon runs
     * one that slept when it is woken, but not one that has used up its share in polling. On two cores that ten other
     * threads wanted, a hand-over took 15 microseconds this way, and 80 with polling alone. The rest doubles as long as one
     * preemption follows another, and shrinks when polling succeeds: a single one, as every virtual machine has them,
     * costs next to nothing.
     */
    private abstract static class Waiter {
        /** Nanoseconds of polling: more than lies between the tasks of one training step. */
        private static final long POLLING = 100_000;

        /** A round of polling takes a microsecond; where it took this many nanoseconds, another thread had the core. */
        private static final long PREEMPTION = 20_000;

        private static final int ROUND = 32;

        /** How often not to poll after a preemption, at least and at most. */
        private static final int SHORTEST_REST = 4;

        private static final int LONGEST_REST = 1_024;

        private final boolean polls;
        private int nextRest = SHORTEST_REST;
        private int rest;
        private volatile Thread parked;

        Waiter(boolean polls) {
            this.polls = polls;
        }

        /** What this thread waits for. It must be made true before {@link #wake} is called. */
        abstract boolean ready();

        /**
         * Returns when the condition is true, and whether the thread has been interrupted, which does not end the wait.
         *
         * <p>No wake-up is lost: here the flag is set and then the condition read, there the condition set and then the
         * flag read. All are volatile, so at least one side sees the other.
         */
        final boolean await() {
            boolean interrupted = false;
            if (!poll()) {
                parked = Thread.currentThread();
                while (!ready()) {
                    LockSupport.park(this);
                    // Else the next park would return at once.
                    interrupted |= Thread.interrupted();
                }
                parked = null;
            }
            return interrupted;
        }

        final void wake() {
            Thread thread = parked;
            if (thread != null) {
                LockSupport.unpark(thread);
            }
        }

        private boolean poll() {
            if (!polls) {
                return false;
            }
            if (rest > 0) {
                rest--;
                return false;
            }
            long start = System.nanoTime();
            long last = start;
            while (last - start < POLLING) {
                for (int i = 0; i < ROUND; i++) {
                    if (ready()) {
                        nextRest = Math.max(SHORTEST_REST, nextRest - 1);
                        return true;
                    }
                    Thread.onSpinWait();
                }
                long now = System.nanoTime();
                if (now - last > PREEMPTION) {
                    rest = nextRest;
                    nextRest = Math.min(LONGEST_REST, 2 * nextRest);
                    return false;
                }
                last = now;
            }
            return false;
        }
    }
}
