package lanewise.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A fresh JVM, the same as this one, that runs a class of the benchmarks and prints lines. */
public final class Child {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private final List<String> classPath = new ArrayList<>();
    private final List<String> flags = new ArrayList<>(vectors());
    private final Map<String, String> environment = new TreeMap<>();
    private boolean quiet;
    private Duration limit = Duration.ofMinutes(30);

    /** The flags that give a JVM the vectors of this one. */
    static List<String> vectors() {
        List<String> flags = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
        String bits = System.getProperty("lanewise.vectorBits");
        if (bits != null) {
            flags.add("-Dlanewise.vectorBits=" + bits);
        }
        return flags;
    }

    /** A JVM with the class path of this one. */
    public Child() {
        classPath.add(System.getProperty("java.class.path"));
    }

    /**
     * Puts classes before those of this JVM.
     *
     * @param path a class path
     * @return this
     */
    public Child before(String path) {
        classPath.add(0, path);
        return this;
    }

    /**
     * Puts classes behind those of this JVM.
     *
     * @param path a class path
     * @return this
     */
    public Child behind(String path) {
        classPath.add(path);
        return this;
    }

    /**
     * Passes flags to the JVM.
     *
     * @param more such as {@code -Xmx4g}
     * @return this
     */
    public Child flags(List<String> more) {
        flags.addAll(more);
        return this;
    }

    /**
     * Sets environment variables.
     *
     * @param more their names and values
     * @return this
     */
    public Child environment(Map<String, String> more) {
        environment.putAll(more);
        return this;
    }

    /**
     * Says nothing of what it says on standard error but the reason, should it fail, and leaves no file behind, should it
     * crash.
     *
     * @return this
     */
    public Child quiet() {
        quiet = true;
        return flags(List.of("-XX:+ErrorFileToStderr", "-XX:-CreateCoredumpOnCrash"));
    }

    /** Gives it another time to end in than half an hour, several times what any takes. */
    Child limit(Duration time) {
        limit = time;
        return this;
    }

    /**
     * Runs a class to its end. Its notes, lines on standard error that begin with {@code note: }, are passed on, each once
     * however many JVMs have it.
     *
     * @param type its main class
     * @param arguments its arguments
     * @return the lines of its standard output
     * @throws Failure if it ends with another status than 0, with the exception that ended it, or hangs; what it said on
     *     standard error has been passed on
     */
    public List<String> run(Class<?> type, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), type.getName()));
        command.addAll(arguments);
        try {
            Path errors = Files.createTempFile("lanewise", ".err");
            try (Undo made = new Undo(() -> errors.toFile().delete())) {
                ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                // Nobody waits for a JVM, or a library in it, that hangs.
                AtomicBoolean overdue = new AtomicBoolean();
                CompletableFuture<Void> watch = CompletableFuture.runAsync(
                        () -> {
                            // First, since the process is dead before its end is through.
                            overdue.set(true);
                            end(process);
                        },
                        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
                int status;
                try (Undo end = Undo.of(process)) {
                    process.getOutputStream().close();
                    process.getInputStream().transferTo(out);
                    status = process.waitFor();
                }
                watch.cancel(false);
                List<String> said = Files.readAllLines(errors, StandardCharsets.ISO_8859_1);
                if (status != 0) {
                    if (!quiet) {
                        said.forEach(System.err::println);
                    }
                    String end = overdue.get()
                            ? "took longer than " + limit.toSeconds() + " s, and was ended"
                            : "ended with status " + status + reason(said);
                    throw new Failure(Failure.FAILED, type.getSimpleName() + " " + end);
                }
                said.stream()
                        .filter(line -> line.startsWith("note: ") && SAID.add(line))
                        .forEach(System.err::println);
                return out.toString(StandardCharsets.UTF_8).lines().toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "interrupted");
        }
    }

    /** Ends a process and what it has started. */
    private static void end(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * The exception that came first of those that ended it, which is the last that a stack trace tells, or the signal of a
     * crash, which its report tells first.
     */
    private static String reason(List<String> said) {
        return said.stream()
                .filter(line -> line.startsWith("Exception in thread ") || line.startsWith("Caused by: "))
                .reduce((first, second) -> second)
                .or(() -> said.stream().filter(line -> line.startsWith("#  ")).findFirst())
                .map(line -> ": " + line.replaceFirst("^Exception in thread \".*?\" |^Caused by: |^#  ", ""))
                .orElse("");
    }
}
