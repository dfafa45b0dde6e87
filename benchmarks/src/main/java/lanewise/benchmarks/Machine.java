package lanewise.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lanewise.kernels.Diagnostics;

/** What a measurement depends on besides the code. */
public final class Machine {
    private Machine() {}

    /** One line: CPU, cores, vectors, JVM. */
    public static String describe() {
        return "%s, %d cores, %d-bit vectors, %s %s"
                .formatted(
                        cpu(),
                        Runtime.getRuntime().availableProcessors(),
                        Diagnostics.vectorBits(),
                        System.getProperty("java.vm.name"),
                        Runtime.version());
    }

    /** The model name of the CPU where the system tells it, its architecture elsewhere. */
    public static String cpu() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
