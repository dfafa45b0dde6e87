package lanewise.benchmarks.ladder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.Machine;
import lanewise.benchmarks.race.Duel;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Work;
import lanewise.trainer.io.AtomicFile;

/** The page of a ladder in {@code docs}, with the table that is written by measuring. */
final class Page {
    private static final String BEGIN = "<!-- table -->";
    private static final String END = "<!-- end of table -->";
    private static final String SOURCES = "../benchmarks/src/main/java/lanewise/benchmarks/ladder/";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH);
    private static final Pattern ROW =
            Pattern.compile("\\| \\[(\\w+)\\]\\(" + Pattern.quote(SOURCES) + "\\1\\.java\\).*");

    private final Ladder ladder;
    private final Path file;

    Page(Ladder ladder) {
        this(ladder, Checkout.root().resolve("docs").resolve(ladder + ".md"));
    }

    Page(Ladder ladder, Path file) {
        this.ladder = ladder;
        this.file = file;
    }

    /** The lines between the markers: when and where it was measured, the ceilings, and a row for each step. */
    List<String> table(Map<Step, List<Measurement>> measured) {
        List<String> lines = new ArrayList<>();
        lines.add("Measured by `ladder " + ladder + " --write` on "
                + LocalDate.now().format(DATE) + ", on one thread of: " + Machine.describe() + ".");
        StringBuilder head = new StringBuilder("| step |");
        StringBuilder rule = new StringBuilder("|---|");
        List<Measurement> first = measured.values().iterator().next();
        for (int i = 0; i < first.size(); i++) {
            Work work = first.get(i).work();
            lines.add(ceiling(work, i, measured));
            head.append(' ').append(work.shape().sizes()).append(": GFLOP/s | of the ceiling |");
            rule.append("--:|--:|");
        }
        lines.add("");
        lines.add(head + " the idea |");
        lines.add(rule + "---|");
        measured.forEach((step, measurements) -> lines.add(row(step, measurements)));
        return lines;
    }

    /** How fast the ceiling was, in the median over the steps that it was raced against. */
    private static String ceiling(Work work, int column, Map<Step, List<Measurement>> measured) {
        double seconds = Duel.median(
                measured.values().stream().mapToDouble(row -> row.get(column).otherSeconds()));
        return work.limitedByMemory()
                ? format(
                        "The ceiling of %s: %.0f GB/s, y = 0.5 x over arrays of that size.",
                        work.shape().sizes(), work.bytes() / seconds / 1e9)
                : format("The ceiling: %.0f GFLOP/s, multiply-adds in registers.", work.flops() / seconds / 1e9);
    }

    private static String row(Step step, List<Measurement> measurements) {
        StringBuilder row = new StringBuilder("| [" + step.name() + "](" + SOURCES + step.name() + ".java) |");
        for (Measurement measurement : measurements) {
            double rate = measurement.work().flops() / measurement.seconds() / 1e9;
            row.append(
                    format(" %s | %.1f %% |", format(rate < 10 ? "%.1f" : "%.0f", rate), 100 * measurement.relative()));
        }
        return row + " " + step.idea() + " |";
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** Said before all is measured: that the page cannot be written, or lacks a marker. */
    void requireWritable() {
        AtomicFile.checkWritable(file);
        steps();
    }

    /** Replaces what stands between the markers. */
    void write(List<String> table) {
        List<String> lines = lines();
        List<String> page = new ArrayList<>(lines.subList(0, begin(lines) + 1));
        page.add("");
        page.addAll(table);
        page.add("");
        page.addAll(lines.subList(end(lines), lines.size()));
        String text = String.join("\n", page) + "\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The steps that the table names, in its order. */
    List<String> steps() {
        List<String> lines = lines();
        return lines.subList(begin(lines), end(lines)).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1))
                .toList();
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int begin(List<String> lines) {
        return marker(lines, BEGIN);
    }

    private int end(List<String> lines) {
        return marker(lines, END);
    }

    private int marker(List<String> lines, String marker) {
        int at = lines.indexOf(marker);
        if (at < 0) {
            throw new Failure(Failure.FAILED, file.getFileName() + " has no line " + marker);
        }
        return at;
    }
}
