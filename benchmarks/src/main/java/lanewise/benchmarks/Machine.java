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

    /**
     * The name of the CPU.
     *
     * @return its model name where the system tells it, its architecture elsewhere
     */
    public static String cpu() {
        return fact("model name", System.getProperty("os.arch"));
    }

    /**
     * What tells CPUs apart that have the same name, as virtual machines do.
     *
     * @return the name, the family and the model
     */
    public static String cpuModel() {
        return cpu() + " family " + fact("cpu family", "-") + " model " + fact("model", "-");
    }

    private static String fact(String name, String otherwise) {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.matches(name + "\\s*:.*"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }
}
