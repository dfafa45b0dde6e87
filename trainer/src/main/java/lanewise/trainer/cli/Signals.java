package lanewise.trainer.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lanewise.trainer.ExitCode;
import lanewise.trainer.train.Training;
import lanewise.trainer.train.TrainingListener;

/**
 * Ends a training in order when the process is told to end: the step that is under way is finished, and what keeps the
 * training can save it. A second signal ends the process at once, and so does a first one that is not obeyed in time, as when
 * an evaluation takes long; files are written so that this harms none.
 *
 * <p>A shutdown hook would not do: the JVM ignores a second signal until the hooks are done. {@code sun.misc.Signal} is in
 * the module {@code jdk.unsupported} of every JDK; the compiler warns of its name, so it is looked up. Where it is missing,
 * a signal ends the process as ever.
 */
final class Signals implements TrainingListener, AutoCloseable {
    /** How long the end may take; whoever sends a signal waits five seconds. */
    private static final long PATIENCE_MILLIS = 4_500;

    private static final Map<String, ExitCode> CODES = Map.of("INT", ExitCode.INTERRUPTED, "TERM", ExitCode.TERMINATED);

    private final long patienceMillis;
    private final List<Runnable> undo = new ArrayList<>();
    private Training training;
    private ExitCode received;
    private Thread watchdog;

    private Signals(long patienceMillis) {
        this.patienceMillis = patienceMillis;
    }

    /** Signals end the training in order from here on. */
    static Signals handled() {
        return handled(PATIENCE_MILLIS);
    }

    /** Signals end the training in order from here on, or the process if the end takes longer than this. */
    static Signals handled(long patienceMillis) {
        Signals signals = new Signals(patienceMillis);
        CODES.forEach(signals::handle);
        return signals;
    }

    /** Signals are left to the JVM, which ends at once: there is nothing to save. */
    static Signals ofTheJvm() {
        return new Signals(PATIENCE_MILLIS);
    }

    /** How the command ends, if a signal has come. */
    synchronized Optional<ExitCode> received() {
        return Optional.ofNullable(received);
    }

    @Override
    public synchronized void onStart(Training started) {
        training = started;
        if (received != null) {
            training.stop();
        }
    }

    /** Leaves signals to the JVM again. */
    @Override
    public synchronized void close() {
        undo.forEach(Runnable::run);
        if (watchdog != null) {
            watchdog.interrupt();
        }
    }

    private synchronized void receive(ExitCode code) {
        if (received != null) {
            Runtime.getRuntime().halt(received.status());
        }
        received = code;
        if (training != null) {
            training.stop();
        }
        watchdog = new Thread(() -> haltLater(code), "lanewise-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    private void haltLater(ExitCode code) {
        try {
            Thread.sleep(patienceMillis);
            Runtime.getRuntime().halt(code.status());
        } catch (InterruptedException e) {
            // The training has ended in time.
        }
    }

    private void handle(String name, ExitCode code) {
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        receive(code);
                        return null;
                    });
            Object before = handle.invoke(null, signal, handler);
            undo.add(() -> restore(handle, signal, before));
        } catch (ReflectiveOperationException e) {
            // There is no such class, or the JVM keeps the signal to itself.
        }
    }

    private static void restore(Method handle, Object signal, Object before) {
        try {
            handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
