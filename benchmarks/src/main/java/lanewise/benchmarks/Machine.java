package lanewise.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lanewise.kernels.Diagnostics;

/** What a measurement depends on besides the code. */
public final class Machine {
    private Machine() {}

    /** One line: CPU, cores, vectors, JVM. */
    public static String describe() {
        return "%s, %d cores, %d-bit vectors, %s %s"
                .formatted(
                        cpuModel(),
                        Runtime.getRuntime().availableProcessors(),
                        Diagnostics.vectorBits(),
                        System.getProperty("java.vm.name"),
                        Runtime.version());
    }

    /**
     * What tells CPUs apart, also those that have the same name, as virtual machines do, or none, as those of ARM do.
     *
     * @return the name or else the architecture, and of family, model, implementer and part those that the system tells
     */
    public static String cpuModel() {
        try {
            return cpuModel(System.getProperty("os.arch"), Files.readAllLines(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            return cpuModel(System.getProperty("os.arch"), List.of());
        }
    }

    static String cpuModel(String architecture, List<String> cpuinfo) {
        StringBuilder model = new StringBuilder(fact(cpuinfo, "model name").orElse(architecture));
        for (String name : List.of("cpu family", "model", "CPU implementer", "CPU part")) {
            String word = name.substring(name.indexOf(' ') + 1);
            fact(cpuinfo, name)
                    .ifPresent(
                            value -> model.append(' ').append(word).append(' ').append(value));
        }
        return model.toString();
    }

    private static Optional<String> fact(List<String> cpuinfo, String name) {
        return cpuinfo.stream()
                .filter(line -> line.matches(name + "\\s*:.*"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
