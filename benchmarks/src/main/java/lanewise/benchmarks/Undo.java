package lanewise.benchmarks;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Undoes something at the end of a block, and also where Ctrl-C or SIGTERM end the JVM before: no {@code finally} runs then.
 * What was done last is undone first.
 */
public final class Undo implements AutoCloseable {
    private static final Deque<Undo> OPEN = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Undo::close), "undo"));
    }

    private final Runnable action;
    private boolean done;

    /**
     * Something to undo.
     *
     * @param action undoes it
     */
    public Undo(Runnable action) {
        this.action = action;
        OPEN.push(this);
    }

    /** Ends a process, should it not have ended, and waits until it has. */
    static Undo of(Process process) {
        return new Undo(() -> process.destroyForcibly().onExit().join());
    }

    /** Undoes it, once: the end of the block may meet the end of the JVM. */
    @Override
    public synchronized void close() {
        if (!done) {
            done = true;
            OPEN.remove(this);
            action.run();
        }
    }
}
