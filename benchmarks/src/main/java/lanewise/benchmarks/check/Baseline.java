package lanewise.benchmarks.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Machine;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Work;
import lanewise.kernels.Diagnostics;
import lanewise.trainer.io.AtomicFile;
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

    /** Where this machine records what is not in the committed one. */
    static Path recorded() {
        return Checkout.root().resolve("benchmarks/target/baselines").resolve(fileName());
    }

    private static String fileName() {
        String cpu = Machine.cpuModel().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return "%s-%d-jdk%d.json"
                .formatted(cpu, Diagnostics.vectorBits(), Runtime.version().feature());
    }

    /** The baseline of this machine, or null: the committed one, and for what it does not know the recorded one. */
    static Baseline find() {
        return find(committed(), recorded());
    }

    static Baseline find(Path committed, Path recorded) {
        if (!Files.exists(committed)) {
            return Files.exists(recorded) ? read(recorded) : null;
        }
        Baseline baseline = read(committed);
        return Files.exists(recorded) ? baseline.and(read(recorded)) : baseline;
    }

    /** With the works that only the other one knows, which its reason names. */
    private Baseline and(Baseline other) {
        Map<String, double[]> more = new TreeMap<>(other.works);
        more.keySet().removeAll(works.keySet());
        if (more.isEmpty()) {
            return this;
        }
        String both = "%s; of %s, %s: %s".formatted(reason, other.date, other.reason, String.join(", ", more.keySet()));
        more.putAll(works);
        return new Baseline(cpu, vectorBits, jdk, date, both, more);
    }

    /** Records works that no baseline of this machine knows. */
    static void record(Path file, Map<String, double[]> works) {
        Map<String, double[]> all = new TreeMap<>(works);
        if (Files.exists(file)) {
            all.putAll(read(file).works);
        }
        of("the first checks on this machine", all).write(file);
    }

    static Baseline read(Path file) {
        try {
            return MAPPER.readValue(file.toFile(), Baseline.class);
        } catch (JacksonException e) {
            throw new Failure(Failure.FAILED, file + " is no baseline: " + e.getOriginalMessage());
        }
    }

    /** Finds out whether one can be written, before minutes are spent on what goes into it. */
    static void checkWritable(Path file) {
        createFolder(file);
        AtomicFile.checkWritable(file);
    }

    private static void createFolder(Path file) {
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it, as a whole or not at all. */
    void write(Path file) {
        createFolder(file);
        String json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        AtomicFile.write(file, out -> out.write(json.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * What a piece of work is held against: the median over the JVMs, or, where the same code is slower in some JVMs, what
     * it is in those. The slowest of all does not count: code that is slow by nature is so in more than one of ten.
     */
    double reference(Work work) {
        double[] jvms = works.get(work.toString());
        return Math.min(Duel.quantile(jvms, 0.5), 1.03 * jvms[1]);
    }

    /** Whether it knows all that is held against it. */
    boolean knowsAll() {
        return Suite.works(Suite.TIMED).stream().allMatch(this::knows);
    }

    /** Whether it knows a piece of work. */
    boolean knows(Work work) {
        return works.containsKey(work.toString());
    }
}
