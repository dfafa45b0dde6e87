package lanewise.benchmarks.scoreboard;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lanewise.benchmarks.race.Measurement;

/** Prints rows so that a reader sees in one look what is fast, what is not, and next to what. */
final class Table {
    private static final String LEFT = "%-21s %-15s %-5s %2s %9s %13s %7s %7s";

    private final PrintStream out;
    private final List<String> peers;

    Table(PrintStream out, List<String> peers) {
        this.out = out;
        this.peers = peers;
    }

    void header() {
        out.printf(LEFT, "kernel", "shape", "trans", "T", "time", "rate", "ceiling", "scalar");
        peers.forEach(peer -> out.printf(" %" + width(peer) + "s", peer));
        out.println();
    }

    void row(Row row) {
        List<Object> cells = new ArrayList<>(List.of(
                row.work().kernel(),
                row.work().shape().sizes(),
                row.work().shape().trans(),
                row.work().threads(),
                time(row.simd()),
                row.work().limitedByMemory()
                        ? threeDigits(row.work().bytes() / row.simd() / 1e9) + " GB/s"
                        : threeDigits(row.gflops()) + " GFLOP/s",
                "%.1f %%".formatted(100 * row.ceilingFraction()),
                times(row.scalar() / row.simd())));
        out.printf(LEFT, cells.toArray());
        for (String peer : peers) {
            Measurement measurement = row.peers().get(peer);
            out.printf(" %" + width(peer) + "s", measurement == null ? "-" : times(measurement.relative()));
        }
        out.println(row.remark().isEmpty() ? "" : "  " + row.remark());
    }

    private static int width(String peer) {
        return Math.max(7, peer.length());
    }

    private static String times(double ratio) {
        return Double.isFinite(ratio) ? threeDigits(ratio) + "x" : "-";
    }

    /** A time with its unit. */
    static String time(double seconds) {
        double value = seconds * 1e9;
        for (String unit : List.of(" ns", " us", " ms")) {
            if (value < 999.5) {
                return threeDigits(value) + unit;
            }
            value /= 1e3;
        }
        return threeDigits(value) + " s";
    }

    static String threeDigits(double value) {
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
