package lanewise.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs Maven, git and other tools of a developer. */
public final class Tools {
    private Tools() {}

    /**
     * Runs Maven to its end: the one that this runs in, or else the one on the path.
     *
     * @param folder where
     * @param arguments its arguments
     * @throws Failure if it fails
     */
    public static void maven(Path folder, String... arguments) {
        List<String> command = new ArrayList<>();
        String home = System.getProperty("maven.home");
        Path script = home == null ? Path.of("mvn") : Path.of(home, "bin", "mvn");
        command.add(home == null || !Files.isExecutable(script) ? "mvn" : script.toString());
        command.addAll(List.of("-B", "-ntp"));
        String repository = System.getProperty("maven.repo.local");
        if (repository != null) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        command.addAll(List.of(arguments));
        run(folder, command.toArray(String[]::new));
    }

    /**
     * Runs a command to its end; what it says goes to standard error.
     *
     * @param folder where
     * @param command the command and its arguments
     * @throws Failure if it fails or is not there
     */
    public static void run(Path folder, String... command) {
        String name = Path.of(command[0]).getFileName().toString();
        try {
            Process process = in(folder, command).redirectErrorStream(true).start();
            try (Undo end = Undo.of(process)) {
                process.getOutputStream().close();
                process.getInputStream().transferTo(System.err);
                int status = process.waitFor();
                if (status != 0) {
                    throw new Failure(Failure.FAILED, name + " ended with status " + status);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "interrupted");
        }
    }

    /** What a command says on standard output, or nothing if it fails or is not there. */
    static String ask(Path folder, String... command) {
        try {
            Process process = in(folder, command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Undo end = Undo.of(process)) {
                process.getOutputStream().close();
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return process.waitFor() == 0 ? said : "";
            }
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "interrupted");
        }
    }

    /** Within a hook, git's variables name the repository of that hook, wherever the command runs. */
    private static ProcessBuilder in(Path folder, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        return builder;
    }
}
