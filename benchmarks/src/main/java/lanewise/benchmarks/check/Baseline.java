package lanewise.benchmarks.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Machine;
import lanewise.benchmarks.WholeFile;
import lanewise.benchmarks.race.Duel;
import lanewise.kernels.Diagnostics;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast the kernels were, in units of the ruler, on one model of CPU, at one width, on one JDK.
 *
 * @param cpu the model of the CPU
 * @param vectorBits the width of the vectors
 * @param jdk the feature version of the JDK
 * @param date when it was taken
 * @param reason why it was taken
 * @param works what each JVM measured, in ascending order, by piece of work
 */
record Baseline(String cpu, int vectorBits, int jdk, String date, String reason, Map<String, double[]> works) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** A baseline of this machine. */
    static Baseline of(String reason, Map<String, double[]> works) {
        return new Baseline(
                Machine.cpuModel(),
                Diagnostics.vectorBits(),
                Runtime.version().feature(),
                LocalDate.now().toString(),
                reason,
                new TreeMap<>(works));
    }

    /** Where the baselines are that belong to the project. */
    static Path committed() {
        return Checkout.root().resolve("benchmarks/baselines").resolve(fileName());
    }

    /** Where one is put on a machine that has none. */
    static Path recorded() {
        return Checkout.root().resolve("benchmarks/target/baselines").resolve(fileName());
    }

    private static String fileName() {
        String cpu = Machine.cpuModel().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return "%s-%d-jdk%d.json"
                .formatted(cpu, Diagnostics.vectorBits(), Runtime.version().feature());
    }

    /** The baseline of this machine, the committed one before the recorded one, or null. */
    static Baseline find() {
        for (Path file : List.of(committed(), recorded())) {
            if (Files.exists(file)) {
                return read(file);
            }
        }
        return null;
    }

    static Baseline read(Path file) {
        try {
            return MAPPER.readValue(file.toFile(), Baseline.class);
        } catch (JacksonException e) {
            throw new Failure(Failure.FAILED, file + " is no baseline: " + e.getOriginalMessage());
        }
    }

    /** Writes it, as a whole or not at all. */
    void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        WholeFile.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    /**
     * What a piece of work is held against: the median over the JVMs, or, where the same code is slower in some JVMs, what
     * it is in those. The slowest of all does not count: code that is slow by nature is so in more than one of ten.
     */
    double reference(String work) {
        double[] jvms = works.get(work);
        return Math.min(Duel.quantile(jvms, 0.5), 1.03 * jvms[1]);
    }

    /** Whether it knows a piece of work. */
    boolean knows(String work) {
        return works.containsKey(work);
    }
}
